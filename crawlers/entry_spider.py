"""What the spiders of feeds, sitemaps, tables and portals do alike: from the entries of a listing to documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from scrapy.http import Request

from crawlers.capture import hints_of
from crawlers.reading.entries import LISTED, Entry, chosen, holding, older, page_of
from crawlers.reading.rules import EntryOptions, since_day
from crawlers.walking import SourceSpider
from storage.addresses import request_key
from storage.captures import Response, replayable
from storage.runs import Note

CARRIED = "carried"
"""The flag of a document whose bytes are what its listing carried, put into a page of their own."""


class EntrySpider(SourceSpider):
    """A spider whose listings are no web pages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules: EntryOptions = self.run.source.options  # type: ignore[assignment]
        self.listed = 0
        self.matched = 0
        self.unmatched = ""
        """The first address that `follow` did not match."""

    @property
    def carries(self) -> bool:
        """Whether what a listing carries of a document is taken for the document."""
        return getattr(self.rules, "full_text", False)

    def trouble(self, sentence: str) -> None:
        """Say what is wrong with a listing or a rule, once; the run is not complete."""
        if sentence not in self.run.troubles:
            self.run.troubles.append(sentence)

    def documents(self, entries: Sequence[Entry]) -> Iterator[Request | Response]:
        """Yield what the entries of one listing lead to; those too old are left, with their place in the account."""
        wanted = chosen(entries, self.rules.follow)
        self.count(entries, wanted)
        self.listed += len(entries)
        self.matched += len(wanted)
        if entries and not wanted:
            self.unmatched = self.unmatched or entries[0].url
        day = since_day(self.rules.since, self.run.now())
        late = [entry for entry in wanted if not day or not older(entry, day)]
        if len(late) < len(wanted):
            self.leave(((entry.url, f"Older than {day} (since).") for entry in wanted if older(entry, day)), "since")
        for entry in late:
            yield from self.carried(entry) if self.carries and entry.html else self.one(entry)

    def count(self, entries: Sequence[Entry], wanted: Sequence[Entry]) -> None:
        """Remember how much each rule found in one listing: `follow`, and the columns of `map`."""
        self.run.tried("follow" if self.rules.follow else LISTED, len(wanted))
        for name in getattr(self.rules, "map", {}) if entries else ():
            self.run.tried(f"map.{name}", len(holding(entries, name)))

    def one(self, entry: Entry) -> Iterator[Request]:
        """Yield the request for an entry's address."""
        return self.ask([entry.link], "document", self.kept)

    def carried(self, entry: Entry) -> Iterator[Response]:
        """Yield an entry's own content as the document at its address, unless this run stored it before it was cut."""
        for link, address in self.run.admit([entry.link], "document"):
            if self.run.store.first(replayable(self.run.run_id, request_key("GET", link.url), address)):
                continue
            words = {"role": "document", "link_text": link.text, "context": link.context}
            yield Response(
                run_id=self.run.run_id,
                source_id=self.run.source.id,
                role="document",
                url=link.url,
                address=address,
                document_address=address,
                status=200,
                headers={"content-type": "text/html; charset=utf-8"},
                body=page_of(entry),
                fetched_at=self.run.stamp(),
                flags=(CARRIED,),
                hints=hints_of(self.run, words),
            )

    def leave(self, named: Iterable[tuple[str, str]], reason: str) -> None:
        """Give addresses that are not asked for their place in the account, each with its sentence."""
        notes = []
        for url, sentence in named:
            place, _, row = url.partition("#")
            address = self.run.site.canonical(place) + (f"#{row}" if row else "")
            if address not in self.run.seen:
                self.run.seen.add(address)
                notes.append(Note(address=address, state="skipped", reason=reason, detail=sentence))
        self.run.store.note(self.run.run_id, notes)

    def closed(self, reason: str) -> None:
        """Say at the end that `follow` matched nothing on any page; that it did not on one proves little."""
        rule = self.rules.follow
        if rule and self.listed and not self.matched and reason == "finished":
            sentence = f"none of the {self.listed} addresses that were listed, such as {self.unmatched}"
            self.trouble(f"`follow` ({rule.match}) matches {sentence}: compare the pattern with them.")

    def ask_after_unlisted(self) -> None:
        """When the walk is over, ask for the known documents it did not meet; not where listings carry them."""
        if not self.carries:
            super().ask_after_unlisted()
