"""Text-like ink that no word covers: what recognition has overlooked, which the confidence of the words it found cannot say.

An engine that takes text for a picture reports nothing of it, or of a whole page a few words in full confidence. This module
says how much is left and where it looks like lines of text; what to do about it is for the page.
"""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.model import Box, Pixels, Words

_MM = 100 / 25.4  # pixels of the reduced image a millimetre
_MARGIN = 4  # pixels of the reduced image, 1 mm: accents and tails that stand out of a word's box
_FEWEST = 1500  # pixels of ink on the page, a line or two: below it seals and signatures are all there is
_SPACE = round(4 * _MM)  # between words of a line, at most
_LEAST_INK = 60  # pixels of ink in what may be a line: a word of four letters
_MOST_STRIPS = 8  # of a page: more is a picture, a map or a page that was not read at all


def unread_share(text: Pixels, words: Words) -> float:
    """Share, 0..1, of the letter-sized ink that lies in no word's box; 0 where there is next to no ink.

    `text`: H×W, 0 is paper, about 100 dpi, the same upright page as `words` at any size.
    """
    total = int(np.count_nonzero(text))
    return float(np.count_nonzero(_unread(text, words))) / total if total >= _FEWEST else 0.0


def unread_strips(text: Pixels, words: Words) -> tuple[Box, ...]:
    """Where unread ink is set like text: strips of one line or of several, in the pixels of `text`, from top to bottom.

    Without ink of the size of words, or with more strips than a page has blocks, there are none.
    """
    unread = _unread(text, words)
    lines = cv2.morphologyEx(unread, cv2.MORPH_CLOSE, np.ones((1, _SPACE), np.uint8))
    _, _, found, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    block = np.zeros(text.shape, np.uint8)
    for left, top, width, height, _ in found[1:].tolist():
        inked = np.count_nonzero(unread[top : top + height, left : left + width])
        if width >= 1.5 * height and 1.5 * _MM <= height <= 14 * _MM and inked >= _LEAST_INK:
            block[max(0, top - _MARGIN) : top + height + _MARGIN, left : left + width] = 1
    _, _, blocks, _ = cv2.connectedComponentsWithStats(block, connectivity=8)
    strips = [Box(left, top, left + width, top + height) for left, top, width, height, _ in blocks[1:].tolist()]
    return tuple(sorted(strips, key=lambda strip: strip.top)) if len(strips) <= _MOST_STRIPS else ()


def _unread(text: Pixels, words: Words) -> Pixels:
    """1 where there is ink and no word."""
    unread = (text > 0).astype(np.uint8)
    x, y = text.shape[1] / words.width, text.shape[0] / words.height
    for word in words:
        top_left = (round(word.box.left * x) - _MARGIN, round(word.box.top * y) - _MARGIN)
        bottom_right = (round(word.box.right * x) + _MARGIN, round(word.box.bottom * y) + _MARGIN)
        cv2.rectangle(unread, top_left, bottom_right, 0, thickness=-1)
    return unread
