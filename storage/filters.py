"""The common filters: which documents a search, a list or an export is about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from storage.decisions import TAG, curated, decided
from storage.facts import text_sha256
from storage.models import Document, DocumentSource, Source, Version
from storage.shapes import AnySelect

# An index tells who has no text: the texts themselves are large, and lie far apart.
_EMPTY = select(Version.document_id).where(Version.text_sha256 == text_sha256(""))
_NOTHING = Document.id.in_(_EMPTY.where(Version.id == Document.current_version_id))
_DOUBTED = Document.verdict.in_(("suspect", "ocr_layer"))
WAITS: ColumnElement[bool] = Document.needs_ocr.expression
NO_TEXT = and_(_NOTHING, ~WAITS)
SUSPECT = and_(~_NOTHING, ~WAITS, _DOUBTED)
HAS: dict[str, ColumnElement[bool]] = {
    "relation": Document.speaks_of == "relation",
    "mention": Document.speaks_of != "",
    "needs_ocr": WAITS,
    "no_text": NO_TEXT,
    "suspect": SUSPECT,
    "unsearchable": or_(WAITS, NO_TEXT, SUSPECT),
    "no_date": Document.date == "",
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
    curated: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    all_copies: bool = False

    @property
    def everything(self) -> bool:
        """Whether nothing is selected by: only copies may be left out."""
        return self == Filters(all_copies=self.all_copies)

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
        conditions += self._of_people()
        published = self._of_source()
        if published:
            ids = select(DocumentSource.document_id).join(Source, Source.id == DocumentSource.source_id)
            conditions.append(Document.id.in_(ids.where(*published)))
        return conditions

    def _of_people(self) -> list[ColumnElement[bool]]:
        """Return what people decide: status, tags, and the kind and the authority where they overrule the source."""
        conditions: list[ColumnElement[bool]] = [decided(f"{TAG}{tag}", ("yes",)) for tag in self.tags]
        if self.curated:
            conditions.append(curated(self.curated))
        for corrected, column, values in (
            (Document.kind_corrected, Source.kind, self.kinds),
            (Document.authority_corrected, Source.authority_id, self.authorities),
        ):
            if values:
                ids = select(DocumentSource.document_id).join(Source, Source.id == DocumentSource.source_id)
                machine = Document.id.in_(ids.where(column.in_(values)))
                conditions.append(corrected.in_(values) | ((corrected == "") & machine))
        return conditions

    def _of_source(self) -> list[ColumnElement[bool]]:
        columns = (
            (Source.id, self.sources),
            (Source.voice, self.voices),
            (Source.country, self.countries),
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


@lru_cache(maxsize=64)
def not_searchable(filters: Filters) -> AnySelect:
    """Return the query that counts, by reason, the selected documents whose text a search cannot trust or has not."""
    reasons = {"needs_ocr": WAITS, "no_text": NO_TEXT, "suspect": SUSPECT}
    counted = [func.count().filter(reason).label(name) for name, reason in reasons.items()]
    undated = select(func.count()).select_from(filters.without_date().subquery()).scalar_subquery().label("undated")
    # Looked up first, by their indexes: mostly they are few.
    found = WAITS | _DOUBTED | Document.id.in_(_EMPTY)
    return filters.documents().with_only_columns(*counted, undated).where(found)
