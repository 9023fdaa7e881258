"""Forms: what a search engine's page asks to be sent, filled in as a source says, and how its results go on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from parsel import Selector

from crawlers.readers import Link, links, next_pages
from crawlers.reading.entries import Unreadable
from storage.sources import LinkRule, Paging

Fields = tuple[tuple[str, str], ...]
Method = Literal["get", "post"]

TOKEN = re.compile(
    r"(?i)_*(x?csrf\w*|request_?verification_?token|authenticity_?token|token|form_(build_id|token)|p_auth)"
)
"""Hidden fields whose value each answer may give anew, by the names that they have in common software."""
FACES = "javax.faces.ViewState"
STATE = re.compile(r"__(VIEWSTATE\w*|EVENTVALIDATION|PREVIOUSPAGE)")
"""Hidden fields in which ASP.NET keeps what a page shows; a new search starts from that of the first page."""
POSTBACK = re.compile(r"(?:__doPostBack|WebForm_PostBackOptions)\(\s*['\"]([^'\"]*)['\"]\s*,\s*['\"]([^'\"]*)['\"]")
SUBMITS = frozenset({"submit", "image"})
UNSENT = frozenset({"button", "reset", "file"})
CONTROLS = "self::input or self::select or self::textarea or self::button"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as a page shows it."""

    url: str
    """Where it is sent."""
    method: Method
    fields: Fields
    """What would be sent if nobody touched it, with its first button pressed."""
    buttons: frozenset[str] = frozenset()
    """The names of its buttons: only the one that is pressed is sent."""
    choices: Mapping[str, tuple[str, ...]]
    """The values that each of its lists offers, but for the empty one."""
    password: bool = False
    """Whether it asks for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one page of results answers."""

    values: Mapping[str, str]
    """What the source set in the form."""
    page: int = 1
    posted: bool = True
    before: frozenset[str] = frozenset()
    """The addresses that the page before it listed."""

    @property
    def apart(self) -> Fields:
        """What tells its address from those of other searches and pages, where the address itself does not say."""
        return (*self.values.items(), *((("page", str(self.page)),) if self.page > 1 else ()))


def read_form(page: Selector, url: str, css: str = "form") -> Form | None:
    """Return the first form that a selector finds, or the one around what it finds; nothing where there is none."""
    found = [form for chosen in page.css(css) for form in chosen.xpath("descendant-or-self::form | ancestor::form")]
    return form_of(found[0], url) if found else None


def form_of(form: Selector, url: str) -> Form:
    """Return a form element as what it would send."""
    base = urljoin(url, form.xpath("//base/@href").get() or "")
    controls = form.xpath(f".//*[{CONTROLS}]")
    if name := form.attrib.get("id"):
        controls += form.xpath(f"//*[{CONTROLS}][@form=$id]", id=name)
    usable = [each for each in controls if each.attrib.get("name") and not each.xpath("ancestor-or-self::*[@disabled]")]
    buttons = [each for each in usable if _kind(each) in SUBMITS]
    fields = [pair for each in usable if each not in buttons for pair in _sent(each)]
    lists = [each for each in usable if _kind(each) == "select"]
    return Form(
        url=urlunsplit(urlsplit(urljoin(base, form.attrib.get("action", "").strip() or url))._replace(fragment="")),
        method="post" if form.attrib.get("method", "").strip().lower() == "post" else "get",
        fields=(*fields, *(_pressed(buttons[0]) if buttons else ())),
        buttons=frozenset(name for each in buttons for name, _ in _pressed(each)),
        choices={each.attrib["name"]: tuple(filter(None, map(_worth, each.xpath(".//option")))) for each in lists},
        password=any(_kind(each) == "password" for each in usable),
    )


def _kind(control: Selector) -> str:
    """Return what a control is: its type, or its name where that says it."""
    name = control.root.tag
    usual = {"button": "submit", "input": "text"}.get(name)
    return control.attrib.get("type", usual).strip().lower() if usual else str(name)


def _sent(control: Selector) -> Iterator[tuple[str, str]]:
    """Yield what a control sends of itself."""
    name, kind = control.attrib["name"], _kind(control)
    if kind == "select":
        options = control.xpath(".//option[not(@disabled)]")
        chosen = [each for each in options if "selected" in each.attrib]
        if "multiple" not in control.attrib:
            chosen = chosen[-1:] or options[:1]
        yield from ((name, _worth(each)) for each in chosen)
    elif kind == "textarea":
        yield name, "".join(control.xpath(".//text()").getall())
    elif kind in ("checkbox", "radio"):
        if "checked" in control.attrib:
            yield name, control.attrib.get("value", "on")
    elif kind not in UNSENT:
        yield name, control.attrib.get("value", "")


def _worth(option: Selector) -> str:
    return option.attrib.get("value", " ".join("".join(option.xpath(".//text()").getall()).split()))


def _pressed(button: Selector) -> Fields:
    """Return what a button sends when it is pressed; a picture sends where."""
    name = button.attrib["name"]
    return (
        ((f"{name}.x", "1"), (f"{name}.y", "1"))
        if _kind(button) == "image"
        else ((name, button.attrib.get("value", "")),)
    )


def filled(fields: Fields, values: Mapping[str, str]) -> Fields:
    """Return fields with some values in the place of theirs; those it does not have come last.

    >>> filled((("a", "1"), ("b", "2"), ("a", "3")), {"a": "9", "c": "4"})
    (('a', '9'), ('b', '2'), ('c', '4'))
    """
    first = {name: number for number, (name, _) in reversed(list(enumerate(fields)))}
    kept = ((n, name, values.get(name, value)) for n, (name, value) in enumerate(fields))
    there = [(name, value) for n, name, value in kept if name not in values or first[name] == n]
    return (*there, *((name, value) for name, value in values.items() if name not in first))


def submission(form: Form, asked: Asked, method: Method | None = None, tokens: Iterable[str] = ()) -> Link:
    """Return the link that sends a form: an ordinary address by GET, else one told apart by what the source set."""
    fields = filled(form.fields, asked.values)
    if (method or form.method) == "post":
        return Link(url=form.url, form=fields, apart=asked.apart)
    named = tuple(pair for pair in fields if not (is_token(pair[0], tokens) or STATE.fullmatch(pair[0])))
    return Link(url=_by_get(form.url, fields), original=_by_get(form.url, named) if named != fields else "")


def _by_get(url: str, fields: Fields) -> str:
    return urlunsplit(urlsplit(url)._replace(query=urlencode(fields)))


def is_token(name: str, tokens: Iterable[str] = ()) -> bool:
    """Return whether a field holds what each answer may give anew.

    >>> is_token("csrf_token"), is_token("__RequestVerificationToken"), is_token("annee"), is_token("jeton", ["jeton"])
    (True, True, False, True)
    """
    return name == FACES or name in tokens or bool(TOKEN.fullmatch(name))


def renewed(form: Form, later: Form | None, tokens: Iterable[str] = ()) -> Form:
    """Return a form with the tokens that a later page gave; all else stays as the first page had it."""
    given = dict(later.fields) if later else {}
    fresh = {name: given[name] for name, _ in form.fields if name in given and is_token(name, tokens)}
    return replace(form, fields=filled(form.fields, fresh))


def onward(
    page: Selector, url: str, rule: Paging | None, asked: Asked, form: Form | None, *, found: bool
) -> list[Link]:
    """Return where results go on: links, what a button or postback would send, or the form with its counter moved on.

    `form` is the one that was filled in; buttons and postbacks send the one that they stand in.
    """
    if rule is None:
        return []
    if rule.css:
        pressed = [link for each in _pressable(page, rule.css) if (link := _press(each, url, asked))]
        return pressed[:1] or links(page, url, LinkRule(css=rule.css))
    if not asked.posted or form is None:
        return next_pages(page, url, rule, found_documents=found)
    step = rule.step or 1
    shown = asked.values.get(rule.param or "") or dict(form.fields).get(rule.param or "", "")
    number = (int(shown) if shown.isdecimal() else int(step == 1)) + step * asked.page
    if not found or (rule.last is not None and number > rule.last):
        return []
    counted = replace(asked, values={**asked.values, rule.param or "": str(number)}, page=1)
    return [submission(form, counted, "post")]


def _pressable(page: Selector, css: str) -> Iterator[Selector]:
    for chosen in page.css(css):
        yield from chosen.xpath("descendant-or-self::*[self::a or self::input or self::button]")


def _press(control: Selector, url: str, asked: Asked) -> Link | None:
    """Return what a button or a link with a postback sends; nothing for an ordinary link or a dead button."""
    around = control.xpath("ancestor::form")
    script = f"{control.attrib.get('href', '')} {control.attrib.get('onclick', '')}"
    postback = POSTBACK.search(script)
    dead = "disabled" in control.attrib or (control.root.tag != "a" and not control.attrib.get("name"))
    if not around or (not postback and (control.root.tag == "a" or dead or _kind(control) not in SUBMITS)):
        return None
    form = form_of(around[-1], url)
    if postback:
        sent: Fields = (("__EVENTTARGET", postback[1]), ("__EVENTARGUMENT", postback[2]))
    else:
        sent = _pressed(control)
    fields = tuple(pair for pair in form.fields if pair[0] not in form.buttons)
    onwards = replace(asked, page=asked.page + 1)
    return Link(url=form.url, form=filled(fields, dict(sent)), apart=onwards.apart)


def usable(form: Form | None, field: str = "") -> Form:
    """Return a form that can be sent. Raises Unreadable; `field` is the list whose every option is to be sent."""
    if form is None:
        raise Unreadable("has no such form: compare `form` with the page (or it is made by JavaScript: `render`)")
    if form.password:
        raise Unreadable("asks for a password in this form: Minutier logs in nowhere")
    if field and not form.choices.get(field):
        lists = ", ".join(sorted(form.choices)) or "none"
        raise Unreadable(f"has no list {field!r} in its form (its lists: {lists}): give `values` in `iterate`")
    return form
