"""The dossier number in print, read once more: alone on a crop, enlarged, from an alphabet of digits, capitals, points and dashes.

Only for receipts and separator sheets whose code does not decode. Without a check digit the number stays a claim, whatever agrees here:
the register and a second field decide (domain rules of TT 01/2018/TT-VPCP article 19).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import cv2
import numpy as np

from pipeline.model import Box, Line, Pixels, Words
from pipeline.text import find_numbers_in_ocr, fold

_HEAD = 0.5  # share of the height of the page
_LABEL = re.compile(r"\b(ma|so) ho so\b")
_NUMBER_LIKE = re.compile(r"[A-Z0-9.,·]{2,}\s?[-–—_]\s?[0-9OQIlSBZ]{4,}")
_LARGER = 1.6
_MOST_LINES = 4

Reader = Callable[[Pixels, float], Words]
"""Reads one line (H×W grey uint8, dpi) of digits, capitals, points and dashes."""


def printed_numbers(words: Words, image: Pixels, dpi: float, read: Reader) -> tuple[str, ...]:
    """The distinct dossier numbers printed in the head of an upright page (H×W grey at `dpi`, in whose pixels `words` are)."""
    lines = [line for line in words.lines if line.box.top < _HEAD * words.height and _promising(line)]
    found: dict[str, None] = {}
    for line in lines[:_MOST_LINES]:
        again = read(_enlarged(image, _number_box(line)), dpi * _LARGER)
        found |= dict.fromkeys(number.text for number in find_numbers_in_ocr(" ".join(one.text for one in again.lines)))
    return tuple(found)


def _promising(line: Line) -> bool:
    return bool(_LABEL.search(" ".join(fold(line.text).split())) or _NUMBER_LIKE.search(line.text))


def _number_box(line: Line) -> Box:
    """The part of the line behind its label: whatever holds a digit, and what stands between."""
    telling = [word.box for word in line.words if any(letter.isdigit() for letter in word.text)] or [line.box]
    return Box(min(b.left for b in telling), min(b.top for b in telling), max(b.right for b in telling), max(b.bottom for b in telling))


def _enlarged(image: Pixels, box: Box) -> Pixels:
    margin = max(4, box.height // 2)
    top, left = max(0, box.top - margin), max(0, box.left - margin)
    part = image[top : box.bottom + margin, left : box.right + margin]
    return np.ascontiguousarray(cv2.resize(part, None, fx=_LARGER, fy=_LARGER, interpolation=cv2.INTER_CUBIC), np.uint8)
