"""Pictures of pages for people who decide: upright as they were read, small, several side by side. Made from the original."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline import skew
from pipeline.model import Pixels
from records.models import Page
from workers.readings import Reader

_ACROSS = 4  # pages in a row
_MOST = 48
_BORDER, _LABEL = 8, 26  # pixels
_QUALITY = 80
_PAPER, _DESK = 255, 205


def thumbnail(page: Page, reader: Reader, width: int) -> Pixels:
    """A page as it was turned and levelled, H×width×3 BGR. Raises as `Reader.scan` does."""
    pixels = reader.scan(page.scan).page(page.number).pixels
    upright = skew.quarter_turned(pixels, page.rotation)
    scale = min(1.0, width / upright.shape[1])
    small = np.asarray(cv2.resize(upright, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    level = skew.turned(small, page.skew or 0.0, _PAPER)
    return level if level.ndim == 3 else np.asarray(cv2.cvtColor(level, cv2.COLOR_GRAY2BGR), np.uint8)


def contact_sheet(pages: Sequence[Page], reader: Reader, width: int) -> bytes:
    """The pages in rows of four with their numbers in their file, as a JPEG; at most 48. Raises as `thumbnail`."""
    tiles = [_labelled(thumbnail(page, reader, width), page.number) for page in pages[:_MOST]]
    across, down = max(tile.shape[1] for tile in tiles), max(tile.shape[0] for tile in tiles)
    columns = min(_ACROSS, len(tiles))
    rows = [
        np.hstack([_on_desk(tile, across, down) for tile in (*tiles[n : n + columns], *[None] * max(0, n + columns - len(tiles)))])
        for n in range(0, len(tiles), columns)
    ]
    return cv2.imencode(".jpg", np.vstack(rows), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()


def _labelled(tile: Pixels, number: int) -> Pixels:
    label = np.full((_LABEL, tile.shape[1], 3), _PAPER, np.uint8)
    cv2.putText(label, f"{number}", (8, 19), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 1, cv2.LINE_AA)
    return np.vstack([label, tile])


def _on_desk(tile: Pixels | None, across: int, down: int) -> Pixels:
    desk = np.full((down + 2 * _BORDER, across + 2 * _BORDER, 3), _DESK, np.uint8)
    if tile is not None:
        desk[_BORDER : _BORDER + tile.shape[0], _BORDER : _BORDER + tile.shape[1]] = tile
    return desk
