"""`minutier forget` through the command line: PDFs, a crawl, exports; what was withdrawn is found nowhere again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract.terms import fold
from storage.store import Store
from tests.leftovers import places_of
from tests.loopback import page, paragraph, serving, sources_file
from tests.saying import Say, say

__all__ = ["say"]

Run = Callable[..., subprocess.CompletedProcess[str]]
SECRET = "Zygomatine Quasimodeau, 3 impasse des Lilas"
WORDS = ("zygomatine", "quasimodeau", "lilas")


def pdf(*pages: str) -> bytes:
    """Return a packed PDF of some pages, a line of text a line."""
    body = BytesIO()
    canvas = Canvas(body, pageCompression=1, invariant=1)
    for text in pages:
        for number, line in enumerate(text.splitlines()):
            canvas.drawString(60, 780 - 16 * number, line)
        canvas.showPage()
    canvas.save()
    return body.getvalue()


def minutes(who: str) -> bytes:
    """Return minutes that speak of somebody, with enough around it to be read as a good text."""
    talk = "Le conseil municipal, légalement convoqué, s'est réuni à la mairie en séance ordinaire et publique."
    return pdf(
        f"PROCÈS-VERBAL\nSéance du 27 mai 2024\n{talk}\nDélibération n° 2024-01 : secours\nUn secours est accordé à\n"
        f"{who}.\nAdopté à l'unanimité.",
        f"Délibération n° 2024-02 : le pont\n{talk}\nLe pont de la rivière est réparé.\nAdopté à l'unanimité.",
    )


def imported(folder: Path) -> None:
    """Import a folder into the corpus beside it, in a process of its own: a crawler cannot begin twice in one."""
    words = ["import", str(folder), "--source", "mine", "--corpus", str(folder.parent / "corpus")]
    subprocess.run([sys.executable, "-m", "minutier", *words], check=True, capture_output=True, timeout=110)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of three imported PDFs: two speak of somebody, one of nobody."""
    folder = tmp_path_factory.mktemp("made") / "in"
    folder.mkdir()
    (folder / "pv.pdf").write_bytes(minutes(SECRET))
    (folder / "avis.pdf").write_bytes(pdf(f"Avis de la commission.\nLe dossier de {SECRET}\nest complet."))
    (folder / "pont.pdf").write_bytes(pdf("Note sur le pont.\nLa réparation du pont est terminée depuis hier."))
    imported(folder)
    assert left(folder.parent) != []
    return folder.parent


@pytest.fixture
def corpus(made: Path, tmp_path: Path) -> Path:
    """The folder of the files that a corpus of the test's own was imported from."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "in"


def left(folder: Path) -> list[str]:
    """Return where words of the secret stand in the corpus of a folder, PDFs decoded."""
    with Store.open(folder / "corpus") as store:
        return places_of(store, *WORDS)


def ids(say: Say) -> dict[str, str]:
    """Return the id of each document by the name of its file."""
    hits = say("search", "", "--all-copies", "--json").json["hits"]
    return {hit["url"].rpartition("/")[2]: hit["id"] for hit in hits}


def place(say: Say, identity: str, words: str) -> str:
    """Return ID:START-END of some words."""
    start = say("show", identity, "--json").json["text"].index(words)
    return f"{identity}:{start}-{start + len(words)}"


def test_a_document_and_a_passage_are_found_nowhere_again(say: Say, corpus: Path, tmp_path: Path) -> None:
    """One is withdrawn, the other masked: no command, no export, no byte says it, whatever is run afterwards."""
    named = ids(say)
    say("freeze", "these", "--by", "Anne")
    assert say("forget", named["avis.pdf"], "--reason", "opposition", "--by", "Anne").code == 0
    masked = say("forget", "--redact", place(say, named["pv.pdf"], SECRET), "--reason", "opposition", "--by", "Anne")
    assert (masked.code, "1 files withheld" in masked.out) == (0, True)
    assert left(tmp_path) == []
    again = say("extract", "--again", "--all-copies")
    assert (again.code, "1 documents were not read" in again.err) == (0, True)
    imported(corpus)
    assert say("relate", "--again").code == 0
    assert left(tmp_path) == []
    assert say("copy", "corpus", "elsewhere").code == 0
    said = [
        say("export", "open", "now"), say("export", "open", "then", "--freeze", "these"), say("search", "quasimodeau"),
        say("search", "secours", "--kwic"), say("show", named["pv.pdf"], "--json"), say("cite", named["pv.pdf"]),
        say("show", named["avis.pdf"]), say("changes", "--json"), say("methods", "these"), say("stats"),
        say("freezes", "show", "these", "--json"), say("skips", "--all"), say("curate", "--to", "table.csv"),
    ]  # fmt: skip
    assert [each.code for each in said] == [0, 1] + [0] * 11
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and corpus not in path.parents)
    told = "".join(each.out + each.err for each in said) + files.decode("utf-8", "ignore")
    assert not any(word in fold(told) for word in WORDS)
    assert say("verify").code == 0
    assert say("verify", "--corpus", "elsewhere").code == 0


def test_show_and_changes_say_what_became_of_them(say: Say, corpus: Path, tmp_path: Path) -> None:
    """A tombstone for the one, "bytes withheld" for the other, with when, who and why."""
    named = ids(say)
    say("forget", named["avis.pdf"], "--reason", "droit d'opposition", "--by", "Anne")
    say("forget", "--redact", place(say, named["pv.pdf"], SECRET), "--reason", "vie privée", "--by", "Bo")
    assert "was withdrawn on" in say("show", named["avis.pdf"]).out
    left_of_it = say("show", named["avis.pdf"], "--json").json
    assert (left_of_it["id"], left_of_it["withdrawn"]["reason"]) == (named["avis.pdf"], "droit d'opposition")
    shown = say("show", named["pv.pdf"]).out
    assert "Bo: vie privée; bytes withheld" in shown and "█" in shown
    facts = [(each["fact"], each["detail"]) for each in say("changes", "--json").json["changes"]][-2:]
    assert facts == [
        ("withdrawn", {"reason": "droit d'opposition", "by": "Anne"}),
        ("redacted", {"reason": "vie privée", "by": "Bo"}),
    ]
    image = say("show", named["pv.pdf"], "--page", "1", "--image", "page.png")
    assert (image.code, "withheld" in image.err) == (2, True)
    (tmp_path / "table.csv").write_text("file,title\npont.pdf,Un pont\npv.pdf,Un titre\n", encoding="utf-8")
    told = say("import", "--source", "mine", "--metadata", "table.csv")
    assert (told.code, "line 3: a passage was withdrawn" in told.err) == (2, True)
    typed = say("correct", named["pv.pdf"], "page:1", "page.txt", "--because", "x")
    assert (typed.code, "withheld" in typed.err) == (2, True)


def test_a_freeze_says_what_is_missing(say: Say, corpus: Path, tmp_path: Path) -> None:
    """« 1 of 3 withdrawn », one masked and named, exit code 1; the hash is the one of before."""
    named = ids(say)
    digest = say("freeze", "these", "--by", "Anne", "--json").json["sha256"]
    assert "Frozen in these" in say("forget", named["avis.pdf"], "--reason", "x", "--by", "Anne").out
    say("forget", "--redact", place(say, named["pv.pdf"], SECRET), "--reason", "x", "--by", "Anne")
    told = say("export", "open", "out", "--freeze", "these")
    assert told.code == 1
    assert "1 of 3 withdrawn since these" in told.err and "1 of 3 have a passage masked since these" in told.err
    assert "1 document was withdrawn since" in say("methods", "these", "--lang", "en").out
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    apart = {"withdrawn": [named["avis.pdf"]], "redacted": [named["pv.pdf"]]}
    assert report["freeze"] == {"name": "these", "sha256": digest, "documents": 3} | apart
    assert [each["what"] for each in report["left_out"]] == ["original"]


def test_what_cannot_be_done_is_one_sentence(say: Say, corpus: Path) -> None:
    """An unknown id, one that is gone, a place outside the text, no reason, nothing named: exit 2, nothing changed."""
    identity = ids(say)["avis.pdf"]
    refused = [
        say("forget", "zzzz", "--reason", "x"),
        say("forget", identity),
        say("forget", identity, "--reason", "  "),
        say("forget", "--reason", "x"),
        say("forget", identity, "--redact", f"{identity}:0-9", "--reason", "x"),
        say("forget", "--redact", f"{identity}:0-99999", "--reason", "x"),
        say("forget", "--redact", identity, "--reason", "x"),
        say("forget", "--redact", "zzzz:0-9", "--reason", "x"),
    ]
    assert [(each.code, len(each.err.strip().splitlines())) for each in refused] == [(2, 1)] * len(refused)
    assert say("verify").code == 0 and len(ids(say)) == 3
    looked = say("forget", identity, "--reason", "x", "--dry-run", "--json").json
    assert (looked["documents"], looked["blobs"], looked["dry_run"], len(ids(say))) == ([identity], 1, True, 3)
    assert say("forget", identity, "--reason", "x").code == 0
    again = say("forget", identity, "--reason", "x")
    assert (again.code, "was withdrawn on" in again.err) == (2, True)


def test_identical_bytes_elsewhere_are_named_and_taken_along(say: Say, corpus: Path, tmp_path: Path) -> None:
    """Exit code 1 while a copy is there; with --copies all of them go."""
    (corpus / "copie.pdf").write_bytes((corpus / "avis.pdf").read_bytes())
    imported(corpus)
    named = ids(say)
    told = say("forget", named["avis.pdf"], "--reason", "x", "--by", "Anne")
    assert (told.code, f"{named['copie.pdf']} still holds the same bytes" in told.err) == (1, True)
    assert say("forget", named["copie.pdf"], "--copies", "--reason", "x", "--by", "Anne").code == 0
    (corpus / "encore.pdf").write_bytes((corpus / "avis.pdf").read_bytes())
    imported(corpus)
    assert sorted(ids(say)) == ["pont.pdf", "pv.pdf"]
    say("forget", "--redact", place(say, named["pv.pdf"], SECRET), "--reason", "x")
    assert left(tmp_path) == []


def test_a_crawl_does_not_ask_for_it_again(say: Say, run_minutier: Run, tmp_path: Path) -> None:
    """Its address is skipped, its bytes elsewhere are refused, a masked page is masked again when it changes."""
    listed = "".join(f'<li><a class="document" href="/d/{n}">Acte {n}</a></li>' for n in range(3))
    pages = {f"/d/{n}": page(f"Acte {n}", paragraph(n)) for n in range(2)} | {"/list": page("Actes", listed)}
    pages["/d/1"] = page("Acte 1", paragraph(1) + f"<p>Secours à {SECRET}.</p>")
    pages["/d/2"] = page("Acte 2", paragraph(2) + f"<p>Aide à {SECRET}.</p>")

    def crawl() -> None:
        assert run_minutier("crawl", cwd=tmp_path).returncode == 0

    with serving(pages, etags=False) as server:
        (tmp_path / "sources.yaml").write_text(sources_file(server.root, "/list"), encoding="utf-8")
        crawl()
        assert say("forget", f"{server.root}/d/1", "--reason", "opposition").code == 0
        masked = say("show", f"{server.root}/d/2", "--json").json["id"]
        assert say("forget", "--redact", place(say, masked, SECRET), "--reason", "opposition").code == 0
        server.pages["/list"] = page("Actes", listed + '<a class="document" href="/d/3">Acte 3</a>')
        server.pages["/d/3"] = server.pages["/d/1"]
        crawl()
        assert (server.times()["/d/1"], server.times()["/d/2"], server.times()["/d/3"]) == (1, 2, 1)
        run = say("runs", "--json").json["runs"][0]
        assert (run["seen"], run["unchanged"], run["skipped"], run["outcome"]) == (5, 2, 2, "complete")
        assert left(tmp_path) == []
        server.pages["/d/2"] = page("Acte 2", paragraph(2) + f"<p>Aide versée à <b>{SECRET.upper()}</b>.</p>")
        crawl()
        assert "Aide versée à █" in say("show", masked, "--text").out
        assert left(tmp_path) == []
        assert server.times()["/d/3"] == 1, "the other address of the bytes is remembered"
        assert say("verify").code == 0


def test_a_replay_without_network_does_without_what_was_taken_down(say: Say, run_minutier: Run, tmp_path: Path) -> None:
    """Neither the withdrawn page nor the bytes of the masked one are looked for."""
    listed = "".join(f'<li><a class="document" href="/d/{n}">Acte {n}</a></li>' for n in range(3))
    pages = {f"/d/{n}": page(f"Acte {n}", paragraph(n)) for n in range(3)} | {"/list": page("Actes", listed)}
    with serving(pages) as server:
        (tmp_path / "sources.yaml").write_text(sources_file(server.root, "/list"), encoding="utf-8")
        assert run_minutier("crawl", cwd=tmp_path).returncode == 0
        masked = say("show", f"{server.root}/d/2", "--json").json["id"]
        say("forget", f"{server.root}/d/1", "--reason", "opposition")
        say("forget", "--redact", place(say, masked, "dossier numéro 2"), "--reason", "opposition")
        assert run_minutier("crawl", "--offline", cwd=tmp_path).returncode == 0
    run = say("runs", "--json").json["runs"][0]
    assert (run["unchanged"], run["skipped"], run["failed"]) == (2, 1, 0)


def test_a_kill_before_the_bytes_are_removed_is_made_good(
    say: Say, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was to be swept is swept by whatever command writes next."""
    named = ids(say)
    with monkeypatch.context() as patch:
        patch.setattr("storage.blobs.BlobFolder.remove", kill)
        assert say("forget", named["avis.pdf"], "--reason", "x", "--by", "Anne").code == 4
    say("forget", "--redact", place(say, named["pv.pdf"], SECRET), "--reason", "x", "--by", "Anne")
    assert left(tmp_path) == [] and say("verify").code == 0


def kill(*words: object) -> None:
    """End the command as Ctrl-C does."""
    raise KeyboardInterrupt
