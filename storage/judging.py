"""How a run went: its outcome and its alarms, from its account, from how it stopped, and from the runs before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.health.alarms import compare
from storage.health.observing import Observed, Road, observe
from storage.models import Change, RunAddress
from storage.runs import GOOD
from storage.withdrawals import WITHDRAWN

ANSWERED = ("stored", "updated", "unchanged", "related", "pending")
NOT_DUE = ("recheck", "since")
"""Reasons of skips that leave a listed document listed: it was not asked for this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a crawl stopped, and what was expected of it."""

    minimum: int = 0
    """Fewer listed documents than this: the run does not count as good."""
    maximum: int | None = None
    """More than this: an alarm, and nothing else."""
    walks_listings: bool = True
    """Whether what it did not list may be called unlisted (an import says nothing about other files)."""
    lists_all: bool = True
    """Whether its listings name everything that is published: a feed of the latest entries does not."""
    folder: bool = False
    """Whether it walked a folder: what was imported and what was crawled say nothing about each other."""
    notices: tuple[tuple[str, str], ...] = ()
    """Further alarms, each with the name of its check: they are said, and judge nothing."""
    troubles: tuple[str, ...] = ()
    """What went wrong in rules or code: the run is not complete."""
    stopped: str = ""
    """Why the crawl stopped before its end, or nothing."""
    rules: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Of each rule of the source: on how many pages it was tried, and how much it matched."""

    @property
    def road(self) -> Road:
        """Where it looked: in files, on the site, or in what was kept of it."""
        return "files" if self.folder else "web" if self.walks_listings else "offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A run's outcome, with the alarms that led to it."""

    outcome: str
    alarms: tuple[dict[str, str], ...]
    observed: Observed


def judge(connection: Connection, run_id: str, ending: Ending, now: datetime) -> Judged:
    """Say how a run went, from its account, from how it stopped, and from the runs before it."""
    account = _read_account(connection, run_id)
    alarms = _alarms(account, ending)
    if account.dead or account.pending or ending.troubles or ending.stopped:
        outcome = "incomplete"
    elif account.over_budget:
        outcome = "limited"
    elif alarms:
        outcome = "too_few"
    else:
        outcome = "failures" if account.failed else "complete"
    seen = observe(connection, run_id, road=ending.road, listed=account.listed, rules=ending.rules)
    if not ending.stopped and outcome != "limited":
        compared = compare(connection, run_id, seen, good=outcome in GOOD, now=now)
        alarms += compared.alarms
        outcome = "too_few" if compared.doubtful else outcome
    if ending.maximum is not None and account.listed > ending.maximum:
        sentence = f"{account.listed} documents are listed where at most {ending.maximum} are expected (expect.max)."
        alarms.append({"check": "expect.max", "message": sentence})
    alarms += [{"check": check, "message": sentence} for check, sentence in ending.notices]
    alarms += [{"check": "redaction", "message": sentence} for sentence in _unmasked(connection, run_id)]
    return Judged(outcome=outcome, alarms=tuple(alarms), observed=seen)


def _unmasked(connection: Connection, run_id: str) -> list[str]:
    """Say which documents have a new text in which a withdrawn passage was not found."""
    flagged = select(Change.document_id).where(Change.run_id == run_id, Change.fact == "unredacted").distinct()
    found = connection.execute(flagged.order_by(Change.document_id)).scalars()
    return [f"A passage was withdrawn from {each}, and is not found in its new text: look for it." for each in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a judgement rests on."""

    dead: tuple[str, ...]
    """One sentence for each listing that was not read."""
    listed: int
    over_budget: int
    pending: int
    failed: int


def _read_account(connection: Connection, run_id: str) -> Account:
    mine = RunAddress.run_id == run_id
    states = select(RunAddress.state, func.count()).where(mine).group_by(RunAddress.state)
    figures = {state: number for state, number in connection.execute(states)}
    over_budget = connection.execute(select(func.count()).where(mine, RunAddress.reason == "budget")).scalar_one()
    unread = select(RunAddress.address, RunAddress.detail).where(
        mine,
        RunAddress.role == "listing",
        RunAddress.state.in_(("failed", "skipped")),
        RunAddress.reason.not_in(("budget", "trap")),
    )
    return Account(
        dead=tuple(f"The listing {row.address} was not read. {row.detail}" for row in connection.execute(unread)),
        listed=_listed(connection, run_id),
        over_budget=over_budget,
        pending=figures.get("pending", 0),
        failed=figures.get("failed", 0),
    )


def _alarms(account: Account, ending: Ending) -> list[dict[str, str]]:
    alarms = [{"check": "listing", "message": sentence} for sentence in account.dead]
    alarms += [{"check": "trouble", "message": sentence} for sentence in ending.troubles]
    if ending.stopped:
        alarms.append({"check": "stopped", "message": f"The crawl stopped before its end ({ending.stopped})."})
    if alarms or account.over_budget:
        return alarms
    if not account.listed:
        sentence = "No listing gave a single document: compare the rules of the source with its pages."
        return [{"check": "nothing_listed", "message": sentence}]
    if account.listed < ending.minimum:
        sentence = f"{account.listed} documents are listed where at least {ending.minimum} are expected (expect.min)."
        return [{"check": "expect.min", "message": sentence}]
    return []


def _listed(connection: Connection, run_id: str) -> int:
    """Return how many documents the run's listings named and the site still answers for."""
    kept = RunAddress.state.in_(ANSWERED) | RunAddress.reason.in_((*NOT_DUE, WITHDRAWN))
    query = select(func.count()).where(
        RunAddress.run_id == run_id, RunAddress.role == "document", RunAddress.listed, kept
    )
    return connection.execute(query).scalar_one()
