"""The door of the corpus: what was withdrawn is not kept when it comes again, whoever brings it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, select

from storage.addresses import request_key
from storage.blobs import sha256
from storage.captures import ASKED, Response
from storage.forgetting import leave_to_sweep
from storage.masked_again import masked_said
from storage.models import RunAddress, Version, Withdrawal, WithdrawnAddress
from storage.recording import KEEP_CAPTURE, record_all
from storage.runs import Note, add_requests, note
from storage.statements import at_address
from storage.upserts import upsert
from storage.withdrawals import WITHDRAWN, Bar, address_sha256, bars, host_only, nameless

DOORS = ("document", "listing")
"""The roles of responses that are looked at; robots.txt is nobody's document."""


ANY_WITHDRAWAL = select(Withdrawal.seq).limit(1)


def receive_all(connection: Connection, responses: Sequence[Response], kept: Sequence[str]) -> list[int]:
    """Keep some responses and return their numbers; of what was withdrawn only that it came.

    `kept` are the hashes of the bytes that are on the disk already, each empty where there are none.
    """
    if connection.execute(ANY_WITHDRAWAL).first() is None:
        return record_all(connection, responses, kept)
    return [receive(connection, *each) for each in zip(responses, kept, strict=True)]


def receive(connection: Connection, response: Response, kept: str) -> int:
    """Keep a response and return its number, unless its address or its bytes were withdrawn: then only that it came.

    `kept` is the hash of its bytes where they are on the disk: another process may have withdrawn them since.
    """
    if response.role not in DOORS:
        return record_all(connection, [response], [kept])[0]
    digest = kept or (sha256(response.body) if response.answered else None)
    found = bars(connection, response.address, response.document_address, digest)
    refused = [each for each in found if each.kind != "passage"]
    for each in [each for each in found if each.kind == "passage"][:1]:
        said = masked_said(connection, each.document_id, {"hints": response.hints, "headers": response.headers})
        response = replace(response, **said)
    if not refused:
        return record_all(connection, [response], [kept])[0]
    if kept:
        leave_to_sweep(connection, kept)  # which keeps what other captures rest on
    identity = digest and _withheld_from(connection, response, digest)
    if identity:
        return _unchanged(connection, response, identity)
    return _refuse(connection, response, refused[0])


def _withheld_from(connection: Connection, response: Response, digest: str) -> str | None:
    """Return the document at the address of a response whose bytes are withheld, and are those that came again."""
    here = at_address(response.document_address or response.address)
    same = select(Version.document_id).where(Version.document_id.in_(here), Version.blob_sha256 == digest)
    return connection.execute(same.limit(1)).scalar()


def _unchanged(connection: Connection, response: Response, identity: str) -> int:
    """Enter that a document was met as it was; its bytes stay away, as those of a "not modified" do."""
    told = Note(address=response.address, state="unchanged", listed=response.listed, document_id=identity)
    note(connection, response.run_id, [told])
    kept = {
        "role": response.role,
        "request_key": request_key(response.method, response.url, response.sent),
        "url": response.url,
        "address": response.address,
        "document_address": response.document_address,
        "headers": dict(response.headers),
        "document_id": identity,
    }
    return _enter(connection, response, kept)


def _refuse(connection: Connection, response: Response, barred: Bar) -> int:
    """Enter that something was asked of a host and not kept. A new address is known by its hash from now on."""
    known = connection.execute(at_address(response.address)).scalar()
    if not known:
        row = {"sha256": address_sha256(response.address), "withdrawal_seq": barred.seq}
        connection.execute(upsert(connection, WithdrawnAddress).values(row).on_conflict_do_nothing())
    address = response.address if known else nameless(response.address)
    told = Note(
        address=address,
        role=response.role,
        state="skipped",
        reason=WITHDRAWN,
        detail=barred.sentence,
        listed=response.listed,
        document_id=known,
    )
    if not known:  # the place that was taken when it was asked for
        pending = (RunAddress.run_id == response.run_id) & (RunAddress.address == response.address)
        connection.execute(delete(RunAddress).where(pending))
    note(connection, response.run_id, [told])
    return _enter(connection, response, {"role": WITHDRAWN, "url": host_only(response.url), "address": address})


def _enter(connection: Connection, response: Response, kept: dict[str, Any]) -> int:
    """Write the capture of something whose bytes are not kept."""
    bare = {
        "run_id": response.run_id,
        "source_id": response.source_id,
        "request_key": "",
        "document_address": "",
        "status": response.status,
        "headers": {name: value for name, value in response.headers.items() if name == ASKED},
        "blob_sha256": None,
        "fetched_at": response.fetched_at,
        "flags": ",".join(response.flags),
        "hints": {},
        "waiting": False,
        "document_id": None,
    }
    if response.requests:
        add_requests(connection, response.run_id, response.requests)
    made = connection.execute(KEEP_CAPTURE, bare | kept).inserted_primary_key
    return int(made[0]) if made else 0
