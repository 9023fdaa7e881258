"""What a format is given and what it reports: documents one after another, and every one accounted for."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bundles.choosing import Chosen, choose
from bundles.cleaning import clean, loses, one_line
from bundles.report import LeftOut, Report
from bundles.units import divided, outside
from storage import freezes
from storage.filters import Filters
from storage.listing import Listed, listed, repeated, units_in
from storage.store import Store

__all__ = ["COLUMNS", "BundleDocument", "BundlePassage", "Chosen", "Documents", "LeftOut", "Report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundlePassage:
    """A page of a document or an act in it: code points of its text, end exclusive."""

    kind: str
    """page | act"""
    number: int
    """Physical number of the page, or ordinal of the act; from 1."""
    label: str
    """The printed number of the page, or the act's number (`#3` where none is printed)."""
    start: int
    end: int
    title: str = ""
    """What the act is about."""
    act_number: str = ""
    """As printed, or nothing."""
    verdict: str = ""
    """How far the page can be trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleDocument:
    """One document as a bundle shows it. Names are the columns of every table that is exported."""

    id: str
    title: str
    date: str
    kind: str
    act_type: str
    source: str
    voice: str
    country: str
    authority: str
    language: str
    url: str
    captured_at: str
    media_type: str
    verdict: str
    needs_ocr: bool
    pages: int
    characters: int
    version: int
    lead: str
    """The id of the copy that leads, where this one repeats another."""
    rights: str
    curated: str
    """in | out | undecided"""
    tags: str
    """Joined by `; `."""
    note: str
    corrected: str
    """The fields that a person corrected, joined by `; `."""
    sha256: str
    text_sha256: str
    text: str
    reasons: tuple[str, ...]
    passages: tuple[BundlePassage, ...] = ()
    """Its pages, then the acts in it."""
    number: str = ""
    """Of the act, as printed, where the paper is one act."""
    part_of: str = ""
    """The document that this page or act is a part of; nothing where it is whole."""
    part: str = ""
    """The label of the page, or the number of the act."""
    revision: str = ""
    """`v2` where an earlier freeze has another text of it: its names end so, and coded work stays apart."""
    ocr: str = ""
    """own | layer | waiting: who reads the pictures it consists of; nothing where it has letters."""
    obtained_by: str = ""
    """cada | mail | archive | browser; this and what follows as whoever brought the document stated it."""
    received_from: str = ""
    received_on: str = ""
    request_ref: str = ""
    shelfmark: str = ""


BESIDE_COLUMNS = ("text", "reasons", "passages")
COLUMNS = tuple(each.name for each in dataclasses.fields(BundleDocument) if each.name not in BESIDE_COLUMNS)
"""The columns of every table that is exported, and the variables of every tool."""


@dataclass(slots=True, kw_only=True)
class Documents:
    """The documents of one export, in order of date and id: iterate once or again, memory stays flat.

    They are what the filters select now, or what a freeze holds; with `since`, only those that an earlier freeze has
    not, or has with another text. Texts and fields are clean (`bundles.cleaning`), each field on one line. With a
    `unit`, each page or act comes as a document of its own.
    """

    store: Store
    filters: Filters = field(default_factory=Filters)
    freeze: str = ""
    since: str = ""
    unit: str = "document"
    """document | page | act"""
    flags: frozenset[str] = frozenset()
    """Options of the format, of those that its FLAGS name."""
    methods: Callable[[], Mapping[str, str]] = dict
    """Makes the paragraph on how a freeze came to be, by language: whoever writes the bundle knows how."""
    on_document: Any = lambda: None
    noted: dict[str, dict[tuple[str, str], LeftOut]] = field(default_factory=dict)
    """What was met on the way, by the list of the report that it belongs to."""
    _chosen: Chosen | None = None
    _count: int | None = None

    @property
    def chosen(self) -> Chosen:
        """What is written and what is not, decided once: the corpus may change while a bundle is written."""
        if self._chosen is None:
            with self.store.reading() as connection:
                self._chosen = choose(connection, self.filters, self.freeze, self.since)
        return self._chosen

    def __len__(self) -> int:
        """Return how many documents are selected, or how many pages or acts they have."""
        if self._count is None:
            ids = list(self.chosen.ids)
            self._count = len(ids)
            if self.unit != "document":
                with self.store.reading() as connection:
                    self._count = units_in(connection, ids, f"{self.unit}s", self.freeze)
        return self._count

    def __iter__(self) -> Iterator[BundleDocument]:
        """Yield each document."""
        ids = self.chosen.ids
        changed = set(self.chosen.changes.get("changed", ()))
        with self.store.reading() as connection:
            held = freezes.frozen(connection, self.freeze, set(ids)) if self.freeze else None
            found = held or listed(connection, list(ids))
            for each in found:
                whole = described(each, renamed=each.shown["id"] in changed)
                self._account(each, whole)
                for unit in divided(whole, self.unit):
                    yield unit
                    self.on_document()

    def _account(self, each: Listed, whole: BundleDocument) -> None:
        """Note what was cleaned, and what a division leaves aside."""
        for name in unclean(each):
            self._note("altered", whole, name, "characters that no tool takes were removed")
        if self.unit == "document":
            return
        if not any(passage.kind == self.unit for passage in whole.passages):
            self._note("undivided", whole, f"no {self.unit}", "it stays whole")
        elif outside(whole, self.unit):
            self._note("left_out", whole, f"text outside its {self.unit}s", f"no {self.unit} holds it")

    def _note(self, group: str, document: BundleDocument, what: str, why: str) -> None:
        note = LeftOut(document=document.id, what=what, why=why)
        self.noted.setdefault(group, {})[document.id, what] = note

    def complete(self, report: Report) -> Report:
        """Return a report that also says what was met on the way, what was frozen and what is new."""
        report.unit = self.unit
        for group, notes in self.noted.items():
            getattr(report, group).extend(notes.values())
        with self.store.reading() as connection:
            if self.freeze:
                frozen = freezes.summary(freezes.one(connection, self.freeze))
                report.freeze = {name: frozen[name] for name in ("name", "sha256", "documents")}
                report.freeze |= {"withdrawn": list(self.chosen.withdrawn), "redacted": list(self.chosen.redacted)}
            elif not self.since:
                report.copies["not_selected"] = repeated(connection, self.filters)
        if self.since:
            report.since = {"freeze": self.since} | {name: list(ids) for name, ids in self.chosen.changes.items()}
        return report

    def withheld(self, document: BundleDocument) -> str:
        """Return why a document's bytes are not there: a passage of it was withdrawn; nothing where they are."""
        return "bytes withheld: a passage was withdrawn" if document.sha256 in self.chosen.withheld else ""

    def original(self, document: BundleDocument) -> bytes:
        """Return a document's bytes as they were served. Raises StorageUnusable for those that are withheld."""
        return self.store.blobs.read(document.sha256)


def described(listed: Listed, *, renamed: bool = False) -> BundleDocument:
    """Return a document of the store as a bundle shows it: clean, each field on one line."""
    shown: dict[str, Any] = {name: tidy(value) for name, value in listed.shown.items()}
    text, facts = clean(listed.text), listed.facts
    acts = facts["acts"]
    alone = shown["act_type"] == "deliberation" and len(acts) == 1
    return BundleDocument(
        **shown,
        text=text,
        reasons=tuple(one_line(each) for each in facts["quality"]["reasons"]),
        passages=tuple(passages(listed, text)),
        number=one_line(acts[0]["number"]) if alone else "",
        revision=f"v{shown['version']}" if renamed else "",
        ocr=ocr(shown, facts["pages"]),
    )


def passages(listed: Listed, text: str) -> Iterator[BundlePassage]:
    """Yield the pages and acts of a document, where they stand in its clean text."""

    def place(offset: int) -> int:
        return offset if text == listed.text else min(len(clean(listed.text[:offset])), len(text))

    for page in listed.facts["pages"]:
        yield BundlePassage(
            kind="page",
            number=page["number"],
            label=one_line(page["label"]),
            start=place(page["start"]),
            end=place(page["end"]),
            verdict=page["verdict"],
        )
    for number, act in enumerate(listed.facts["acts"], 1):
        yield BundlePassage(
            kind="act",
            number=number,
            label=one_line(act["key"]),
            start=place(act["start"]),
            end=place(act["end"]),
            title=one_line(act["title"]),
            act_number=one_line(act["number"]),
        )


def tidy(value: Any) -> Any:
    """Return a field as a bundle shows it: a text on one line, anything else as it is."""
    return one_line(value) if isinstance(value, str) else value


def ocr(shown: Mapping[str, Any], pages: list[Mapping[str, Any]]) -> str:
    """Return who reads the pictures that a document consists of; nothing where it has letters."""
    if shown["needs_ocr"]:
        return "waiting"
    if any(page["confidence"] is not None for page in pages):
        return "own"
    return "layer" if shown["verdict"] == "ocr_layer" else ""


def unclean(listed: Listed) -> list[str]:
    """Return the fields of a document, and its text, that have characters which no tool takes."""
    found = [name for name, value in listed.shown.items() if isinstance(value, str) and loses(value)]
    return [*found, "text"] if loses(listed.text) else found
