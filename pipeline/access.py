"""The picture of a page that people look at, encoded as the PDF will hold it.

It is the page as scanned, turned upright and made no larger than needed: no whitening, no sharpening, seals keep their colour.
A page stored with one bit a pixel stays so (CCITT G4); all others become JPEG, grey where the source is grey.
"""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image

from pipeline.model import AccessImage, Encoding, Pixels

BITONAL_DPI = 300.0  # at most; finer one-bit pages are reduced

_STRIP_OFFSETS, _ROWS_PER_STRIP, _STRIP_COUNTS = 273, 278, 279  # tags of TIFF 6.0


def fitted(pixels: Pixels, dpi: float, most: float) -> tuple[Pixels, float]:
    """The image at `most` dpi if it has more, else as it is; and the resolution it has now."""
    if dpi <= most:
        return pixels, dpi
    height, width = (max(1, round(side * most / dpi)) for side in pixels.shape[:2])
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), most


def encode_jpeg(pixels: Pixels, dpi: float, quality: int) -> AccessImage:
    """H×W or H×W×3 BGR as baseline JPEG, with one component or three."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    encoded = cv2.imencode(".jpg", pixels, options)[1].tobytes()
    return AccessImage(encoded, Encoding.JPEG, pixels.shape[1], pixels.shape[0], dpi, pixels.ndim == 2)


def encode_g4(pixels: Pixels, dpi: float) -> AccessImage:
    """H×W grey, dark is ink, as one strip of CCITT Group 4 (ITU-T T.6) whose black runs are ink: /BlackIs1 false in a PDF."""
    height, width = pixels.shape
    ink = Image.fromarray(np.where(pixels < 128, 255, 0).astype(np.uint8)).convert("1", dither=Image.Dither.NONE)
    file = io.BytesIO()
    # Pillow is given ink as ones and told nothing of it, so that what it stores as one is what T.6 calls black.
    ink.save(file, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: height})
    with Image.open(file) as written:
        tags = written.tag_v2  # type: ignore[attr-defined]
        offsets, counts = tags[_STRIP_OFFSETS], tags[_STRIP_COUNTS]
    assert len(offsets) == 1, "one strip was asked for"
    strip = file.getvalue()[offsets[0] : offsets[0] + counts[0]]
    return AccessImage(strip, Encoding.G4, width, height, dpi, grey=True)
