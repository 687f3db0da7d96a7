"""Text-like ink that no word covers: what recognition has overlooked, which the confidence of the words it found cannot say.

An engine that takes a page of text for a picture reports nothing, or a few words in full confidence. It measures; what to do
about it is for the page.
"""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.model import Pixels, Words

_MARGIN = 4  # pixels of the reduced image, 1 mm: accents and tails that stand out of a word's box


def unread_share(text: Pixels, words: Words) -> float:
    """Share, 0..1, of the letter-sized ink that lies in no word's box; 0 where there is next to no ink.

    `text`: H×W, 0 is paper, the same upright page as `words` at any size.
    """
    ink = text > 0
    total = int(np.count_nonzero(ink))
    if total < _FEWEST:
        return 0.0
    covered = np.zeros(text.shape, np.uint8)
    x, y = text.shape[1] / words.width, text.shape[0] / words.height
    for word in words:
        top_left = (round(word.box.left * x) - _MARGIN, round(word.box.top * y) - _MARGIN)
        bottom_right = (round(word.box.right * x) + _MARGIN, round(word.box.bottom * y) + _MARGIN)
        cv2.rectangle(covered, top_left, bottom_right, 1, thickness=-1)
    return float(np.count_nonzero(ink & (covered == 0))) / total


_FEWEST = 1500  # pixels of ink at 100 dpi, a line or two: below it seals and signatures are all there is
