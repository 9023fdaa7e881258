"""`minutier correct`: a person's word over the machine's, with the reason, beside it and not in its place."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from minutier.deciding import open_to_write, who_decides
from minutier.options import Shared, reads_pictures, shared_options
from minutier.printing import err
from storage.errors import WrongUse, why

if TYPE_CHECKING:
    from storage.decisions import Who, Word
    from storage.store import Store


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("wanted", metavar="ID")
@click.argument("field", metavar="FIELD")
@click.argument("value", metavar="[VALUE]", required=False)
@click.option("--because", default="", metavar="TEXT", help="Why: kept with the correction.")
@click.option("--withdraw", is_flag=True, help="Take the correction of this field back.")
@click.option("--by", default="", metavar="WHO", help="Who corrects (default: the user of this machine).")
@reads_pictures
@shared_options
@click.pass_obj
def command(
    shared: Shared, /, wanted: str, field: str, value: str | None, withdraw: bool, ocr: bool, **why: str
) -> int:
    """Correct what the machine found: FIELD is title, date, act_type, language, kind, authority, or page:N.

    For page:N the VALUE is a file with the page as you typed it, or - for standard input: the document gets a new
    version, and the one before it stays. Both values are kept, with who, when and why.
    """
    because, by = why["because"].strip(), why["by"]
    if withdraw == (value is not None):
        raise WrongUse("Give the right value, or --withdraw to take a correction back.")
    if not withdraw and not because:
        raise WrongUse("Say why with --because: a correction without a reason cannot be defended later.")
    with open_to_write(shared.corpus) as store:
        page = field.startswith("page:")
        word = (page_word if page else field_word)(store, wanted, field, value, because)
        written = decide(store, word, who_decides(by))
        if page:
            read_around(store, word.document_id, ocr=ocr)
    now = "as the machine says" if word.value is None else "as typed" if page else repr(word.value)
    err().print(f"{word.document_id}: {field} is {now}{'' if written else ' (it stood so already)'}.", markup=False)
    return 0


def decide(store: Store, word: Word, who: Who) -> int:
    """Write one decision; return 0 where it stood already."""
    from storage import decisions

    return store.writer.write(lambda connection: decisions.decide(connection, [word], who))


def field_word(store: Store, wanted: str, field: str, value: str | None, because: str) -> Word:
    """Return a person's word over a field, or its withdrawal. Raises WrongUse for a value that cannot stand."""
    from storage import decisions, reading

    with store.reading() as connection:
        identity = reading.find(connection, wanted)
        kept = decisions.checked(field, value) if value is not None else None
        if field == "authority" and kept:
            kept = decisions.authority_named(connection, kept)
        machine = decisions.machine_values(connection, identity).get(field, "")
    return decisions.Word(document_id=identity, field=field, value=kept, because=because, machine=machine)


def page_word(store: Store, wanted: str, field: str, value: str | None, because: str) -> Word:
    """Return a typed page, or its withdrawal. Raises WrongUse for a page that is not there."""
    from storage import decisions, reading

    with store.reading() as connection:
        document = reading.whole(connection, reading.find(connection, wanted))
    if document["withheld"]:
        raise WrongUse(f"The bytes of {document['id']} are withheld: none of its pages can be read or typed again.")
    named = field.removeprefix("page:")
    page = next((each for each in document["pages"] if str(each["number"]) == named), None)
    if page is None:
        has = f"its pages are 1 to {len(document['pages'])}" if document["pages"] else "its format has no pages"
        raise WrongUse(f"Document {document['id']} has no page {named}: {has}.")
    return decisions.Word(
        document_id=document["id"],
        field=field,
        value=typed(value) if value is not None else None,
        because=because,
        machine=document["text"][page["start"] : page["end"]],
        blob_sha256=document["sha256"],
    )


def read_around(store: Store, identity: str, *, ocr: bool) -> None:
    """Read the document, and all that have its bytes, again with the pages that people typed."""
    from crawlers.run import utc_now
    from minutier.again import read_captures
    from minutier.readings import readings_in
    from storage import decisions

    with store.reading() as connection:
        seqs = decisions.captures_of_same_bytes(connection, identity)
    read_captures(store, readings_in(store, ocr=ocr), seqs, utc_now)


def typed(value: str) -> str:
    """Return the text of a file, or of standard input for `-`. Raises WrongUse."""
    try:
        body = sys.stdin.buffer.read() if value == "-" else Path(value).read_bytes()
        text = body.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{value} cannot be read as a text in UTF-8 ({why(error)}).") from None
    if not text.strip():
        raise WrongUse(f"{value} holds no text: to take a transcription back, use --withdraw.")
    return text
