"""What stands between two blanks, as the model of neighbours sees it: a syllable, a number, something else, the end of a sentence.

The counting of texts and the choosing on a page take words apart in this one way; if they did not, the counts would speak of other
things than the page. Marks, boxes and probabilities are not its business.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pipeline.text import nfc

BREAK, NUMBER, OTHER = 0, 1, 2  # end of a sentence; anything with a digit; any other thing that is no syllable we know
FIRST_SYLLABLE = 3
_OPEN_RIME = re.compile(r"(?<!q)(?:(o)([àáảãạèéẻẽẹ])|(u)([ỳýỷỹỵ]))(?!\w)")
_ENDS = frozenset(".;:!?…")


@dataclass(frozen=True, slots=True)
class Token:
    """What stands between two blanks, NFC; `lead + core + tail` is all of it."""

    lead: str  # punctuation before
    core: str  # from the first to the last letter or digit; empty when there is none
    tail: str  # punctuation behind

    @property
    def ends_sentence(self) -> bool:
        return not _ENDS.isdisjoint(self.tail if self.core else self.lead + self.tail)

    @property
    def kind(self) -> int | None:
        """`NUMBER` or `OTHER`; None where it may be a syllable: letters only, and no letter of a list as in `đ)`."""
        if any(sign.isdigit() for sign in self.core):
            return NUMBER
        if not self.core.isalpha() or (len(self.core) == 1 and self.tail.startswith(")")):
            return OTHER
        return None


def token_of(text: str) -> Token:
    """`text`, which holds no white space, taken apart."""
    text = nfc(text)
    signs = [place for place, sign in enumerate(text) if sign.isalnum()]
    if not signs:
        return Token(text, "", "")
    first, last = signs[0], signs[-1] + 1
    return Token(text[:first], text[first:last], text[last:])


def spelling(core: str) -> str:
    """The lower-case form of a word; the Icelandic ð that some keyboards and readers give for đ is đ."""
    return core.lower().replace("ð", "đ")


def old_tone_style(word: str) -> str:
    """Lower-case NFC with tones in open oa, oe, uy on the first vowel (`hoà` -> `hòa`); undoes `text.new_tone_style`."""
    return _OPEN_RIME.sub(_move_tone, word)


def _move_tone(found: re.Match[str]) -> str:
    second = unicodedata.normalize("NFD", found[2] or found[4])  # the vowel and its tone
    return nfc((found[1] or found[3]) + second[1]) + second[0]
