"""`minutier forget`: a document, or a passage of one, is taken down for good."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from minutier import withdrawing
from minutier.options import Shared, as_json, shared_options
from minutier.printing import err, out, print_json
from storage.errors import WrongUse

if TYPE_CHECKING:
    from storage.decisions import Who
    from storage.forgetting import Gone
    from storage.shapes import Connection
    from storage.store import Store

UNSWEPT = "Another program reads the corpus: what it keeps of deleted rows goes with the next command."


@click.command()
@click.argument("wanted", metavar="[ID|URL]", required=False)
@click.option("--redact", "passage", metavar="ID:START-END", help="Mask this passage, and keep the document.")
@click.option("--as-in", metavar="CORPUS", help="Withdraw all that was withdrawn from this other corpus.")
@click.option("--reason", default="", metavar="TEXT", help="Why: kept with the tombstone. Name nobody in it.")
@click.option("--by", default="", metavar="WHO", help="Who withdraws (default: the user of this machine).")
@click.option("--copies", is_flag=True, help="Also all documents with the same bytes or the same text.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@as_json
@shared_options
@click.pass_obj
def command(
    shared: Shared,
    /,
    wanted: str | None,
    passage: str | None,
    as_in: str | None,
    reason: str,
    by: str,
    copies: bool,
    **how: Any,
) -> int:
    """Take a document down: its bytes, text, index, versions, quotes and decisions. A tombstone without content stays.

    It does not come back: the address is not asked for again, the same bytes are not kept again, by crawl, import or
    copy. With --redact only a passage is masked, wherever the document says it, and the original bytes are withheld;
    START-END are places in the text, as `show --json` and `cite` count them. With --as-in a backup, a restored pack or
    a copy loses what was withdrawn from CORPUS since. There is no way back.
    """
    from minutier.deciding import open_to_write, who_decides

    if [bool(wanted), bool(passage), bool(as_in)].count(True) != 1:
        raise WrongUse("Name a document, a passage with --redact ID:START-END, or another corpus with --as-in CORPUS.")
    if as_in:
        if reason or by or copies:
            raise WrongUse("With --as-in each withdrawal keeps its reason, its date and its name: say only --dry-run.")
        return forget_as_in(shared, as_in, **how)
    reason = " ".join(reason.split())
    if not reason:
        raise WrongUse("Say why with --reason: a withdrawal without a reason cannot be accounted for later.")
    with open_to_write(shared.corpus) as store:
        work = redact if passage else partial(forget, copies=copies)
        gone = store.withdraw(work(store, passage or wanted or "", reason, who_decides(by)), how["dry_run"])
        swept = how["dry_run"] or store.sweep()
    if how["as_json"]:
        print_json(dataclasses.asdict(gone) | {"dry_run": how["dry_run"], "swept": swept})
    else:
        tell(gone, passage=bool(passage), would="would be " if how["dry_run"] else "")
    if not swept:
        err().print(UNSWEPT)
    return 1 if gone.same or not swept else 0


def forget_as_in(shared: Shared, corpus: str, *, dry_run: bool, as_json: bool) -> int:
    """Withdraw what was withdrawn from another corpus, say what that did, and return the exit code."""
    from minutier.deciding import open_to_write

    there = withdrawing.withdrawals_at(corpus)
    with open_to_write(shared.corpus) as store:
        again = withdrawing.as_there(store, there, dry_run=dry_run)
        swept = dry_run or store.sweep()
    if as_json:
        print_json(dataclasses.asdict(again) | {"dry_run": dry_run, "swept": swept})
    else:
        withdrawing.tell(again, corpus, would="would be " if dry_run else "")
    if not swept:
        err().print(UNSWEPT)
    return 1 if again.must_be_looked_at or not swept else 0


def forget(store: Store, wanted: str, reason: str, who: Who, *, copies: bool) -> Callable[[Connection], Gone]:
    """Return what withdraws a document. Raises WrongUse for an unknown one, Withdrawn for one that is gone."""
    from storage import forgetting, reading

    with store.reading() as connection:
        identity = reading.find(connection, wanted)
    return lambda connection: forgetting.forget(connection, identity, reason, who, copies=copies)


def redact(store: Store, passage: str, reason: str, who: Who) -> Callable[[Connection], Gone]:
    """Return what masks a passage. Raises WrongUse where it names none."""
    from minutier.commands.cite import split
    from storage import reading
    from storage.redacting import Wanted
    from storage.redacting import redact as mask

    name, span = split(passage)
    if span is None:
        raise WrongUse(f"{passage!r} names no passage: write ID:START-END, such as ab12:120-260.")
    with store.reading() as connection:
        identity = reading.find(connection, name)
    start, end = span
    wanted = Wanted(document_id=identity, start=start, end=end, reason=reason, salt=secrets.token_hex(16))
    return lambda connection: mask(connection, wanted, who)


def tell(gone: Gone, *, passage: bool, would: str) -> None:
    """Say what went, and what is still there."""
    names = ", ".join(gone.documents)
    if passage:
        what = f"{names}: the passage {would}masked in {gone.versions} versions, {gone.blobs} files {would}withheld."
    else:
        some = f"{gone.versions} versions, {gone.texts} texts, {gone.blobs} files"
        what = f"{names}: {would}withdrawn ({some}); {gone.addresses} addresses are not asked for again."
    out().print(what, markup=False, soft_wrap=True)
    if gone.freezes:
        frozen = ", ".join(gone.freezes)
        out().print(f"Frozen in {frozen}: the hash stays, and an export says what is missing.", markup=False)
    for each, held in gone.same.items():
        step = "mask them there too" if passage else "withdraw it too, or say --copies"
        err().print(f"{each} still holds {held}: {step}.", style="yellow", markup=False)
    if gone.related:
        err().print(f"These may say it too, look at them: {', '.join(gone.related)}.", style="yellow", markup=False)
