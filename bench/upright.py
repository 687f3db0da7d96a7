"""Slant, quarter turn and blank pages: `python -m bench.upright [--seeds N] [--jobs N] [--save FOLDER]`.

Only the stages that decide these run, so that hundreds of pages take a minute or two; recognition runs on twelve pages, to say what
share of a page's time it takes to find out how it lies. The pages are generated in every scanner preset; real scans with known
truth are added where they lie beside the project. Prints Markdown. `--save` keeps the pictures that were judged wrongly.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean

from bench.blanks import Judged, judge, judge_real, real_sides, sides
from bench.goals import HEAD, Goal
from bench.lying import Found, find, find_real, laid_pages, page_seconds, real_pages, straight_pages
from bench.parallel import each

SEEDS = 3
LEVEL = 0.1  # degrees
SLANTS_RIGHT, STRAIGHT_TURNED, TURNS_RIGHT, BLANKS_FOUND = 0.9, 0.05, 0.995, 0.98
SHARE_OF_PAGE = 0.08


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was tried."""

    laid: Sequence[Found]
    straight: Sequence[Found]
    real: Sequence[Found]
    sides: Sequence[Judged]
    real_sides: Sequence[Judged]
    seconds: Sequence[tuple[float, float]]  # processor time of a whole page, and of making it upright


def measured(seeds: int, jobs: int, save: Path | None) -> Measured:
    """Try everything."""
    return Measured(
        each(partial(find, save=save), laid_pages(seeds), jobs),
        each(partial(find, save=save), straight_pages(seeds), jobs),
        each(partial(find_real, save=save), real_pages(), jobs),
        each(partial(judge, save=save), sides(seeds), jobs),
        each(partial(judge_real, save=save), real_sides(), jobs),
        list(page_seconds()),
    )


def share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags)


def levelled(pages: Sequence[Found]) -> list[Found]:
    """Those whose slant can be judged: it is known, and the page was turned right."""
    return [page for page in pages if page.angle is not None and page.turn == page.found_turn]


def turned_right(pages: Sequence[Found]) -> list[bool]:
    return [page.turn == page.found_turn for page in pages]


def lying_rows(pages: Sequence[Found]) -> Iterator[str]:
    """A row a group."""
    for group in dict.fromkeys(page.group for page in pages):
        some = [page for page in pages if page.group == group]
        near = share([page.error <= max(LEVEL, page.tolerance) for page in levelled(some)])
        errors = [page.error for page in levelled(some)]
        spent = 1000 * mean(page.cpu for page in some)
        right = f"{sum(turned_right(some))} of {len(some)}"
        yield f"| {group} | {right} | {100 * near:.1f} | {mean(errors):.3f} | {max(errors):.2f} | {spent:.0f} |"


def side_rows(pages: Sequence[Judged]) -> Iterator[str]:
    for group, blank in dict.fromkeys((page.group, page.blank) for page in pages):
        some = [page for page in pages if (page.group, page.blank) == (group, blank)]
        wrong = [page.name for page in some if page.blank != page.found_blank]
        yield f"| {group} | {'blank' if blank else 'content'} | {len(some) - len(wrong)} of {len(some)} | {', '.join(wrong)} |"


def goals_of(found: Measured) -> Iterator[Goal]:
    """What was aimed at. OCRmyPDF does not say by what angle it turns a page, and leaves blank pages in."""
    near = share([page.error <= LEVEL for page in levelled(found.laid)])
    yield Goal("slants within 0.1°, generated", near, None, SLANTS_RIGHT, at_least=True, digits=3)
    most = max(abs(page.found_angle) for page in found.straight)
    yield Goal("straight pages turned by, at most, degrees", most, None, STRAIGHT_TURNED, digits=2)
    yield Goal("quarter turns right, generated", share(turned_right(found.laid)), None, TURNS_RIGHT, at_least=True, digits=3)
    if found.real:
        near = share([page.error <= page.tolerance for page in levelled(found.real)])
        yield Goal("slants within what is known of them, real scans", near, None, SLANTS_RIGHT, at_least=True, digits=3)
        yield Goal("quarter turns right, real scans", share(turned_right(found.real)), None, TURNS_RIGHT, at_least=True, digits=3)
    spent, standing = (sum(column) for column in zip(*found.seconds, strict=True))
    yield Goal("share of a page's processor time to make it upright", standing / spent, None, SHARE_OF_PAGE, digits=3)
    both = [*found.sides, *found.real_sides]
    yield Goal("blank backs found", share([page.found_blank for page in both if page.blank]), None, BLANKS_FOUND, at_least=True, digits=3)
    yield Goal("pages with content taken for blank", sum(page.found_blank for page in both if not page.blank), None, 0, digits=0)


def report(found: Measured) -> None:
    """Print the tables."""
    print("| pages | turns right | slants within 0.1° % | mean error ° | largest ° | CPU ms |\n|---|---|---|---|---|---|")
    for row in (*lying_rows(found.laid), *lying_rows(found.real)):
        print(row)
    turned = [abs(page.found_angle) for page in found.straight]
    print(f"\n{len(turned)} straight pages were turned by {mean(turned):.3f}° on average, {max(turned):.2f}° at most; ", end="")
    print(f"{sum(angle > 0 for angle in turned)} were turned at all.")
    upright, others = ([page.cpu for page in found.laid if (page.turn == 0) is way] for way in (True, False))
    whole = mean(seconds for seconds, _ in found.seconds)
    print(f"Finding out how a page lies takes {mean(upright):.3f} s of processor time where it stands upright,", end=" ")
    print(
        f"{mean(others):.3f} s where not; the whole page takes {whole:.2f} s.\n\n| sheets | are | judged right | wrong |\n|---|---|---|---|"
    )
    for row in (*side_rows(found.sides), *side_rows(found.real_sides)):
        print(row)


def goals_of_lying(jobs: int) -> list[Goal]:
    """Measure, print the tables and give the rows for the table of aims."""
    found = measured(SEEDS, jobs, None)
    print()
    report(found)
    return list(goals_of(found))


def main() -> None:
    options = argparse.ArgumentParser(description="Slant, quarter turn and blank pages.")
    options.add_argument("--seeds", type=int, default=SEEDS, help="pages a kind, preset and turn")
    options.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="processes")
    options.add_argument("--save", type=Path, help="folder for pictures of pages that were judged wrongly")
    chosen = options.parse_args()
    if chosen.save:
        chosen.save.mkdir(parents=True, exist_ok=True)
    found = measured(chosen.seeds, chosen.jobs, chosen.save)
    report(found)
    print(f"\n{HEAD}")
    for goal in goals_of(found):
        print(goal.row())


if __name__ == "__main__":
    main()
