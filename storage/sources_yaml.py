"""Strict YAML: plain values and the line of each, without the surprises of YAML 1.1.

What the standard reader turns into something else in silence (`no` into false, `01053` into 555, a key that
stands twice into its second value) is refused here with its line. Depth, size and repetition have limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from storage.sources_errors import Loc, SourcesError, raise_any, shown

LARGEST = 2**20  # bytes
DEEPEST = 20
MOST_ALIASES = 100
MOST_VALUES = 200_000  # after aliases, which can make billions of a few lines

TAG = "tag:yaml.org,2002:"
QUOTED = ("'", '"', "|", ">")


class TooMuch(yaml.MarkedYAMLError):
    """The file is deeper or more entangled than any list of sources is."""


class _Composer(yaml.SafeLoader):
    """PyYAML's own reader of nodes, which stops before it runs out of stack."""

    depth = 0
    aliases = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Return the next node."""
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        self.depth += 1
        self.aliases += self.check_event(yaml.AliasEvent)
        if self.depth > DEEPEST:
            raise TooMuch(problem=f"brackets or lists stand more than {DEEPEST} deep", problem_mark=mark)
        if self.aliases > MOST_ALIASES:
            raise TooMuch(problem=f"there are more than {MOST_ALIASES} aliases (*name)", problem_mark=mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


@dataclass(slots=True)
class Reading:
    """The values of a file, and where each of them stands."""

    file: str
    value: Any = None
    lines: dict[Loc, int] = field(default_factory=dict)
    dates: set[Loc] = field(default_factory=set)
    """Places of dates that were written without quotes; their value here is text."""
    errors: list[SourcesError] = field(default_factory=list)
    size: int = 0

    def line(self, at: Loc) -> int | None:
        """Return the line of a place, or of what it stands in."""
        return next((self.lines[at[:end]] for end in range(len(at), -1, -1) if at[:end] in self.lines), None)

    def read(self, node: yaml.Node, at: Loc) -> Any:
        """Return the plain value of a node, and note its line and whatever is wrong with it."""
        line = node.start_mark.line + 1
        self.lines.setdefault(at, line)
        self.size += 1
        if len(at) > DEEPEST:
            raise SourcesError("aliases (*name) make it endless: write the values out", self.file, line)
        if self.size > MOST_VALUES:
            words = f"it holds more than {MOST_VALUES:,} values, each alias (*name) counted anew: cut it into files"
            raise SourcesError(words, self.file, line)
        if isinstance(node, yaml.MappingNode) and node.tag == TAG + "map":
            return {key: self.read(value, (*at, key)) for key, value in self._pairs(node, at)}
        if isinstance(node, yaml.SequenceNode) and node.tag == TAG + "seq":
            return [self.read(each, (*at, number)) for number, each in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, at)
        self._object(f"tags such as {shown(node.tag.replace(TAG, '!!'))} are not used here: remove it", line)
        return None

    def _pairs(self, node: yaml.MappingNode, at: Loc) -> Iterator[tuple[str, yaml.Node]]:
        """Yield the keys of a mapping, each once, and note the line of each."""
        first: dict[str, int] = {}
        for key_node, value in node.value:
            line = key_node.start_mark.line + 1
            key = self._key(key_node)
            if key is None:
                continue
            if key in first:
                self._object(f"key {shown(key)} stands twice, here and on line {first[key]}: keep one of them", line)
                continue
            first[key] = line
            self.lines[(*at, key)] = line
            yield key, value

    def _key(self, node: yaml.Node) -> str | None:
        line = node.start_mark.line + 1
        if isinstance(node, yaml.ScalarNode) and node.tag == TAG + "str":
            return str(node.value)
        if node.tag == TAG + "merge":
            self._object("merge keys (<<) are not used here: write what sources share under `defaults`", line)
        elif isinstance(node, yaml.ScalarNode):
            self._object(f"the key {node.value} is read as {_kind(node)}: put quotes around it", line)
        else:
            self._object("a key must be a word, not a list or a mapping", line)
        return None

    def _scalar(self, node: yaml.ScalarNode, at: Loc) -> Any:
        text, kind = str(node.value), node.tag.removeprefix(TAG)
        wrong = _surprise(text, kind, node.style in QUOTED)
        if wrong:
            self._object(wrong, node.start_mark.line + 1)
            return None
        if kind == "timestamp":
            self.dates.add(at)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        return {"int": int, "float": float}.get(kind, str)(text)

    def _object(self, message: str, line: int) -> None:
        self.errors.append(SourcesError(message, self.file, line))


def _kind(node: yaml.ScalarNode) -> str:
    names = {
        "bool": "true or false",
        "null": "nothing",
        "int": "a number",
        "float": "a number",
        "timestamp": "a date",
    }
    return names.get(node.tag.removeprefix(TAG), "something else")


def _surprise(text: str, kind: str, quoted: bool) -> str:
    """Return what is wrong with a scalar that YAML 1.1 reads as something else, or nothing."""
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", text):
        return f"{shown(text)} holds a control character: remove it"
    if quoted:
        return "" if kind == "str" else f"tags such as {shown(kind)} are not used here: remove it"
    quotes = f'put quotes around it ("{text}")'
    if kind == "bool" and text.lower() not in ("true", "false"):
        meant = "true" if text.lower() in ("yes", "on") else "false"
        return f"{text} without quotes is read as {meant}: write {meant}, or {quotes}"
    if re.fullmatch(r"[-+]?0[\d_]+", text):
        return f"{text} without quotes is read as a number, without its first zero: {quotes}"
    if kind == "int" and not re.fullmatch(r"[-+]?\d{1,15}", text):
        return f"{shown(text)[1:-1]} without quotes is read as another number: put quotes around it"
    if kind == "float" and not re.fullmatch(r"[-+]?\d{1,15}\.\d{1,15}", text):
        return f"{shown(text)[1:-1]} without quotes is read as another number: write it with digits, or quote it"
    if kind == "timestamp" and not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return f"{text} is a date with a time: write 2026-11-02, or {quotes}"
    known = ("str", "null", "bool", "int", "float", "timestamp")
    return "" if kind in known else f"tags and signs such as {shown(text or kind)} are not used here: quote it"


def read_yaml(path: Path) -> Reading:
    """Return the values of a file with their lines. Raises SourcesError with a sentence."""
    reading = Reading(file=str(path))
    node = _compose(_text(path), str(path))
    reading.value = reading.read(node, ()) if node is not None else None
    raise_any(reading.errors)
    return reading


def _text(path: Path) -> str:
    file = str(path)
    try:
        with path.open("rb") as stream:
            body = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise SourcesError("there is no such file; `minutier init` writes one to begin with", file) from None
    except OSError as error:
        raise SourcesError(f"it cannot be read ({error.strerror or error})", file) from None
    if len(body) > LARGEST:
        raise SourcesError("it is larger than 1 MiB: cut it into several files and name them with `include`", file)
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise SourcesError("it is not UTF-8 here: save the file with the encoding UTF-8", file, line) from None


def _compose(text: str, file: str) -> yaml.Node | None:
    try:
        loader = _Composer(text)
        try:
            node: yaml.Node | None = loader.get_single_node()
        finally:
            loader.dispose()
    except TooMuch as error:
        raise SourcesError(f"{error.problem}: nothing here needs it", file, _line(error)) from None
    except yaml.MarkedYAMLError as error:
        raise SourcesError(_syntax(error), file, _line(error)) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise SourcesError("there is a character that YAML does not allow: remove it", file, line) from None
    except (ValueError, OverflowError):  # PyYAML lets them through for "\UFFFFFFFF"
        raise SourcesError("there is an impossible \\U escape: look for it in double quotes", file) from None
    return node


def _line(error: yaml.MarkedYAMLError) -> int | None:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else None


def _syntax(error: yaml.MarkedYAMLError) -> str:
    """Return what the YAML reader stumbled on, with the usual cause."""
    words = " ".join(str(error.problem or error.context or "unreadable").split())
    hints = {
        "\\t": "indent with spaces, not with tabs",
        "mapping values": "check the indentation, and quote text that holds a colon",
        "escape": 'in double quotes write a backslash twice, as in "\\\\.pdf$"',
        "alias": "quote text that begins with *",
        "document": "a line of three dashes begins a second document: remove it",
    }
    hint = next((hint for sign, hint in hints.items() if sign in words), "check indentation, quotes and brackets")
    return f"this is not YAML ({words}): {hint}"
