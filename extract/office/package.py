"""Packages of parts (.docx, .odt, .xlsx, ZIP): opened only where they stay within limits, and parsed without traps."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

MAX_UNPACKED = 200 * 2**20
MAX_RATIO = 200
MAX_PARTS = 20_000
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError, KeyError,
    IndexError, TypeError, OverflowError,
)  # fmt: skip
"""What zipfile raises for cut, altered and lying archives, read in its source and seen with such files."""


def too_large(body: bytes) -> str:
    """Why the package must not be unpacked, or nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            sizes = [member.file_size for member in archive.infolist()]
    except BROKEN_ZIP as error:
        return f"The package is damaged ({type(error).__name__})."
    size = sum(sizes)
    if len(sizes) > MAX_PARTS:
        return f"The package has {len(sizes)} parts, more than the {MAX_PARTS} that are read."
    if size > MAX_UNPACKED:
        return f"The package unpacks to {size >> 20} MiB, more than the {MAX_UNPACKED >> 20} MiB that are read."
    if size > 2**20 and size / len(body) > MAX_RATIO:
        times = size // len(body)
        return f"The package unpacks to {times} times its size, more than the {MAX_RATIO} that are read."
    return ""


def part(archive: zipfile.ZipFile, name: str | zipfile.ZipInfo) -> bytes:
    """The bytes of one part, never more than its directory says."""
    member = archive.getinfo(name) if isinstance(name, str) else name
    if member.file_size > MAX_UNPACKED:
        raise ValueError(f"{member.filename} unpacks to more than {MAX_UNPACKED >> 20} MiB")
    with archive.open(member) as opened:
        return opened.read(member.file_size + 1)[: member.file_size]


def tree(xml: bytes) -> etree._Element:
    """The root of a part; entities stay unread, so that none can explode or fetch."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    return etree.fromstring(xml, parser)


def local(node: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(node.tag).rpartition("}")[2]


def attribute(node: etree._Element, name: str) -> str:
    """The attribute of that name in any namespace, or nothing."""
    return next((str(value) for key, value in node.attrib.items() if str(key).rpartition("}")[2] == name), "")
