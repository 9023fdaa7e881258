"""The state of each month: outside, gap, complete against a named denominator, or unknown. The rules are in this order.

Nothing is painted better than it is: a month is unknown unless something is known of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from storage.ledger.calendar import from_to, is_over
from storage.ledger.model import Counts, Gap, Json, Month
from storage.ledger.sources import Place

ELSEWHERE = ("scope", "trap")
"""Reasons of addresses that are no documents of the site itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one source besides the counts."""

    place: Place
    until: str
    """The month of now."""
    counts: Mapping[str, Counts]
    """By month, year or nothing: what came, and what was announced and did not come."""
    gaps: Mapping[str, Sequence[Gap]] = field(default_factory=dict)
    """By month, or nothing."""
    waiting: Mapping[str, str] = field(default_factory=dict)
    """Months that cannot be judged yet, each with the reason in a sentence."""
    tables: Mapping[str, Json] = field(default_factory=dict)
    """Months in which everything that an official table has is there, each with that table."""
    listed: tuple[str, ...] = ()
    """The months in which something was announced, in order."""

    @property
    def first(self) -> str:
        """The first month that the source has on-line, as far as it is known; or nothing."""
        return self.place.online_since or (self.listed[0] if self.listed else "")

    @property
    def last(self) -> str:
        """The last month that counts: that of now, or that in which the source ended."""
        return min(self.until, self.place.discontinued or self.until)


def own_list(place: Place) -> Json | None:
    """Return the site's own list as a denominator: where it names all that is published, and was read whole."""
    if not place.lists_all or not place.last_good:
        return None
    says = f"the site's own list as read on {place.last_good[:10]} (that the site lists everything is not known)"
    return {"kind": "own_list", "source": place.id, "name": place.title, "read_at": place.last_good, "says": says}


def period(known: Known) -> Json:
    """Return from when to when the source has something on-line, and how that is known."""
    place = known.place
    told = {"online_since": f"The registry says that the site goes back to {place.online_since} (`online_since`)."}
    told["first_listed"] = f"The first document that the site lists is of {known.first}."
    told["first_document"] = f"The first document that came is of {known.first}; what the site has before is not known."
    basis = "online_since" if place.online_since else "first_listed" if own_list(place) else "first_document"
    if not known.first:
        basis, sentence = "", "Nothing with a date was announced."
    else:
        sentence = told[basis]
    if place.discontinued:
        sentence += f" It ended in {place.discontinued} (`discontinued`)."
    return {"first": known.first, "last": known.last if known.first else "", "basis": basis, "sentence": sentence}


def months(known: Known, since: str = "") -> Iterator[Month]:
    """Yield every month from the first that is spoken of to that of now."""
    spoken = [*known.listed, *filter(None, known.gaps), *([known.first] if known.first else [])]
    if not spoken:
        return
    for month in from_to(since or min(spoken), known.until):
        yield judged(known, month)


def judged(known: Known, month: str) -> Month:
    """Return one month with its state."""
    counts = known.counts.get(month, Counts())
    for rule in (_outside, _gap, _unknown, _complete):
        told = rule(known, month, counts)
        if told:
            return told
    return Month(month=month, state="unknown", counts=counts, why=_nothing_known(known, counts))


def _outside(known: Known, month: str, counts: Counts) -> Month | None:
    whole = known.place.online_since or own_list(known.place)
    why = ""
    if known.first and month < known.first and whole:
        why = f"Before the first month that the source has on-line ({known.first})."
    elif month > known.last:
        why = f"The source ended in {known.place.discontinued}."
    return Month(month=month, state="outside", counts=counts, why=why) if why else None


def _gap(known: Known, month: str, counts: Counts) -> Month | None:
    mine = known.gaps.get(month, ())
    if not mine:
        return None
    more = f" (and {len(mine) - 1} more)" if len(mine) > 1 else ""
    return Month(month=month, state="gap", counts=counts, why=f"{mine[0].sentence}{more}")


def _unknown(known: Known, month: str, counts: Counts) -> Month | None:
    why = next(_doubts(known, month), "")
    return Month(month=month, state="unknown", counts=counts, why=why) if why else None


def _doubts(known: Known, month: str) -> Iterator[str]:
    """Yield why a month cannot be called complete, whatever the denominator."""
    place = known.place
    if not place.last_good:
        yield "No run of this source ended well: what it lists is not known." if place.last_run else "It never ran."
    elif not is_over(month, place.last_good):
        yield f"The last good run ended on {place.last_good[:10]}, before the month was over."
    if month in known.waiting:
        yield known.waiting[month]
    yield from _unplaced(known.gaps.get("", ()))


def _unplaced(gaps: Iterable[Gap]) -> Iterator[str]:
    """Yield that something without a month is missing: it may belong to this one, until a person explains it.

    What lies on another host is not of this site's own list.
    """
    lost = [gap for gap in gaps if gap.explained is None and gap.reason not in ELSEWHERE]
    if lost:
        number = f"{len(lost)} listed documents" if len(lost) > 1 else "A listed document"
        yield f"{number} without a known month never came, and may belong to this one."


def _complete(known: Known, month: str, counts: Counts) -> Month | None:
    against = known.tables.get(month)
    if against is None and counts.announced:
        against = own_list(known.place)
    if against is None:
        return None
    why = f"Complete against {against['says']}."
    return Month(month=month, state="complete", counts=counts, why=why, against=against["kind"])


def _nothing_known(known: Known, counts: Counts) -> str:
    if not counts.announced:
        return "Nothing was announced, and nothing says whether there was anything to announce."
    return "There is no denominator: nothing says how much there was to have."
