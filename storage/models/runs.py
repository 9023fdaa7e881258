"""Runs, their locks and their accounts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Json


class Run(Base):
    """One execution for one source, with the figures that must add up."""

    __tablename__ = "run"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    started_at: Mapped[str]
    ended_at: Mapped[str | None]
    outcome: Mapped[str] = mapped_column(default="running")
    """running | complete | failures | incomplete | too_few | limited | interrupted"""
    seen: Mapped[int] = mapped_column(default=0)
    listings: Mapped[int] = mapped_column(default=0)
    stored: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    related: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    pending: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    requests: Mapped[int] = mapped_column(default=0)
    """Everything asked of the network: robots.txt, redirects, retries."""
    alarms: Mapped[list[Any]] = mapped_column(default=list)
    """[{"check": name, "message": sentence}]"""
    observed: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    """`storage.health.observing.Observed`: what later runs are compared with."""
    minutier_version: Mapped[str]


class RunLock(Base):
    """Who is working on a source right now. A dead holder's lock is taken over."""

    __tablename__ = "run_lock"
    source_id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str]
    host: Mapped[str]
    pid: Mapped[int]
    process_started: Mapped[float]
    """Start time of the process, so that a recycled pid is not mistaken for the holder."""
    heartbeat_at: Mapped[str]


class RunAddress(Base):
    """One address seen by one run, in exactly one state: the run's equation is a count of these rows."""

    __tablename__ = "run_address"
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]  # document | listing: what it was wanted as
    state: Mapped[str]
    """pending | listing | stored | updated | unchanged | related | skipped | failed"""
    reason: Mapped[str] = mapped_column(default="")
    """For skipped and failed: a short code such as `scope`, `robots`, `http_500`."""
    detail: Mapped[str] = mapped_column(default="")
    """For skipped and failed: one sentence for a reader."""
    listed: Mapped[bool] = mapped_column(default=False)
    """Found on a listing (or given as an import), as opposed to asked again from memory."""
    words: Mapped[str] = mapped_column(default="", server_default="")
    """For a document that was skipped or failed: what its listing says of it. They date what never came."""
    document_id: Mapped[str | None] = mapped_column(ForeignKey("document.id"))

    __table_args__ = ({"sqlite_with_rowid": False},)
