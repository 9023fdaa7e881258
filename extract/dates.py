"""The dates of a document, best first: its séance, its publication, then those it only names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import get_args
from urllib.parse import unquote, urlsplit

from extract.clean import one_line
from extract.datecues import SESSION_CUES, label_of
from extract.dateforms import Written, dates_in, dates_in_name, fold, iso
from extract.datestamps import from_identifiers, from_stamps
from extract.model import FoundDate, Hints, Role

SESSION_ACTS = frozenset(
    ["ordre_du_jour", "convocation", "liste_deliberations", "deliberation", "pv", "compte_rendu", "raa"]
)
"""Kinds of act that belong to a séance."""

HEAD = 8_000
"""Characters in which the date of the document itself is looked for."""
_HEADING = 1_500
_TAIL = 3_000
_MENTIONED = 10
_LISTED = 5

_INSIDE = frozenset(("metadata", "heading", "first_page", "text"))

_COUNCIL = re.compile(r"\b(?:seance|conseil municipal)\b")


def find_dates(
    text: str, hints: Hints, act_type: str = "", metadata: Iterable[FoundDate] = (), margins: str = ""
) -> tuple[FoundDate, ...]:
    """Every date with its role, best first; impossible and future ones are refused.

    A séance is dated by the words SÉANCE DU of the heading, then by the opening of the act
    (`L'an deux mille…`), by the rest of the first page, the link that led here, and last by the file name.
    """
    head = text[:HEAD]
    held = act_type in SESSION_ACTS or (not act_type and bool(_COUNCIL.search(fold(head[:3000]))))
    other = bool(act_type) and not held
    ranked = [(0 if date.role == "session" else 50, date) for date in metadata]
    told = list(_from_text(head, hints, held, other))
    ranked += told if act_type or not _is_listing(told) else _mentioned(told)
    ranked += from_identifiers(f"{head}\n{margins}")
    ranked += _from_link(hints, held)
    ranked += _from_address(hints.url, held)
    ranked += _from_end(text, hints, margins)
    ranked += from_stamps(text)
    order = {role: place for place, role in enumerate(get_args(Role))}
    ranked = [(rank, date) for rank, date in ranked if plausible(date.value, hints.captured_at)]
    ranked.sort(key=lambda pair: (order[pair[1].role], pair[0]))
    return tuple(_first_of_each(_one_session([date for _, date in ranked])))


def _is_listing(told: list[tuple[int, FoundDate]]) -> bool:
    """Whether a page names so many séances that it is a list of them and was held on none."""
    return len({date.value for _, date in told if date.role == "session"}) > _LISTED


def _mentioned(told: list[tuple[int, FoundDate]]) -> list[tuple[int, FoundDate]]:
    return [(40, replace(date, role="mentioned")) for _, date in told]


def plausible(value: str, captured_at: str) -> bool:
    """Whether a document captured then can bear this date: from 1900 to one year after its capture."""
    year = int(value[:4])
    if not captured_at[:4].isdigit():
        return 1900 <= year <= 2100
    return year >= 1900 and value <= f"{int(captured_at[:4]) + 1}{captured_at[4:10]}"


def _one_session(dates: list[FoundDate]) -> Iterator[FoundDate]:
    """One séance from the text and one from the names around it: two that differ are a question worth asking.

    Every other séance a text speaks of is one it mentions.
    """
    later = []
    kept: dict[bool, str] = {}
    for date in dates:
        around = date.found_in not in _INSIDE
        if date.role != "session" or around not in kept:
            if date.role == "session" and date.precision == "year" and kept:
                continue
            if date.role == "session":
                kept[around] = date.value
            yield date
        elif not around:
            later.append(replace(date, role="mentioned"))
    yield from later


def _first_of_each(dates: Iterator[FoundDate]) -> Iterator[FoundDate]:
    seen: set[tuple[str, str]] = set()
    known: set[str] = set()
    mentioned = 0
    for date in dates:
        if (date.role, date.value) in seen or (date.role == "mentioned" and date.value in known):
            continue
        mentioned += date.role == "mentioned"
        if mentioned > _MENTIONED:
            return
        seen.add((date.role, date.value))
        known.add(date.value)
        yield date


def _from_text(head: str, hints: Hints, held: bool, other: bool) -> Iterator[tuple[int, FoundDate]]:
    folded = fold(head)
    previous = 0
    for written in dates_in(head):
        label = label_of(head, folded, previous, written)
        if label == "session" and other:
            label = "another"  # an order or a press release names séances, it is none
        previous = written.end
        dated = _with_year(written, hints) if label == "session" else written
        if dated.value.startswith("--") or (written.form == "short" and label == ""):
            continue
        role, rank = _role(label, dated, held)
        found_in = "heading" if rank == 1 else "first_page" if rank < 10 else "text"
        quote = one_line(head[max(0, written.start - 60) : written.end], 200)
        yield rank, _found(dated, role, found_in, quote)


_ROLES: dict[str, Role] = {
    "posted": "published",
    "signed": "signed",
    "called": "convocation",
    "sent": "transmitted",
}


def _from_end(text: str, hints: Hints, margins: str) -> Iterator[tuple[int, FoundDate]]:
    """What stands under the signatures and in the margins: when a paper was signed, posted up, sent to the State."""
    tail = f"{text[max(HEAD, len(text) - _TAIL) :]}\n{margins[:_TAIL]}"
    for rank, date in _from_text(tail, hints, False, True):
        if date.role in _ROLES.values():
            yield rank + 1, replace(date, found_in="text")


def _role(label: str, written: Written, held: bool) -> tuple[Role, int]:
    if label == "session":
        if written.form == "words":
            return "session", 2
        return "session", 1 if written.start < _HEADING else 4
    if label in _ROLES:
        return _ROLES[label], 20
    if label == "" and held and written.start < _HEADING and written.precision == "day":
        return "session", 6
    return "mentioned", 30


def _from_link(hints: Hints, held: bool) -> Iterator[tuple[int, FoundDate]]:
    places = (("link_text", hints.link_text, 10), ("context", hints.context[:2000], 11))
    for found_in, words, rank in places:
        folded = fold(words)
        about = held or any(cue.search(folded) for cue in SESSION_CUES)
        for written in [date for date in dates_in(words) if not date.value.startswith("--")] or dates_in_name(words):
            dated = _with_year(written, hints)
            if dated.value.startswith("--"):
                continue
            role: Role = "session" if about else "published"
            yield rank + (dated.precision != "day"), _found(dated, role, found_in, one_line(words, 200))


def _from_address(url: str, held: bool) -> Iterator[tuple[int, FoundDate]]:
    path = unquote(urlsplit(url).path if "://" in url else url.removeprefix("import:"))
    name = path.rstrip("/").rpartition("/")[2]
    about = held or bool(
        re.search(r"seance|conseil|deliberation|compte.?rendu|proces.?verbal|\bcm|\bpv|\bcr", fold(path))
    )
    for found_in, words, rank in (("file_name", name, 14), ("url", path, 16)):
        for written in dates_in_name(words):
            dated = _with_year(written, Hints(url=url))
            if dated.value.startswith("--"):
                continue
            # A folder such as /uploads/2023/03/ says when the file was put there.
            role: Role = "session" if about and dated.precision == "day" and not _uploaded(path) else "published"
            if found_in == "file_name" and about:
                role = "session"
            yield rank, _found(dated, role, found_in, one_line(words, 200))
            break
    year = _year_of(path.rpartition("/")[0] + "/")
    if year and about:
        yield (
            19,
            FoundDate(role="session", value=year, precision="year", found_in="url", quote=one_line(path, 200)),
        )


def _uploaded(path: str) -> bool:
    return "upload" in path.lower()


def _with_year(written: Written, hints: Hints) -> Written:
    """The date with the year its link, its listing or its address gives, where it has none of its own."""
    if not written.value.startswith("--"):
        return written
    year = _year_of(hints.url) or _single_year(hints.link_text) or _single_year(hints.context)
    if not year:
        return written
    value = iso(int(year), int(written.value[2:4]), int(written.value[5:7]))
    return replace(written, value=value) if value else written


def _year_of(url: str) -> str:
    """The year in the folders of an address: `/comptes-rendus-2019/…`; not `/2014-085-budget`."""
    path = unquote(urlsplit(url).path if "://" in url else url)
    if _uploaded(path):
        return ""
    years = re.findall(r"(?<!\d)((?:19|20)\d{2})(?=/|[_\-. ][a-z]|\.[a-z]|$)", path.lower())
    return str(years[-1]) if years else ""


def _single_year(words: str) -> str:
    years = set(re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", words))
    return years.pop() if len(years) == 1 else ""


def _found(written: Written, role: Role, found_in: str, quote: str) -> FoundDate:
    return FoundDate(
        role=role,
        value=written.value,
        precision=written.precision,
        found_in=found_in,
        quote=one_line(quote, 200),
    )
