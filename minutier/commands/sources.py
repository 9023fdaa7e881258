"""`minutier sources`: the list of sources, checked key by key and rule by rule, and switched on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, out, print_json, table
from storage.errors import WrongUse

if TYPE_CHECKING:
    from datetime import date, datetime

    from storage.sources import Source, SourcesFile


@click.command()
@click.argument("action", type=click.Choice(["list", "check", "enable", "disable"]), default="list")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@as_json
@shared_options
@click.pass_obj
def command(shared: Shared, action: str, ids: tuple[str, ...], as_json: bool) -> int:
    """List the sources; check every key and replay the rules; enable or disable sources.

    `check` asks nothing of the network: it tries the rules of each source on the listings that were kept last.
    Exit code 1: a rule found nothing. 2: an error, with its file, line, key and choices.
    """
    from crawlers.run import utc_now
    from minutier.crawling import load_sources

    loaded, now = load_sources(shared.sources), utc_now()
    today = now.date()
    if action in ("enable", "disable"):
        return switch(loaded, ids, today, on=action == "enable")
    if ids:
        raise WrongUse(f"`minutier sources {action}` takes no ID: it looks at all sources of {shared.sources}.")
    rows = [row_of(source, today) for source in loaded.sources]
    if action == "list":
        print_list(with_turns(shared, loaded, rows, now), as_json)
    code = check(shared, loaded, rows, as_json) if action == "check" else 0
    states = [row["state"] for row in rows]
    err().print(
        f"{shared.sources}: {len(rows)} sources, no error; {states.count('enabled')} enabled, "
        f"{states.count('disabled')} disabled, {states.count('unprobed')} unprobed (no rules yet: they are never run)"
        + (f", {ended} discontinued." if (ended := states.count("discontinued")) else "."),
        markup=False,
    )
    return code


def row_of(source: Source, today: date) -> dict[str, Any]:
    """Return a source as it is listed."""
    return {
        "id": source.id,
        "title": source.title,
        "kind": source.kind,
        "spider": source.spider or "",
        "state": state_of(source, today),
        "evidence": source.evidence or "",
        "verified": source.verified.isoformat() if source.verified else "",
    }


def state_of(source: Source, today: date) -> str:
    """Return in one word whether a source is run."""
    if source.is_over(today):
        return "discontinued"
    if not source.probed:
        return "unprobed"
    return "enabled" if source.enabled else "disabled"


def with_turns(shared: Shared, loaded: SourcesFile, rows: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Return the rows with the moment from which each source is due (UTC), empty for one that has no turn."""
    from minutier.due import turns_of
    from storage.runs import iso
    from storage.store import Store

    try:
        with Store.open(shared.corpus) as store:
            found = {turn.source.id: iso(max(turn.at, now)) for turn in turns_of(store, loaded.sources, now)}
    except WrongUse:  # no corpus yet: what is enabled will be due at once
        found = {row["id"]: iso(now) for row in rows if row["state"] == "enabled"}
    return [row | {"due_at": found.get(row["id"], "")} for row in rows]


def print_list(rows: list[dict[str, Any]], as_json: bool) -> None:
    """Print the sources."""
    if as_json:
        print_json({"sources": rows})
        return
    columns = ["id", "state", "due", "kind", "spider", "title"]
    shown = [row | {"due": row["due_at"].replace("T", " ")[:16]} for row in rows]
    out().print(table("", columns, [[row[name] for name in columns] for row in shown]))


def check(shared: Shared, loaded: SourcesFile, rows: list[dict[str, Any]], as_json: bool) -> int:
    """Replay the rules of every source with rules, and say which found nothing."""
    from crawlers.replay import named
    from minutier.replaying import replay_all

    replayed = replay_all(shared.corpus, loaded)
    by_id = {each.source: each for each in replayed or ()}
    if as_json:
        told = {each.source: {"replayed": each.pages, "silent": list(each.silent)} for each in by_id.values()}
        print_json({"sources": [row | told.get(row["id"], {"replayed": 0, "silent": []}) for row in rows]})
    if replayed is None:
        err().print(
            f"There is no corpus at {shared.corpus}: the keys were checked, no rule was replayed.", markup=False
        )
    for each in by_id.values():
        if not each.pages:
            err().print(f"{each.source}: no listing was kept yet, its rules were not replayed.", markup=False)
        elif each.silent:
            words = f"{named(list(each.silent))} found nothing on the {each.pages} listings that were kept last"
            err().print(f"{each.source}: {words}: compare it with the site.", style="yellow", markup=False)
        else:
            err().print(f"{each.source}: every rule finds something on {each.pages} kept listings.", markup=False)
    return int(any(each.silent for each in by_id.values()))


def switch(loaded: SourcesFile, ids: tuple[str, ...], today: date, *, on: bool) -> int:
    """Enable or disable some sources; what has no rules or was never probed is not enabled."""
    from minutier.crawling import load_sources
    from storage.sources_edit import put_source

    if not ids:
        raise WrongUse("Name the sources to switch: `minutier sources` lists them.")
    known = {source.id: source for source in loaded.sources}
    for name in ids:
        if name not in known:
            raise WrongUse(f"There is no source {name!r} in {loaded.path}: `minutier sources` lists them.")
        if on:
            refuse_unready(known[name], today)
    for name in ids:
        file = put_source(loaded.path, {"id": name, "enabled": on}, load_sources)
        err().print(f"{name} is {'enabled' if on else 'disabled'} in {file}.", markup=False)
    return 0


def refuse_unready(source: Source, today: date) -> None:
    """Raise WrongUse for a source that nobody has looked at."""
    if not source.probed:
        raise WrongUse(
            f"Source {source.id!r} is unprobed, it has no rules: `minutier probe {source.id} --write` first."
        )
    if source.is_over(today):
        raise WrongUse(
            f"Source {source.id!r} is discontinued since {source.discontinued}: "
            f"name it to run it once more, `minutier crawl {source.id}`."
        )
    if source.verified is None and source.start:
        raise WrongUse(
            f"Source {source.id!r} was never compared with its site: `minutier probe {source.id} --write`, "
            "or look yourself and write the day as `verified`."
        )
