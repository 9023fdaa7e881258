"""Archives (.zip): the text of each member under its name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from extract.model import Extraction, Hints, Quality
from extract.office.members import Allowance, Gathered, Member, extraction, gather
from extract.office.package import part, too_large

MEDIA_TYPES = ("application/zip",)


def read(body: bytes, hints: Hints) -> Extraction:
    """The texts of the members in the order of the archive; those that cannot be read are named."""
    return read_inside(body, hints, Allowance())


def read_inside(body: bytes, hints: Hints, allowance: Allowance) -> Extraction:
    """The same for an archive inside another file, within what that may still read."""
    refused = too_large(body)
    if refused:
        return _corrupt(refused)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:  # it was opened once already, to see its sizes
        gathered = gather(_members(archive), hints, allowance, Gathered())
    return extraction(gathered, name="zip", engine="python zipfile", media_type=MEDIA_TYPES[0])


def _members(archive: zipfile.ZipFile) -> Iterator[Member]:
    for entry in archive.infolist():
        if not entry.is_dir():
            yield _member(archive, entry)


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Member:
    return Member(
        name=_name(entry),
        size=entry.file_size,
        body=lambda: part(archive, entry),
        locked=bool(entry.flag_bits & 1),
    )


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as the town wrote it: Windows writes it in code page 850 and does not say so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        written = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        return written.decode("cp850")


def _corrupt(reason: str) -> Extraction:
    return Extraction(
        extractor="zip",
        engine="python zipfile",
        media_type=MEDIA_TYPES[0],
        text="",
        quality=Quality(verdict="corrupt", reasons=(reason,)),
    )
