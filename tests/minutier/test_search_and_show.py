"""`search`, `show`, `verify` and `export` on a small corpus: right answers, one sentence for what is wrong."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

TEXTS = {
    "jumelage.txt": "Séance du 27 mai 2024.\n\nLe comité de jumelage suit la mise en œuvre du pacte avec Chengdu.",
    "jumelages.txt": "Les jumelages franco-chinois de la ville : la coopération décentralisée a cinquante ans.",
    "zh.txt": "图卢兹市与重庆市结为友好城市，两市在教育、文化和经济领域开展了广泛的合作与交流。",
    "zh2.txt": "重庆是中国西南部的一座直辖市，人口超过三千万，以山城和火锅闻名于世界各地。",
    "atlas.txt": "L’Atlas de l'arc-en-ciel : une œuvre d’art. Rien d'autre n'est dit ici sur ce sujet.",
    "empty.txt": "",
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of the texts above, imported once."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "in").mkdir()
    for name, text in TEXTS.items():
        (folder / "in" / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "minutier", "import", "in", "--source", "small"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


def found(run_minutier: Run, corpus: Path, *words: str) -> list[str]:
    """Return the names of the files that a search finds."""
    done = run_minutier("search", "--json", *words, cwd=corpus)
    assert done.returncode == 0, done.stderr
    return sorted(hit["url"].rsplit("/", 1)[1] for hit in json.loads(done.stdout)["hits"])


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("友好", ["zh.txt"]),
        ("重庆", ["zh.txt", "zh2.txt"]),
        ("市", ["zh.txt", "zh2.txt"]),
        ("cooperation", ["jumelages.txt"]),
        ("oeuvre", ["atlas.txt", "jumelage.txt"]),
        ("jumelages", ["jumelage.txt", "jumelages.txt"]),
        ('"jumelages"', ["jumelages.txt"]),
        ('"mise en œuvre"', ["jumelage.txt"]),
        ("jumelage chengdu", ["jumelage.txt"]),
        ("jumelage -chengdu", ["jumelages.txt"]),
        ("chengdu OR 重庆", ["jumelage.txt", "zh.txt", "zh2.txt"]),
        ("coop*", ["jumelages.txt"]),
        ("NEAR(comité chengdu, 3)", []),
        ("NEAR(comité chengdu, 12)", ["jumelage.txt"]),
        ("arc-en-ciel", ["atlas.txt"]),
        ("l'Atlas", ["atlas.txt"]),
        ("Atlas", ["atlas.txt"]),
    ],
)
def test_a_question_finds_what_it_should(run_minutier: Run, corpus: Path, question: str, expected: list[str]) -> None:
    """Forms of a word, accents, ligatures, Chinese, phrases and operators find exactly these files."""
    assert found(run_minutier, corpus, question) == expected


@pytest.mark.parametrize("question", ['"', "AND", "*", "(((", "titre:x", "NEAR(", "-", "' OR 1=1 --", "a" * 5000])
def test_no_question_is_an_error(run_minutier: Run, corpus: Path, question: str) -> None:
    """Signs and half operators are looked for as they stand: an answer, never a traceback."""
    done = run_minutier("search", "--", question, cwd=corpus)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_a_search_says_what_it_could_not_look_into(run_minutier: Run, corpus: Path) -> None:
    """The empty file is counted, with hits and without."""
    answer = json.loads(run_minutier("search", "nirgends", "--json", cwd=corpus).stdout)
    assert (answer["total"], answer["not_searchable"]["no_text"]) == (0, 1)
    dated = json.loads(run_minutier("search", "jumelage", "--since", "2024", "--json", cwd=corpus).stdout)
    assert dated["total"] == 1
    assert dated["not_searchable"]["undated"] == len(TEXTS) - 1


def test_counts_name_a_query_that_finds_nothing(run_minutier: Run, corpus: Path, tmp_path: Path) -> None:
    """Counted by something, every query of the file has a row; a file that is not there is named in plain words."""
    (tmp_path / "terms.txt").write_text("jumelage\nzzzz\n", encoding="utf-8")
    done = run_minutier("search", "--terms", str(tmp_path / "terms.txt"), "--by", "language", "--csv", cwd=corpus)
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert [row for row in rows if row["query"] == "zzzz"] == [{"query": "zzzz", "language": "", "documents": "0"}]
    assert "jumelage" in {row["query"] for row in rows}
    done = run_minutier("search", "--terms", str(tmp_path / "none.txt"), cwd=corpus)
    assert (done.returncode, "none.txt cannot be read" in done.stderr, "Errno" in done.stderr) == (2, True, False)


def test_the_hit_is_visible_in_its_snippet(run_minutier: Run, corpus: Path) -> None:
    """The marks of a hit point at the words that were found."""
    hit = json.loads(run_minutier("search", "jumelages", "--json", cwd=corpus).stdout)["hits"][0]
    assert [hit["snippet"][start:end] for start, end in hit["marks"]] in (["jumelage"], ["jumelages"])


def test_show_gives_the_contract_of_json(run_minutier: Run, corpus: Path) -> None:
    """Every field that the design promises is there, and the text is the file's."""
    hit = json.loads(run_minutier("search", "comité", "--json", cwd=corpus).stdout)["hits"][0]
    done = run_minutier("show", hit["id"][:6], "--json", cwd=corpus)
    document = json.loads(done.stdout)
    words = (
        "id source kind act_type voice country authority url title date dates language languages media_type sha256",
        "text text_sha256 pages passages quality versions relations captures rights unlisted_at gone_at",
    )
    promised = {name for line in words for name in line.split()}
    assert promised <= set(document)
    assert document["text"] == TEXTS["jumelage.txt"]
    assert (document["date"], document["dates"][0]["role"]) == ("2024-05-27", "session")
    assert document["versions"][0]["sha256"] == document["sha256"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("show", "zzzz"), 2, "no document"),
        (("show", "import:small/zh.txt", "--page", "7"), 2, "no page 7"),
        (("show", "import:small/zh.txt", "--version", "9"), 2, "no version 9"),
        (("export", "nothing", "x"), 2, "no format"),
        (("export", "open", "in"), 2, "there already"),
        (("export", "open", "x", "--lang", "de"), 1, "no document"),
        (("import", "missing.pdf", "--source", "small"), 2, "missing.pdf"),
        (("search", "x", "--since", "tomorrow"), 2, "tomorrow"),
        (("search", "x", "--corpus", "nowhere"), 2, "no corpus"),
        (("search", "x", "--corpus", "postgresql://h/d"), 2, "address"),
    ],
)
def test_bad_input_gets_one_sentence(
    run_minutier: Run, corpus: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    """The thing, the place, the next step, the right exit code, and no traceback."""
    done = run_minutier(*words, cwd=corpus)
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (code, True, False), done.stderr


def test_an_export_holds_every_document_and_is_the_same_twice(run_minutier: Run, corpus: Path, tmp_path: Path) -> None:
    """Rows, lines and files agree; the document without text is named; two exports have the same bytes."""
    for name in ("a", "b"):
        assert run_minutier("export", "open", str(tmp_path / name), cwd=corpus).returncode == 0
    with (tmp_path / "a" / "documents.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [json.loads(line) for line in (tmp_path / "a" / "documents.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [line["id"] for line in lines]
    assert len(rows) == len(TEXTS)
    for row, line in zip(rows, lines, strict=True):
        text = (tmp_path / "a" / row["text_file"]).read_text(encoding="utf-8") if row["text_file"] else ""
        original = (tmp_path / "a" / row["original_file"]).read_bytes().decode("utf-8")
        assert text == line["text"] == original
    nameless = [row for row in rows if not row["text_file"]]
    assert len(nameless) == 1
    assert nameless[0]["id"] in (tmp_path / "a" / "README.md").read_text(encoding="utf-8")
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files)


def test_verify_names_the_document_whose_bytes_changed(run_minutier: Run, corpus: Path, tmp_path: Path) -> None:
    """One flipped byte in a blob, or a blob that is gone: exit 1, and the document is named."""
    shutil.copytree(corpus / "corpus", tmp_path / "corpus")
    assert run_minutier("verify", cwd=tmp_path).returncode == 0
    blobs = sorted(
        path for path in (tmp_path / "corpus" / "blobs").rglob("*") if path.is_file() and path.stat().st_size
    )
    body = bytearray(blobs[0].read_bytes())
    body[0] ^= 1
    blobs[0].write_bytes(bytes(body))
    blobs[1].unlink()
    done = run_minutier("verify", cwd=tmp_path)
    assert done.returncode == 1
    assert "were changed" in done.stdout and "are missing" in done.stdout and "import:small/" in done.stdout


def test_a_foreign_a_damaged_and_a_newer_corpus_are_refused_untouched(
    run_minutier: Run, corpus: Path, tmp_path: Path
) -> None:
    """Exit 3, one sentence, and not a byte of the file is changed."""
    import sqlite3

    for name, spoil in (
        ("foreign", lambda file: sqlite3.connect(file).execute("CREATE TABLE t (x)").connection.commit()),
        ("damaged", lambda file: file.write_bytes(os.urandom(9000))),
        ("newer", None),
    ):
        folder = tmp_path / name
        folder.mkdir()
        if spoil is None:
            shutil.copytree(corpus / "corpus", folder, dirs_exist_ok=True)
            with sqlite3.connect(folder / "corpus.db") as connection:
                connection.execute("UPDATE alembic_version SET version_num = '9999'")
            connection.close()
        else:
            spoil(folder / "corpus.db")
        before = (folder / "corpus.db").read_bytes()
        for words in (("search", "x"), ("import", str(corpus / "in"), "--source", "small")):
            done = run_minutier(*words, "--corpus", str(folder), cwd=tmp_path)
            assert (done.returncode, "Traceback" in done.stderr) == (3, False), (name, done.stderr)
        assert (folder / "corpus.db").read_bytes() == before


def test_an_index_of_another_analyser_is_built_again(run_minutier: Run, corpus: Path, tmp_path: Path) -> None:
    """A search refuses such an index with the next step; the next writing command builds it, and answers are right."""
    import sqlite3

    shutil.copytree(corpus / "corpus", tmp_path / "corpus")
    connection = sqlite3.connect(tmp_path / "corpus" / "corpus.db")
    connection.execute("UPDATE corpus SET terms_version = '0'")
    connection.commit()
    connection.close()
    done = run_minutier("search", "jumelage", cwd=tmp_path)
    assert (done.returncode, "minutier extract" in done.stderr) == (3, True)
    assert run_minutier("extract", cwd=tmp_path).returncode == 0
    assert found(run_minutier, tmp_path, "友好") == ["zh.txt"]
    assert found(run_minutier, tmp_path, "jumelage") == ["jumelage.txt", "jumelages.txt"]
    assert run_minutier("verify", cwd=tmp_path).returncode == 0


def test_a_read_only_corpus_can_be_searched(run_minutier: Run, corpus: Path, tmp_path: Path) -> None:
    """Reading needs no permission to write; an import says that it may not."""
    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip("platform: permissions do not bind this user")
    shutil.copytree(corpus / "corpus", tmp_path / "corpus")
    for path in [*(tmp_path / "corpus").rglob("*"), tmp_path / "corpus"]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert run_minutier("search", "jumelage", cwd=tmp_path).returncode == 0
    done = run_minutier("import", str(corpus / "in"), "--source", "other", cwd=tmp_path)
    assert done.returncode == 3
    for path in [tmp_path / "corpus", *(tmp_path / "corpus").rglob("*")]:
        path.chmod(0o755)
