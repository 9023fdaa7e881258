"""Regular expressions that could run for hours, recognised by their shape before they are ever used."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MANY_INSIDE = 10  # a repeat of fewer inside a group is cheap
MANY_OUTSIDE = 3

TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]"  # an escape, a class
    r"|\(\?(?:P<\w+>|P=\w+|<[=!]|[=!:>]|#[^)]*|\([^)]*\)|[aiLmsux-]+:?)|\("  # the ways a group opens
    r"|(?:[*+?]|\{\d+(?:,\d*)?\}|\{,\d+\})[?+]?|.",
    re.DOTALL,
)
MARK = re.compile(r"\\[\W_]|[^\w\\.^$*+?{}()\[\]|\s]")
REPEAT = re.compile(r"[*+?]|\{\d*(,)?(\d*)\}")


@dataclass(slots=True)
class Group:
    """What was read of one bracket so far."""

    tokens: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    """The parts inside that repeat, as they are written."""
    branches: bool = False

    def is_kept_apart(self) -> bool:
        """Return whether each turn begins or ends with a mark that no repeated part takes: `(/\\w+)+`."""
        first = [] if len(self.tokens) > 1 and REPEAT.match(self.tokens[1]) else [self.tokens[0]]
        marks = [token[-1] for token in (*first, self.tokens[-1]) if MARK.fullmatch(token)]
        apart = any(all(_cannot_take(part, mark) for part in self.repeated) for mark in marks)
        return apart and not self.branches


def has_nested_repeats(pattern: str) -> bool:
    """Return whether a valid pattern repeats a group that holds a repeat, so that a near miss takes for ever.

    >>> has_nested_repeats("(a+)+$"), has_nested_repeats(r"(/[\\w-]+)+\\.pdf$")
    (True, False)
    """
    stack = [Group()]
    before: str | Group = ""
    for token in TOKEN.findall(pattern):
        here = stack[-1]
        if token.startswith("("):
            stack.append(Group())
        elif token == ")":
            before = stack.pop() if len(stack) > 1 else before
            _take_up(stack[-1], before)
        elif REPEAT.match(token):
            if _is_dangerous(before, token):
                return True
            here.repeated += [_written(before)] if _times(token) >= MANY_INSIDE else []
            here.tokens.append(token)
        else:
            here.branches |= token == "|"
            here.tokens.append(token)
            before = token
    return False


def _take_up(outer: Group, closed: str | Group) -> None:
    """Let a group that has closed stand in the one around it."""
    outer.tokens.append(f"({_written(closed)})")
    outer.repeated += closed.repeated if isinstance(closed, Group) else []


def _written(part: str | Group) -> str:
    return part if isinstance(part, str) else "".join(part.tokens)


def _times(repeat: str) -> float:
    """Return how often a quantifier repeats at most."""
    if repeat[0] == "?":
        return 1
    numbers = re.fullmatch(r"\{(\d*)(,?)(\d*)\}[?+]?", repeat)
    if numbers is None or (numbers[2] and not numbers[3]):
        return float("inf")
    return int(numbers[3] or numbers[1])


def _is_dangerous(part: str | Group, repeat: str) -> bool:
    if isinstance(part, str) or _times(repeat) < MANY_OUTSIDE:
        return False
    return bool(part.repeated) and not part.is_kept_apart()


def _cannot_take(part: str, mark: str) -> bool:
    """Return whether a repeated part has no place for a mark: a token is tried, a group looked through."""
    if TOKEN.fullmatch(part):
        return not re.fullmatch(part, mark, re.DOTALL)
    return mark not in part and not re.search(r"\[\^|(?<!\\)\.|\\[A-Z]", part)
