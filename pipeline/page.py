"""One page from top to bottom: codes, blank or not, upright, tone, recognition, reading order, the picture for people."""

from __future__ import annotations

import time
from dataclasses import replace

import cv2
import numpy as np

from pipeline import access, blank, coverage, ink, layout, skew, tone
from pipeline.codes import read_codes
from pipeline.model import AccessImage, Box, Line, PageReading, Pixels, ReadSettings, SourcePage, Word, Words
from pipeline.ocr import Layout, OcrEngine

LOW_DPI = 150.0  # below it letters have too few pixels to be told apart
_TOO_MUCH_UNREAD = 0.5  # of the text ink; seals, signatures and handwriting alone leave less on a page that was read
_SURE = 2.0  # confidence of the engine's orientation from which it is believed


def read_page(page: SourcePage, engine: OcrEngine, settings: ReadSettings) -> PageReading:
    """Read one page. A blank one is neither recognised nor turned, but has its picture.

    Raises `TimedOut` when recognition takes longer than `settings.page_seconds`.
    """
    started = time.perf_counter()
    notes = page.notes + (("low_dpi",) if page.dpi < LOW_DPI else ())
    codes = read_codes(page.pixels)
    found = ink.find_ink(page.pixels)
    verdict = blank.judge_blank(found.depth)
    if verdict.blank:
        picture = _picture(page, page.pixels, None, settings)
        words, rotation, angle = Words(picture.width, picture.height), 0, None
    else:
        rotation, angle = _upright(page, found, engine)
        upright = skew.quarter_turned(page.pixels, rotation)
        picture = _picture(page, upright, angle, settings)
        words, unread = _recognised(page, found, rotation, angle, engine, settings)
        words = _scaled(words, picture)
        notes += ("unread_ink",) if unread > _TOO_MUCH_UNREAD else ()
    return PageReading(
        number=page.number,
        codes=codes,
        blank=verdict.blank,
        ink=verdict.ink,
        rotation=rotation,
        skew=angle,
        dpi=page.dpi,
        words=words,
        access=picture,
        notes=notes,
        seconds=time.perf_counter() - started,
    )


def _upright(page: SourcePage, found: ink.Ink, engine: OcrEngine) -> tuple[int, float | None]:
    """Degrees clockwise to turn the page by, and the slant left after that turn."""
    slant = skew.find_slant(found.text)
    if slant is not None and skew.judge_stand(found.text, slant.angle).upright:
        return 0, _worth(slant)
    small, dpi = access.fitted(_grey(page.pixels), page.dpi, 150.0)
    stands = engine.orientation(small, dpi)
    if stands is None or stands.turn == 0 or stands.confidence < _SURE:
        return 0, _worth(slant)
    return stands.turn, _worth(skew.find_slant(skew.quarter_turned(found.text, stands.turn)))


def _worth(slant: skew.Slant | None) -> float | None:
    return None if slant is None or abs(slant.angle) < skew.NARROWEST else slant.angle


def _grey(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _picture(page: SourcePage, upright: Pixels, angle: float | None, settings: ReadSettings) -> AccessImage:
    if page.bitonal:
        image, dpi = access.fitted(_grey(upright), page.dpi, access.BITONAL_DPI)
        return access.encode_g4(skew.turned(image, angle or 0.0, 255), dpi)
    image, dpi = access.fitted(upright, page.dpi, settings.access_dpi)
    return access.encode_jpeg(skew.turned(image, angle or 0.0, 255), dpi, settings.jpeg_quality)


def _recognised(
    page: SourcePage, found: ink.Ink, rotation: int, angle: float | None, engine: OcrEngine, settings: ReadSettings
) -> tuple[Words, float]:
    """The words in reading order, in the pixels of the image that was read, and the share of text ink that none of them covers."""
    image = _for_reading(page, found.frame, rotation, angle, settings.ocr_dpi)
    text, depth = (skew.turned(skew.quarter_turned(part, rotation), angle or 0.0, 0) for part in (found.text, found.depth))
    words = engine.read(image, settings.ocr_dpi)
    unread = coverage.unread_share(text, words)
    for other in (Layout.BLOCK, Layout.SPARSE):
        if unread <= _TOO_MUCH_UNREAD:
            break
        again = engine.read(image, settings.ocr_dpi, other)
        if coverage.unread_share(text, again) < 0.7 * unread and (again.confidence or 0) > 0.5:
            words, unread = again, coverage.unread_share(text, again)
    scale = words.width / text.shape[1]
    rules = tuple(_times(rule, scale) for rule in ink.vertical_rules(depth))
    return layout.in_reading_order(words, rules), unread


def _for_reading(page: SourcePage, frame: Pixels, rotation: int, angle: float | None, dpi: int) -> Pixels:
    """The page as the engine gets it: grey, even, upright, `dpi`."""
    scale = dpi / page.dpi
    grey = _grey(page.pixels)
    height, width = (max(1, round(side * scale)) for side in grey.shape)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    sized = np.asarray(cv2.resize(grey, (width, height), interpolation=method), dtype=np.uint8)
    even = tone.even(sized, dpi, frame, bitonal=page.bitonal)
    return skew.turned(skew.quarter_turned(even, rotation), angle or 0.0, 255)


def _times(box: Box, scale: float) -> Box:
    return Box(round(box.left * scale), round(box.top * scale), round(box.right * scale), round(box.bottom * scale))


def _scaled(words: Words, picture: AccessImage) -> Words:
    """The same words in the pixels of the picture."""
    x, y = picture.width / words.width, picture.height / words.height

    def box(of: Box) -> Box:
        left, top = int(of.left * x), int(of.top * y)
        right, bottom = min(picture.width, round(of.right * x)), min(picture.height, round(of.bottom * y))
        return Box(left, top, max(left + 1, right), max(top + 1, bottom))

    def word(of: Word) -> Word:
        return replace(of, box=box(of.box))

    lines = tuple(Line(tuple(word(one) for one in line.words), box(line.box)) for line in words.lines)
    return Words(picture.width, picture.height, lines)
