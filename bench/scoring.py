"""How well a page was read: character error rates and word recall against a truth text.

Everything is compared as NFC with white space folded. "As read" counts order, "order-free" does not: each word of the truth is
held against the reading's words, wherever they stand. Handwriting in the truth of real scans stands between ⟪ and ⟫ and is left out.
Dotted leaders of forms are ruling, not text: `without_leaders` takes them from both sides before they are compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

_EMPTY = 0.2  # share of its words below which a page was not read at all


@dataclass(frozen=True, slots=True)
class Score:
    """One page, or the mean of several."""

    cer: float  # edits a character of the truth, order counts
    cer_order_free: float  # the same by words, order does not count
    recall: float  # share of the truth's words that were read exactly


def score(truth: str, reading: str) -> Score:
    """Score one page."""
    wanted, got = _words(truth), _words(reading)
    length = max(1, sum(map(len, wanted)))
    kept = sum((Counter(wanted) & Counter(got)).values())
    expected = _folded(truth)
    cer = Levenshtein.distance(expected, _folded(reading)) / max(1, len(expected))
    return Score(cer, _wrong_letters(wanted, got) / length, kept / max(1, len(wanted)))


def came_out_empty(truth: str, reading: str) -> bool:
    """Whether fewer than a fifth of the words of a page that has some were read."""
    return bool(_words(truth)) and score(truth, reading).recall < _EMPTY


def without_leaders(text: str) -> str:
    """The text less every run of two or more dots, ellipses and low lines."""
    return re.sub(r"[.…_]{2,}", " ", text)


def mean(scores: Sequence[Score]) -> Score:
    """The mean page of at least one."""
    count = len(scores)
    return Score(
        sum(one.cer for one in scores) / count,
        sum(one.cer_order_free for one in scores) / count,
        sum(one.recall for one in scores) / count,
    )


def _folded(text: str) -> str:
    composed = unicodedata.normalize("NFC", re.sub(r"⟪[^⟫]*⟫", " ", text))
    return " ".join(composed.replace("Ð", "Đ").split())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", _folded(text))


def _wrong_letters(wanted: list[str], got: list[str]) -> int:
    """Edits from the truth's words to the nearest words of the reading, each of which serves once."""
    unused = Counter(got)
    missed: list[str] = []
    for word in wanted:
        if unused[word] > 0:
            unused[word] -= 1
        else:
            missed.append(word)
    left = list(unused.elements())
    wrong = 0
    for word in missed:
        nearest = min(left, key=lambda other: Levenshtein.distance(word, other), default="")
        distance = Levenshtein.distance(word, nearest)
        if nearest and distance < len(word):
            left.remove(nearest)
            wrong += distance
        else:
            wrong += len(word)
    return wrong
