"""`minutier demo`: three visits to the made-up town, each told as it was."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from minutier.town import CHANGED, NEW, VANISHED

Run = Callable[..., subprocess.CompletedProcess[str]]


def answer(run_minutier: Run, folder: Path, *words: str) -> dict:
    """Return what a command prints as JSON."""
    return json.loads(run_minutier(*words, "--json", cwd=folder).stdout)


def test_three_visits(run_minutier: Run, tmp_path: Path) -> None:
    """Day one fills the corpus; day two finds one changed, one vanished, one new; the third visit finds it gone."""
    first = run_minutier("demo", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    stats = answer(run_minutier, tmp_path, "stats")
    assert set(stats["by_kind"]) == {"council_minutes", "atlas", "press"}
    assert {"fr", "zh", "en", "oc", "ca"} <= set(stats["by_language"])
    # One deliberation stands in a list, in a paper of its own and in the minutes, which contain it.
    assert stats["duplicates"] == {"same_act": 3, "contains": 1, "same_bytes": 1, "same_text": 1}
    assert stats["by_verdict"]["scanned"] == 1
    assert sorted(stats["skips"]) == ["robots", "scope"]
    assert "minutier search jumelage" in first.stdout

    second = run_minutier("demo", cwd=tmp_path)
    assert second.returncode == 0, second.stderr
    assert "× 304" in second.stdout and "4 × 404" in second.stdout
    for sign in ("updated", "unlisted", "missing", "stored"):
        assert sign in second.stdout
    hits = {hit["url"]: hit["id"] for hit in answer(run_minutier, tmp_path, "search", "--limit", "99")["hits"]}
    changed = next(number for url, number in hits.items() if url.endswith(CHANGED))
    assert any(url.endswith(NEW) for url in hits)
    assert any(url.endswith(VANISHED) for url in hits), "what vanished stays in the corpus"
    diff = run_minutier("show", changed, "--diff", "1", "2", cwd=tmp_path).stdout
    assert [line[0] for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")] == ["-", "+"]

    third = run_minutier("demo", cwd=tmp_path)
    assert "gone" in third.stdout
    assert answer(run_minutier, tmp_path, "stats")["versions"] == stats["versions"] + 2
    for words in (("verify",), ("runs",), ("skips",), ("export", "open", "out"), ("sources", "check")):
        place = ("--sources", "corpus/sources.yaml")
        assert run_minutier(*place, *words, cwd=tmp_path).returncode == 0, words


def test_the_demo_leaves_other_corpora_alone(run_minutier: Run, tmp_path: Path) -> None:
    """A corpus of one's own is refused with the next step, and not touched."""
    (tmp_path / "a.txt").write_text("Un document à moi.", encoding="utf-8")
    run_minutier("import", "a.txt", "--source", "mine", cwd=tmp_path)
    done = run_minutier("demo", cwd=tmp_path)
    assert (done.returncode, "--corpus" in done.stderr) == (2, True)
    assert answer(run_minutier, tmp_path, "stats")["documents"] == 1


def test_a_taken_port_is_one_sentence(run_minutier: Run, tmp_path: Path) -> None:
    """The second visit needs the first one's port: when something else has it, that is said."""
    run_minutier("demo", cwd=tmp_path)
    port = json.loads((tmp_path / "corpus" / "demo.json").read_text(encoding="utf-8"))["port"]
    with socket.create_server(("127.0.0.1", port)):
        done = run_minutier("demo", cwd=tmp_path)
    assert (done.returncode, str(port) in done.stderr, "Traceback" in done.stderr) == (2, True, False)
