"""Whether an answer arrived whole, where neither its length nor its chunks say so. Pure functions.

A server may end a body by hanging up. Then only the bytes can tell a whole file from one that broke off.
"""

from __future__ import annotations

import zlib

from crawlers.reading.doubtful import is_page

TAIL = 2048


def has_its_end(body: bytes) -> bool:
    """Return whether a body ends as files of its kind do; True where the kind has no end of its own.

    >>> has_its_end(b"<html><body>Le conseil"), has_its_end(b"<html><body></body></html>"), has_its_end(b"Texte")
    (False, True, True)
    """
    tail = body[-TAIL:].rstrip()
    if body.startswith(b"%PDF"):
        return b"%%EOF" in tail
    if body.startswith(b"PK\x03\x04"):
        return b"PK\x05\x06" in body[-66000:]
    if is_page(body):
        return b"</html" in tail.lower() or b"</body" in tail.lower()
    if body.lstrip()[:1] in (b"{", b"["):
        return tail[-1:] in (b"}", b"]")
    return tail[-1:] == b">" if body.lstrip()[:1] == b"<" else True


def gzip_is_whole(packed: bytes, limit: int) -> bool:
    """Return whether gzip bytes reach the end of their last member; beyond `limit` bytes nobody looks."""
    left, unpacked = packed, 0
    while left.strip(b"\0"):
        reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            while left and not reader.eof:
                unpacked += len(reader.decompress(left, 2**20))
                left = reader.unconsumed_tail
                if unpacked > limit:
                    return True
        except zlib.error:
            return unpacked > 0  # what follows the last member is no gzip: browsers leave it
        if not reader.eof:
            return False
        left = reader.unused_data
    return True
