"""Reached or not: what was aimed at, beside what was measured. The aims are in this module and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.readers import Role
from bench.rounds import Outcome, Total
from bench.scoring import mean
from bench.sets import Kind

FASTER = {"good": 5.0, "worn": 3.0, "low": 3.0}  # times OCRmyPDF's speed on dense pages
WRONG = {"good": 0.0013, "worn": 0.004, "low": 0.004, "faded": 0.008}  # CER as read, dense pages
WRONG_HARSH = {"worn_harsh": 0.03, "faded_harsh": 0.02}  # CER as read, dense pages and forms together
WRONG_FORMS = {"good": 0.02}  # CER as read, without leaders
OVER_FLOOR = {"good": 1.3}  # processor time over that of bare recognition, dense pages
REAL_RECALL, REAL_ORDER_FREE, REAL_AS_READ = 0.975, 0.018, 0.045
SMALLER, COLOUR_BYTES = 0.5, 250_000  # share of OCRmyPDF's bytes a page; bytes of the mean colour page of text
GREY = ("worn_harsh", "faded_harsh", "real")  # sets that are not all colour


@dataclass(frozen=True, slots=True)
class Goal:
    """One row."""

    what: str
    ours: float
    peer: float | None  # from the same run; None where the peer has no such figure
    target: float
    at_least: bool = False  # else at most
    digits: int = 4

    @property
    def reached(self) -> bool:
        return self.ours >= self.target if self.at_least else self.ours <= self.target

    def row(self) -> str:
        """As Markdown."""
        sign, peer = "≥" if self.at_least else "≤", "" if self.peer is None else f"{self.peer:.{self.digits}f}"
        told = f"{self.ours:.{self.digits}f} | {peer} | {sign} {self.target:.{self.digits}f}"
        return f"| {self.what} | {told} | {'yes' if self.reached else '**no**'} |"


HEAD = "| | Sohoa | OCRmyPDF | aim | reached |\n|---|---|---|---|---|"


def goals_of_reading(outcomes: Sequence[Outcome]) -> Iterator[Goal]:
    """The rows that these outcomes give; a set that was not read gives none."""
    yield from _speed(outcomes)
    yield from _quality(outcomes)
    yield from _harsh(outcomes)
    yield from _real(outcomes)
    yield from _bytes(outcomes)


def _of(outcomes: Sequence[Outcome], kind: Kind, *names: str) -> list[Outcome]:
    return [one for one in outcomes if one.kind is kind and one.name in names]


def _pair(outcome: Outcome) -> tuple[Total, Total]:
    return outcome.totals[Role.OURS], outcome.totals[Role.PEER]


def _speed(outcomes: Sequence[Outcome]) -> Iterator[Goal]:
    for one in _of(outcomes, Kind.DENSE, *FASTER):
        ours, peer = _pair(one)
        what = f"times as fast as OCRmyPDF, dense, {one.name}"
        yield Goal(what, peer.seconds / ours.seconds, 1.0, FASTER[one.name], at_least=True, digits=2)
    for one in _of(outcomes, Kind.DENSE, *OVER_FLOOR):
        ours, peer = _pair(one)
        what = f"processor time over bare recognition, dense, {one.name}"
        yield Goal(what, ours.cpu / one.floor, peer.cpu / one.floor, OVER_FLOOR[one.name], digits=2)


def _quality(outcomes: Sequence[Outcome]) -> Iterator[Goal]:
    for kind, limits in ((Kind.DENSE, WRONG), (Kind.FORMS, WRONG_FORMS)):
        for one in _of(outcomes, kind, *limits):
            ours, peer = _pair(one)
            yield Goal(f"CER as read, {kind.value}, {one.name}", ours.score.cer, peer.score.cer, limits[one.name])


def _harsh(outcomes: Sequence[Outcome]) -> Iterator[Goal]:
    for name, limit in WRONG_HARSH.items():
        found = _of(outcomes, Kind.DENSE, name) + _of(outcomes, Kind.FORMS, name)
        if found:
            ours, peer = ([one.totals[role] for one in found] for role in (Role.OURS, Role.PEER))
            kinds = " and ".join(one.kind.value for one in found)
            rates = (mean([score for total in side for score in total.scores]).cer for side in (ours, peer))
            yield Goal(f"CER as read, {kinds}, {name}", next(rates), next(rates), limit)
            empty = (sum(total.empty for total in side) for side in (ours, peer))
            yield Goal(f"pages that came out empty, {kinds}, {name}", next(empty), next(empty), 0, digits=0)


def _real(outcomes: Sequence[Outcome]) -> Iterator[Goal]:
    for one in _of(outcomes, Kind.REAL, "real"):
        ours, peer = (total.score for total in _pair(one))
        yield Goal("word recall, real scans", ours.recall, peer.recall, REAL_RECALL, at_least=True)
        yield Goal("CER order-free, real scans", ours.cer_order_free, peer.cer_order_free, REAL_ORDER_FREE)
        yield Goal("CER as read, real scans", ours.cer, peer.cer, REAL_AS_READ)


def _bytes(outcomes: Sequence[Outcome]) -> Iterator[Goal]:
    for one in outcomes:
        ours, peer = _pair(one)
        yield Goal(f"bytes a page, of OCRmyPDF's, {one.kind.value}, {one.name}", ours.size / peer.size, 1.0, SMALLER, digits=2)
    colour = [_pair(one) for one in outcomes if one.name not in GREY]
    if colour:
        sides = ([pair[n] for pair in colour] for n in (0, 1))
        means = (sum(total.size for total in side) / sum(total.pages for total in side) for side in sides)
        yield Goal("bytes of the mean colour page", next(means), next(means), COLOUR_BYTES, digits=0)
