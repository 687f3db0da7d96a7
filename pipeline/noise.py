"""Words that no one wrote: what recognition makes of dust, streaks, rules, bar codes and the strokes of a signature.

Only the reading itself is looked at: signs without a letter, strings that are mostly signs, rows of upright strokes. A word of
letters is kept however unsure it is, for a half-read name is still found by what was read of it. Which signs typists set apart as
words of their own, and how sure the engine is of real ones, was counted on generated pages of every kind of scanner.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from pipeline.boxes import line_of
from pipeline.model import Word, Words
from pipeline.text import is_syllable

_DASHES = frozenset("-–—+•*=&/%§…×")  # set apart as words of their own, mostly at the head of an item or between two words
_STOPS = frozenset(":;,.!?\"”“)(]['’‘")  # some typists leave a space before them
_STRAY = "_|`ˆ^~¬¡¿‹›«»<>{}\\„"  # at the edge of a word: leaders, rules and dust; no office paper sets them there
_SYLLABLE = re.compile(r"[a-zđà-ỹ]{2}", re.IGNORECASE)
_ENDS = ".,:;()-"
_PARTS = re.compile(r"[^\W\d_]+")
_ITEM = re.compile(r"[a-zđ][.)]", re.IGNORECASE)
_STROKES = frozenset("|lI1iíìïÌÍÏ!ÎĨ[]\\/(){}tf-_:;.,'`")  # what bars are read as
_SURE = 0.9  # confidence of most real dashes
_LIKELY = 0.5  # the same of those that stand where one belongs
_BETWEEN = 0.3  # the same of those that stand between two words
_NEAR = 0.8  # line heights between a sign and the word that it belongs to
_DOUBTED = 0.4  # confidence below which a line by itself has to hold a syllable or a number
_WIDE = 1.5  # line heights between two words that do not hang together
_LONG = 8  # letters: more than a syllable has
_BARS = 8  # strokes in a row that no word has
_UNSURE = 0.5  # confidence below which what is mostly signs is no word


def without_noise(words: Words) -> Words:
    """The same words without those that say nothing, and without stray signs at their edges; lines that are left empty go too.

    A word that loses signs keeps in `raw` what was read.
    """
    lines = (_kept(line.words, line.box.height) for line in words.lines)
    return Words(words.width, words.height, tuple(line_of(kept) for kept in lines if kept))


def _trimmed(word: Word) -> Word:
    text = word.text.strip(_STRAY)
    return word if text in ("", word.text) else replace(word, text=text, raw=word.raw or word.text)


def _kept(words: tuple[Word, ...], height: int) -> list[Word]:
    kept: list[Word] = []
    for at, word in enumerate(words):
        before, after = words[at - 1] if at else None, words[at + 1] if at + 1 < len(words) else None
        if _says_something(word) or _is_set(word, before, after, height):
            kept.append(_trimmed(word))
    return [word for run in _runs(kept, height) if _may_be_written(run) for word in run]


def _runs(words: list[Word], height: int) -> list[list[Word]]:
    """Words of a line, parted where the space between them is wider than a typist leaves."""
    runs: list[list[Word]] = []
    for word in words:
        if not runs or word.box.left - runs[-1][-1].box.right > _WIDE * height:
            runs.append([])
        runs[-1].append(word)
    return runs


def _says_something(word: Word) -> bool:
    written = sum(map(_is_written, word.text))
    if not written or _is_bars(word.text):
        return False
    return 2 * written >= len(word.text) or word.confidence >= _UNSURE or "/" in word.text or _SYLLABLE.search(word.text) is not None


def _may_be_written(words: list[Word]) -> bool:
    """Whether a line is more than what edges and seals leave: one word is sure, or half of it are syllables and numbers."""
    if any(word.confidence >= _DOUBTED for word in words):
        return True
    known = sum(len(word.text) for word in words if _is_known(word.text))
    return 2 * known > sum(len(word.text) for word in words)


def _is_known(text: str) -> bool:
    """A number, what has a syllable in it, or the letter of an item: `a)`."""
    parts = [part for part in _PARTS.findall(text) if len(part) > 1]
    return (
        any(is_syllable(part) or _is_glued(part) for part in parts)
        or text.strip(_ENDS).isdigit()
        or sum(map(str.isdigit, text)) > 1
        or _ITEM.fullmatch(text) is not None
    )


def _is_glued(part: str) -> bool:
    """Whether syllables may have been read as one: long, and marked as no garbage is."""
    return len(part) >= _LONG and 5 * sum(not letter.isascii() for letter in part) >= len(part)


def _is_written(sign: str) -> bool:
    """A letter or a digit; the circumflex that stands alone is neither, though Unicode has it among the letters."""
    return sign.isalnum() and unicodedata.category(sign) != "Lm"


def _is_bars(text: str) -> bool:
    return len(text) >= _BARS and not text.isdigit() and sum(sign in _STROKES for sign in text) >= 0.9 * len(text)


def _is_set(word: Word, before: Word | None, after: Word | None, height: int) -> bool:
    """Whether a sign stands where a typist sets it."""
    if _only(word.text, _DASHES):
        leads = after is not None and _is_near(word, after, height)
        follows = before is not None and _is_near(before, word, height)
        return word.confidence >= (_BETWEEN if leads and follows else _LIKELY if leads else _SURE)
    if _only(word.text, _STOPS):
        return before is not None and _is_near(before, word, height) and word.confidence >= _SURE
    return False


def _only(text: str, signs: frozenset[str]) -> bool:
    return all(sign in signs for sign in text)


def _is_near(one: Word, other: Word, height: int) -> bool:
    return other.box.left - one.box.right <= _NEAR * height
