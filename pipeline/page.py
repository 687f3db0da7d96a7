"""One page from top to bottom: codes, blank or not, upright, tone, recognition, reading order, the picture for people."""

from __future__ import annotations

import time
from dataclasses import replace

import cv2
import numpy as np

from pipeline import access, blank, coverage, ink, layout, skew, tone
from pipeline.boxes import fitted_words, line_of, moved, overlap, scaled
from pipeline.codes import read_codes
from pipeline.model import AccessImage, Line, PageReading, Pixels, ReadSettings, SourcePage, Words
from pipeline.ocr import Layout, OcrEngine

LOW_DPI = 148.0  # 150, less what rounding of the paper size takes: below it letters have too few pixels to be told apart
_FEWEST_LETTERS = 8.0  # well read in a strip, below which a page is not turned
_CLEARLY = 1.5  # times more of them than as the page lies
_RESIDUAL = 0.15  # degrees a levelled page may still seem to lean
_TOO_MUCH_UNREAD = 0.4  # of the text ink; seals, signatures and handwriting leave less on a page that was read
_BELIEVED = 0.4  # confidence below which words are noise


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
        even = _even(page, found.frame, settings.ocr_dpi)
        rotation, angle = _upright(found, even, engine, settings.ocr_dpi)
        picture = _picture(page, skew.quarter_turned(page.pixels, rotation), angle, settings)
        words, unread = _recognised(even, found, rotation, angle, engine, settings.ocr_dpi)
        words = fitted_words(words, picture.width, picture.height)
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


def _even(page: SourcePage, frame: Pixels, dpi: int) -> Pixels:
    """The page as it lay on the glass, grey, even, at `dpi`."""
    grey = _grey(page.pixels)
    scale = dpi / page.dpi
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    sized = np.asarray(cv2.resize(grey, size, interpolation=method), dtype=np.uint8)
    return tone.even(sized, dpi, frame, bitonal=page.bitonal)


def _upright(found: ink.Ink, even: Pixels, engine: OcrEngine, dpi: float) -> tuple[int, float | None]:
    """Degrees clockwise to turn the page by, and the slant left after that turn. In doubt a strip is read each way."""
    rotation, level = 0, skew.find_slant(found.text)
    turns = skew.possible_turns(found.text, level)
    if len(turns) > 1:
        legible = {turn: _legible(found.text, even, turn, engine, dpi) for turn in turns}
        best = max(turns, key=lambda turn: legible[turn])
        sure = legible[best] >= max(_FEWEST_LETTERS, _CLEARLY * legible.get(0, 0.0))
        rotation = best if sure else 0
    text, depth = skew.quarter_turned(found.text, rotation), skew.quarter_turned(found.depth, rotation)
    slant = (level if rotation == 0 else skew.find_slant(text)) or skew.find_slant(depth, skew.CLEAR_OF_ALL_INK)
    return rotation, _harmless(text, slant)


def _legible(text: Pixels, even: Pixels, turn: int, engine: OcrEngine, dpi: float) -> float:
    """How many letters can be read, weighted by confidence, in the most inked strip of the page when it is turned clockwise."""
    level = skew.quarter_turned(text, turn)
    slant = skew.find_slant(level)
    angle = slant.angle if slant else 0.0
    band = skew.densest_band(skew.turned(level, angle, 0))
    strip = skew.cut(skew.turned(skew.quarter_turned(even, turn), angle, 255), band)
    return sum(word.confidence * len(word.text) for word in engine.read(strip, dpi, Layout.BLOCK) if word.confidence > _BELIEVED)


def _harmless(text: Pixels, slant: skew.Slant | None) -> float | None:
    """The slant to undo, in degrees; None where there is none to speak of, or where undoing it would not leave the page level."""
    if slant is None or abs(slant.angle) < skew.NARROWEST:
        return None
    left = skew.find_slant(skew.turned(text, slant.angle, 0))
    harmed = left is not None and abs(left.angle) > max(_RESIDUAL, abs(slant.angle) / 2)
    return None if harmed else slant.angle


def _grey(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _picture(page: SourcePage, upright: Pixels, angle: float | None, settings: ReadSettings) -> AccessImage:
    if page.bitonal:
        image, dpi = access.fitted(_grey(upright), page.dpi, access.BITONAL_DPI)
        return access.encode_g4(skew.turned(image, angle or 0.0, 255), dpi)
    image, dpi = access.fitted(upright, page.dpi, settings.access_dpi)
    return access.encode_jpeg(skew.turned(image, angle or 0.0, 255), dpi, settings.jpeg_quality)


def _recognised(even: Pixels, found: ink.Ink, rotation: int, angle: float | None, engine: OcrEngine, dpi: float) -> tuple[Words, float]:
    """The words in reading order, in the pixels of the image that was read, and the share of text ink that none of them covers."""
    image = skew.turned(skew.quarter_turned(even, rotation), angle or 0.0, 255)
    text, depth = (skew.turned(skew.quarter_turned(part, rotation), angle or 0.0, 0) for part in (found.text, found.depth))
    words = engine.read(image, dpi)
    unread = coverage.unread_share(text, words)
    for other in (Layout.BLOCK, Layout.SPARSE):
        if unread <= _TOO_MUCH_UNREAD:
            break
        again = engine.read(image, dpi, other)
        better = coverage.unread_share(text, again)
        if better < 0.7 * unread and (again.confidence or 0) > _BELIEVED:
            words, unread = again, better
    words = _with_strips(words, image, text, engine, dpi)
    scale = words.width / text.shape[1]
    rules = tuple(scaled(rule, scale) for rule in ink.vertical_rules(depth))
    return layout.in_reading_order(words, rules), coverage.unread_share(text, words)


def _with_strips(words: Words, image: Pixels, text: Pixels, engine: OcrEngine, dpi: float) -> Words:
    """The words, and those found where lines of text were overlooked: by itself a line is no longer taken for a picture."""
    added: list[Line] = []
    scale = image.shape[1] / text.shape[1]
    margin = round(dpi / 12)
    for strip in coverage.unread_strips(text, words):
        place = scaled(strip, scale)
        left, top = max(0, place.left - margin), max(0, place.top - margin)
        part = np.ascontiguousarray(image[top : place.bottom + margin, left : place.right + margin])
        for line in engine.read(part, dpi, Layout.BLOCK).lines:
            kept = tuple(moved(word, left, top) for word in line.words if word.confidence > _BELIEVED)
            new = tuple(word for word in kept if not any(overlap(word.box, other.box) for other in words))
            if any(letter.isalnum() for word in new for letter in word.text):
                added.append(line_of(new))
    return replace(words, lines=words.lines + tuple(added))
