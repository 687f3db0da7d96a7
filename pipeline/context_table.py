"""How likely a syllable is after one and after two others: a trigram model with back-off, and the file it is kept in.

The file holds the figures that `scripts/count_syllables.py` made of public texts, no text: NumPy arrays in one archive, sorted keys
as differences and log probabilities in steps of 1/12, about 4 MB. Back-off with absolute discounting: H. Ney, U. Essen, R. Kneser,
"On structuring probabilistic dependences in stochastic language modelling", Computer Speech and Language 8 (1994).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.context_tokens import FIRST_SYLLABLE
from pipeline.text import fold

Keys = npt.NDArray[np.uint32]
Ids = npt.NDArray[np.int64]
Logs = npt.NDArray[np.float32]
Steps = npt.NDArray[np.uint8]

BITS = 13  # of a syllable's number
MOST_SYLLABLES = (1 << BITS) - FIRST_SYLLABLE
MOST_PAIRS = 1 << (32 - BITS)  # a pair's place and the syllable after it share 32 bits
_STEPS = 12.0  # to a natural logarithm
_LOGS = (np.arange(256) / -_STEPS).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Pairs:
    """What is known of many pairs at once."""

    place: Ids  # in the table, -1 where the pair is not in it
    logs: Logs  # log P(second | first)


@dataclass(frozen=True, slots=True)
class Table:
    """Natural logarithms as whole steps below zero. Numbers of syllables count from `FIRST_SYLLABLE`, what is below is no syllable."""

    syllables: tuple[str, ...]  # lower case, new tone style
    single: Steps  # P(number)
    single_back: Steps  # weight of the singles after it
    pair_keys: Keys  # sorted: first << BITS | second
    pair: Steps
    pair_back: Steps  # weight of the pairs after this pair
    triple_keys: Keys  # sorted: place of the first two among the pairs << BITS | third
    triple: Steps

    def pairs(self, first: Ids, second: Ids) -> Pairs:
        """Arrays of one shape."""
        keys = ((first << BITS) | second).astype(np.uint32)
        at = np.minimum(np.searchsorted(self.pair_keys, keys), len(self.pair_keys) - 1)
        known = self.pair_keys[at] == keys
        fallback = _LOGS[self.single_back[first]] + _LOGS[self.single[second]]
        return Pairs(np.where(known, at, -1), np.where(known, _LOGS[self.pair[at]], fallback))

    def triples(self, place: Ids, third: Ids, backed: Logs) -> Logs:
        """log P(third | the pair at `place`); `backed` is log P(third | second)."""
        context = np.maximum(place, 0)
        keys = ((context << BITS) | third).astype(np.uint32)
        at = np.minimum(np.searchsorted(self.triple_keys, keys), len(self.triple_keys) - 1)
        known = (self.triple_keys[at] == keys) & (place >= 0)
        weight = np.where(place >= 0, _LOGS[self.pair_back[context]], np.float32(0))
        return np.where(known, _LOGS[self.triple[at]], weight + backed)

    def by_letters(self) -> dict[str, tuple[int, ...]]:
        """Letters without marks -> numbers of the syllables written with them."""
        found: dict[str, list[int]] = {}
        for number, syllable in enumerate(self.syllables, FIRST_SYLLABLE):
            found.setdefault(fold(syllable), []).append(number)
        return {letters: tuple(numbers) for letters, numbers in found.items()}


def steps_of(logs: npt.NDArray[np.float64]) -> Steps:
    """Natural logarithms, none above zero, in the steps they are kept in."""
    return np.clip(np.round(logs * -_STEPS), 0, 255).astype(np.uint8)


def save_table(path: Path, table: Table) -> None:
    """Write the file; the same table gives the same bytes."""
    np.savez_compressed(
        path,
        syllables=np.frombuffer("\n".join(table.syllables).encode(), np.uint8),
        single=table.single,
        single_back=table.single_back,
        pair_keys=np.diff(table.pair_keys, prepend=np.uint32(0)),
        pair=table.pair,
        pair_back=table.pair_back,
        triple_keys=np.diff(table.triple_keys, prepend=np.uint32(0)),
        triple=table.triple,
    )


def load_table(path: Path) -> Table:
    """Read what `save_table` wrote."""
    with np.load(path, allow_pickle=False) as kept:
        return Table(
            syllables=tuple(kept["syllables"].tobytes().decode().split("\n")),
            single=kept["single"],
            single_back=kept["single_back"],
            pair_keys=np.cumsum(kept["pair_keys"], dtype=np.uint32),
            pair=kept["pair"],
            pair_back=kept["pair_back"],
            triple_keys=np.cumsum(kept["triple_keys"], dtype=np.uint32),
            triple=kept["triple"],
        )
