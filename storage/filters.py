"""The common filters: which documents a search, a list or an export is about."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from storage.models import BodyText, Document, DocumentSource, Source, Version
from storage.shapes import AnySelect

HAS: dict[str, ColumnElement[bool]] = {
    "relation": Document.speaks_of == "relation",
    "mention": Document.speaks_of != "",
    "needs_ocr": Document.needs_ocr.is_(True),
}
"""What a document may have. Who speaks of a relation mentions its places too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the user selects; everything empty selects every lead copy."""

    sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    has: tuple[str, ...] = ()
    all_copies: bool = False

    def documents(self) -> AnySelect:
        """Return the query for the ids of the documents selected."""
        return self._leading([*self._conditions(), *self._dates()])

    def without_date(self) -> AnySelect:
        """Return the query for the documents that only fall out because they have no date."""
        wanted = bool(self.since or self.until)
        return self._leading([*self._conditions(), Document.date == "", literal(wanted)])

    def _leading(self, conditions: list[ColumnElement[bool]]) -> AnySelect:
        """Of copies that say the same keep the lead; a copy whose lead is not selected stands for itself."""
        if self.all_copies:
            return select(Document.id).where(*conditions).correlate(None)
        leads: ColumnElement[bool] = Document.lead_id.is_(None)
        if conditions:
            leads |= Document.lead_id.not_in(select(Document.id).where(*conditions).correlate(None))
        return select(Document.id).where(*conditions, leads).correlate(None)

    def _conditions(self) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if self.languages:
            conditions.append(Document.language.in_(self.languages))
        if self.verdicts:
            conditions.append(Document.verdict.in_(self.verdicts))
        conditions += [HAS[name] for name in self.has]
        published = self._of_source()
        if published:
            ids = select(DocumentSource.document_id).join(Source, Source.id == DocumentSource.source_id)
            conditions.append(Document.id.in_(ids.where(*published)))
        return conditions

    def _of_source(self) -> list[ColumnElement[bool]]:
        columns = (
            (Source.id, self.sources),
            (Source.kind, self.kinds),
            (Source.voice, self.voices),
            (Source.country, self.countries),
            (Source.authority_id, self.authorities),
        )
        return [column.in_(values) for column, values in columns if values]

    def _dates(self) -> list[ColumnElement[bool]]:
        """Compare dates only as far as both are known: 2019 is neither before 2019-03 nor after it."""
        conditions: list[ColumnElement[bool]] = []
        if self.since or self.until:
            conditions.append(Document.date != "")
        if self.since:
            conditions.append(func.substr(literal(self.since), 1, func.length(Document.date)) <= Document.date)
        if self.until:
            conditions.append(func.substr(Document.date, 1, len(self.until)) <= self.until)
        return conditions


def not_searchable(filters: Filters) -> dict[str, AnySelect]:
    """Return, by reason, the queries that count the selected documents whose text a search cannot trust or has not."""
    chosen = Document.id.in_(filters.documents())
    base = select(func.count()).select_from(Document).where(chosen)
    text = (
        select(BodyText.length)
        .join(Version, Version.text_sha256 == BodyText.sha256)
        .where(Version.id == Document.current_version_id)
        .scalar_subquery()
    )
    waits = Document.needs_ocr
    return {
        "needs_ocr": base.where(waits),
        "no_text": base.where(text == 0, ~waits),
        "suspect": base.where(
            and_(text > 0, ~waits, or_(Document.verdict == "suspect", Document.verdict == "ocr_layer"))
        ),
        "undated": select(func.count()).select_from(filters.without_date().subquery()),
    }
