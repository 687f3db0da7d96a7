"""Reading quality and speed beside peers: `python -m bench.reading [--pages N] [--rounds N] [--jobs N] [--only PRESET]`.

Generated pages in every scanner preset, dense text and forms, and the real office scans with truth text where they lie beside the
project. Prints Markdown: a table of figures, the floor that recognition by itself sets, and what of the aims was reached. Times are
of whole runs, start of the program included, divided by pages.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2

from bench import goals
from bench.corpus import real
from bench.cost import Cost
from bench.readers import Input, Reader, Role, install_peers, readers
from bench.rounds import Outcome, Total, compared
from bench.sets import Kind, PageSet, generated
from bench.upright import goals_of_lying
from samples import files, presets
from samples.scanner import scan
from samples.sheets import blank

HEAD = (
    "| pages | | reader | CER % | CER % order-free | word recall | s/page | CPU s/page | time, Sohoa = 1 | memory MB | kB/page | empty |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|"
)
FLOOR_HEAD = (
    "| pages | | bare recognition, CPU s/page | Sohoa, over that | less the start | OCRmyPDF, over that |\n|---|---|---|---|---|---|"
)
_PROCESSES_FROM = 2  # pages of a file; a single one is read without starting any


def row(outcome: Outcome, total: Total) -> str:
    """One reader on one set."""
    score, pages = total.score, total.pages
    cells = (
        outcome.name,
        outcome.kind.value,
        total.reader,
        f"{100 * score.cer:.2f}",
        f"{100 * score.cer_order_free:.2f}",
        f"{score.recall:.4f}",
        f"{total.seconds / pages:.2f}",
        f"{total.cpu / pages:.2f}",
        f"{total.seconds / outcome.totals[Role.OURS].seconds:.2f}",
        f"{total.memory / 1e6:.0f}",
        f"{total.size / pages / 1000:.0f}" if total.size else "",
        f"{total.empty}",
    )
    return "| " + " | ".join(cells) + " |"


def floor_row(outcome: Outcome, start: float, rounds: int) -> str:
    """What is spent beyond recognition; `start`: processor seconds of starting the product once."""
    ours, peer = outcome.totals[Role.OURS], outcome.totals[Role.PEER]
    figures = (f"{spent / outcome.floor:.2f}" for spent in (ours.cpu, ours.cpu - rounds * start, peer.cpu))
    return f"| {outcome.name} | {outcome.kind.value} | {outcome.floor / ours.pages:.2f} | {' | '.join(figures)} |"


def starting(reader: Reader, pages: int) -> Cost:
    """What a run of so many pages costs before it has anything to read: blank ones, as few as are treated alike."""
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder, "in.pdf")
        pdf.write_bytes(files.pdf([scan(blank().image, presets.LOW, seed) for seed in range(min(pages, _PROCESSES_FROM))]))
        return reader.run(Input(pdf, ()), Path(folder)).cost


def page_sets(chosen: argparse.Namespace) -> Iterator[PageSet]:
    """The sets that were asked for, one at a time, each in a folder that goes when the next is asked for."""
    for preset in presets.ALL:
        for kind in (Kind.DENSE, Kind.FORMS):
            if chosen.only in (None, preset.name) and chosen.kind in (None, kind.value):
                with tempfile.TemporaryDirectory() as folder:
                    yield generated(preset, kind, chosen.pages, chosen.rounds, Path(folder))
    if chosen.only in (None, "real") and chosen.kind is None:
        with tempfile.TemporaryDirectory() as folder:
            scans = real(chosen.rounds, Path(folder))
            if scans is not None:
                yield scans


def asked() -> argparse.Namespace:
    options = argparse.ArgumentParser(description="Reading quality and speed beside peers.")
    options.add_argument("--pages", type=int, default=16, help="pages a set")
    options.add_argument("--rounds", type=int, default=2, help="times that the readers take turns on a set")
    options.add_argument("--jobs", type=int, default=2, help="processes a reader may use")
    options.add_argument("--only", choices=[*(preset.name for preset in presets.ALL), "real"], help="one scanner")
    options.add_argument("--kind", choices=[Kind.DENSE.value, Kind.FORMS.value], help="one kind of page")
    options.add_argument("--no-upright", action="store_true", help="without the slant, turn and blank pages of bench.upright")
    return options.parse_args()


def main() -> None:
    """Print the whole comparison."""
    chosen = asked()
    cv2.setNumThreads(1)  # what is measured in this process is measured on one core
    install_peers()
    among = readers(chosen.jobs)
    start = starting(among[0], -(-chosen.pages // chosen.rounds))
    outcomes: list[tuple[Outcome, int]] = []
    print(HEAD)
    for pages in page_sets(chosen):
        outcome = compared(pages, among)
        outcomes.append((outcome, len(pages.rounds)))
        for total in outcome.totals.values():
            print(row(outcome, total), flush=True)
    print(f"\nStarting Sohoa takes {start.cpu:.2f} s of processor time ({start.seconds:.2f} s), once a round.\n\n{FLOOR_HEAD}")
    for outcome, rounds in outcomes:
        print(floor_row(outcome, start.cpu, rounds))
    lying = [] if chosen.only or chosen.kind or chosen.no_upright else goals_of_lying(chosen.jobs)
    print(f"\n{goals.HEAD}")
    for goal in [*goals.goals_of_reading([outcome for outcome, _ in outcomes]), *lying]:
        print(goal.row())


if __name__ == "__main__":
    main()
