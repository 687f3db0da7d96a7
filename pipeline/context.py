"""Choosing marks by context: `PHÓ` beside `THÀNH` becomes `PHỐ` where marks were misread, and nothing else is ever changed.

For each word that may be a Vietnamese syllable, the readings with the same letters below their marks are weighed: how likely each is
between its neighbours, how easily it is taken for what was read, how sure the engine was. A reading is replaced only where another
is far more likely. Numbers, codes, words that are no syllables, letters, case, punctuation and boxes stay as they are, as does the
page's style of writing tones (hòa, hoà). It looks at no image and knows no page but the one it is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from pipeline.context_marks import confusion
from pipeline.context_path import margins, row_of
from pipeline.context_table import Table, load_table
from pipeline.context_tokens import BREAK, FIRST_SYLLABLE, OTHER, Token, old_tone_style, spelling, token_of
from pipeline.model import Word, Words
from pipeline.text import fold, new_tone_style

TABLE = Path(__file__).with_name("context.npz")
_WEIGHT = 0.7  # of the neighbours beside what the engine saw
_MARGIN = 1.0  # log odds by which a reading has to be better than what was read
_NAME_MARGIN = 5.0  # the same for words like Thuý, which may be names
_MOST = 12  # readings of a word that are weighed
_NEAR = 2  # words on either side; where none of them has a mark, the text is meant to have none: English, an address, a passport
_STRANGE = 9.0  # log odds against any one word among all that are not in the table
_CONFIDENCE = (0.85, 0.9, 0.95, 0.97)  # of the engine, and the log odds that it has mistaken marks; measured as in context_marks
_MISTAKEN = (-1.1, -1.6, -2.6, -4.5)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about syllables and their neighbours."""

    table: Table
    by_letters: dict[str, tuple[int, ...]]  # letters without marks -> numbers of syllables
    numbers: dict[str, int]  # syllable -> its number


@dataclass(frozen=True, slots=True)
class _Place:
    """A word as it stands in the row of neighbours, or the end of a sentence."""

    candidates: tuple[tuple[int, float], ...]  # number and odds; what was read comes first
    at: int = -1  # of the word in reading order
    token: Token | None = None  # of a word that has a choice


@lru_cache(maxsize=1)
def load_context() -> Context:
    """The table that ships with the package; read once in a process."""
    return context_of(load_table(TABLE))


def context_of(table: Table) -> Context:
    """A table made ready for looking up."""
    numbers = {syllable: number for number, syllable in enumerate(table.syllables, FIRST_SYLLABLE)}
    return Context(table, table.by_letters(), numbers)


def choose_marks(words: Words, context: Context) -> Words:
    """The words with other marks where these are far more likely; `Word.raw` keeps what was read there. All else is the same."""
    chosen = _choices(words, context)
    if not chosen:
        return words
    flat = iter(range(sum(len(line.words) for line in words.lines)))
    lines = tuple(replace(line, words=tuple(_with(word, chosen.get(next(flat))) for word in line.words)) for line in words.lines)
    return replace(words, lines=lines)


def _with(word: Word, text: str | None) -> Word:
    return word if text is None else replace(word, text=text, raw=word.raw or word.text)


def _choices(words: Words, context: Context) -> dict[int, str]:
    """Place of a word in reading order -> its new text."""
    places = list(_places(words, context))
    if not any(place.token for place in places):
        return {}
    better = margins(row_of([place.candidates for place in places]), context.table, _WEIGHT)
    best = better.argmax(axis=1)
    new_style = _writes_new_style(words)
    chosen: dict[int, str] = {}
    for place, choice, margin in zip(places, best.tolist(), better.max(axis=1).tolist(), strict=True):
        if place.token and choice and margin >= _needed(place.token.core):
            syllable = context.table.syllables[place.candidates[choice][0] - FIRST_SYLLABLE]
            core = _in_case_of(place.token.core, syllable if new_style else old_tone_style(syllable))
            chosen[place.at] = place.token.lead + core + place.token.tail
    return chosen


def _needed(core: str) -> float:
    return _NAME_MARGIN if core[:1].isupper() and not core.isupper() else _MARGIN


def _places(words: Words, context: Context) -> Iterator[_Place]:
    """Lines run on: the end of a printed line is no end of a sentence."""
    known: dict[str, tuple[tuple[int, float], ...]] = {}
    plain = [word.text.isascii() for word in words]
    for at, word in enumerate(words):
        token = token_of(word.text)
        if token.core:
            read = new_tone_style(spelling(token.core))
            foreign = plain[at] and all(plain[max(0, at - _NEAR) : at + _NEAR + 1])
            if foreign or token.kind is not None or len(read) != len(token.core):
                yield _Place(((OTHER if token.kind is None else token.kind, 0.0),))
            else:
                if read not in known:
                    known[read] = _readings(read, context)
                readings = known[read]
                mistaken = float(np.interp(word.confidence, _CONFIDENCE, _MISTAKEN))
                candidates = (readings[0], *((number, odds + mistaken) for number, odds in readings[1:]))
                yield _Place(candidates, at, token if len(candidates) > 1 else None)
        if token.ends_sentence:
            yield _Place(((BREAK, 0.0),))


def _readings(read: str, context: Context) -> tuple[tuple[int, float], ...]:
    """What was read, and what may be meant by it, less the engine's confidence. A bare Latin letter means itself."""
    itself = context.numbers.get(read, OTHER)
    first = (itself, 0.0 if itself != OTHER else -_STRANGE)
    letters = fold(read)
    if len(letters) != len(read) or (read == letters and len(read) == 1):
        return (first,)
    others = (number for number in context.by_letters.get(letters, ()) if number != itself)
    table = context.table
    found = [(number, confusion(read, table.syllables[number - FIRST_SYLLABLE])) for number in others]
    found.sort(key=lambda reading: (table.single[reading[0]] / 40 - reading[1], reading[0]))
    return (first, *found[: _MOST - 1])


def _writes_new_style(words: Words) -> bool:
    """Whether the page writes hoà, thuý rather than hòa, thúy; the latter where nothing tells."""
    cores = [spelling(token_of(word.text).core) for word in words]
    new = sum(old_tone_style(core) != core for core in cores)
    old = sum(new_tone_style(core) != core for core in cores)
    return new > old


def _in_case_of(core: str, syllable: str) -> str:
    """The syllable with capitals where `core`, as long, has them."""
    return "".join(new.upper() if old.isupper() else new for old, new in zip(core, syllable, strict=True))
