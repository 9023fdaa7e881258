"""Changing sources.yaml for somebody: what is meant changes, everything else stays byte for byte."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from minutier.crawling import load_sources
from storage.errors import WrongUse
from storage.sources_edit import put_source
from tests.house.house import ROOT

LIST = """# my list
version: 1
sources:
  # ---- minutes
  - id: one
    title: One  # the title
    kind: council_minutes
    voice: local_authority
    spider: listing
    start:
      - "https://one.example/a"
      # the second
      - "https://one.example/b"
    follow: {css: "a.x"}   # rule
    # seen, not tried: next: {param: p}
    enabled: false
    # ends here

  # ---- press
  - id: two
    title: Two
    kind: press
    voice: media
authorities:
  town: {name: Town}
"""
NEW = {"id": "three", "title": "Three: 3", "kind": "press", "voice": "media", "verified": date(2026, 11, 2)}


def changed(folder: Path, text: str, values: dict, without: tuple[str, ...] = ()) -> list[str]:
    """Change a list and return the lines of the new one that are not in the old one, and with - those that went."""
    path = folder / "sources.yaml"
    path.write_bytes(text.encode())
    put_source(path, values, load_sources, without=without)
    old, new = text.splitlines(), path.read_bytes().decode().splitlines()
    return [line for line in new if line not in old] + [f"-{line}" for line in old if line not in new]


def test_a_value_is_replaced_where_it_stands(tmp_path: Path) -> None:
    """One key changes, with the comment behind it; nothing else does."""
    assert changed(tmp_path, LIST, {"id": "one", "enabled": True}) == ["    enabled: true", "-    enabled: false"]
    assert changed(tmp_path, LIST, {"id": "one", "title": "Une: #1"}) == [
        '    title: "Une: #1"  # the title',
        "-    title: One  # the title",
    ]


def test_rules_are_replaced_taken_away_and_added(tmp_path: Path) -> None:
    """A new rule comes before `enabled`, an old one goes, a value over several lines becomes one; comments stay."""
    values = {"id": "one", "start": ["https://one.example/"], "detail": {"match": "\\d/"}}
    found = changed(tmp_path, LIST, values, without=("follow", "next", "detail"))
    assert found[:2] == ['    start: ["https://one.example/"]', '    detail: {match: "\\\\d/"}']
    assert '-    follow: {css: "a.x"}   # rule' in found and '-      - "https://one.example/b"' in found
    options = load_sources(tmp_path / "sources.yaml").sources[0].options.model_dump(exclude_defaults=True)
    assert set(options) == {"detail"}


def test_the_comment_on_what_a_source_lacked_goes_with_its_spider(tmp_path: Path) -> None:
    """Where a spider is written, the registry's note of what was not tried is taken away, others are kept."""
    found = changed(tmp_path, LIST, {"id": "one", "spider": "site"})
    assert found == ["    spider: site", "-    spider: listing", "-    # seen, not tried: next: {param: p}"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "text",
    [
        LIST,
        "version: 1\nsources: []\n",
        "version: 1\nsources:\n",
        "version: 1\ncontact: a@univ.fr",
        LIST.rpartition("authorities")[0],
    ],
)
def test_a_new_source_stands_at_the_end_of_the_list(text: str, end: str, tmp_path: Path) -> None:
    """Whatever the list looked like, it has one more source, in its own line ends, and what was there is untouched."""
    text = text.replace("\n", end)
    found = changed(tmp_path, text, NEW)
    assert [line for line in found if line.startswith("-") and "sources: []" not in line] == []
    assert '    title: "Three: 3"' in found and "    verified: 2026-11-02" in found
    assert load_sources(tmp_path / "sources.yaml").sources[-1].verified == date(2026, 11, 2)
    raw = (tmp_path / "sources.yaml").read_bytes()
    assert raw.count(b"\r\n") == (raw.count(b"\n") if end == "\r\n" else 0)


def test_a_source_changes_in_the_file_where_it_stands(tmp_path: Path) -> None:
    """A source of an included file is changed there; the list itself stays as it was."""
    (tmp_path / "more").mkdir()
    more = tmp_path / "more" / "a.yaml"
    more.write_text("sources:\n- id: far\n  title: Far\n  kind: press\n  voice: media\n", encoding="utf-8")
    assert changed(tmp_path, "include: more/*.yaml\n" + LIST, {"id": "far", "title": "Farther"}) == []
    assert more.read_text(encoding="utf-8").splitlines()[2] == '  title: "Farther"'


@pytest.mark.parametrize(
    ("text", "values", "words"),
    [
        (LIST, {"id": "one", "follow": {"css": "a[["}}, "CSS selector"),
        (LIST, NEW | {"id": "not an id"}, "is not an id"),
        (
            "version: 1\nsources:\n  - {id: b, title: B, kind: press, voice: media}\n",
            {"id": "b", "enabled": True},
            "braces",
        ),
        ("version: 1\nsources: [\n]\n", NEW, "brackets"),
    ],
)
def test_on_any_problem_nothing_changes(text: str, values: dict, words: str, tmp_path: Path) -> None:
    """What the strict loader refuses, or what cannot be changed line by line, leaves the file as it was."""
    path = tmp_path / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongUse, match=words):
        put_source(path, values, load_sources)
    assert path.read_text(encoding="utf-8") == text
    assert [each.name for each in tmp_path.iterdir()] == ["sources.yaml"]


def test_every_source_of_the_registry_can_be_changed(tmp_path: Path) -> None:
    """Each entry that ships with Minutier takes rules, and only its own lines differ afterwards."""
    text = (ROOT / "sources.yaml").read_text(encoding="utf-8")
    for source in load_sources(ROOT / "sources.yaml").sources[::9]:  # every one is as the others
        values = {"id": source.id, "title": "Changed", "enabled": False}
        found = changed(tmp_path, text, values)
        assert found == ['    title: "Changed"', next(each for each in found if each.startswith("-    title:"))]
