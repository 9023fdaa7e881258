"""Dark bands across a page, such as shaded headings, turned into black letters on white.

The letters of a heading are black on grey, or white on grey, or both in one line: every threshold loses some of them.
In a band, whatever differs from its ground is ink.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

_STEP = 6
_DARKEST, _LIGHTEST = 50, 175
_MARGIN = 12
_BORDER = 4
_FAINT, _FULL = 0.3, 0.7

Grey = NDArray[np.uint8]
Box = tuple[int, int, int, int]


def without_bands(picture: Image.Image) -> Image.Image:
    """The grey picture with the ground of its dark bands white and their letters black."""
    boxes = bands(picture)
    if not boxes:
        return picture
    pixels = np.array(picture)
    for left, top, right, bottom in boxes:
        _whiten(pixels[top:bottom, left:right])
    return Image.fromarray(pixels)


def bands(picture: Image.Image) -> list[Box]:
    """Left, top, right and bottom of each dark band, with a margin around it."""
    size = (max(picture.width // _STEP, 1), max(picture.height // _STEP, 1))
    # A median over the width of some letters leaves the ground they stand on.
    ground = np.asarray(picture.resize(size, Image.Resampling.NEAREST).filter(ImageFilter.MedianFilter(7)))
    shaded = (ground > _DARKEST) & (ground < _LIGHTEST)
    return [
        (
            max(left * _STEP - _MARGIN, 0),
            max(top * _STEP - _MARGIN, 0),
            min(right * _STEP + _MARGIN, picture.width),
            min(bottom * _STEP + _MARGIN, picture.height),
        )
        for top, bottom in _runs(shaded.mean(axis=1) > 0.08, gap=1, least=4)
        for left, right in _runs(shaded[top:bottom].mean(axis=0) > 0.4, gap=8, least=8)
    ]


def _runs(flags: NDArray[np.bool_], *, gap: int, least: int) -> list[tuple[int, int]]:
    """Start and end of each run of true flags, runs that are near each other being one."""
    places = np.flatnonzero(flags)
    if not len(places):
        return []
    groups = np.split(places, np.flatnonzero(np.diff(places) > gap + 1) + 1)
    return [(int(group[0]), int(group[-1]) + 1) for group in groups if group[-1] - group[0] >= least]


def _whiten(part: Grey) -> None:
    """Make the ground of a band white and its letters black, in place."""
    ground = float(np.median(part))
    if not _DARKEST < ground < _LIGHTEST:
        return
    near = np.abs(part.astype(np.float32) - ground) < (255 - ground) / 2
    top, bottom = _ends(near.mean(axis=1) > 0.3)
    left, right = _ends(near[top:bottom].mean(axis=0) > 0.3)
    band = part[top:bottom, left:right]
    level = band.astype(np.float32)
    ink = np.maximum((ground - level) / ground, (level - ground) / (255 - ground))
    band[:] = 255 * (1 - np.clip((ink - _FAINT) / (_FULL - _FAINT), 0, 1))
    for edge in (band[:_BORDER], band[-_BORDER:], band[:, :_BORDER], band[:, -_BORDER:]):
        edge[:] = 255


def _ends(flags: NDArray[np.bool_]) -> tuple[int, int]:
    places = np.flatnonzero(flags)
    return (int(places[0]), int(places[-1]) + 1) if len(places) else (0, len(flags))
