"""`curate`, `correct` and `changes` through the command line: tables, refusals, who decided, a page typed by hand."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from minutier import deciding
from minutier.town import pages
from storage.errors import WrongUse
from tests.making import Scene
from tests.saying import Say, say

__all__ = ["say"]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def ids(tmp_path: Path) -> list[str]:
    """A corpus of two documents in the test's folder; their ids."""
    scene = Scene(tmp_path / "corpus")
    with scene.store:
        scene.open_run()
        found = [scene.give(name, f"Un texte sur {name}.").document_id for name in ("pont", "port")]
        scene.close_run()
    return found


def test_what_is_decided_is_shown_selected_and_exported(say: Say, ids: list[str], tmp_path: Path) -> None:
    """In, a tag and a note: in `show`, in the filters of `search`, in the columns of an export."""
    done = say("curate", ids[0][:8], "in", "--tag", "chine", "--note", "à relire", "--by", "Anne")
    assert (done.code, "3 decisions written by Anne" in done.err) == (0, True)
    assert "curated   in; chine; à relire" in say("show", ids[0]).out
    assert say("show", ids[0], "--json").json["curation"]["tags"] == ["chine"]
    for words, number in (("--curated in", 1), ("--curated undecided", 1), ("--tag chine", 1), ("--tag x", 0)):
        assert say("search", "", *words.split(), "--json").json["total"] == number
    assert say("export", "open", "out", "--curated", "in").code == 0
    with (tmp_path / "out" / "documents.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["curated"], row["tags"], row["note"]) == ("in", "chine", "à relire")
    assert "stood already" in say("curate", ids[0], "in", "--by", "Anne").err


def test_a_table_goes_out_and_comes_back(say: Say, ids: list[str], tmp_path: Path) -> None:
    """`--to` writes a table that `--from` takes: statuses, tags, tags taken away with a hyphen, empty cells."""
    say("curate", ids[0], "in", "--tag", "eau", "--by", "Anne")
    assert say("curate", "--to", "t.csv").code == 0
    assert say("curate", "--to", "t.csv").code == 2, "a table is never overwritten"
    rows = list(csv.DictReader((tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["id"]: (row["status"], row["tags"]) for row in rows} == {
        ids[0]: ("in", "eau"),
        ids[1]: ("undecided", ""),
    }
    lines = f"id,status,tags,note\n{ids[0]},,-eau; feu,\n{ids[1]},out,,hors sujet\n"
    (tmp_path / "t.csv").write_text(lines, encoding="utf-8-sig")
    assert say("curate", "--from", "t.csv", "--by", "Bo").code == 0
    assert say("show", ids[0], "--json").json["curation"]["tags"] == ["feu"]
    assert say("show", ids[1], "--json").json["curation"]["note"] == "hors sujet"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("id,status\nzzzz,in\nIDX,out\n", "line 2: There is no document 'zzzz'"),
        ("id,status\nIDX,in\nIDX,maybe\n", "line 3: 'maybe' is no status"),
        ("id,statut\nIDX,in\n", "line 1: 'statut' is no column"),
        ("status\nin\n", "line 1: give the columns id"),
        ("id,status\nIDX\n", "line 2: it has not as many cells"),
        ("id,status\nIDX,in,out\n", "line 2: it has not as many cells"),
    ],
)
def test_a_wrong_table_is_named_by_its_line_and_decides_nothing(
    say: Say, ids: list[str], tmp_path: Path, table: str, said: str
) -> None:
    """One wrong line among right ones: exit 2, the line, and no decision at all."""
    (tmp_path / "t.csv").write_text(table.replace("IDX", ids[0]), encoding="utf-8")
    done = say("curate", "--from", "t.csv")
    assert (done.code, said in done.err) == (2, True), done.err
    assert say("show", ids[0], "--json").json["decisions"] == []


def test_bytes_that_are_no_table_are_refused(say: Say, ids: list[str], tmp_path: Path) -> None:
    """A workbook, a folder, a file that is not there: one sentence in the reader's words, exit 2."""
    (tmp_path / "book.csv").write_bytes(b"PK\x03\x04\0\0")
    for name in ("book.csv", "corpus", "missing.csv"):
        done = say("curate", "--from", name)
        assert (done.code, "cannot be read" in done.err, "Errno" in done.err) == (2, True, False)


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-8-sig", "utf-8", "utf-16"])
def test_a_table_that_excel_saved_comes_back(say: Say, ids: list[str], tmp_path: Path, encoding: str) -> None:
    """Semicolons between the cells, the encodings of Excel in French, tags between quotes."""
    lines = f'id;status;tags;note;title\r\n{ids[0]};in;"eau; forêt";à relire;Été\r\n'
    (tmp_path / "excel.csv").write_bytes(lines.encode(encoding))
    assert say("curate", "--from", "excel.csv", "--by", "Anne").code == 0
    kept = say("show", ids[0], "--json").json["curation"]
    assert (kept["status"], kept["tags"], kept["note"]) == ("in", ["eau", "forêt"], "à relire")


def test_a_table_that_comes_back_as_it_went_decides_nothing(say: Say, ids: list[str]) -> None:
    """What nobody decided on stays so: no decision is written about it, none twice."""
    say("curate", ids[0], "in", "--tag", "eau", "--by", "Anne")
    say("curate", "--to", "t.csv")
    assert "0 decisions written" in say("curate", "--from", "t.csv", "--by", "Bo").err
    assert say("show", ids[1], "--json").json["decisions"] == []
    assert "1 decisions written" in say("curate", ids[0], "undecided", "--by", "Bo").err


def test_the_table_has_what_is_decided_on_copies_too(say: Say, tmp_path: Path) -> None:
    """A copy is not in a search, and its decision is in the table all the same."""
    scene = Scene(tmp_path / "corpus")
    with scene.store:
        scene.open_run()
        first, copy = (scene.give(name, "Un texte sur le pont.").document_id for name in ("pont", "copie"))
        scene.close_run()
    say("curate", copy, "out", "--by", "Anne")
    assert say("search", "", "--json").json["total"] == 1
    assert say("curate", "--to", "t.csv").code == 0
    rows = list(csv.DictReader((tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["id"]: row["status"] for row in rows} == {first: "undecided", copy: "out"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("curate", "zzzz", "in"), "no document"),
        (("curate", "in"), "Name documents"),
        (("curate", "ID"), "Name documents"),
        (("curate", "ID", "--tag", "eau; feu"), "'eau; feu' cannot be a tag"),
        (("curate", "ID", "--tag=-eau"), "'-eau' cannot be a tag"),
        (("curate", "ID", "in", "--from", "x.csv"), "Name documents"),
        (("correct", "ID", "date", "hier", "--because", "x"), "'hier' is not a date"),
        (("correct", "ID", "date", "1999"), "--because"),
        (("correct", "ID", "date"), "--withdraw"),
        (("correct", "ID", "date", "1999", "--withdraw"), "--withdraw"),
        (("correct", "ID", "url", "x", "--because", "x"), "cannot be corrected"),
        (("correct", "ID", "page:7", "x.txt", "--because", "x"), "its pages are 1 to 1"),
        (("correct", "ID", "page:x", "x.txt", "--because", "x"), "its pages are 1 to 1"),
        (("correct", "ID", "page:1", "missing.txt", "--because", "x"), "missing.txt cannot be read"),
        (("curate", "x", "in", "--corpus", "nowhere"), "no corpus"),
    ],
)
def test_wrong_use_is_one_sentence(say: Say, ids: list[str], words: tuple[str, ...], said: str) -> None:
    """Exit 2 and a sentence that names the thing; nothing is decided."""
    done = say(*(ids[0] if word == "ID" else word for word in words))
    assert (done.code, said in done.err, "Traceback" in done.err) == (2, True, False), done.err
    assert say("show", ids[0], "--json").json["decisions"] == []


def test_a_correction_is_printed_beside_the_machines_value_and_taken_back(say: Say, ids: list[str]) -> None:
    """The title of `show` is the person's; the machine's stands beside it; --withdraw shows the machine's again."""
    assert say("correct", ids[0], "title", "Le vrai", "--because", "page 1", "--by", "Anne").code == 0
    shown = say("show", ids[0]).out
    assert shown.startswith("Le vrai")
    assert "title: Le vrai (the machine: Un titre), Anne," in shown and ": page 1" in shown
    assert say("search", "pont", "--json").json["hits"][0]["title"] == "Le vrai"
    assert say("correct", ids[0], "title", "--withdraw", "--by", "Anne").code == 0
    assert say("show", ids[0]).out.startswith("Un titre")
    assert len(say("show", ids[0], "--json").json["decisions"]) == 2


def test_changes_are_followed_from_the_last_number(say: Say, ids: list[str]) -> None:
    """The feed after `last` holds what happened since, and nothing else."""
    first = say("changes", "--json").json
    assert [each["fact"] for each in first["changes"]] == ["stored", "stored"]
    say("curate", ids[0], "out", "--by", "Anne")
    say("correct", ids[1], "date", "1999", "--because", "x", "--by", "Anne")
    later = say("changes", "--since", str(first["last"]), "--json").json
    assert [(each["fact"], each["detail"]) for each in later["changes"]] == [
        ("curated", {"field": "status", "value": "out"}),
        ("corrected", {"field": "date", "value": "1999"}),
    ]
    assert later["last"] == first["last"] + 2
    assert "0 changes since" in say("changes", "--since", str(later["last"])).err
    assert "field date, value 1999" in say("changes").out


def test_nobody_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the machine has no name for its user, one must be given."""

    def nobody() -> str:
        raise OSError("No username set in the environment")

    monkeypatch.setattr(deciding.getpass, "getuser", nobody)
    with pytest.raises(WrongUse, match="--by"):
        deciding.who_decides(" ")
    assert deciding.who_decides("Anne").by == "Anne"


def test_a_scan_typed_by_hand_is_searched_and_survives_reading_again(run_minutier: Run, tmp_path: Path) -> None:
    """A page without text gets a person's: found, a version of its own, still there when it is read again."""
    body = next(page.body for path, page in pages(1).items() if "registre-1987" in path)
    (tmp_path / "scan.pdf").write_bytes(body)
    (tmp_path / "page.txt").write_text("Séance du 3 mai 1987.\r\nLe jumelage avec Chengdu est voté.", encoding="utf-8")
    assert run_minutier("import", "scan.pdf", "--source", "mine", cwd=tmp_path).returncode == 0
    name = "import:mine/scan.pdf"
    done = run_minutier("correct", name, "page:1", "page.txt", "--because", "OCR", "--by", "Anne", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for again in (False, True):
        if again:
            assert run_minutier("extract", "--again", cwd=tmp_path).returncode == 0
        document = json.loads(run_minutier("show", name, "--json", cwd=tmp_path).stdout)
        assert "Séance du 3 mai 1987.\nLe jumelage avec Chengdu est voté." in document["text"]
        assert [each["cause"] for each in document["versions"]] == ["source", "correction"]
        assert (document["date"], document["speaks_of"]) == ("1987-05-03", "relation")
        assert document["corrections"][0]["because"] == "OCR"
    # The same bytes once more.
    assert run_minutier("import", "scan.pdf", "--source", "mine", cwd=tmp_path).returncode == 0
    assert json.loads(run_minutier("search", "jumelage", "--json", cwd=tmp_path).stdout)["total"] == 1
    assert run_minutier("correct", name, "page:1", "--withdraw", "--by", "Anne", cwd=tmp_path).returncode == 0
    assert json.loads(run_minutier("search", "jumelage", "--json", cwd=tmp_path).stdout)["total"] == 0
