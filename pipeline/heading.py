"""What of a page may be its title: the lines that stand out in its upper part, with their place and size.

Layout as in NĐ 30/2020/NĐ-CP annex I and in forms of circulars: the type of paper in capitals or bold, centred, below the national
motto. Which paper a title names is for `papers` to say.
"""

from __future__ import annotations

from statistics import median

from pipeline.model import Heading, Line, Words

_UPPER_PART = 0.62  # share of the height of the page; a title below a tall letterhead and a photograph
_MOST = 14
_LONGEST = 160  # letters; a title with its subject
_LARGER = 1.18  # times the usual line
_CENTRED = 0.07  # share of the width
_NARROW = 0.86  # of the text's width: a full line of the body is centred, too


def find_headings(words: Words) -> tuple[Heading, ...]:
    """The lines of an upright page that may be its title, from top to bottom; `words` in reading order, pixels of the page."""
    lines = [line for line in words.lines if sum(letter.isalpha() for letter in line.text) >= 3]
    if not lines:
        return ()
    usual = median(_letter_height(line) for line in lines)
    left, right = min(line.box.left for line in lines), max(line.box.right for line in lines)
    found = [_heading(line, words, usual, (left + right) / 2) for line in lines if line.box.top < _UPPER_PART * words.height]
    text_width = (right - left) / words.width
    telling = [one for one in found if len(one.text) <= _LONGEST and _stands_out(one, text_width)]
    return tuple(sorted(telling, key=lambda one: one.top)[:_MOST])


def is_upper(text: str) -> bool:
    """Whether the letters are capitals, but for one in five that was misread."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= 4 and sum(letter.isupper() for letter in letters) >= 0.8 * len(letters)


def _heading(line: Line, words: Words, usual: float, middle: float) -> Heading:
    return Heading(
        line.text,
        round(line.box.top / words.height, 3),
        round(_letter_height(line) / usual, 2),
        round(abs((line.box.left + line.box.right) / 2 - middle) / words.width, 3),
        round(line.box.width / words.width, 3),
    )


def _letter_height(line: Line) -> float:
    """Pixels; of a line of capitals that of the capitals, which is near that of letters with their ascenders."""
    return float(median(word.box.height for word in line.words))


def _stands_out(one: Heading, text_width: float) -> bool:
    centred = one.off_centre < _CENTRED and one.width < _NARROW * text_width
    return is_upper(one.text) or one.size >= _LARGER or centred
