"""Search forms: which of them a probe may try, what it sends, and the rules that read what comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from parsel import Selector

from crawlers.probing.pages import CHROME, Anchor, Look
from crawlers.probing.paging import family, turning
from crawlers.probing.proposal import Proposal, share
from crawlers.probing.rules import Fit, fitting, tried
from crawlers.probing.words import has_date, words
from crawlers.readers import Link
from crawlers.reading.forms import Asked, Form, form_of, onward, submission
from crawlers.run import form_key
from extract.dateforms import fold
from storage.addresses import Site, host_of
from storage.sources import Paging

SEARCHES = re.compile(r"cherch|search|filtr|consult|cerca|检索|搜索|查询")
"""What a form says that looks for something; others may subscribe, write or vote, and are never sent."""
PERSONAL = "textarea, input[type=password], input[type=email], input[type=tel], input[type=file]"
"""What only forms have that somebody fills in about themselves."""
SHOWN = "select[name], input[name]:not([type=hidden]):not([type=submit]):not([type=image])"
FEW = 2
"""Links of one place among the results that make a list."""
DATED = 0.6
"""The share of a list's values that must name a day or a year: to go through them all is to go through all acts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One search that a probe may send."""

    page: Look
    """Where its form stands."""
    css: str
    """What finds the form there; nothing where it is the first."""
    form: Form
    series: str
    """The list whose every value a source would send, or nothing."""
    asked: Asked

    @property
    def link(self) -> Link:
        """What is sent."""
        return submission(self.form, self.asked)

    @property
    def purpose(self) -> tuple[str, ...]:
        """What tells it from the trials of other forms: the same form stands on many pages."""
        return (self.form.url, *(name for name, _ in self.form.fields))

    def address(self, site: Site) -> str:
        """Return the address of its answer in the account of a run."""
        named = site.canonical(self.link.original or self.link.url)
        return named if self.link.form is None else f"{named}#{form_key(self.link.apart or ())}"


def trials(look: Look, wanted: frozenset[str]) -> Iterator[Trial]:
    """Yield what may be sent to the forms of a page that search among documents of the kinds wanted."""
    if look.page is None:
        return
    for number, element in enumerate(look.page.css("form")):
        css = "" if number == 0 else _selector(look.page, element)
        form = form_of(element, look.url)
        if css is None or not _may_be_sent(look, element, form, wanted):
            continue
        series = next((name for name, values in form.choices.items() if _goes_through(values)), "")
        values = {series: form.choices[series][0]} if series else {}
        asked = Asked(values=values, posted=form.method == "post")
        yield Trial(page=look, css=css, form=form, series=series, asked=asked)


def _selector(page: Selector, element: Selector) -> str | None:
    """Return what finds one form among several, or nothing where it has no name."""
    for name in ("id", "name", "action"):
        value = element.attrib.get(name, "")
        css = f'form[{name}="{value}"]'
        if value and not set(value) & set('"\\\n') and len(page.css(css)) == 1:
            return css
    return None


def _may_be_sent(look: Look, element: Selector, form: Form, wanted: frozenset[str]) -> bool:
    """Return whether a form asks for documents and for nothing about whoever fills it in."""
    shown = element.css(SHOWN)
    around = {str(each.root.tag) for each in element.xpath("ancestor::*")}
    if host_of(form.url) != host_of(look.url) or element.css(PERSONAL) or around & CHROME:
        return False
    if not (len(shown) >= 2 or form.choices):  # the search box of every page
        return False
    buttons = element.xpath(".//input/@value | .//@placeholder | .//@title | .//@action").getall()
    said = fold(" ".join([*element.xpath(".//text()").getall(), *buttons]))
    about = look.about | words().kinds_in(said)
    lists = any(_goes_through(values) for values in form.choices.values())
    return bool(about & wanted) and bool(lists or SEARCHES.search(f"{said} {fold(look.title)} {fold(look.heading)}"))


def _goes_through(values: Sequence[str]) -> bool:
    return len(values) >= 2 and share([has_date(value) for value in values]) >= DATED


def first_of_each(looks: Sequence[Look], wanted: frozenset[str]) -> list[Trial]:
    """Return the trials of some pages, each form once, where it stood first."""
    found: dict[tuple[str, ...], Trial] = {}
    for look in looks:
        for trial in trials(look, wanted):
            found.setdefault(trial.purpose, trial)
    return list(found.values())


def answered(looks: Sequence[Look], wanted: frozenset[str], site: Site) -> list[tuple[Trial, Look]]:
    """Return the trials that were sent and answered, each with its page of results."""
    came = {look.asked: look for look in looks if look.shape == "page"}
    named = ((trial, trial.address(site)) for trial in first_of_each(looks, wanted))
    return [(trial, came[address]) for trial, address in named if address in came]


def of_results(trial: Trial, answer: Look) -> Proposal | None:
    """Return a `form` whose results name documents, or nothing."""
    found = _results(trial, answer)
    fit = _for_all_searches(trial, found, answer)
    if fit is None:
        return None
    turn = _turned(trial, answer)
    number = len(trial.form.choices[trial.series]) if trial.series else 1
    rules: dict[str, Any] = {"form": trial.css} if trial.css else {}
    rules |= {"follow": fit.written}
    rules |= {"iterate": {"field": trial.series}} if trial.series else {}
    rules |= {"next": turn} if turn else {}
    rules |= {"cookies": True} if "set-cookie" in trial.page.headers else {}
    return Proposal(
        spider="form",
        start=(trial.page.url,),
        rules=rules,
        sample=fit.found,
        total=len(fit.found) * number,
        counted=False,
        how=f"the first page of one search of {number}" + (", each with more pages" if turn else ""),
        listings=1 + number,
        relevance=share([bool(each.kinds) or each.dated for each in found]),
    )


def _for_all_searches(trial: Trial, found: Sequence[Anchor], answer: Look) -> Fit | None:
    """Return the rule that finds the results, without the value that was searched for: other searches have others."""
    pages = (trial.page, answer)
    fit = fitting(found, pages)
    value = re.escape(trial.asked.values.get(trial.series, ""))
    if fit is None or not value or value not in (fit.rule.match or ""):
        return fit
    freed = fit.written | {"match": fit.written["match"].replace(value, r"\d+" if value.isdigit() else ".+")}
    return tried(freed, frozenset(each.url for each in found), pages, frozenset())


def _results(trial: Trial, answer: Look) -> list[Anchor]:
    """Return the links that the form's own page does not have: to papers, else those of the longest list."""
    before = {anchor.url for anchor in trial.page.anchors}
    host = host_of(answer.url)
    new = [each for each in answer.anchors if each.url not in before and host_of(each.url) == host and not each.chrome]
    papers = [each for each in new if each.is_file]
    if papers:
        return papers
    places: dict[object, list[Anchor]] = {}
    for each in new:
        if family(each.url) != family(answer.url):
            places.setdefault(each.place, []).append(each)
    longest = max(places.values(), key=len, default=[])
    return longest if len(longest) >= FEW else []


def _turned(trial: Trial, answer: Look) -> dict[str, str | int] | None:
    """Return the key `next` of sources.yaml: an ordinary link, else a button or a postback that says it leads on."""
    assert answer.page is not None
    for control in answer.page.css("form a, form button, form input[type=submit]"):
        said = control.attrib.get("value") or " ".join(control.xpath(".//text()").getall())
        if fold(said).strip(" .") not in words().next:
            continue
        for css in _control_selectors(control):
            more = onward(answer.page, answer.url, Paging(css=css), trial.asked, trial.form, found=True)
            if len(answer.page.css(css)) == 1 and more and more[0].form is not None:
                return {"css": css}
    turn = turning(answer)
    return turn.rule if turn else None


def _control_selectors(control: Selector) -> Iterator[str]:
    tag = str(control.root.tag)
    yield from (f"{tag}.{name}" for name in control.attrib.get("class", "").split() if name.replace("-", "").isalnum())
    for name in ("name", "id", "value"):
        value = control.attrib.get(name, "")
        if value and not set(value) & set('"\\\n'):
            yield f'{tag}[{name}="{value}"]'
