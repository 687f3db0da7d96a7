"""The page number printed in the margin of a page: `2`, `- 2 -`, `Trang 2/5`.

NĐ 30/2020/NĐ-CP annex I puts it in the middle of the top margin, from the second page on; forms and office programs put it at the foot.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import cv2
import numpy as np

from pipeline.boxes import overlap, scaled
from pipeline.model import Box, Folio, Line, Pixels, Words
from pipeline.text import fold

_MARGIN = 0.09  # share of the height of the page, at its top and its foot
_NAMED = re.compile(r"(?:trang|tr\.?|page)\s*[:.]?\s*(\d{1,3})(?:\s*(?:/|tren|of)\s*(\d{1,3}))?")
_OF = re.compile(r"[-–—.\s]*(\d{1,3})\s*/\s*(\d{1,3})[-–—.\s]*")
_BARE = re.compile(r"[-–—.\s]*(\d{1,3})[-–—.\s]*")
_CENTRED = 0.12  # share of the width; a bare number elsewhere in the margin is a stamp or a scrap of a code


_TALLEST, _WIDEST = 0.03, 0.07  # share of height and width of the page that a number takes at most
_SMALLEST = 0.006  # share of the height

Reader = Callable[[Pixels, float], Words]
"""Reads one line (H×W grey uint8, dpi)."""


def look_for_folio(words: Words, image: Pixels, text: Pixels, dpi: float, read: Reader) -> Folio | None:
    """The page number printed on an upright page: among its words, else in a lone mark of the margin, which recognition passes over.

    `image`: H×W grey at `dpi`, in whose pixels `words` are; `text`: the page's reduced ink, 0 or more.
    """
    found = find_folio(words)
    if found is not None:
        return found
    scale = image.shape[1] / text.shape[1]
    marks = [scaled(mark, scale) for mark in _lone_marks(text)]
    lone = [mark for mark in marks if not any(overlap(mark, word.box) for word in words)]
    return _read_mark(image, lone[0], dpi, read) if len(lone) == 1 else None


def _lone_marks(text: Pixels) -> list[Box]:
    """Ink as large as a number that stands alone in the middle of the top or the bottom margin, apart from the text next to it."""
    height, width = text.shape
    left, right = int(0.3 * width), int(0.7 * width)
    found = []
    for top, bottom in ((0, int(_MARGIN * height)), (int((1 - _MARGIN) * height), height)):
        band = np.ascontiguousarray((text[top:bottom, left:right] > 0).astype(np.uint8))
        if band.size == 0:  # a scrap
            return []
        joined = cv2.dilate(band, np.ones((1, max(3, width // 100)), np.uint8))
        count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        boxes = [Box(left + x, top + y, left + x + w, top + y + h) for x, y, w, h, _ in np.asarray(stats)[1:count].tolist()]
        large = [box for box in boxes if box.height >= _SMALLEST * height]
        outermost = min(large, key=lambda box: box.top, default=None) if top == 0 else max(large, key=lambda box: box.bottom, default=None)
        if outermost is not None and _is_apart(outermost, large) and outermost.height <= _TALLEST * height:
            found += [outermost] if outermost.width <= _WIDEST * width else []
    return found


def _is_apart(mark: Box, others: list[Box]) -> bool:
    gap = mark.height
    return all(other is mark or other.top >= mark.bottom + gap or other.bottom <= mark.top - gap for other in others)


def _read_mark(image: Pixels, mark: Box, dpi: float, read: Reader) -> Folio | None:
    """A lone number read at two sizes; where the readings differ it is none."""
    margin = mark.height // 2
    part = image[max(0, mark.top - margin) : mark.bottom + margin, max(0, mark.left - margin) : mark.right + margin]
    said = set()
    for times in (1, 2):
        sized = np.asarray(cv2.resize(part, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC), np.uint8)
        said.add("".join(word.text for word in read(np.ascontiguousarray(sized), times * dpi)))
    bare = _BARE.fullmatch(said.pop()) if len(said) == 1 else None
    return _sensible(int(bare[1]), None) if bare is not None else None


def find_folio(words: Words) -> Folio | None:
    """The page number among the words of an upright page; None where there is none, or more than one."""
    margins = [line for line in words.lines if line.box.bottom < _MARGIN * words.height or line.box.top > (1 - _MARGIN) * words.height]
    found = {folio for line in margins if (folio := _folio_of(line, words.width)) is not None}
    return found.pop() if len(found) == 1 else None


def _folio_of(line: Line, page_width: int) -> Folio | None:
    text = " ".join(fold(line.text).split())
    named = _NAMED.fullmatch(text) or _NAMED.search(text) or _OF.fullmatch(text)
    if named is not None:
        return _sensible(int(named[1]), int(named[2]) if named[2] else None)
    middle = (line.box.left + line.box.right) / 2
    bare = _BARE.fullmatch(text)
    if bare is None or abs(middle / page_width - 0.5) > _CENTRED:
        return None
    return _sensible(int(bare[1]), None)


def _sensible(number: int, total: int | None) -> Folio | None:
    if number < 1 or (total is not None and total < number):
        return None
    return Folio(number, total)
