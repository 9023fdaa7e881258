"""The ledger on the terminal: a grid told apart without colour, a table, JSON, and gaps that people explain."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from extract.model import Found, FoundDate
from minutier.main import cli
from storage.store import Store
from tests.making import NOON, Scene


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A made-up corpus: one paper of May 2025 that came, and one of June that did not."""
    scene = Scene(tmp_path / "corpus")
    with scene.store:
        scene.open_run()
        dates = (FoundDate(role="session", value="2025-05-12", precision="day", found_in="heading"),)
        scene.give("a", "Arrêté.", dates=dates, act_type=Found(value="arrete", found_in="heading"))
        scene.fetch("arrete-2025-06-14.pdf", status=404)
        scene.close_run()
    return tmp_path / "corpus"


def ask(corpus: Path, *words: str) -> tuple[int, str]:
    """Run `minutier ledger` and return its exit code and what it printed as data."""
    sources = str(corpus.parent / "none.yaml")
    done = CliRunner().invoke(
        cli, ["--corpus", str(corpus), "--sources", sources, "ledger", *words], standalone_mode=False
    )
    if done.exception:
        raise done.exception
    return int(done.return_value or 0), done.stdout


def test_the_grid_has_a_sign_for_each_state(corpus: Path) -> None:
    """May is complete against the site's own list, June a gap, the months after unknown; the gap is a sentence."""
    code, said = ask(corpus, "--since", "2025")
    assert code == 1
    assert "  2025  ....+!??????  2 / 1 / 1 / 1" in said
    assert "arrete-2025-06-14.pdf, which is dated 2025-06-14, was listed and never came (http_404" in said


def test_json_and_csv_say_the_same(corpus: Path) -> None:
    """The months of both, and the totals."""
    found = json.loads(ask(corpus, "--json", "--until", "2025-06")[1])
    assert found["totals"]["complete"] == found["totals"]["gap"] == found["totals"]["gaps"] == 1
    rows = list(csv.DictReader(io.StringIO(ask(corpus, "--csv", "--until", "2025-06")[1])))
    months = [(each["month"], each["state"]) for each in found["sources"][0]["months"]]
    assert months == [(row["month"], row["state"]) for row in rows] == [("2025-05", "complete"), ("2025-06", "gap")]


def test_a_gap_is_explained_and_taken_back(corpus: Path, tmp_path: Path) -> None:
    """It keeps its sign of a gap, explained; exit code 0; a copy has the word; `--withdraw` takes it back."""
    from storage.copying import copy

    (gap,) = json.loads(ask(corpus, "--json")[1])["sources"][0]["gaps"]
    assert ask(corpus, "explain", gap["id"][:6], "--because", "removed by the town", "--by", "Anne")[0] == 0
    code, said = ask(corpus, "--since", "2025")
    assert (code, "....+e" in said, "explained by Anne" in said) == (0, True, True)
    with Store.open(corpus) as store:
        copy(store, tmp_path / "copy")
    assert "removed by the town" in ask(tmp_path / "copy", "explain")[1]
    assert ask(corpus, "explain", gap["id"], "--withdraw", "--by", "Anne")[0] == 0
    assert ask(corpus)[0] == 1
    assert [each["because"] for each in json.loads(ask(corpus, "explain", "--json")[1])["explained"]] == [
        "removed by the town",
        None,
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("explain", "zzzz", "--because", "x"), "no gap has this id"),
        (("explain", "zzzz"), "Say why with --because"),
        (("--because", "x"), "belong to `minutier ledger explain"),
        (("--since", "mai"), "is not a month"),
        (("nowhere",), "There is no source 'nowhere'"),
    ],
)
def test_wrong_use_is_one_sentence(corpus: Path, words: tuple[str, ...], sentence: str) -> None:
    """An unknown gap, a missing reason, a month that is none, an unknown source."""
    with pytest.raises(Exception, match=sentence):
        ask(corpus, *words)


def test_the_methods_paragraph_repeats_the_ledger(corpus: Path) -> None:
    """Complete, gap and unknown months, robots and OCR, in both languages, as they stood at the freeze."""
    from minutier.methods import paragraphs
    from storage.decisions import Who
    from storage.filters import Filters
    from storage.freezes import Plan
    from storage.freezing import freeze

    software = {"minutier": "1", "extractor": "1", "vocabulary": "1"}
    with Store.create(corpus, now=NOON, version="test") as store:
        freeze(
            store,
            Plan(name="x", filters=Filters(), software=software, registry={}),
            Who(by="A", at="2026-03-02T10:00:00Z"),
        )
        said = paragraphs(store, "x")
    assert (
        "1 mois est complet au regard d'un dénominateur nommé (0 d'un tableau officiel, 1 de la seule liste"
        in said["fr"]
    )
    assert "1 gap was found, 0 of them explained; 0 listed documents were refused by robots.txt" in said["en"]
    assert "The text of 0 of 1 document (0 %)" in said["en"]
