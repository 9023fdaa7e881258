"""The Python interface: plain rows, pandas frames, the same filters as the command line, and nothing loaded early."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import minutier
from extract.model import Act
from minutier.analysis import Corpus
from storage.decisions import Who
from storage.errors import WrongUse
from storage.filters import Filters
from storage.freezes import Plan
from storage.freezing import freeze
from tests.making import Scene

TEXT = "Le conseil approuve le jumelage."


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    """A corpus of two documents, one with an act, and a freeze of it."""
    scene = Scene(tmp_path / "corpus")
    with scene.store:
        scene.open_run()
        scene.give("a", TEXT, acts=(Act(number="7", key="7", title="Jumelage", start=3, end=len(TEXT)),))
        scene.give("b", "Un texte en français, sans page.", pages=(), language="en")
        scene.close_run()
        plan = Plan(name="one", filters=Filters(), software={}, registry={})
        who = Who(by="Anne", at="2026-01-01T00:00:00Z")
        freeze(scene.store, plan, who)
    with minutier.open(tmp_path / "corpus") as opened:
        yield opened


def test_rows_are_plain_and_can_be_read_twice(corpus: Corpus) -> None:
    """Hits, documents and passages are dictionaries; asking again gives them again."""
    hits = corpus.search("jumelage", lang="fr")
    assert [hit["title"] for hit in hits] == [hit["title"] for hit in hits] == ["Un titre"]
    texts = {row["text"] for row in corpus.documents()}
    assert texts == {TEXT, "Un texte en français, sans page."}
    acts = [row for row in corpus.passages() if row["kind"] == "act"]
    assert [(row["label"], row["title"], row["text"]) for row in acts] == [("7", "Jumelage", TEXT[3:])]


def test_filters_have_the_names_of_the_command_line(corpus: Corpus) -> None:
    """One value or several; a name that is no filter is refused with the names that are."""
    assert len(list(corpus.documents(lang="en"))) == 1
    assert len(list(corpus.documents(lang=["en", "fr"], since="2024", curated="undecided"))) == 2
    assert list(corpus.search("jumelage", source="nowhere")) == []
    with pytest.raises(WrongUse, match="no filter 'language'"):
        corpus.documents(language="fr")


@pytest.mark.parametrize("wrong", ["x", "2024-13", "01/02/2024", 2024])
def test_a_date_that_is_none_is_refused(corpus: Corpus, wrong: object) -> None:
    """As on the command line: never an empty list for a slip of the pen."""
    for name in ("since", "until"):
        with pytest.raises(WrongUse, match="is not a date"):
            corpus.documents(**{name: wrong})


def test_a_freeze_is_read_as_it_was(corpus: Corpus) -> None:
    """The versions of a freeze, or one sentence: not together with filters, and not one that is not there."""
    assert [row["version"] for row in corpus.documents(freeze="one")] == [1, 1]
    assert len(list(corpus.passages(freeze="one"))) == 2
    with pytest.raises(WrongUse, match="not both"):
        list(corpus.documents(freeze="one", lang="fr"))
    with pytest.raises(WrongUse, match="no freeze"):
        list(corpus.documents(freeze="two"))


def test_frames_have_a_column_for_each_name(corpus: Corpus) -> None:
    """Each kind of rows becomes a frame with as many lines."""
    frame = corpus.documents().to_pandas()
    assert len(frame) == 2 and {"id", "title", "date", "curated", "text"} <= set(frame.columns)
    assert list(corpus.search("jumelage").to_pandas()["kind"]) == ["council_minutes"]
    assert set(corpus.passages().to_pandas()["kind"]) == {"act", "page"}


def test_without_pandas_there_is_one_sentence(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pandas is not installed, the rows still are there, and the sentence says what to install."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(WrongUse, match="pip install pandas"):
        corpus.documents().to_pandas()
    assert len(list(corpus.documents())) == 2


def test_a_corpus_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Opening nothing is refused like on the command line."""
    with pytest.raises(WrongUse, match="no corpus"):
        minutier.open(tmp_path / "nowhere")


def test_importing_and_reading_loads_nothing_heavy(corpus: Corpus, tmp_path: Path) -> None:
    """`import minutier` loads no database, and reading rows neither pandas nor Scrapy nor a reader of PDFs."""
    code = (
        "import sys, minutier; assert 'sqlalchemy' not in sys.modules;"
        "print(len(list(minutier.open('corpus').documents())));"
        "assert not {'scrapy', 'twisted', 'pandas', 'trafilatura', 'pypdfium2'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "2\n"), done.stderr
