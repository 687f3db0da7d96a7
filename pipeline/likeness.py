"""How alike two pages are, as pictures and as texts: the same paper scanned twice is told from another copy of the same form.

Pictures: perceptual hash of low frequencies (C. Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010,
section 3.1). Texts: Dice coefficient (L. R. Dice, 1945) of their folded words, numbers apart, because the numbers are what two filled
forms differ in.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.model import Pixels
from pipeline.text import fold

_SIDE = 32  # pixels the picture is reduced to
_KEPT = 8  # lowest frequencies in each direction
_SAME_WORDS = 0.8
_SAME_NUMBERS = 0.7
_ENOUGH_WORDS = 12  # with fewer, the picture has to say it
_SAME_PICTURE = 6  # bits of 64
_ALIKE_PICTURE = 14


def picture_hash(grey: Pixels) -> str:
    """64 bits of an H×W uint8 upright page as 16 hexadecimal digits."""
    small = cv2.resize(cv2.GaussianBlur(grey, (0, 0), 3), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:_KEPT, :_KEPT].ravel()
    bits = low > np.median(low[1:])
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def distance(one: str, other: str) -> int:
    """Bits, 0..64, in which two hashes differ; 64 where there is none."""
    return (int(one, 16) ^ int(other, 16)).bit_count() if one and other else 64


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two pages are: 0 nothing in common, 1 the same."""

    words: float
    numbers: float
    picture: int  # bits that differ
    enough: bool  # text on both pages to go by

    @property
    def same(self) -> bool:
        """The same sheet of paper, scanned again."""
        if self.enough:
            return self.words >= _SAME_WORDS and self.numbers >= _SAME_NUMBERS and self.picture <= _ALIKE_PICTURE
        return self.picture <= _SAME_PICTURE

    @property
    def kin(self) -> bool:
        """The same page of the same form, whether or not filled in by the same person."""
        return self.words >= 0.5 if self.enough else self.picture <= _ALIKE_PICTURE


def compare(text: str, picture: str, other_text: str, other_picture: str) -> Likeness:
    """The likeness of two pages by their texts and the hashes of their pictures."""
    mine, theirs = fold(text).split(), fold(other_text).split()
    return Likeness(
        dice([word for word in mine if word.isalpha()], [word for word in theirs if word.isalpha()]),
        dice(_numbers(mine), _numbers(theirs)),
        distance(picture, other_picture),
        min(len(mine), len(theirs)) >= _ENOUGH_WORDS,
    )


def dice(mine: list[str], theirs: list[str]) -> float:
    """Share of the words that two texts have in common, each counted as often as it stands there; 1 where both have none."""
    if not mine and not theirs:
        return 1.0
    return 2 * (Counter(mine) & Counter(theirs)).total() / (len(mine) + len(theirs))


def _numbers(words: list[str]) -> list[str]:
    return [digits for word in words if (digits := "".join(letter for letter in word if letter.isdigit()))]
