"""Lets the readers take turns on the rounds of a page set, so that a machine that gets slower does so for all of them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import stages
from bench.readers import Input, Reader, Role, Run
from bench.scoring import Score, came_out_empty, mean, score, without_leaders
from bench.sets import Kind, PageSet
from pipeline.scan import open_scan


@dataclass(slots=True)
class Total:
    """What one reader made of all rounds of a set so far."""

    reader: str
    scores: list[Score] = field(default_factory=list)
    empty: int = 0  # pages
    seconds: float = 0.0  # wall
    cpu: float = 0.0  # seconds
    memory: int = 0  # bytes at the highest
    size: int = 0  # bytes of all PDFs

    @property
    def pages(self) -> int:
        return len(self.scores)

    @property
    def score(self) -> Score:
        """Of the mean page."""
        return mean(self.scores)

    def add(self, run: Run, truths: Sequence[str], kind: Kind) -> None:
        """One more round."""
        self.seconds += run.cost.seconds
        self.cpu += run.cost.cpu
        self.memory = max(self.memory, run.cost.memory)
        self.size += run.size
        for truth, text in zip(truths, run.texts + [""] * len(truths), strict=False):
            pair = (without_leaders(truth), without_leaders(text)) if kind is Kind.FORMS else (truth, text)
            self.scores.append(score(*pair))
            self.empty += came_out_empty(*pair)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one page set."""

    name: str  # of the preset, or `real`
    kind: Kind
    totals: dict[Role, Total]
    floor: float  # processor seconds of bare recognition of all pages


def compared(pages: PageSet, among: Sequence[Reader]) -> Outcome:
    """Ours, peer, ours, peer: every round goes once to each reader, and to bare recognition."""
    totals = {reader.role: Total(reader.name) for reader in among}
    floor = 0.0
    for part in pages.rounds:
        for reader in among:
            with tempfile.TemporaryDirectory() as work:
                run = reader.run(part.given, Path(work))
            totals[reader.role].add(run, part.truths, pages.kind)
        floor += bare_recognition(part.given)
    return Outcome(pages.name, pages.kind, totals, floor)


def bare_recognition(given: Input) -> float:
    """Processor seconds that recognition takes for these pages, prepared as the product prepares them, and nothing else."""
    spent = 0.0
    with open_scan(given.pdf) as scan:
        for number in range(1, scan.pages + 1):
            picture = stages.stood(scan.page(number)).picture
            spent += stages.cpu_of(lambda picture=picture: stages.recognised(picture))  # type: ignore[misc]
    return spent
