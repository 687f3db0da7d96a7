"""Even light and clear ink, for the engine's eyes only: the picture people get never passes through here.

The paper under the ink is estimated and divided out, streaks of the glass are divided out of their columns, dark edges
become paper, and the paper becomes white. The result stays grey: a binarised page reads several times worse, and so does
one whose noise was blurred or whose ink was made black. Figures are in docs/decisions.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.model import Pixels

_PAPER_DPI = 50  # resolution at which the paper is estimated
_BANDS = 6  # a streak is looked for in so many bands of the page, for it may begin or end on it
_WHITE = 240  # what paper becomes at first: above it there is room for its noise, so that its mean stays true
_ROOM = 0.3  # of the depth of the ink, left below it: where ink is clipped to black, marks run into their letters
_RAGGED = 0.7  # pixels of blur for the edges of one-bit pages; noise is not blurred, for marks go with it

_Reals = npt.NDArray[np.float32]


def even(grey: Pixels, dpi: float, frame: Pixels, *, bitonal: bool) -> Pixels:
    """The page (H×W grey, `dpi`, as it lay on the glass) with white paper and dark ink, same size.

    `frame`: 255 where there is no sheet, at any size. `bitonal`: the page was stored with one bit a pixel; its ragged edges
    are softened.
    """
    whole = np.asarray(cv2.resize(frame, grey.shape[::-1], interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    flat = np.asarray(cv2.divide(grey, _paper(grey, frame, dpi), scale=_WHITE), dtype=np.uint8)
    flat = _without_streaks(flat, dpi)
    if frame.any():
        flat[cv2.dilate(whole, np.ones((round(dpi / 10),) * 2, np.uint8)) > 0] = _WHITE
    return _clear(flat, bitonal)


def _paper(grey: Pixels, frame: Pixels, dpi: float) -> Pixels:
    """The light of the sheet at every pixel: ink is filled in at 50 dpi, dark edges are given the light beside them."""
    height, width = grey.shape
    share = min(1.0, _PAPER_DPI / dpi)
    size = (max(1, round(width * share)), max(1, round(height * share)))
    small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    outside = cv2.dilate(cv2.resize(frame, size, interpolation=cv2.INTER_NEAREST), np.ones((5, 5), np.uint8)) > 0
    if outside.any():
        small[outside] = np.percentile(small[~outside], 60) if not outside.all() else 255
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    smooth = cv2.GaussianBlur(cv2.medianBlur(closed, 9), (0, 0), 2)
    return np.asarray(cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _without_streaks(flat: Pixels, dpi: float) -> Pixels:
    """Divide every column by how much darker or lighter its paper is than that of the columns beside it, band by band."""
    height, width = flat.shape
    edges = np.linspace(0, height, (_BANDS if height >= dpi else 1) + 1).astype(int)
    wide = 2 * round(dpi / 25.4 * 1.5) + 1  # 3 mm: wider things are no streaks
    rows: list[_Reals] = []
    for top, bottom in pairwise(edges):
        paper = np.percentile(flat[top:bottom:4], 70, axis=0).astype(np.uint8).reshape(1, -1)
        beside = cv2.medianBlur(cv2.copyMakeBorder(paper, wide, wide, wide, wide, cv2.BORDER_REPLICATE), min(wide, 255))
        rows.append((paper / np.maximum(beside[wide : wide + 1, wide : wide + width], 1)).astype(np.float32).ravel())
    gains = np.clip(np.stack(rows), 0.3, 1.5)
    gains[np.abs(gains - 1) < 0.015] = 1
    if np.all(gains == 1):
        return flat
    whole = cv2.resize(gains, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.clip(flat / whole, 0, 255).astype(np.uint8)


def _clear(flat: Pixels, bitonal: bool) -> Pixels:
    """Paper made white, the ink as deep on every page."""
    ink = max(20.0, _WHITE - float(np.percentile(flat[::2, ::2], 2)))
    soft = cv2.GaussianBlur(flat, (0, 0), _RAGGED) if bitonal else flat
    black, white = _WHITE - (1 + _ROOM) * ink, _WHITE - 0.08 * ink
    ramp = np.clip((np.arange(256) - black) * 255 / (white - black), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(soft, ramp), dtype=np.uint8)
