"""What runs in a child that may be killed: one file in, its extraction out.

A parser of hostile files can hang, eat the memory or abort the process (a PDF of 735 bytes does). Here that costs
one file. The child watches its own memory and its parent with a thread: the same on every system.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from typing import Any

import psutil

import extract
from extract.likeness import Likeness, likeness
from extract.model import Extraction, Hints
from extract.vocabulary.file import Vocabulary, read_vocabulary
from storage.blobs import bytes_at
from storage.chunking import Piece, prepare

MEMORY_LIMIT = 1536 * 2**20
OUT_OF_MEMORY = 77  # exit codes of a child that stops itself
PARENT_GONE = 78

Read = tuple[Extraction, tuple[Piece, ...], Likeness]
Outcome = Read | None

_vocabulary: list[Vocabulary] = []
"""What this child looks for in every text; given once, when it is born."""


def begin(vocabulary: str) -> None:
    """Prepare a child: Ctrl-C is its parent's business, and someone watches."""
    _vocabulary[:] = [read_vocabulary(vocabulary)]
    watched()


def awake() -> None:
    """Do nothing: a child that answers is there, with all that it reads with."""


def watched() -> None:
    """Leave Ctrl-C to the parent, and have someone watch."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, daemon=True).start()


def watch() -> None:
    """End this process when it grows too large or is left alone."""
    me, parent = psutil.Process(), multiprocessing.parent_process()
    while True:
        if me.memory_info().rss > MEMORY_LIMIT:
            os._exit(OUT_OF_MEMORY)
        if parent is not None and not parent.is_alive():
            os._exit(PARENT_GONE)
        time.sleep(0.1)


def read_file(address: str, hints: dict[str, Any]) -> Outcome:
    """Return the extraction of a file and its analysed pieces for the index."""
    return analysed(extract.read(bytes_at(address), Hints(**hints), _vocabulary[0]))


def read_otherwise(address: str, hints: dict[str, Any]) -> Outcome:
    """Return the same by the second engine, or nothing where there is none."""
    reading = extract.read_otherwise(bytes_at(address), Hints(**hints), _vocabulary[0])
    return analysed(reading) if reading else None


def read_pictures(address: str, hints: dict[str, Any]) -> Outcome:
    """Return the same with the pages that are pictures read by OCR."""
    return analysed(extract.read_pictures(bytes_at(address), Hints(**hints), _vocabulary[0]))


def analysed(reading: Extraction) -> Read:
    """Return an extraction with the pieces of its text that the index holds, and what the text is compared by."""
    spans = [(page.number, page.start, page.end) for page in reading.pages]
    acts = [(act.start, act.end) for act in reading.acts]
    return reading, prepare(reading.text, spans, reading.language, acts), likeness(reading.text)


def draw_page(address: str, media_type: str, page: int) -> tuple[bytes, str]:
    """Return the picture of a page, or why there is none."""
    from extract.ocr.pictures import NoPicture
    from extract.pagepictures import page_picture

    try:
        return page_picture(bytes_at(address), media_type, page), ""
    except NoPicture as error:
        return b"", str(error)
