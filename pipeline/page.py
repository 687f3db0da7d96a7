"""One page from top to bottom: codes, blank or not, even, upright, recognition, marks by context, the picture for people."""

from __future__ import annotations

import time

import cv2
import numpy as np

from pipeline import access, blank, ink, quality, skew, tone
from pipeline.boxes import fitted_words
from pipeline.codes import read_codes
from pipeline.colour import grey_for_reading
from pipeline.context import choose_marks, load_context
from pipeline.model import AccessImage, PageReading, Pixels, ReadSettings, SourcePage, Words
from pipeline.ocr import Engines
from pipeline.page_upright import Standing, find_standing
from pipeline.page_words import TOO_MUCH_UNREAD, given_words, recognise


def read_page(page: SourcePage, engines: Engines, settings: ReadSettings) -> PageReading:
    """Read one page. A blank one is neither recognised nor turned, but has its picture.

    Raises `TimedOut` when recognition takes longer than `settings.page_seconds`.
    """
    started = time.perf_counter()
    codes = read_codes(page.pixels)
    found = ink.find_ink(page.pixels)
    verdict = blank.judge_blank(found, page.pixels)
    notes = page.notes + quality.judge_quality(found, page.pixels, page.dpi, bitonal=page.bitonal, blank=verdict.blank, ink=verdict.ink)
    standing, words = Standing(0, None), Words(page.pixels.shape[1], page.pixels.shape[0])
    if verdict.blank:
        pass
    elif not settings.reread and (given := given_words(page, found)) is not None:
        words = given
        notes += ("text_kept",)
    else:
        even = _even(page, found.frame, settings.ocr_dpi)
        standing = find_standing(found, even, engines.pages, settings.ocr_dpi)
        image, text, depth = standing.undone(even, 255), standing.undone(found.text, 0), standing.undone(found.depth, 0)
        read = recognise(image, text, depth, engines, settings.ocr_dpi)
        words = choose_marks(read.words, load_context())
        notes += ("unread_ink",) if read.unread > TOO_MUCH_UNREAD else ()
    picture = _picture(page, standing, settings)
    return PageReading(
        number=page.number,
        codes=codes,
        blank=verdict.blank,
        ink=verdict.ink,
        rotation=standing.rotation,
        skew=standing.slant,
        dpi=page.dpi,
        words=fitted_words(words, picture.width, picture.height),
        access=picture,
        notes=notes,
        seconds=time.perf_counter() - started,
    )


def _even(page: SourcePage, frame: Pixels, dpi: int) -> Pixels:
    """The page as it lay on the glass, grey, even, at `dpi`."""
    grey = grey_for_reading(page.pixels)
    scale = dpi / page.dpi
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    if scale < 1:
        sized = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    else:
        # Enlarging softens: the edges are given back, or marks on letters of 150 dpi are confused.
        large = cv2.resize(grey, size, interpolation=cv2.INTER_CUBIC)
        sized = cv2.addWeighted(large, 1.5, cv2.GaussianBlur(large, (0, 0), 1.0), -0.5, 0) if scale > 1.05 else large
    return tone.even(np.asarray(sized, dtype=np.uint8), dpi, frame, bitonal=page.bitonal)


def _grey(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _picture(page: SourcePage, standing: Standing, settings: ReadSettings) -> AccessImage:
    upright = skew.quarter_turned(page.pixels, standing.rotation)
    slant = standing.slant or 0.0
    if page.bitonal:
        image, dpi = access.fitted(_grey(upright), page.dpi, access.BITONAL_DPI)
        return access.encode_g4(skew.turned(image, slant, 255), dpi)
    image, dpi = access.fitted(upright, page.dpi, settings.access_dpi)
    return access.encode_jpeg(skew.turned(image, slant, 255), dpi, settings.jpeg_quality)
