"""Views for analysts: the corpus as plain tables with names that stay, whatever becomes of the tables behind them.

They are read with any program that opens SQLite or PostgreSQL, and hold what `minutier.open` gives as frames. They are
made after the migrations and dropped before them (a table that a view looks at cannot be changed). `docs/analysts.md`
explains every column; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, inspect

Build = Callable[["Dialect"], str]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of database reads JSON."""

    sqlite: bool

    def value(self, column: str, *path: str) -> str:
        """Return the text at a path, or NULL."""
        if self.sqlite:
            return f"json_extract({column}, '$.{'.'.join(path)}')"
        return f"({column} #>> '{{{','.join(path)}}}')"

    def number(self, column: str, name: str) -> str:
        """Return the whole number under a name."""
        return f"CAST({self.value(column, name)} AS INTEGER)"

    def length(self, column: str, name: str) -> str:
        """Return how many members the list under a name has."""
        return f"json_array_length({column}, '$.{name}')" if self.sqlite else f"json_array_length({column} -> '{name}')"

    def each(self, column: str, name: str) -> str:
        """Return the members of the list under a name as `member`, each with a `value`."""
        if self.sqlite:
            return f"json_each({column}, '$.{name}') AS member"
        return f"LATERAL json_array_elements({column} -> '{name}') WITH ORDINALITY AS member(value, place)"

    @property
    def place(self) -> str:
        """The number of a member, from 1."""
        return "member.key + 1" if self.sqlite else "CAST(member.place AS INTEGER)"

    def yes(self, column: str, name: str) -> str:
        """Return 1 or 0 for what is true or false under a name."""
        said = self.value(column, name)
        return said if self.sqlite else f"CAST(CAST({said} AS BOOLEAN) AS INTEGER)"

    def joined(self, rows: str) -> str:
        """Return the column `said` of some rows, in their order, as one text."""
        together = "group_concat(said, '; ')" if self.sqlite else "string_agg(said, '; ')"
        return f"coalesce((SELECT {together} FROM ({rows}) AS each_said), '')"


SHOWN = """
    FROM document AS d
    JOIN version AS v ON v.id = d.current_version_id
    JOIN body_text AS t ON t.sha256 = v.text_sha256
    JOIN extraction AS e ON e.id = d.extraction_id"""
"""Each document with the version, text and reading that are shown of it."""

STANDING = """
    SELECT max(newest.seq) FROM decision AS newest
    WHERE newest.document_id = d.id GROUP BY newest.field, newest.blob_sha256"""
"""The decisions that stand for a document, as `storage.decisions.standing` has it."""


def said(name: str) -> str:
    """Return what people say of a document under the name of one field, or NULL."""
    return (
        f"(SELECT p.value FROM decision AS p WHERE p.document_id = d.id AND p.field = '{name}' "
        "ORDER BY p.seq DESC LIMIT 1)"
    )


def documents(sql: Dialect) -> str:
    """Return the view of documents: the columns of `storage.listing.metadata`, and the text."""
    stated = {
        name: sql.value("e.facts", "provenance", "stated", name)
        for name in ("authority", "rights", "obtained_by", "received_from", "received_on", "request_ref", "shelfmark")
    }
    standing = f"FROM decision AS p WHERE p.value IS NOT NULL AND p.seq IN ({STANDING})"
    tags = f"SELECT substr(p.field, 5) AS said {standing} AND substr(p.field, 1, 4) = 'tag:' ORDER BY 1"
    beside = "p.field NOT IN ('status', 'note') AND substr(p.field, 1, 4) <> 'tag:'"
    fields = f"SELECT DISTINCT p.field AS said {standing} AND {beside} ORDER BY 1"
    imports = [f"coalesce({stated[name]}, '') AS {name}" for name in list(stated)[2:]]
    return f"""
    SELECT d.id, d.title, d.date, coalesce(nullif(d.kind_corrected, ''), s.kind) AS kind, d.act_type,
        s.id AS source, s.voice, s.country, d.language, d.media_type,
        CASE WHEN d.authority_corrected <> '' THEN coalesce(c.name, d.authority_corrected)
            ELSE coalesce(nullif({stated["authority"]}, ''), a.name, '') END AS authority,
        d.address AS url, r.fetched_at AS captured_at, d.verdict, d.needs_ocr,
        {sql.length("e.facts", "pages")} AS pages, t.length AS characters, v.number AS version,
        coalesce(d.lead_id, '') AS lead,
        coalesce(nullif({stated["rights"]}, ''), {sql.value("s.rights", "status")}) AS rights,
        coalesce({said("status")}, 'undecided') AS curated, {sql.joined(tags)} AS tags,
        coalesce({said("note")}, '') AS note, {sql.joined(fields)} AS corrected,
        v.blob_sha256 AS sha256, v.text_sha256, {", ".join(imports)}, t.text{SHOWN}
    JOIN capture AS r ON r.seq = v.capture_seq
    JOIN capture AS f ON f.seq = d.first_capture_seq
    JOIN source AS s ON s.id = f.source_id
    LEFT JOIN authority AS a ON a.id = s.authority_id
    LEFT JOIN authority AS c ON c.id = d.authority_corrected"""


def spans(sql: Dialect, kind: str, number: str, label: str, title: str) -> str:
    """Return the passages of one kind."""
    start, end = (sql.number("member.value", name) for name in ("start", "end"))
    return f"""
    SELECT d.id AS document, v.number AS version, '{kind}' AS kind, {number} AS number, {label} AS label,
        {title} AS title, {start} AS "start", {end} AS "end",
        substr(t.text, {start} + 1, {end} - {start}) AS text{SHOWN},
        {sql.each("e.facts", f"{kind}s")}"""


def passages(sql: Dialect) -> str:
    """Return the view of the acts and pages of the texts that are shown."""
    key, title, label = (sql.value("member.value", name) for name in ("key", "title", "label"))
    acts = spans(sql, "act", sql.place, key, title)
    return f"{acts} UNION ALL {spans(sql, 'page', sql.number('member.value', 'number'), label, chr(39) * 2)}"


def mentions(sql: Dialect) -> str:
    """Return the view of the places where a text shown speaks of a term of the vocabulary."""
    start, end = (sql.number("member.value", name) for name in ("start", "end"))
    return f"""
    SELECT d.id AS document, v.number AS version, {sql.value("member.value", "term")} AS term,
        {sql.yes("member.value", "relation")} AS relation, {start} AS "start", {end} AS "end",
        substr(t.text, {start} + 1, {end} - {start}) AS text{SHOWN},
        {sql.each("e.facts", "mentions")}"""


def versions(sql: Dialect) -> str:
    """Return the view of every text that a document ever had."""
    return """
    SELECT v.document_id AS document, v.number, v.cause, r.fetched_at AS captured_at, v.made_at, v.run_id AS run,
        v.held, CASE WHEN d.current_version_id = v.id THEN 1 ELSE 0 END AS shown, e.extractor_version AS extractor,
        e.engine, e.verdict, v.blob_sha256 AS sha256, v.text_sha256, t.length AS characters, t.text
    FROM version AS v
    JOIN document AS d ON d.id = v.document_id
    JOIN capture AS r ON r.seq = v.capture_seq
    JOIN extraction AS e ON e.id = v.extraction_id
    JOIN body_text AS t ON t.sha256 = v.text_sha256"""


def captures(sql: Dialect) -> str:
    """Return the view of everything that was asked for, and what was answered."""
    return """
    SELECT r.seq AS number, r.document_id AS document, r.source_id AS source, r.run_id AS run, r.role, r.url,
        r.fetched_at, r.status, r.flags, r.blob_sha256 AS sha256, b.size AS bytes
    FROM capture AS r LEFT JOIN blob AS b ON b.sha256 = r.blob_sha256"""


def relations(sql: Dialect) -> str:
    """Return the view of documents that have to do with each other."""
    return "SELECT document_id AS document, other_id AS other, type, similarity, how FROM relation"


def skips(sql: Dialect) -> str:
    """Return the view of the addresses that were not kept, in every run."""
    return """
    SELECT u.source_id AS source, u.id AS run, u.started_at, a.address, a.state, a.reason, a.detail,
        CASE WHEN u.seq = (SELECT max(n.seq) FROM run AS n WHERE n.source_id = u.source_id) THEN 1 ELSE 0 END AS latest
    FROM run_address AS a JOIN run AS u ON u.id = a.run_id WHERE a.state IN ('skipped', 'failed')"""


def runs(sql: Dialect) -> str:
    """Return the view of the runs with their figures."""
    return """
    SELECT u.seq AS number, u.id, u.source_id AS source, u.started_at, u.ended_at, u.outcome, u.seen, u.listings,
        u.stored, u.updated, u.unchanged, u.related, u.skipped, u.pending, u.failed, u.requests,
        json_array_length(u.alarms) AS alarms, u.minutier_version
    FROM run AS u"""


VIEWS: dict[str, Build] = {
    "v_documents": documents,
    "v_passages": passages,
    "v_mentions": mentions,
    "v_versions": versions,
    "v_captures": captures,
    "v_relations": relations,
    "v_skips": skips,
    "v_runs": runs,
}


def drop(connection: Connection) -> None:
    """Take all views away, so that the tables can be changed."""
    for name in inspect(connection).get_view_names():
        if name.startswith("v_"):
            connection.exec_driver_sql(f'DROP VIEW "{name}"')


def create(connection: Connection) -> None:
    """Make all views."""
    sql = Dialect(sqlite=connection.dialect.name == "sqlite")
    for name, build in VIEWS.items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {build(sql)}")
