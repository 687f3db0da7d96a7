"""Boxes, and the words and lines in them, moved, scaled and joined. Plain geometry; it reads nothing and decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Box, Line, Word, Words


def line_of(words: Sequence[Word]) -> Line:
    """Words, at least one, as a line with the box around them."""
    return Line(
        tuple(words),
        Box(
            min(word.box.left for word in words),
            min(word.box.top for word in words),
            max(word.box.right for word in words),
            max(word.box.bottom for word in words),
        ),
    )


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than a third of the smaller."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return width > 0 and height > 0 and 3 * width * height > min(one.width * one.height, other.width * other.height)


def moved(word: Word, right: int, down: int) -> Word:
    """The word so many pixels further."""
    box = word.box
    return replace(word, box=Box(box.left + right, box.top + down, box.right + right, box.bottom + down))


def scaled(box: Box, scale: float) -> Box:
    """The box in an image `scale` times as large."""
    return Box(round(box.left * scale), round(box.top * scale), round(box.right * scale), round(box.bottom * scale))


def fitted_words(words: Words, width: int, height: int) -> Words:
    """The same words in the pixels of a `width`×`height` image of the same page; no box becomes empty or leaves the image."""
    x, y = width / words.width, height / words.height

    def fitted(box: Box) -> Box:
        left, top = min(int(box.left * x), width - 1), min(int(box.top * y), height - 1)
        right, bottom = min(width, round(box.right * x)), min(height, round(box.bottom * y))
        return Box(left, top, max(left + 1, right), max(top + 1, bottom))

    def line(of: Line) -> Line:
        return Line(tuple(replace(word, box=fitted(word.box)) for word in of.words), fitted(of.box))

    return Words(width, height, tuple(line(one) for one in words.lines))
