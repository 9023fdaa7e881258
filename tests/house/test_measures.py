"""The measures of the house: short modules and functions, words that mean something, tests that say what they show."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator

from tests.house.house import ROOT, Module, functions, length, modules, parsed

BORDERS = {"crawlers/pipeline.py", "minutier/main.py"}
"""Where everything that can go wrong meets: the crawl pipeline and the command line."""

SAY_NOTHING = {"item", "data", "info", "manager", "handler", "process", "utils", "helper"}
THEIR_WORDS = {("crawlers/pipeline.py", "item"), ("extract/visible.py", "data")}
"""Names that a library prescribes: Scrapy hands a pipeline an `item`, HTMLParser hands over `data`."""


def test_modules_are_short() -> None:
    """No module has more than 300 lines."""
    long = {module.name: lines for module in modules() if (lines := len(module.text.splitlines())) > 300}
    assert long == {}


def test_functions_are_short() -> None:
    """No function has more than 40 lines, and half of them have 8 at the most, docstrings not counted."""
    lines = {f"{module.name}:{f.lineno} {f.name}": length(f) for module in modules() for f in functions(module)}
    assert {name: count for name, count in lines.items() if count > 40} == {}
    assert statistics.median(lines.values()) <= 8


def test_everything_is_caught_at_two_borders_only() -> None:
    """A broad `except`, or a broad `suppress`, stands in the crawl pipeline and the command line, and nowhere else."""
    found = {f"{module.name}:{line}" for module in modules() if module.name not in BORDERS for line in broad(module)}
    assert found == set()


def broad(module: Module) -> Iterator[int]:
    """Yield the lines where a module catches everything."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or catches_all(node.type)):
            yield node.lineno
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).endswith("suppress")
            and any(map(catches_all, node.args))
        ):
            yield node.lineno


def catches_all(kind: ast.expr) -> bool:
    """Return whether an expression names Exception or BaseException, alone or among others."""
    return any(isinstance(name, ast.Name) and name.id in ("Exception", "BaseException") for name in ast.walk(kind))


def test_a_broad_except_would_be_found() -> None:
    """The rule sees the four ways to catch everything, and leaves a narrow one alone."""
    ways = ["except:", "except Exception:", "except (OSError, BaseException) as e:"]
    for way in ways:
        text = f"try:\n    f()\n{way}\n    pass\n"
        assert list(broad(Module("x", text, ast.parse(text)))) == [3], way
    assert list(broad(Module("x", "", ast.parse("with contextlib.suppress(Exception):\n    f()\n")))) == [1]
    assert list(broad(Module("x", "", ast.parse("try:\n    f()\nexcept OSError:\n    pass\n")))) == []


def test_names_say_something() -> None:
    """No module, function, class, parameter or variable bears a word that could stand for anything."""
    found = [
        (module.name, name) for module in modules() for name in named(module) if name.lower().strip("_") in SAY_NOTHING
    ]
    assert [each for each in found if each not in THEIR_WORDS] == []


def named(module: Module) -> Iterator[str]:
    """Yield every name that a module gives."""
    yield module.name.rpartition("/")[2].removesuffix(".py")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def test_public_things_say_what_they_are() -> None:
    """Every module, and every public class and function at its top, has a docstring."""
    bare = [
        f"{module.name}: the module"
        for module in modules()
        if module.text.strip() and not ast.get_docstring(module.tree)
    ]
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    tops = [(module.name, node) for module in modules() for node in module.tree.body if isinstance(node, kinds)]
    bare += [f"{name}: {node.name}" for name, node in tops if node.name[0] != "_" and not ast.get_docstring(node)]
    assert bare == []


def test_every_test_says_what_it_shows() -> None:
    """Each test has a docstring of one sentence."""
    files = [parsed(path.relative_to(ROOT).as_posix()) for path in sorted((ROOT / "tests").rglob("test_*.py"))]
    tests = [(module.name, f) for module in files for f in functions(module) if f.name.startswith("test_")]
    assert len(tests) > 10
    silent = [
        f"{name}: {f.name}" for name, f in tests if not (ast.get_docstring(f) or "").rstrip().endswith((".", "?"))
    ]
    assert silent == []
