"""Taguette's own server takes our project in over HTTP and gives each text back, letter for letter."""

from __future__ import annotations

import html
import json
import sqlite3
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bundles.formats import taguette
from bundles.formats.taguette import html_of
from bundles.model import Documents, Report
from bundles.naming import title_for_people
from storage.store import Store
from tests.bundles.taguette_server import Taguette, running


@pytest.fixture(scope="module")
def server(apart: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taguette]:
    """Give a running Taguette with nothing in it."""
    with running(apart, tmp_path_factory.mktemp("taguette") / "own.sqlite3") as found:
        yield found


@pytest.fixture(params=["ordinary", "hostile"])
def store(request: pytest.FixtureRequest) -> Store:
    """Give each corpus in turn."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]  # pytest gives any fixture


def export(store: Store, folder: Path, **what: Any) -> tuple[Report, dict[str, str]]:
    """Write the bundle; return its report, and the texts it must hold by name."""
    documents = Documents(store=store, **what)
    report = documents.complete(taguette.write(documents, folder))
    left = {each.document for each in report.left_out if each.what == "document"}
    return report, {title_for_people(each): each.text for each in documents if each.id not in left}


def text_of(contents: str) -> str:
    """Return the text that a reader of Taguette sees, by rules that know nothing of how it was written."""
    paragraphs = contents.strip().removeprefix("<p>").removesuffix("</p>").split("</p>\n<p>")
    return "\n\n".join(html.unescape(each.replace("<br>\n", "\n")) for each in paragraphs)


def imported(server: Taguette, file: Path) -> int:
    """Have a project file taken in and return the project's number."""
    body = (file.name, file.read_bytes())
    (listed,) = server.post("api/import", body)["projects"]
    return int(server.post("api/import", body, project_id=str(listed["id"]))["project_id"])


@pytest.mark.parametrize("unit", ["document", "act"])
def test_the_server_takes_the_project_and_gives_the_texts_back(
    server: Taguette, store: Store, tmp_path: Path, unit: str
) -> None:
    """Each document is there under its name, with a text equal to ours and its metadata as description."""
    report, expected = export(store, tmp_path / "out", unit=unit)
    project = imported(server, tmp_path / "out" / "project.sqlite3")
    there = server.documents(project)
    assert {name: text_of(server.contents(project, number)) for name, (number, _) in there.items()} == expected
    assert len(expected) == report.written > 5
    assert all("url: http://127.0.0.1:9/" in each["description"] for _, each in there.values())


def test_the_project_opens_as_a_database_of_its_own(apart: Path, hostile: Store, tmp_path: Path) -> None:
    """`taguette --database` starts on the file itself, and shows the same texts."""
    _, expected = export(hostile, tmp_path / "out")
    with running(apart, tmp_path / "out" / "project.sqlite3") as own:
        found = {name: text_of(own.contents(1, number)) for name, (number, _) in own.documents(1).items()}
    assert found == expected


def test_an_html_file_is_taken_as_a_document(server: Taguette, store: Store, tmp_path: Path) -> None:
    """The way of adding a document gives the same text as the project file, accents and Chinese too."""
    export(store, tmp_path / "out")
    project = imported(server, tmp_path / "out" / "project.sqlite3")
    files = sorted((tmp_path / "out" / "html").iterdir())
    for file in files[:4]:
        form = {"name": file.stem[:50], "description": "", "text_direction": "LEFT_TO_RIGHT"}
        made = server.post(f"api/project/{project}/document/new", (file.name, file.read_bytes()), **form)
        body = file.read_text(encoding="utf-8").split("<body>\n")[1].split("\n</body>")[0]
        assert text_of(server.contents(project, made["created"])) == text_of(body)
    assert len(files) == len(server.documents(project)) - 4


def test_the_server_refuses_what_its_own_cleaning_would_change(
    server: Taguette, ordinary: Store, tmp_path: Path
) -> None:
    """The import is as strict as we take it to be: a bare `>`, or a name of 51 characters, fails."""
    export(ordinary, tmp_path / "out")
    file = tmp_path / "out" / "project.sqlite3"
    sound = file.read_bytes()
    for change in ("contents = '<p>1 > 0</p>'", "name = '" + "x" * 51 + "'"):
        file.write_bytes(sound)
        tables = sqlite3.connect(file)
        with tables:
            tables.execute(f"UPDATE documents SET {change} WHERE id = 1")
        tables.close()
        with pytest.raises(urllib.error.HTTPError):
            imported(server, file)


def test_what_has_no_text_stays_outside_and_is_named(ordinary: Store, tmp_path: Path) -> None:
    """The scan is left out as a whole, and what was written and left out adds up."""
    report, expected = export(ordinary, tmp_path / "out")
    assert [(each.what, each.why) for each in report.left_out] == [("document", "scanned; Pages are pictures.")]
    assert report.written + 1 == report.selected == len(expected) + 1
    assert report.files == sum(1 for path in (tmp_path / "out").rglob("*") if path.is_file())


def test_the_same_documents_give_the_same_bytes(ordinary: Store, tmp_path: Path) -> None:
    """The database too, written again elsewhere."""
    both = []
    for name in ("a", "b"):
        export(ordinary, tmp_path / name)
        files = (path for path in (tmp_path / name).rglob("*") if path.is_file())
        both.append({path.relative_to(tmp_path / name).as_posix(): path.read_bytes() for path in files})
    assert both[0] == both[1]
    assert len(both[0]) > 5


def test_a_long_description_is_cut_and_named(ordinary: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Taguette would refuse is shortened, and the report says of which document."""
    monkeypatch.setattr(taguette, "LONGEST_DESCRIPTION", 300)
    report, expected = export(ordinary, tmp_path / "out")
    assert len(report.shortened) == len(expected)
    with sqlite3.connect(tmp_path / "out" / "project.sqlite3") as tables:
        rows = tables.execute("SELECT length(d.description), c.payload FROM documents d JOIN commands c "
                              "ON c.document_id = d.id").fetchall()  # fmt: skip
    tables.close()
    assert {length for length, _ in rows} == {300}
    assert all(len(json.loads(payload)["description"]) == 300 for _, payload in rows)


@pytest.mark.parametrize("text", ["a", "a\nb", "a\n\nb", "a\n\n\nb", "a\n\n\n\nb\n", "\na", "1 < 2 > & &amp; <br>"])
def test_a_text_becomes_html_and_comes_back(text: str) -> None:
    """Paragraphs, line breaks and signs, in any number."""
    assert text_of(html_of(text)) == text
