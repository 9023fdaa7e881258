"""A project file of Taguette, filled with plain SQL, its tables as version 1.5 has them; later ones renew them.

Taguette takes such a file in if each text is as its own cleaning would leave it, and each line of the project's history
has exactly the fields of its kind. Both are checked against Taguette itself (tests/bundles/test_taguette.py).
"""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

from bundles.model import BundleDocument

REVISION = "db5e31a0233d"
LONGEST_NAME = 50
LONGEST_DESCRIPTION = 102_400
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi"})
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)")
_TABLES = """
PRAGMA application_id = 0x54677474;
PRAGMA auto_vacuum = 1;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
CREATE TABLE users (
    login VARCHAR(30) NOT NULL, created DATETIME NOT NULL, hashed_password VARCHAR(192), disabled BOOLEAN NOT NULL,
    password_set_date DATETIME, language VARCHAR(10), email VARCHAR(256), email_sent DATETIME,
    CONSTRAINT pk_users PRIMARY KEY (login));
CREATE UNIQUE INDEX ix_users_email ON users (email);
CREATE TABLE projects (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL, description TEXT NOT NULL,
    created DATETIME NOT NULL);
CREATE TABLE project_members (
    project_id INTEGER NOT NULL, user_login VARCHAR(30) NOT NULL, privileges VARCHAR(11) NOT NULL,
    CONSTRAINT pk_project_members PRIMARY KEY (project_id, user_login),
    CONSTRAINT fk_project_members_project_id_projects FOREIGN KEY(project_id)
        REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT fk_project_members_user_login_users FOREIGN KEY(user_login)
        REFERENCES users (login) ON DELETE CASCADE ON UPDATE CASCADE);
CREATE INDEX ix_project_members_user_login ON project_members (user_login);
CREATE INDEX ix_project_members_project_id ON project_members (project_id);
CREATE TABLE documents (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL, description TEXT NOT NULL,
    filename VARCHAR(200) NOT NULL, created DATETIME NOT NULL, project_id INTEGER NOT NULL,
    text_direction VARCHAR(13) NOT NULL, contents TEXT NOT NULL,
    CONSTRAINT fk_documents_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE);
CREATE INDEX ix_documents_project_id ON documents (project_id);
CREATE TABLE commands (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, date DATETIME NOT NULL, user_login VARCHAR(30) NOT NULL,
    project_id INTEGER NOT NULL, document_id INTEGER, payload TEXT NOT NULL,
    CONSTRAINT fk_commands_user_login_users FOREIGN KEY(user_login) REFERENCES users (login) ON UPDATE CASCADE,
    CONSTRAINT fk_commands_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE);
CREATE INDEX idx_project_document ON commands (project_id, document_id);
CREATE INDEX ix_commands_date ON commands (date);
CREATE INDEX ix_commands_user_login ON commands (user_login);
CREATE INDEX idx_project_id ON commands (project_id, id);
CREATE INDEX ix_commands_document_id ON commands (document_id);
CREATE INDEX ix_commands_project_id ON commands (project_id);
CREATE TABLE tags (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL, path VARCHAR(200) NOT NULL,
    description TEXT NOT NULL, CONSTRAINT uq_tags_project_id UNIQUE (project_id, path),
    CONSTRAINT fk_tags_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE);
CREATE INDEX ix_tags_path ON tags (path);
CREATE INDEX ix_tags_project_id ON tags (project_id);
CREATE TABLE highlights (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, document_id INTEGER NOT NULL, start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL, snippet TEXT NOT NULL,
    CONSTRAINT fk_highlights_document_id_documents FOREIGN KEY(document_id)
        REFERENCES documents (id) ON DELETE CASCADE);
CREATE INDEX ix_highlights_document_id ON highlights (document_id);
CREATE TABLE highlight_tags (
    highlight_id INTEGER NOT NULL, tag_id INTEGER NOT NULL,
    CONSTRAINT pk_highlight_tags PRIMARY KEY (highlight_id, tag_id),
    CONSTRAINT fk_highlight_tags_highlight_id_highlights FOREIGN KEY(highlight_id)
        REFERENCES highlights (id) ON DELETE CASCADE,
    CONSTRAINT fk_highlight_tags_tag_id_tags FOREIGN KEY(tag_id) REFERENCES tags (id) ON DELETE CASCADE);
CREATE INDEX ix_highlight_tags_tag_id ON highlight_tags (tag_id);
CREATE INDEX ix_highlight_tags_highlight_id ON highlight_tags (highlight_id);
"""
"""The draft is thrown away when anything fails, so it needs no journal."""


class TaguetteProject:
    """A new project file; `close` it to have it whole."""

    def __init__(self, path: Path, name: str) -> None:
        self._tables = sqlite3.connect(path, isolation_level=None)
        self._tables.executescript(_TABLES)
        self._tables.execute("BEGIN")
        self._latest = ""
        self._add("alembic_version", version_num=REVISION)
        self._add("users", login="admin", created=moment(""), disabled=0)
        self._add("projects", id=1, name=name[:LONGEST_NAME], description="Exported by Minutier.", created=moment(""))
        self._add("project_members", project_id=1, user_login="admin", privileges="ADMIN")

    def add(self, document: BundleDocument, name: str, description: str, contents: str) -> None:
        """Add a document, and the line of the history that says so."""
        direction = "RIGHT_TO_LEFT" if document.language[:2] in RIGHT_TO_LEFT else "LEFT_TO_RIGHT"
        at = moment(document.captured_at)
        self._latest = max(self._latest, at)
        number = self._add(
            "documents",
            name=name,
            description=description,
            filename=f"{name}.html",
            created=at,
            project_id=1,
            text_direction=direction,
            contents=contents,
        )
        said = {"document_name": name, "description": description, "text_direction": direction, "type": "document_add"}
        payload = json.dumps(said, sort_keys=True)
        self._add("commands", date=at, user_login="admin", project_id=1, document_id=number, payload=payload)

    def close(self) -> None:
        """Write the file to its end."""
        self._tables.execute("UPDATE projects SET created = ?", [self._latest or moment("")])
        self._tables.execute("COMMIT")
        self._tables.close()

    def _add(self, table: str, **row: str | int | None) -> int | None:
        marks = ", ".join("?" * len(row))
        done = self._tables.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
        return done.lastrowid


def moment(captured_at: str) -> str:
    """Return a moment as Taguette keeps it.

    >>> moment("2026-03-01T13:00:00Z"), moment("")
    ('2026-03-01 13:00:00.000000', '1980-01-01 00:00:00.000000')
    """
    found = _MOMENT.match(captured_at)
    return f"{found[1]} {found[2]}.000000" if found else "1980-01-01 00:00:00.000000"
