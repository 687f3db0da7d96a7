"""The picture of a page that people look at, encoded as the PDF will hold it.

It is the page as scanned, turned upright and made no larger than needed: no whitening, no sharpening, seals keep their colour.
A page stored with one bit a pixel stays so (CCITT G4); all others become JPEG, grey where the source is grey. How finely a JPEG
is quantised follows from the page: where noise of the scanner or dense print costs more than a page should, steps grow until it
fits, but never beyond what the ink allows, so that the faint strokes of a pale page stay and such a page costs what it must.
"""

from __future__ import annotations

import io
import math

import cv2
import numpy as np
from PIL import Image

from pipeline.model import AccessImage, Encoding, Pixels

BITONAL_DPI = 300.0  # at most; finer one-bit pages are reduced

_BYTES = 12.0  # a square inch and dpi: A4 in 230 kB at 200 dpi, in 175 kB at 150, where a pixel tells more
_STEP_AT_50 = 27.0  # grey levels; so that `quality` means about what it means to libjpeg
_COARSEST = 48.0  # grey levels
_OF_INK = 0.5  # of the darkness of the ink: with coarser steps less can be read from the picture (docs/decisions/0013)
_SAMPLED = 8  # of so many bands of blocks one is encoded to learn what the page costs
_NO_GRAIN = 24  # grey levels: what is deeper is no grain of paper, no noise of the sensor
_FEWEST_DARK = 200  # of the sampled pixels, a word or two
_BAND = 16  # pixels: blocks of 8, colours at half resolution
_STRIP_OFFSETS, _ROWS_PER_STRIP, _STRIP_COUNTS = 273, 278, 279  # tags of TIFF 6.0


def fitted(pixels: Pixels, dpi: float, most: float) -> tuple[Pixels, float]:
    """The image at `most` dpi if it has more, else as it is; and the resolution it has now."""
    if dpi <= most:
        return pixels, dpi
    height, width = (max(1, round(side * most / dpi)) for side in pixels.shape[:2])
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), most


def encode_jpeg(pixels: Pixels, dpi: float, quality: int) -> AccessImage:
    """H×W or H×W×3 BGR as JPEG, with one component or three, in about 230 kB an A4 page at 200 dpi or less.

    `quality`, 1 to 100 as libjpeg counts, bounds how finely it is quantised.
    """
    sample = _sample(pixels)
    budget = pixels.shape[0] * pixels.shape[1] / dpi * _BYTES
    finest = _step(quality)
    coarsest = max(finest, min(_COARSEST, _OF_INK * _darkness(sample)))
    step = _fitting_step(sample, budget * sample.shape[0] / pixels.shape[0], finest, coarsest)
    return AccessImage(_jpeg(pixels, step), Encoding.JPEG, pixels.shape[1], pixels.shape[0], dpi, pixels.ndim == 2)


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


def _step(quality: int) -> float:
    """The quantisation step, in grey levels, of a quality as libjpeg counts them: half of it at 75, five times it at 10."""
    return _STEP_AT_50 * (50 / quality if quality < 50 else (100 - quality) / 50)


def _sample(pixels: Pixels) -> Pixels:
    """Some bands of the page, one below the other; a small page is its own sample."""
    period = _BAND * _SAMPLED
    whole = pixels.shape[0] // period
    if whole < _SAMPLED:
        return pixels
    bands = pixels[: whole * period].reshape(whole, period, *pixels.shape[1:])[:, :_BAND]
    return np.ascontiguousarray(bands).reshape(whole * _BAND, *pixels.shape[1:])


def _darkness(sample: Pixels) -> float:
    """How many grey levels the ink is darker than the paper beside it; 255 where there is next to none."""
    grey = sample if sample.ndim == 2 else np.asarray(cv2.cvtColor(sample, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    smooth = np.ascontiguousarray(cv2.blur(grey, (3, 3))[::2, ::2])
    depth = np.asarray(cv2.subtract(cv2.dilate(smooth, np.ones((9, 9), np.uint8)), smooth), dtype=np.uint8)
    deep = depth[depth >= _NO_GRAIN]
    return float(np.percentile(deep, 80)) if deep.size >= _FEWEST_DARK else 255.0


def _fitting_step(sample: Pixels, share: float, finest: float, coarsest: float) -> float:
    """The finest step with which `sample` takes `share` bytes or less, by interpolation between the two that are allowed.

    Bytes fall with a power of the step, the more steeply the more of the page is noise.
    """
    if coarsest <= finest or (most := len(_jpeg(sample, finest))) <= share:
        return finest
    if (least := len(_jpeg(sample, coarsest))) >= min(share, most):
        return coarsest
    return finest * float((coarsest / finest) ** (math.log(most / share) / math.log(most / least)))


def _jpeg(pixels: Pixels, step: float) -> bytes:
    """A whole JPEG file without metadata; colours at half the resolution, quantised as brightness is."""
    table = _table(step)
    file = io.BytesIO()
    if pixels.ndim == 2:
        Image.fromarray(pixels).save(file, "JPEG", qtables=[table], optimize=True, progressive=True)
    else:
        image = Image.fromarray(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), dtype=np.uint8))
        image.save(file, "JPEG", qtables=[table, table], subsampling="4:2:0", optimize=True, progressive=True)
    return file.getvalue()


def _table(step: float) -> list[int]:
    """64 quantisation steps, row by row: `step` for the strokes of letters, half of it for even paper and shadings, more for grain.

    Flatter than the example tables of ITU-T T.81 annex K, which are made for photographs and spend too little on thin strokes.
    """
    rank = np.add.outer(np.arange(8), np.arange(8))  # 0 even, 14 a chequerboard of pixels
    steps = step * np.minimum(1.0, 0.5 + rank / 6) * (1 + rank / 20)
    return [int(value) for value in np.clip(np.rint(steps), 1, 255).reshape(-1)]
