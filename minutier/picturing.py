"""The picture of a page, drawn in a child that may be killed: the file is hostile here as it is for the extractors."""

from __future__ import annotations

import multiprocessing
from typing import Any

from pebble import ProcessExpired, ProcessPool

from storage.errors import MinutierError, WrongUse

PICTURED = ("application/pdf", "image/png", "image/jpeg", "image/tiff")
TIME_LIMIT = 60


def picture(address: str, name: str, media_type: str, page: int | None) -> bytes:
    """Return the picture of a page. Raises WrongUse where there is none, MinutierError where it cannot be drawn."""
    if media_type not in PICTURED:
        raise WrongUse(
            f"Document {name} is {media_type}: its format has no pages to look at; `minutier show {name} --text` "
            "prints its words, and `minutier export open` writes the original."
        )
    if page is None and media_type not in PICTURED[1:3]:
        raise WrongUse(f"Say which page of document {name} with --page N.")
    body, fault = _drawn_in_a_child(address, media_type, page or 1)
    if fault:
        raise MinutierError(f"Page {page or 1} of document {name} has no picture: {fault}.")
    return body


def _drawn_in_a_child(address: str, media_type: str, page: int) -> tuple[bytes, str]:
    from minutier import child

    spawn = multiprocessing.get_context("spawn")
    pool: Any = ProcessPool(1, initializer=child.watched, context=spawn)  # pebble is half typed
    future = pool.schedule(child.draw_page, args=(address, media_type, page), timeout=TIME_LIMIT)
    try:
        answer: tuple[bytes, str] = future.result()
    except ProcessExpired as error:
        answer = b"", f"what draws it died on it (exit code {error.exitcode})"
    except TimeoutError:
        answer = b"", f"drawing it was stopped after {TIME_LIMIT} seconds"
    finally:
        pool.stop()
        pool.join()
    return answer
