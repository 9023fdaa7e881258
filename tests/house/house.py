"""What the house tests look at: the five rooms, their modules and functions, and the files of the project."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("minutier", "crawlers", "bundles", "storage", "extract")
NOT_OURS = frozenset({".git", ".venv", "corpus", "demo-corpus", "out", "build", "dist", "__pycache__"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Module(NamedTuple):
    """A module of the house."""

    name: str
    """Its path from the root, with slashes."""
    text: str
    tree: ast.Module


def modules() -> Iterator[Module]:
    """Yield every module of the five rooms. Migrations are left out: they are history, and not rewritten."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "migrations/versions" not in name:
                yield parsed(name)


def parsed(name: str) -> Module:
    """Return one Python file of the project."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return Module(name, text, ast.parse(text))


def functions(module: Module) -> Iterator[Function]:
    """Yield every function and method of a module, those inside others too."""
    return (node for node in ast.walk(module.tree) if isinstance(node, Function))


def length(function: Function) -> int:
    """Return how many lines a function has, its docstring not counted."""
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def project_files() -> list[Path]:
    """Return the files of the project: what git tracks or would track; without git, what is not made by it."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    except FileNotFoundError:
        done = None
    if done and done.returncode == 0 and done.stdout:
        found = (ROOT / name for name in done.stdout.split("\0") if name)
    else:
        found = (path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts))
    return sorted(path for path in found if path.is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every file of the project that is text."""
    for path in project_files():
        body = path.read_bytes()
        if b"\0" not in body and not body.startswith(b"%PDF"):
            yield path.relative_to(ROOT).as_posix(), body.decode("utf-8", errors="replace")
