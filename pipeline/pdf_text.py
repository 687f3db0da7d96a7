"""The invisible text of a page: every word lies over its picture, so that what is found or selected is where it is seen.

Words of a line share one font size and one baseline, because viewers and extractors join what stands alike; each word is
stretched to its width, and a space that fills the gap follows it, so that copied text has its spaces. Nothing is painted.
"""

from __future__ import annotations

from itertools import zip_longest
from statistics import median

from pipeline.model import Box, Line, Words
from pipeline.pdf_font import ADVANCE, UNITS, TextFont

_SLANTED = 1.7  # a line this many times as high as its words is slanted or bent: each word then keeps its own band
_APART = 0.2  # of the font size: words closer than 0.15 are joined by Poppler, a space between them or not


def text_layer(words: Words, width: float, height: float, font: TextFont) -> bytes:
    """Content stream operators that lay `words` over a page of `width`×`height` points; empty when there are none."""
    scale_x, scale_y = width / words.width, height / words.height
    lines = [line for line in words.lines if any(word.text for word in line.words)]
    shown = [
        _line(line, scale_x, scale_y, height, font, beside=following is not None and _beside(line.box, following.box))
        for line, following in zip_longest(lines, lines[1:])
    ]
    return "\n".join(["BT", "3 Tr", *shown, "ET"]).encode("ascii") if shown else b""


def _beside(line: Box, following: Box) -> bool:
    """Whether the next line shares the height of this one, so that a viewer takes the two for one."""
    return following.top < line.bottom and line.top < following.bottom


def _line(line: Line, scale_x: float, scale_y: float, height: float, font: TextFont, *, beside: bool) -> str:
    shown = [word for word in line.words if word.text]
    letters = median(word.box.height for word in shown)
    straight = line.box.height <= _SLANTED * letters
    size = max(1, line.box.height if straight else letters) * scale_y
    operators = [f"/F {size:.3f} Tf"]
    for word, following in zip(shown, (*shown[1:], None), strict=True):
        left, bottom = word.box.left * scale_x, (line.box.bottom if straight else word.box.bottom) * scale_y
        operators.append(f"1 0 0 1 {left:.3f} {height - bottom:.3f} Tm")
        if following is None:
            operators.append(_stretched(font.codes(word.text), word.box.width * scale_x, size))
            operators += [_stretched(font.codes(" "), size / 4, size)] if beside else []
        else:
            advance = (following.box.left - word.box.left) * scale_x
            width = _kept_apart(word.box.width * scale_x, advance, size)
            operators.append(_stretched(font.codes(word.text), width, size))
            operators.append(_stretched(font.codes(" "), max(min(advance - width, size), 0.1), size))  # not over the gap between columns
    return "\n".join(operators)


def _kept_apart(width: float, advance: float, size: float) -> float:
    """The width of a word whose follower begins `advance` after it, shortened where the two would be joined.

    By half at most, unless the box reaches further than that over its follower, as some that Tesseract gives do.
    """
    return max(min(width, advance - _APART * size), min(width, max(advance, 0.0)) / 2, 0.1)


def _stretched(codes: list[int], width: float, size: float) -> str:
    """Show `codes` exactly `width` points wide, a trace at least: Tz is the percentage of their natural width."""
    natural = len(codes) * size * ADVANCE / UNITS
    return f"{max(0.1, 100 * width / natural):.3f} Tz <{''.join(f'{code:04X}' for code in codes)}> Tj"
