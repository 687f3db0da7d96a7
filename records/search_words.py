"""What the search index holds of a page and what a typed query asks for; the same for every database.

A page is its words in two forms: exact (lower case, NFC, one tone style) and folded (ASCII). Beside the words stand the pairs of
neighbours (`khai_sinh`), which make phrases as cheap as words, and the keys of dossier and identity numbers, whatever punctuation
they were printed or typed with. No SQL here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from pipeline.text import find_numbers_in_ocr, fold, new_tone_style, nfc, number_key

MAX_QUERY = 1_000  # characters of a query that are looked at
MAX_TERMS = 16
MAX_WORD = 64  # characters of a word that are indexed
MAX_PAGE_WORDS = 15_000  # a dense A3 page has 2,000; PostgreSQL counts positions to 16,383
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_QUOTES = re.compile(r'["“”„«»]')
_NOT_PLAIN = re.compile(r"[^0-9a-z]")
_JOINT = re.compile(r"[-–—./:_@&'’·]{1,3}")  # what holds the parts of a code together
_NUMBER_PIECE = re.compile(r"[0-9A-Za-z.,/:_·–—-]+")
_NUMBER_PIECES = 8  # blanks that a dossier number may be typed with
_AGENCY_KEY = re.compile(r"[0-9]{3}[0-9A-Z]{4}[A-HJ-NP-Z][0-9]{2}|[A-HJ-NP-Z][0-9]{2}[0-9A-Z]{0,20}")
_IDENTITY = re.compile(r"(?<!\d)([0-9]{3})([ .]?)([0-9]{3})\2([0-9]{3})\2([0-9]{3})(?!\d)")


class Form(StrEnum):
    """How the words of a page are compared."""

    EXACT = "exact"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class Forms:
    """One word in both forms."""

    exact: str
    folded: str

    def of(self, form: Form) -> str:
        return self.exact if form is Form.EXACT else self.folded


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word of a text: `text[start:end]`."""

    forms: Forms
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Indexed:
    """What one form of a text gives to the index: words in order, and keys of the numbers among them."""

    words: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def pairs(self) -> Iterator[str]:
        return pairs(self.words)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked for: words that stand side by side, or a number by its key."""

    words: tuple[Forms, ...]
    key: str = ""
    is_prefix: bool = False  # the key may be the beginning of a longer one


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query, understood: every term has to be on the page or in the fields of its dossier."""

    terms: tuple[Term, ...]
    neighbours: tuple[tuple[Forms, Forms], ...]  # words typed side by side without quotes: together they weigh more

    @property
    def is_marked(self) -> bool:
        """Whether anything was typed with marks, so that the exact form says more than the folded one."""
        return any(word.exact != word.folded for term in self.terms for word in term.words)

    @property
    def has_long_phrase(self) -> bool:
        """Whether a phrase is longer than a pair, so that pairs alone do not prove it."""
        return any(len(term.words) > 2 and not term.key for term in self.terms)


@lru_cache(maxsize=1 << 16)
def _forms(word: str) -> Forms:
    exact = new_tone_style(word.lower())[:MAX_WORD]
    return Forms(exact, (_NOT_PLAIN.sub("", fold(exact)) or exact)[:MAX_WORD])


def placed_words(text: str) -> list[PlacedWord]:
    """The words of `text`, which is NFC, with their places."""
    return [PlacedWord(_forms(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]


def pairs(words: Iterable[str]) -> Iterator[str]:
    """Neighbours joined: `khai_sinh`. No word holds an underscore."""
    return map("_".join, pairwise(words))


def indexed(text: str) -> dict[Form, Indexed]:
    """Both forms of the text of a page or field, ready for the index."""
    text = nfc(text)
    words = [_forms(found) for found in _WORD.findall(text)[:MAX_PAGE_WORDS]]
    keys = [number_key(number.text).lower() for number in find_numbers_in_ocr(text)]
    keys += ["".join(found.group(1, 3, 4, 5)) for found in _IDENTITY.finditer(text) if found[2]]
    distinct = tuple(dict.fromkeys(keys))
    return {
        Form.EXACT: Indexed(tuple([word.exact for word in words]), distinct),
        Form.FOLDED: Indexed(tuple([word.folded for word in words]), distinct),
    }


def understand(typed: str) -> Wanted:
    """Make sense of what somebody typed: words, "phrases", dossier numbers in any punctuation, a 12-digit identity number.

    Anything can be typed; what holds no letter or digit asks for nothing.
    """
    parts = _QUOTES.split(nfc(typed[:MAX_QUERY]))
    terms: list[Term] = []
    neighbours: list[tuple[Forms, Forms]] = []
    for place, part in enumerate(parts):
        if place % 2 and place < len(parts) - 1:
            words = tuple(placed.forms for placed in placed_words(part))
            terms += [_numbered(part, words)] if words else []
        else:
            loose = list(_loose_terms(part.split()))
            terms += loose
            neighbours += [(left.words[-1], right.words[0]) for left, right in pairwise(loose) if not left.key and not right.key]
    return Wanted(tuple(dict.fromkeys(terms))[:MAX_TERMS], tuple(dict.fromkeys(neighbours))[:MAX_TERMS])


def _loose_terms(pieces: Sequence[str]) -> Iterator[Term]:
    """Terms of text outside quotes: numbers first, over blanks where needed; else words, those held together by . / - as a phrase."""
    place = 0
    while place < len(pieces):
        for end in range(min(place + _NUMBER_PIECES, len(pieces)), place, -1):
            written = " ".join(pieces[place:end])
            term = _numbered(written, tuple(word.forms for word in placed_words(written)))
            if term.key:
                yield term
                place = end
                break
        else:
            yield from _phrases(pieces[place])
            place += 1


def _phrases(piece: str) -> Iterator[Term]:
    phrase: list[Forms] = []
    end = 0
    for word in placed_words(piece):
        if phrase and not _JOINT.fullmatch(piece[end : word.start]):
            yield Term(tuple(phrase))
            phrase = []
        phrase.append(word.forms)
        end = word.end
    if phrase:
        yield Term(tuple(phrase))


def _numbered(written: str, words: tuple[Forms, ...]) -> Term:
    """The term for `written`, by its key where it is an identity number, a dossier number or the beginning of one."""
    if identity := _IDENTITY.fullmatch(written.strip()):
        return Term(words, "".join(identity.group(1, 3, 4, 5)))
    if all(_NUMBER_PIECE.fullmatch(piece) for piece in written.split()) and _begins_number(key := number_key(written)):
        return Term(words, key.lower(), is_prefix=True)
    return Term(words)


def _begins_number(key: str) -> bool:
    """Whether `key` is agency, a real day and at most six digits."""
    return any(
        _is_day(key[end : end + 6]) and _AGENCY_KEY.fullmatch(key[:end]) and (end + 6 == len(key) or key[end + 6 :].isdigit())
        for end in range(max(3, len(key) - 12), min(len(key) - 5, 24))
    )


def _is_day(ymd: str) -> bool:
    if not (ymd.isascii() and ymd.isdigit()):
        return False
    try:
        date(2000 + int(ymd[:2]), int(ymd[2:4]), int(ymd[4:]))
    except ValueError:
        return False
    return True
