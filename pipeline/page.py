"""One page from top to bottom: codes, blank or not, even, upright, recognition, marks by context, the picture for people."""

from __future__ import annotations

import time
from functools import partial

import cv2
import numpy as np

from pipeline import access, blank, ink, likeness, quality, skew, tone
from pipeline.boxes import fitted_words
from pipeline.codes import read_codes
from pipeline.colour import grey_for_reading
from pipeline.context import choose_marks, load_context
from pipeline.errors import TimedOut
from pipeline.evidence import looks_like_receipt, looks_like_sheet
from pipeline.folio import find_folio, look_for_folio
from pipeline.heading import find_headings
from pipeline.model import AccessImage, Code, PageReading, Pixels, ReadSettings, Ruling, SourcePage, Symbology, Words
from pipeline.ocr import Engines, Layout
from pipeline.page_upright import Standing, find_standing
from pipeline.page_words import TOO_MUCH_UNREAD, Recognised, given_words, recognise
from pipeline.printed import printed_numbers
from pipeline.text import find_numbers, is_guessed_at, is_legible

_AS_FOUND = Ruling()


def read_page(page: SourcePage, engines: Engines, settings: ReadSettings, ruling: Ruling = _AS_FOUND) -> PageReading:
    """Read one page, as a person ruled about it. A blank one is neither recognised nor turned, but has its picture.

    Raises `TimedOut` when recognition takes longer than `settings.page_seconds`.
    """
    started = time.perf_counter()
    codes = read_codes(page.pixels)
    found = ink.find_ink(page.pixels)
    verdict = blank.judge_blank(found, page.pixels)
    empty = verdict.blank if ruling.blank is None else ruling.blank
    notes = page.notes + quality.judge_quality(found, page.pixels, page.dpi, bitonal=page.bitonal, blank=empty, ink=verdict.ink)
    standing, words = Standing(0, None), Words(page.pixels.shape[1], page.pixels.shape[0])
    printed, folio = tuple[str, ...](), None
    if empty:
        pass
    elif not settings.reread and not ruling.rotation and (given := given_words(page, found)) is not None:
        words, folio = given, find_folio(given)
        notes += ("text_kept",)
    else:
        even = _even(page, found.frame, settings.ocr_dpi)
        standing = find_standing(found, even, engines.pages, settings.ocr_dpi, ruling.rotation)
        read = _recognised(found, even, standing, engines, settings)
        if ruling.rotation is None and is_guessed_at(read.words.text):
            over = standing.turned_over()
            other = _recognised(found, even, over, engines, settings)
            standing, read = (over, other) if is_legible(other.words.text) else (standing, read)
        image, text = standing.undone(even, 255), standing.undone(found.text, 0)
        words = choose_marks(read.words, load_context())
        folio = look_for_folio(words, image, text, settings.ocr_dpi, partial(_read_line, engines, Layout.LINE))
        if _lost_its_code(codes, words.text):
            printed = printed_numbers(words, image, settings.ocr_dpi, partial(_read_line, engines, Layout.CODE))
        notes += ("unread_ink",) if read.unread > TOO_MUCH_UNREAD else ()
    picture = _picture(page, standing, settings)
    return PageReading(
        number=page.number,
        codes=codes,
        blank=empty,
        ink=verdict.ink,
        rotation=standing.rotation,
        skew=standing.slant,
        dpi=page.dpi,
        words=fitted_words(words, picture.width, picture.height),
        access=picture,
        notes=notes,
        headings=find_headings(words),
        folio=folio,
        likeness="" if empty else likeness.picture_hash(_upright_thumbnail(page, standing)),
        printed_numbers=printed,
        seconds=time.perf_counter() - started,
    )


def _recognised(found: ink.Ink, even: Pixels, standing: Standing, engines: Engines, settings: ReadSettings) -> Recognised:
    image, text, depth = standing.undone(even, 255), standing.undone(found.text, 0), standing.undone(found.depth, 0)
    return recognise(image, text, depth, engines, settings.ocr_dpi)


def _read_line(engines: Engines, layout: Layout, line: Pixels, dpi: float) -> Words:
    try:
        return engines.pages.read(line, dpi, layout)
    except TimedOut:
        return Words(line.shape[1], line.shape[0])


def _lost_its_code(codes: tuple[Code, ...], text: str) -> bool:
    """Whether the page should carry the number of a dossier in a code, and none can be read."""
    if any(find_numbers(code.payload) for code in codes):
        return False
    return any(code.symbology is Symbology.UNREADABLE_QR for code in codes) or looks_like_receipt(text) or looks_like_sheet(text)


def _upright_thumbnail(page: SourcePage, standing: Standing) -> Pixels:
    """The upright page in grey, small: what is alike of two scans of one sheet."""
    scale = min(1.0, 256 / max(page.pixels.shape[:2]))
    small = np.asarray(cv2.resize(page.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return standing.undone(_grey(small), 255)


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
