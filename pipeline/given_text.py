"""Whether the text that a page of a PDF was made with may stand in place of a reading, and its clean form.

Such text is exact, unless its fonts do not say which letters they draw (old Vietnamese fonts, fonts without a mapping): then
hardly a word of it is Vietnamese. It has to lie where the ink is, all of it: text that nobody sees is no part of a page, and ink
that it passes over would go unread. In doubt the page is recognised as if it had brought nothing. The invisible layer of an
earlier reading never comes here: how good that reading was cannot be told from it (docs/decisions/0014).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from pipeline.boxes import line_of
from pipeline.model import Pixels, Word, Words
from pipeline.text import is_syllable

UNKNOWN = "\ufffd"  # a character without a meaning outside its font

_FEWEST = 12  # words by which a text can be judged
_LANGUAGE = 0.8  # share of words that can be Vietnamese; in print 0.83 and more, in a lost encoding or in English 0.3 and less
_MOST_FOREIGN = 0.01  # share of words with letters of other languages: more, and a part of the page is in an old Vietnamese font
_MOST_UNKNOWN = 0.01  # of the characters in words; a lone one is a bullet of a symbol font
_MOST_UNREAD = 0.1  # of the text ink
_LEAST_ON_INK = 0.95  # of the words
_SOLID = 0.95  # share of a word's box that is inked all over: a bar over text
_LEAST_LEVEL = 0.9  # of the longer words
_VIETNAMESE = dict.fromkeys(map(ord, "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"), "") | {ord("đ"): "d"}
_LETTERS = re.compile(r"[^\W\d_]+")


def trusted(words: Words, text: Pixels, unread: float) -> bool:
    """Whether `words` are what stands on the page.

    `text`: H×W, 0 is paper, the text ink of the page as it is displayed, at any size (see `ink`); `unread`: the share of it that no
    word covers (see `coverage`).
    """
    tokens = [token for word in words for token in _tokens(word.text)]
    if len(tokens) < _FEWEST or unread > _MOST_UNREAD or _unknown_share(words) > _MOST_UNKNOWN:
        return False
    if sum(map(is_syllable, tokens)) < _LANGUAGE * len(tokens) or sum(map(_foreign, tokens)) > _MOST_FOREIGN * len(tokens):
        return False
    return _level_share(words) >= _LEAST_LEVEL and _on_ink_share(words, text) >= _LEAST_ON_INK


def cleaned(words: Words) -> Words:
    """The words without characters that have no meaning, and without words that are nothing else."""
    lines = []
    for line in words.lines:
        kept = [replace(word, text=text) for word in line.words if (text := word.text.replace(UNKNOWN, ""))]
        if kept:
            lines.append(line_of(kept))
    return Words(words.width, words.height, tuple(lines))


def _tokens(text: str) -> Iterator[str]:
    """The runs of letters in a word; a word with digits is a number, a date or a code and no matter of language."""
    if not any(letter.isdigit() for letter in text):
        yield from _LETTERS.findall(text)


def _foreign(token: str) -> bool:
    """Whether a run of letters has one that Vietnamese does not write, as `µ`, `ß` and `ø` of TCVN3 and VNI text that is shown as Latin."""
    plain = unicodedata.normalize("NFD", token.lower()).translate(_VIETNAMESE)
    return not plain.isascii()


def _unknown_share(words: Words) -> float:
    letters = "".join(word.text for word in words if len(word.text) > 1)
    return letters.count(UNKNOWN) / max(1, len(letters))


def _level_share(words: Words) -> float:
    """Share of the words of four letters and more that are wider than high, 0 where there are none: text that stands upright."""
    longer = [word.box for word in words if len(word.text) >= 4]
    return sum(box.width > box.height for box in longer) / max(1, len(longer))


def _on_ink_share(words: Words, text: Pixels) -> float:
    """Share of the words of letters that have ink in their box, and not the solid ink of a bar laid over them."""
    x, y = text.shape[1] / words.width, text.shape[0] / words.height
    named = [word for word in words if any(letter.isalnum() for letter in word.text)]
    return sum(_on_ink(word, text, x, y) for word in named) / max(1, len(named))


def _on_ink(word: Word, text: Pixels, x: float, y: float) -> bool:
    box = word.box
    part = text[int(box.top * y) : int(box.bottom * y) + 1, int(box.left * x) : int(box.right * x) + 1]
    inked = float(np.count_nonzero(part)) / max(1, part.size)
    return 0 < inked < _SOLID
