"""Walking folders as they are: links, names, patterns, what cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawlers import files as walking
from crawlers.files import files, is_ordinary, pattern


def walked(root: Path, glob: str = "") -> dict[str, str]:
    """Return the reason of each file below a folder, by its path."""
    return {file.relative: file.reason for file in files((str(root),), glob)}


def test_hidden_files_and_patterns(tmp_path: Path) -> None:
    """Hidden files, lock files and files in hidden folders are put aside; a pattern without a slash is about names."""
    for name in ("b.PDF", "a/c.pdf", "a/d.txt", ".git/x.pdf", "~$lettre.docx", "Thumbs.db", "__MACOSX/a.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    hidden = dict.fromkeys((".git/x.pdf", "~$lettre.docx", "Thumbs.db", "__MACOSX/a.pdf"), "hidden")
    assert walked(tmp_path) == hidden | {"a/c.pdf": "", "a/d.txt": "", "b.PDF": ""}
    assert list(walked(tmp_path)) == sorted(walked(tmp_path))
    assert walked(tmp_path, "*.pdf") == hidden | {"a/c.pdf": "", "a/d.txt": "glob", "b.PDF": ""}
    assert walked(tmp_path, "a/*.{pdf,txt}")["b.PDF"] == "glob"


@pytest.mark.parametrize(
    ("glob", "fits", "does_not"),
    [
        ("**/*.{html,csv}", "x/y/a.html", "a.html.bak"),
        ("a?/*.pdf", "ab/1.pdf", "ab/c/1.pdf"),
        ("2024/**", "2024/x/y", "2023/x"),
        ("[a].txt", "[a].txt", "a.txt"),
        ("a,b.txt", "a,b.txt", "a"),
    ],
)
def test_patterns_mean_what_shells_mean(glob: str, fits: str, does_not: str) -> None:
    """Stars stay in a folder, double stars do not, braces are choices, everything else is itself."""
    assert pattern(glob).fullmatch(fits)
    assert not pattern(glob).fullmatch(does_not)


def test_circles_of_links_end(tmp_path: Path) -> None:
    """A link to a folder above is named and not followed; a link to a file is read."""
    (tmp_path / "a.txt").write_bytes(b"x")
    try:
        (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
        (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    except OSError:
        pytest.skip("platform: links need a right that this user does not have")
    assert walked(tmp_path) == {"a.txt": "", "b.txt": "", "loop/": "link"}


def test_a_folder_that_cannot_be_looked_into_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system refuses is a failure with its place, not a folder that seems empty."""
    (tmp_path / "closed").mkdir()

    def refusing(root: Path, onerror: object) -> list[object]:
        onerror(PermissionError(13, "Permission denied", str(root / "closed")))  # type: ignore[operator]
        return []

    monkeypatch.setattr(walking.os, "walk", refusing)
    assert walked(tmp_path) == {"closed/": "unreadable"}


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    """Reading it would wait for ever."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("platform: there are no named pipes")
    os.mkfifo(tmp_path / "pipe")
    assert not is_ordinary(tmp_path / "pipe")
