"""A second look, by another model, at what the first reading is least sure of: stretches of a line, enlarged, one line at a time.

The engine that reads whole pages sees a line at the size that its page analysis gives it; the same line cut out with room for the
marks above it, larger, and read by a model with other faults is often read right. Which of two readings stands is decided word by word
from what both engines and the spelling of Vietnamese say; in doubt the first one stays. Digits are never altered, for they have no
check digit, nor is a syllable given other marks, for the context tells better. It adds no words and removes none but by joining and
parting, and finds no overlooked text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

import cv2
import numpy as np

from pipeline.boxes import fitted_words, line_of, moved
from pipeline.model import Box, Line, Pixels, Word, Words
from pipeline.text import find_numbers_in_ocr, fold, is_syllable

LineReader = Callable[[Pixels, float], Words]
"""Reads one line, H×W uint8 at so many dpi: an engine with `Layout.LINE`."""

MOST = 200  # line heights of text that are read again on a page; a full line of 13 pt has about 45, more mends next to nothing
_LARGER = 1.4  # times, for the second look
_ABOVE, _BELOW, _BESIDE = 0.4, 0.25, 0.4  # line heights of paper around a stretch: capitals wear two marks
_OWN = 0.15  # line heights around the words within which all ink is theirs
_TALL = 1.6  # line heights from which a neighbour's box is a seal or a picture, not text
_WORTH = 0.3  # risk from which a word is looked at again
_FEW = 0.01  # share of words at risk up to which a page is read well
_NEIGHBOURS = 1  # words to either side that are read with it
_SURER = 0.05  # by which a reading with another letter, or with other signs around digits, has to be surer
_NEVER = 2.0  # more than confidences differ
_SPELT = 0.1  # of confidence, what being a syllable is worth
_BELIEVED = 0.5  # confidence below which the second reading is noise
_RISKS = ((0.5, 0.7), (0.8, 0.5), (0.9, 0.35), (0.93, 0.25), (0.95, 0.12), (0.965, 0.03))  # confidence below, share of wrong words
_STRANGE = 0.4  # the same of words that are no syllables, which abbreviations and names are too: hence only where the engine doubts
_DOUBTED = 0.95
_SIGN = 0.05  # the same of signs, which matter less

_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words of one line that follow each other."""

    line: int
    words: tuple[Word, ...]
    worth: float  # wrong words that are expected in it

    @property
    def box(self) -> Box:
        return line_of(self.words).box

    @property
    def height(self) -> float:
        """Pixels of the line, without what a seal adds."""
        return median(word.box.height for word in self.words)

    @property
    def length(self) -> float:
        """In line heights: what reading it costs."""
        return self.box.width / self.height + 2


def look_again(words: Words, image: Pixels, dpi: float, read_line: LineReader, most: float = MOST) -> Words:
    """The words with those replaced that `read_line` reads better; `Word.raw` keeps what was read first. All else is the same.

    `image`: H×W uint8 at `dpi`, upright, in the pixels of `words`. `read_line`: of another model than the one that read them; what it
    raises goes through. `most`: line heights of text to read, the riskiest first.
    """
    found: dict[int, list[Word]] = {}
    for stretch in _chosen(words, most):
        found.setdefault(stretch.line, []).extend(_read(stretch, words, image, dpi, read_line))
    if not found:
        return words
    lines = tuple(_better(line, found[at]) if at in found else line for at, line in enumerate(words.lines))
    return replace(words, lines=lines)


# --- where to look -----------------------------------------------------------------------------------------------------------


def _chosen(words: Words, most: float) -> list[_Stretch]:
    """The stretches with the most expected gain for their length that together are no longer than `most`; none on a page read well."""
    risky = [_risk(word) >= _WORTH for word in words]
    if sum(risky) <= _FEW * len(risky):
        return []
    stretches = [stretch for at, line in enumerate(words.lines) for stretch in _stretches(at, line)]
    chosen: list[_Stretch] = []
    for stretch in sorted(stretches, key=lambda one: one.worth / one.length, reverse=True):
        most -= stretch.length
        if most < 0:
            break
        chosen.append(stretch)
    return chosen


def _stretches(at: int, line: Line) -> Iterator[_Stretch]:
    """Words at risk with their neighbours; where these meet they are one stretch."""
    risky = [place for place, word in enumerate(line.words) if _risk(word) >= _WORTH]
    wanted = {near for place in risky for near in range(place - _NEIGHBOURS, place + _NEIGHBOURS + 1)}
    for inside, places in groupby(range(len(line.words)), key=wanted.__contains__):
        if inside:
            part = tuple(line.words[place] for place in places)
            yield _Stretch(at, part, sum(map(_risk, part)))


def _risk(word: Word) -> float:
    """How likely the word is wrong, counted on generated pages of every kind of scanner."""
    if not _says_something(word.text):
        return _SIGN if word.confidence < 0.9 else 0.0
    risk = next((share for below, share in _RISKS if word.confidence < below), 0.01)
    strange = word.confidence < _DOUBTED and not _DIGIT.search(word.text) and not _is_spelt(word.text)
    return max(risk, _STRANGE) if strange else risk


def _is_spelt(text: str) -> bool:
    """Whether it is made of Vietnamese syllables, signs around and between them aside."""
    parts = _LETTERS.findall(text)
    return bool(parts) and not _DIGIT.search(text) and all(map(is_syllable, parts))


# --- looking -----------------------------------------------------------------------------------------------------------------


def _read(stretch: _Stretch, words: Words, image: Pixels, dpi: float, read_line: LineReader) -> list[Word]:
    """What is read in the stretch alone, in the pixels of the page."""
    frame = _frame(stretch, image)
    part = _without_neighbours(image[frame.top : frame.bottom, frame.left : frame.right], frame, stretch, words)
    large = np.asarray(cv2.resize(part, None, fx=_LARGER, fy=_LARGER, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    again = read_line(np.ascontiguousarray(large), dpi * _LARGER)
    return [moved(word, frame.left, frame.top) for word in fitted_words(again, frame.width, frame.height)]


def _frame(stretch: _Stretch, image: Pixels) -> Box:
    box, height = stretch.box, stretch.height
    return Box(
        max(0, box.left - round(_BESIDE * height)),
        max(0, box.top - round(_ABOVE * height)),
        min(image.shape[1], box.right + round(_BESIDE * height)),
        min(image.shape[0], box.bottom + round(_BELOW * height)),
    )


def _without_neighbours(part: Pixels, frame: Box, stretch: _Stretch, words: Words) -> Pixels:
    """The cut-out with white paper where other words stand; what is close to the stretch stays."""
    clean = part.copy()
    own, reach = stretch.box, round(_OWN * stretch.height)
    mine = set(map(id, stretch.words))
    for word in words:
        box = word.box
        meets = box.top < frame.bottom and box.bottom > frame.top and box.left < frame.right and box.right > frame.left
        if not meets or id(word) in mine or box.height > _TALL * stretch.height:
            continue
        left, right = max(0, box.left - frame.left), box.right - frame.left
        if box.left >= own.right or box.right <= own.left:
            clean[max(0, box.top - frame.top) : box.bottom - frame.top, left:right] = 255
        else:
            clean[: max(0, min(box.bottom, own.top - reach) - frame.top), left:right] = 255
            clean[max(box.top, own.bottom + reach) - frame.top :, left:right] = 255
    return clean


# --- choosing ----------------------------------------------------------------------------------------------------------------


def _better(line: Line, again: Sequence[Word]) -> Line:
    """The line with the better reading at every place."""
    chosen = [word for first, second in _places(line.words, again) for word in _choice(first, second)]
    if chosen == list(line.words):
        return line
    better = line_of(sorted(chosen, key=_start))
    return better if find_numbers_in_ocr(better.text) == find_numbers_in_ocr(line.text) else line


def _places(first: Sequence[Word], second: Sequence[Word]) -> Iterator[tuple[list[Word], list[Word]]]:
    """Words of both readings that stand at the same place, from left to right; none of the second where it has nothing there."""
    left = list(first)
    while left:
        ours, theirs = [left.pop(0)], list[Word]()
        grown = True
        while grown:
            new_theirs = [word for word in second if word not in theirs and any(_meet(word.box, one.box) for one in ours)]
            new_ours = [word for word in left if any(_meet(word.box, one.box) for one in new_theirs)]
            theirs += new_theirs
            ours += new_ours
            left = [word for word in left if word not in new_ours]
            grown = bool(new_ours)
        yield sorted(ours, key=_start), sorted(theirs, key=_start)


def _start(word: Word) -> int:
    return word.box.left


def _meet(one: Box, other: Box) -> bool:
    """Whether two words of one line share more than a third of the narrower."""
    return 3 * (min(one.right, other.right) - max(one.left, other.left)) > min(one.width, other.width)


def _choice(first: list[Word], second: list[Word]) -> list[Word]:
    """The words that shall stand at a place."""
    before, after = _joined(first), _joined(second)
    if before == after or not _says_something(before) or not _says_something(after) or _confidence(second) < _BELIEVED:
        return first
    if _DIGIT.search(before) or _DIGIT.search(after):
        same = len(first) == len(second) and _DIGIT.findall(before) == _DIGIT.findall(after)
        better = same and _confidence(second) >= _confidence(first) + _SURER
    elif len(first) != len(second):
        better = all(_is_spelt(word.text) for word in second) and not all(is_syllable(word.text) for word in first)
    else:
        same_shape = len(_LETTERS.findall(before)) == len(_LETTERS.findall(after))
        gain = _confidence(second) - _confidence(first)
        better = same_shape and gain >= _needed(before, after)
    return _replaced(first, second) if better else first


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, text))


def _needed(before: str, after: str) -> float:
    """By how much the confidence in `after` has to exceed that in `before`."""
    spelt = _is_spelt(after) - _is_spelt(before)
    if spelt:
        return -_SPELT if spelt > 0 else _NEVER
    if _is_spelt(after) and fold(before) == fold(after):
        return _NEVER  # which marks is for the context to say
    return _SURER


def _replaced(first: list[Word], second: list[Word]) -> list[Word]:
    """The second reading, which remembers the first; word for word where they are as many, else as a whole."""
    if len(first) == len(second):
        pairs = zip(first, second, strict=True)
        return [one if one.text == other.text else replace(other, box=one.box, raw=one.raw or one.text) for one, other in pairs]
    return [replace(word, raw=_joined(first)) for word in second]


def _joined(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _confidence(words: Sequence[Word]) -> float:
    """Mean by letters."""
    return sum(word.confidence * len(word.text) for word in words) / sum(len(word.text) for word in words)
