"""Real documents, imported and crawled: every file is accounted for, and the road does not change the text."""

from __future__ import annotations

import html
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.loopback import Answer, page, serving, sources_file

Run = Callable[..., subprocess.CompletedProcess[str]]


def hashes(folder: Path) -> list[tuple[str, str]]:
    """Return (sha256, text_sha256) of every document of an exported bundle."""
    lines = (folder / "documents.jsonl").read_text(encoding="utf-8").splitlines()
    return sorted((row["sha256"], row["text_sha256"]) for row in map(json.loads, lines))


@pytest.mark.timeout(400)
def test_every_real_file_is_accounted_for_by_import_and_by_crawl(run_minutier: Run, real: Path, tmp_path: Path) -> None:
    """240 files: 240 captures, the equation holds, nothing crashes, and both roads give the same texts."""
    files = sorted(path for path in (real / "files").iterdir() if path.is_file())
    done = run_minutier(
        "import", str(real / "files"), "--source", "real", "--corpus", "a", "--json", cwd=tmp_path, timeout=200
    )
    run = json.loads(done.stdout)["runs"][0]
    assert (done.returncode, run["outcome"]) == (0, "complete"), done.stderr
    assert run["seen"] == len(files) == run["stored"] + run["related"]
    stats = json.loads(run_minutier("stats", "--json", "--corpus", "a", cwd=tmp_path).stdout)
    assert stats["captures"] == stats["documents"] == sum(stats["by_verdict"].values()) == len(files)
    assert not {"crash", "timeout", "memory"} & set(stats["by_verdict"])

    rows = "".join(f'<li><a class="document" href="/f/{quote(f.name)}">{html.escape(f.name)}</a></li>' for f in files)
    pages = {f"/f/{quote(f.name)}": Answer(f.read_bytes(), headers={}) for f in files}
    with serving(pages | {"/list/0": page("Files", f"<ul>{rows}</ul>")}) as server:
        (tmp_path / "sources.yaml").write_text(sources_file(server.root), encoding="utf-8")
        done = run_minutier("crawl", "--corpus", "b", "--json", cwd=tmp_path, timeout=200)
    run = json.loads(done.stdout)["runs"][0]
    assert (done.returncode, run["outcome"], run["seen"]) == (0, "complete", len(files) + 1), done.stderr
    for corpus in ("a", "b"):
        assert run_minutier("verify", "--corpus", corpus, cwd=tmp_path).returncode == 0
        run_minutier("export", "open", f"out-{corpus}", "--all-copies", "--corpus", corpus, cwd=tmp_path)
    assert hashes(tmp_path / "out-a") == hashes(tmp_path / "out-b")
