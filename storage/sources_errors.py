"""Errors of `sources.yaml`: one sentence each, with file, line, key and choices."""

from __future__ import annotations

import difflib
import typing
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from storage.errors import WrongUse

Loc = tuple[str | int, ...]

A_DATE = "a date such as 2026-11-02"
WANTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list in square brackets, or one entry a line after a dash",
    "list_type": "a list in square brackets, or one entry a line after a dash",
    "model_type": "keys and values, such as {key: value}",
    "dict_type": "keys and values, such as {key: value}",
    "date_type": A_DATE,
    "date_parsing": A_DATE,
    "date_from_datetime_parsing": A_DATE,
}


class SourcesError(WrongUse):
    """What is wrong in `sources.yaml`: the thing, the place, the choices."""

    def __init__(self, message: str, file: str, line: int | None = None, others: Sequence[SourcesError] = ()) -> None:
        place = f"{file}, line {line}" if line else file
        more = f" (and {len(others)} more)" if others else ""
        super().__init__(f"{place}: {message.rstrip('.')}.{more}")
        self.message = message
        self.file = file
        self.line = line
        self.all: tuple[SourcesError, ...] = (self, *others)
        """This one and the others that were found with it."""


def raise_any(errors: Iterable[SourcesError]) -> None:
    """Raise the first of some errors, in the order of the lines, with the others in its `all`."""
    files = list(dict.fromkeys(error.file for error in errors))
    found = sorted(errors, key=lambda error: (files.index(error.file), error.line or 0))
    if found:
        first = found[0]
        raise SourcesError(first.message, first.file, first.line, found[1:])


def did_you_mean(name: object, choices: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` for the nearest choice, or nothing."""
    near = difflib.get_close_matches(str(name), list(choices), 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def unknown_key(name: str, known: Sequence[str]) -> str:
    """Return the sentence for a key that does not exist."""
    return f"unknown key {shown(name)}{did_you_mean(name, known) or '.'} Known keys: {', '.join(known)}"


def unknown_name(what: str, name: str, known: Iterable[str], nobody: str = "There is none yet") -> str:
    """Return the sentence for a name that nothing answers to."""
    choices = sorted(known)
    listed = f"The choices are {', '.join(choices)}" if choices else nobody
    hint = did_you_mean(name, choices) or "."
    return f"there is no {what} {shown(name)}{hint} {listed}"


def shown(value: object) -> str:
    """Return a value as it is quoted in a sentence: on one line, and short."""
    written = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return written if len(written) <= 80 else written[:77] + "…"


def sentence(problem: ErrorDetails, model: type[BaseModel]) -> str:
    """Return what pydantic found, in words for whoever wrote the file."""
    loc, given, kind = problem["loc"], problem["input"], problem["type"]
    context: dict[str, Any] = problem.get("ctx", {})
    key = dotted(loc)
    if kind == "extra_forbidden":
        within = f"`{dotted(loc[:-1])}`: " if loc[:-1] else ""
        return within + unknown_key(str(loc[-1]), keys_at(model, loc[:-1]))
    if kind == "missing":
        return f"`{key}` is missing"
    if kind == "objection":
        within = f"`{key}`: " if loc else ""
        return f"{within}{context['sentence']}"
    if given is None:
        return f"`{key}` has no value"
    if kind == "value_error":
        return f"`{key}`: {context['error']}"
    return f"`{key}` {_mismatch(kind, given, context, problem['msg'])}"


def _mismatch(kind: str, given: object, context: dict[str, Any], message: str) -> str:
    """Return how a value differs from what its key wants."""
    if kind == "string_type":
        hints = {
            int: f': put quotes around it ("{given}")',
            float: ": put quotes around the code as it is printed",
        }
        return f"must be text, and {shown(given)} is not{hints.get(type(given), '')}"
    if kind == "literal_error":
        choices = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        return f"is {shown(given)}{did_you_mean(given, choices) or '.'} The choices are {', '.join(choices)}"
    if kind in ("string_too_short", "too_short"):
        return "is empty"
    for bound, words in (("ge", "at least"), ("le", "at most"), ("gt", "more than"), ("lt", "less than")):
        if bound in context:
            return f"is {shown(given)}: it must be {words} {context[bound]:g}"
    if kind in WANTED:
        return f"must be {WANTED[kind]}, and {shown(given)} is not"
    return f"is {shown(given)}: {message[0].lower()}{message[1:]}"


def dotted(loc: Loc) -> str:
    """Return a place within an entry as people write it: `follow.css`, `start[2]` (counted from 1)."""
    words = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in loc)
    return words.lstrip(".")


def keys_at(model: type[BaseModel], loc: Loc) -> list[str]:
    """Return the keys that a model knows at some place within it."""
    for step in loc:
        if isinstance(step, str) and step in model.model_fields:
            model = _model_in(model.model_fields[step].annotation) or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model that an annotation such as `tuple[Rule, ...] | None` speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in typing.get_args(annotation) if (found := _model_in(part))), None)
