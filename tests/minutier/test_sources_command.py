"""`minutier sources` checks keys and rules and switches sources on and off; `record` keeps golden tests."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from minutier.recording import compare
from tests.loopback import serving, sources_file, town_of

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_rules_are_replayed_on_what_was_kept(run_minutier: Run, tmp_path: Path) -> None:
    """Without a corpus the keys alone are checked; after a crawl a rule that finds nothing is named, off-line."""
    with serving(town_of(4, per_page=2)) as server:
        path = tmp_path / "sources.yaml"
        text = sources_file(server.root)
        path.write_text(text, encoding="utf-8")
        before = run_minutier("sources", "check", cwd=tmp_path)
        assert (before.returncode, "no corpus" in before.stderr) == (0, True)
        assert run_minutier("crawl", cwd=tmp_path).returncode == 0
        server.asked.clear()
        good = run_minutier("sources", "check", cwd=tmp_path)
        assert (good.returncode, "every rule finds something on 2" in good.stderr) == (0, True), good.stderr
        path.write_text(text.replace("a.document", "a.paper"), encoding="utf-8")
        bad = run_minutier("sources", "check", "--json", cwd=tmp_path)
        assert server.asked == []
    told = json.loads(bad.stdout)["sources"][0]
    assert (bad.returncode, told["silent"], told["replayed"]) == (1, ["follow"], 2)
    assert "`follow` found nothing on the 2 listings" in bad.stderr


def test_only_what_was_compared_with_its_site_is_enabled(run_minutier: Run, tmp_path: Path) -> None:
    """No rules, or no `verified`: refused with the next step, and nothing changes; otherwise it is switched."""
    path = tmp_path / "sources.yaml"
    text = sources_file("http://127.0.0.1:9").replace("enabled: true", "enabled: false  # soon")
    bare = "  - id: bare\n    title: B\n    kind: press\n    voice: media\n"
    path.write_text(text + bare, encoding="utf-8")
    for name, words in [("town", "never compared"), ("bare", "unprobed"), ("nobody", "There is no source")]:
        done = run_minutier("sources", "enable", name, cwd=tmp_path)
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    assert path.read_text(encoding="utf-8") == text + bare
    path.write_text(text + "    verified: 2026-11-02\n", encoding="utf-8")
    assert run_minutier("sources", "enable", "town", cwd=tmp_path).returncode == 0
    assert "    enabled: true  # soon\n" in path.read_text(encoding="utf-8")
    assert run_minutier("sources", "disable", "town", cwd=tmp_path).returncode == 0
    assert path.read_text(encoding="utf-8") == text + "    verified: 2026-11-02\n"


def test_a_source_that_ended_is_listed_as_such_and_not_enabled(run_minutier: Run, tmp_path: Path) -> None:
    """`discontinued` is a state of its own in the list, and what has ended is not switched on by mistake."""
    text = sources_file("http://127.0.0.1:9") + "    verified: 2024-01-02\n    discontinued: 2024-01-01\n"
    (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
    done = run_minutier("sources", "--json", cwd=tmp_path)
    assert [row["state"] for row in json.loads(done.stdout)["sources"]] == ["discontinued"]
    assert "1 discontinued" in done.stderr
    refused = run_minutier("sources", "enable", "town", cwd=tmp_path)
    assert (refused.returncode, "discontinued since 2024-01-01" in refused.stderr) == (2, True)
    crawled = run_minutier("crawl", cwd=tmp_path)
    assert (crawled.returncode, "No source is enabled" in crawled.stderr) == (2, True)


def test_a_source_is_recorded_and_a_changed_page_is_noticed(run_minutier: Run, tmp_path: Path) -> None:
    """Listings, documents and what is read of them are kept; nothing to keep or a folder that is there is refused."""
    with serving(town_of(4, per_page=2)) as server:
        (tmp_path / "sources.yaml").write_text(sources_file(server.root), encoding="utf-8")
        assert run_minutier("crawl", cwd=tmp_path).returncode == 0
    made = run_minutier("record", "town", "--out", "golden", cwd=tmp_path)
    assert (made.returncode, "2 listings and 3 documents" in made.stderr) == (0, True), made.stderr
    assert "names of people" in made.stderr
    folder = tmp_path / "golden"
    assert compare(folder) == []
    told = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert told["pages"][0]["found"]["next"] == [f"{server.root}/list/1"]
    titles = {each["read"]["title"] for each in told["documents"]}
    assert len(titles) == 3 and titles <= {f"Délibération {n}" for n in range(4)}
    page = folder / told["pages"][1]["file"]
    page.write_bytes(page.read_bytes().replace(b'class="document"', b""))
    assert compare(folder) == [told["pages"][1]["file"]]
    again = run_minutier("record", "town", "--out", "golden", cwd=tmp_path)
    assert (again.returncode, "--force" in again.stderr) == (2, True)
    assert run_minutier("record", "town", "--out", "golden", "--force", cwd=tmp_path).returncode == 0
    assert compare(folder) == []
    assert run_minutier("record", "nobody", cwd=tmp_path).returncode == 2
