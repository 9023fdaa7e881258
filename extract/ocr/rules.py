"""Vertical rules of tables, taken out of a picture: the engine reads them as `|`, `!`, `]` and `1`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_INK = 150
_LENGTH = 150
"""No letter is as high: half an inch at 300 dots an inch."""
_WIDTH = 12
_EDGE = 3

Mask = NDArray[np.bool_]


def without_rules(picture: Image.Image) -> Image.Image:
    """The grey picture without its thin vertical lines."""
    pixels = np.array(picture)
    if pixels.shape[0] <= _LENGTH or pixels.shape[1] <= 2 * _WIDTH:
        return picture
    ink = pixels < _INK
    rules = _opened(ink, _LENGTH)
    rules &= ~_opened(rules.T, _WIDTH).T  # a thick one is a picture or a black border
    if not rules.any():
        return picture
    for step in range(1, _EDGE + 1):
        pixels[:, step:][rules[:, :-step]] = 255
        pixels[:, :-step][rules[:, step:]] = 255
    pixels[rules] = 255
    return Image.fromarray(pixels)


def _opened(mask: Mask, length: int) -> Mask:
    """The parts of the mask that belong to a run of at least `length` rows."""
    starts, covered = mask.copy(), 1
    while covered < length:  # each pass doubles the run that every remaining start is known to have
        step = min(covered, length - covered)
        starts[:-step] &= starts[step:]
        starts[-step:] = False
        covered += step
    covered = 1
    while covered < length:
        step = min(covered, length - covered)
        starts[step:] |= starts[:-step]
        covered += step
    return starts
