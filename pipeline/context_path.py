"""The most likely way through a row of candidates, and by how much each of them falls behind on the best way that takes it.

Max-marginals by the forward and backward passes of the Viterbi algorithm (A. J. Viterbi, IEEE Trans. Inf. Theory 13, 1967). A pass
over pairs leaves three candidates a place, a second one over triples decides between them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.context_table import Ids, Table

Scores = npt.NDArray[np.float64]

_STAY = 3  # candidates of a place that the second pass looks at
_IMPOSSIBLE = -1e9


@dataclass(frozen=True, slots=True)
class Row:
    """Places in their order, with up to C candidates each, what was read first; N×C."""

    numbers: Ids  # of syllables
    odds: Scores  # what speaks for each apart from its neighbours; `_IMPOSSIBLE` fills places with fewer candidates


def row_of(candidates: list[tuple[tuple[int, float], ...]]) -> Row:
    """At least one place; every place has at least one candidate: its number and its odds."""
    most = max(_STAY, max(len(place) for place in candidates))
    numbers = np.zeros((len(candidates), most), np.int64)
    odds = np.full((len(candidates), most), _IMPOSSIBLE)
    for n, place in enumerate(candidates):
        for c, (number, log) in enumerate(place):
            numbers[n, c], odds[n, c] = number, log
    return Row(numbers, odds)


def margins(row: Row, table: Table, weight: float) -> Scores:
    """N×C: how much better each candidate is than what was read, best ways compared; those out of the question are far below.

    `weight`: of the model of neighbours beside the odds.
    """
    before = np.concatenate([np.zeros((1, row.numbers.shape[1]), np.int64), row.numbers[:-1]])
    pairs = table.pairs(*np.broadcast_arrays(before[:, :, None], row.numbers[:, None, :]))
    by_pairs = _by_pairs(row.odds, weight * pairs.logs.astype(np.float64))

    stay = np.argsort(-by_pairs, axis=1, kind="stable")[:, :_STAY]
    stay[:, -1] = np.where((stay == 0).any(axis=1), stay[:, -1], 0)
    stay_before = np.concatenate([np.zeros((1, _STAY), np.int64), stay[:-1]])
    n = np.arange(len(stay))
    at = (n[:, None, None], stay_before[:, :, None], stay[:, None, :])
    place, backed = pairs.place[at], pairs.logs[at]
    place_before = np.concatenate([np.full((1, _STAY, _STAY), -1), place[:-1]])
    third = np.take_along_axis(row.numbers, stay, axis=1)
    shape = (len(stay), _STAY, _STAY, _STAY)
    triples = table.triples(
        np.broadcast_to(place_before[:, :, :, None], shape),
        np.broadcast_to(third[:, None, None, :], shape),
        np.broadcast_to(backed[:, None], shape),
    )
    by_triples = _by_triples(np.take_along_axis(row.odds, stay, axis=1), weight * triples.astype(np.float64))

    found = np.full(row.odds.shape, _IMPOSSIBLE)
    np.put_along_axis(found, stay, by_triples, axis=1)
    return np.asarray(found - found[:, :1])


def _by_pairs(odds: Scores, pairs: Scores) -> Scores:
    """The score of the best way through each candidate; `pairs` is N×C×C, from the place before to this one."""
    ahead, behind = odds.copy(), np.zeros_like(odds)
    ahead[0] += pairs[0, 0]
    for n in range(1, len(odds)):
        ahead[n] += (ahead[n - 1][:, None] + pairs[n]).max(axis=0)
    for n in range(len(odds) - 2, -1, -1):
        behind[n] = (pairs[n + 1] + (odds[n + 1] + behind[n + 1])).max(axis=1)
    return np.asarray(ahead + behind)


def _by_triples(odds: Scores, triples: Scores) -> Scores:
    """The same over states of two candidates each; `triples` is N×C×C×C, from the two places before to this one."""
    many, few = odds.shape
    ahead, behind = np.empty((many, few, few)), np.zeros((many, few, few))
    ahead[0] = odds[0] + triples[0, 0, 0]
    for n in range(1, many):
        ahead[n] = (ahead[n - 1][:, :, None] + triples[n]).max(axis=0) + odds[n]
    for n in range(many - 2, -1, -1):
        behind[n] = (triples[n + 1] + (odds[n + 1] + behind[n + 1])).max(axis=2)
    return np.asarray((ahead + behind).max(axis=1))
