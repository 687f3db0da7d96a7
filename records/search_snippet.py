"""The piece of a page that shows why it was found: original text with its marks, as safe HTML, identity numbers masked."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from pipeline.text import mask_identity, nfc
from records.search_words import Form, PlacedWord, Term, Wanted, placed_words

_WIDTH = 36  # words shown
_BEFORE = 6  # of them before the first hit
_LONGEST = 80  # characters shown of one word, and of what stands between two
_BLANKS = re.compile(r"\s+")


def snippet(text: str, wanted: Wanted) -> str:
    """Some words of the page `text` around the hits, each in `<mark>`; the page's beginning where nothing is found in it.

    `<`, `>` and `&` of the text are escaped: the result is HTML whose only tag is `<mark>`. Identity numbers are masked.
    """
    text = nfc(text)
    words = placed_words(text)
    hits = _hits(words, wanted)
    begin = max(0, _best_start(hits) - _BEFORE) if hits else 0
    end = min(len(words), begin + _WIDTH)
    shown = "".join(_shown(mask_identity(text), words, begin, end, hits)).strip()
    return f"{'… ' if begin else ''}{shown}{' …' if end < len(words) else ''}"


def _shown(masked: str, words: Sequence[PlacedWord], begin: int, end: int, hits: Collection[int]) -> Iterator[str]:
    """The words from `begin` to `end` with what stands between them; neighbours that are both hits share one mark."""
    gaps = {place: _gap(masked, words, place) for place in range(begin, end + 1)}
    if begin:
        gaps[begin] = ""
    if end < len(words):
        gaps[end] = ""
    joined = {place for place in range(begin + 1, end) if {place - 1, place} <= set(hits) and len(gaps[place]) <= 3}
    for place in range(begin, end):
        marked = place in hits
        yield html.escape(gaps[place], quote=False)
        yield "<mark>" if marked and place not in joined else ""
        yield html.escape(masked[words[place].start : words[place].end][:_LONGEST], quote=False)
        yield "</mark>" if marked and place + 1 not in joined else ""
    yield html.escape(gaps[end], quote=False)


def _gap(masked: str, words: Sequence[PlacedWord], place: int) -> str:
    """What stands before word `place`, blanks as one; after the last word for the place behind it."""
    begin = words[place - 1].end if place else 0
    end = words[place].start if place < len(words) else len(masked)
    return _BLANKS.sub(" ", masked[begin:end])[:_LONGEST]


def _best_start(hits: dict[int, set[int]]) -> int:
    """The hit from which on a snippet shows most of the terms; the first of equals."""
    places = sorted(hits)

    def shown(start: int) -> int:
        return len(set().union(*(hits[place] for place in places if start <= place < start + _WIDTH - _BEFORE)))

    return max(places[:100], key=lambda start: (shown(start), -start))


def _hits(words: Sequence[PlacedWord], wanted: Wanted) -> dict[int, set[int]]:
    """Places of words that are hits -> which terms; with marks where the page has the word so, else folded."""
    hits: dict[int, set[int]] = defaultdict(set)
    exact, folded = _places(words, wanted)
    for number, term in enumerate(wanted.terms):
        found = _phrase_hits(exact, term, Form.EXACT) or _phrase_hits(folded, term, Form.FOLDED)
        found |= _key_hits(words, term.key) if term.key else set()
        for place in found:
            hits[place].add(number)
    return hits


def _places(words: Sequence[PlacedWord], wanted: Wanted) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Where the wanted words stand, by their exact and by their folded form."""
    exact: dict[str, list[int]] = defaultdict(list)
    folded: dict[str, list[int]] = defaultdict(list)
    asked = {word.folded for term in wanted.terms for word in term.words}
    for place, word in enumerate(words):
        if word.forms.folded in asked:
            exact[word.forms.exact].append(place)
            folded[word.forms.folded].append(place)
    return exact, folded


def _phrase_hits(places: dict[str, list[int]], term: Term, form: Form) -> set[int]:
    starts = set(places.get(term.words[0].of(form), ()))
    for step, word in enumerate(term.words[1:], start=1):
        starts &= {place - step for place in places.get(word.of(form), ())}
    return {start + step for start in starts for step in range(len(term.words))}


def _key_hits(words: Sequence[PlacedWord], key: str) -> set[int]:
    """Words that make up the number `key`, however it was cut."""
    found: set[int] = set()
    for start in range(len(words)):
        joined, place = "", start
        while place < len(words) and len(joined) < len(key) and key.startswith(joined):
            joined += words[place].forms.folded
            place += 1
        if joined.startswith(key):
            found.update(range(start, place))
    return found
