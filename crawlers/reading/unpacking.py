"""Undoing the packing of a body that a record of an archive holds as it was sent. Pure; never more than a limit.

What `warcio` unpacks, it unpacks a block of the file at a time, however much comes of it: a kilobyte of brotli may be
a gigabyte.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

# The libraries that Scrapy unpacks with, under the names they have there: which they are depends on the Python.
from scrapy.utils._compression import brotli, zstd  # type: ignore[attr-defined]

STEP = 65_536
Steps = Callable[[bytes], Iterator[bytes]]


class TooMuch(Exception):
    """More comes of it than anybody wants."""


class Broken(Exception):
    """It begins as it says, and breaks off or turns into something else."""


def unpack(body: bytes, encoding: str, limit: int) -> bytes:
    """Return what a `Content-Encoding` was made of; an unknown one, and bytes that are not packed by it, stay.

    Raises TooMuch and Broken.

    >>> unpack(zlib.compress(b"Le conseil"), "deflate", 100), unpack(b"Le conseil", "gzip", 100)
    (b'Le conseil', b'Le conseil')
    """
    for name in reversed([each.strip().lower() for each in encoding.split(",")]):
        if name in WAYS:
            body = _gathered(WAYS[name](body), body, limit)
    return body


def _gathered(steps: Iterator[bytes], packed: bytes, limit: int) -> bytes:
    """Return all that comes of some steps; the packed bytes where the first one fails."""
    found: list[bytes] = []
    size = 0
    try:
        for step in steps:
            found.append(step)
            size += len(step)
            if size > limit:
                raise TooMuch
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        if not found:
            return packed
        raise Broken from error
    return b"".join(found)


def _zlib(body: bytes, wbits: int) -> Iterator[bytes]:
    reader = zlib.decompressobj(wbits)
    while body and not reader.eof:
        yield reader.decompress(body, STEP)
        body = reader.unconsumed_tail
    if not reader.eof:
        raise EOFError


def _gzip(body: bytes) -> Iterator[bytes]:
    yield from _zlib(body, 31)


def _deflate(body: bytes) -> Iterator[bytes]:
    """Yield the steps of deflate as it should be, or bare as some servers send it."""
    try:
        zlib.decompressobj().decompress(body, 1)
    except zlib.error:
        yield from _zlib(body, -15)
    else:
        yield from _zlib(body, 15)


def _brotli(body: bytes) -> Iterator[bytes]:
    reader = brotli.Decompressor()
    step = reader.process(body, output_buffer_limit=STEP)
    while step:
        yield step
        step = reader.process(b"", output_buffer_limit=STEP)
    if not reader.is_finished():
        raise EOFError


def _zstd(body: bytes) -> Iterator[bytes]:
    reader = zstd.ZstdDecompressor()
    step = reader.decompress(body, STEP)
    while step or not (reader.eof or reader.needs_input):
        yield step
        step = b"" if reader.eof else reader.decompress(b"", STEP)
    if not reader.eof:
        raise EOFError


WAYS: dict[str, Steps] = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd}
