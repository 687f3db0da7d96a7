"""The words of a page: recognition, what it overlooked, what is no text, and the order in which a person reads."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from pipeline import coverage, given_text, ink, layout, leaders, noise
from pipeline.boxes import line_of, moved, overlap, scaled
from pipeline.errors import TimedOut
from pipeline.model import Line, Pixels, SourcePage, Words
from pipeline.ocr import Engines, Layout, OcrEngine
from pipeline.second_look import look_again

TOO_MUCH_UNREAD = 0.4  # of the text ink; seals, signatures and handwriting leave less on a page that was read
_GRAIN = 1.0  # pixels at 200 dpi; the standard deviation by which a grainy page is softened
_BELIEVED = 0.4  # confidence below which words are noise


def given_words(page: SourcePage, found: ink.Ink) -> Words | None:
    """The words that an office program put on the page, in reading order, where they are what stands on it; else None.

    Such a page lies as its text does: it is neither turned nor recognised.
    """
    if page.words is None or not given_text.trusted(page.words, found.text, coverage.unread_share(found.text, page.words)):
        return None
    return _in_order(given_text.cleaned(page.words), found.depth)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What recognition made of a page."""

    words: Words  # in reading order, in the pixels of the image that was read
    unread: float  # share of the text ink, 0..1, that no word covers


def recognise(image: Pixels, text: Pixels, depth: Pixels, engines: Engines, dpi: float) -> Recognised:
    """Read the prepared image of an upright page (H×W grey, `dpi`); `text` and `depth` are its reduced ink, see `ink.Ink`."""
    image = leaders.without_leaders(image, dpi)
    words = _covering(image, text, engines.pages, dpi)
    words = _with_strips(words, image, text, engines.pages, dpi)
    unread = coverage.unread_share(text, words)
    words = _looked_at_again(words, image, engines.unsure, dpi)
    return Recognised(_in_order(noise.without_noise(words), depth), unread)


def _in_order(words: Words, depth: Pixels) -> Words:
    scale = words.width / depth.shape[1]
    upright = tuple(scaled(rule, scale) for rule in ink.vertical_rules(depth))
    level = tuple(scaled(rule, scale) for rule in ink.horizontal_rules(depth))
    return layout.in_reading_order(words, upright, level)


def _looked_at_again(words: Words, image: Pixels, engine: OcrEngine | None, dpi: float) -> Words:
    if engine is None:
        return words
    try:
        return look_again(words, image, dpi, lambda line, at: engine.read(line, at, Layout.LINE))
    except TimedOut:
        return words  # what was read stands


def _covering(image: Pixels, text: Pixels, engine: OcrEngine, dpi: float) -> Words:
    """The words of a page; where its grain or its layout hides much of it from the engine, softened or taken apart in another way."""
    words = engine.read(image, dpi)
    unread = coverage.unread_share(text, words)
    for way, sigma in ((Layout.PAGE, _GRAIN), (Layout.BLOCK, 0.0), (Layout.SPARSE, 0.0)):
        if unread <= TOO_MUCH_UNREAD:
            break
        again = engine.read(_softened(image, sigma * dpi / 200), dpi, way)
        better = coverage.unread_share(text, again)
        if better < 0.7 * unread and (again.confidence or 0) > _BELIEVED:
            words, unread = again, better
    return words


def _softened(image: Pixels, sigma: float) -> Pixels:
    """Grain that was made strong together with pale print is taken for text all over the page, and no line is found."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8) if sigma else image


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
