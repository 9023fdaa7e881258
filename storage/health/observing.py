"""What a run observed of its source: how much was listed, what each rule matched, what failed and how."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, func, select

from storage.models import Run, RunAddress, Source

Json = dict[str, Any]
Road = Literal["web", "offline", "files"]

RULES = ("spider", "start", "host_aliases", "drop_params", "options")
"""The settings of a source that decide what a run finds."""
TROUBLES = ("robots", "login", "error_page", "soft_404", "private")
"""Reasons of skips that the site gave; the others are ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What one run saw, in figures: enough to compare the next ones with it."""

    road: Road = "web"
    """Where it looked: on the site, in what was kept of it, or in files."""
    by: str = ""
    """12 digits that stand for the rules of the source as they were."""
    listed: int = 0
    """How many documents its listings named."""
    new: int = 0
    """How many of them were not known before."""
    asked: int = 0
    """How many addresses were to be answered."""
    errors: Mapping[str, int] = field(default_factory=dict)
    """How many of them were not, by the reason."""
    rules: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Of each rule: on how many pages it was tried, and how much it matched."""

    def json(self) -> Json:
        """Return it as the run's row keeps it."""
        return {
            "road": self.road,
            "by": self.by,
            "listed": self.listed,
            "new": self.new,
            "asked": self.asked,
            "errors": dict(self.errors),
            "rules": {name: list(counts) for name, counts in self.rules.items()},
        }


def remembered(kept: Mapping[str, Any]) -> Observed:
    """Return what a run's row keeps; of a run that kept nothing, nothing."""
    rules = {name: (pages, matched) for name, (pages, matched) in kept.get("rules", {}).items()}
    return Observed(**(dict(kept) | {"rules": rules}))


def observe(
    connection: Connection, run_id: str, *, road: Road, listed: int, rules: Mapping[str, tuple[int, int]]
) -> Observed:
    """Return what a run saw, from its account and from what its spider counted."""
    states = select(RunAddress.state, RunAddress.reason, func.count()).where(RunAddress.run_id == run_id)
    new, asked = 0, 0
    errors: dict[str, int] = {}
    for state, reason, number in connection.execute(states.group_by(RunAddress.state, RunAddress.reason)):
        failed = state == "failed" or (state == "skipped" and reason in TROUBLES)
        new += number if state in ("stored", "related") else 0
        asked += number if failed or state != "skipped" else 0
        if failed:
            errors[reason or "unread"] = errors.get(reason or "unread", 0) + number
    return Observed(
        road=road,
        by=_rules_of(connection, run_id),
        listed=listed,
        new=new,
        asked=asked,
        errors=dict(sorted(errors.items())),
        rules=dict(sorted(rules.items())),
    )


def _rules_of(connection: Connection, run_id: str) -> str:
    """Return what stands for the rules that a run went by."""
    mine = select(Source.settings).join(Run, Run.source_id == Source.id).where(Run.id == run_id)
    settings = connection.execute(mine).scalar_one()
    return fingerprint(settings)


def fingerprint(settings: Mapping[str, Any]) -> str:
    """Return 12 digits that change when the rules of a source do, and stay when its title does.

    >>> fingerprint({"start": ["u"], "title": "A"}) == fingerprint({"start": ["u"], "title": "B"})
    True
    """
    told = json.dumps([settings.get(name) for name in RULES], sort_keys=True)
    return sha256(told.encode()).hexdigest()[:12]
