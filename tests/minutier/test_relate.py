"""`minutier relate`, and relations as `minutier show` tells them. The papers are synthetic."""

from __future__ import annotations

import json
import random
from pathlib import Path

WORDS = ["conseil", "voirie", "budget", "école", "jardin", "marché", "pont", "fête", "eau", "arbre", "salle", "rue"]


def papers(folder: Path) -> None:
    """Write a draft, its final text and another paper, each long enough to be compared."""
    draft = random.Random(1).choices(WORDS, k=150)
    other = random.Random(2).choices(WORDS, k=150)
    for name, words in (("draft", draft), ("final", [*draft, "adopté"]), ("other", other)):
        (folder / f"{name}.txt").write_text(" ".join(words), encoding="utf-8")


def test_relations_are_counted_found_again_and_told(run_minutier, tmp_path) -> None:
    """Found as the files arrive; found again they are the same; `show` says which, in words."""
    papers(tmp_path)
    run_minutier("import", "draft.txt", "final.txt", "other.txt", "--source", "mine", cwd=tmp_path)
    assert "near" in run_minutier("relate", cwd=tmp_path).stdout
    again = json.loads(run_minutier("relate", "--again", "--json", cwd=tmp_path).stdout)
    near = next(each for each in again["relations"] if each["type"] == "near")
    assert again["compared"] == 3
    assert near == {"type": "near", "before": 1, "added": 0, "removed": 0, "now": 1}
    shown = run_minutier("show", "import:mine/final.txt", cwd=tmp_path).stdout
    assert "has nearly the same text as" in shown
    document = json.loads(run_minutier("show", "import:mine/draft.txt", "--json", cwd=tmp_path).stdout)
    [relation] = document["relations"]
    assert (relation["type"], relation["how"]) == ("near", "shingles that both texts have")
    assert 0.9 < relation["similarity"] < 1


def test_nothing_selected_is_said(run_minutier, tmp_path) -> None:
    """Filters that select nothing: exit 1 and the next step; no corpus: exit 2, and none is made."""
    papers(tmp_path)
    run_minutier("import", "draft.txt", "--source", "mine", cwd=tmp_path)
    done = run_minutier("relate", "--again", "--kind", "press", cwd=tmp_path)
    assert (done.returncode, "select no document" in done.stderr) == (1, True)
    assert run_minutier("relate", "--corpus", "nowhere", cwd=tmp_path).returncode == 2
    assert not (tmp_path / "nowhere").exists()
