"""Whose is each page, measured from outside: `python -m bench.identity [--dossiers N] [--seed S] [--home DIR] [--again] [--sample K]`.

Draws the large days of `samples.large_days` unless DIR has them, drops them into a new archive (DIR/archive, replaced), lets
`sohoa run --once` work them off as a process of its own, and compares `sohoa status --pages --json` with whose each page is.
`--again` compares once more what the archive holds. Who belongs to which population is said in `identity_scores`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.identity_scores import Comparison, Judged, Share, blanks, compare, documents_right, share, sheets
from samples import large_days
from samples.belonging import Belonging

SOHOA = Path(sys.executable).with_name("sohoa")
ATTACHED, ATTACHED_GOOD, COMPONENTS, WRONG_COMPONENTS, SHEETS_WORN = 0.97, 0.99, 0.95, 0.001, 0.995
_WORN = ("worn", "worn_harsh")
_LONGEST_LIST = 60
_HEAD = "| | pages | must | attached | components | wrong dossier | wrong component | sheets | blanks | parked |\n|" + "---|" * 10


@dataclass(frozen=True)
class Archive:
    """A home, driven through the `sohoa` command."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("SOHOA_") and key != "DJANGO_SETTINGS_MODULE"}
        quick = {"SOHOA_WATCH__SETTLE_SECONDS": "0.5", "SOHOA_WATCH__INCOMPLETE_SECONDS": "3", "SOHOA_LOG__LEVEL": "warning"}
        return {**clean, **quick, "SOHOA_HOME": str(self.home), "OMP_THREAD_LIMIT": "1"}

    def run(self, *arguments: str, allowed: tuple[int, ...] = (0,)) -> str:
        """Standard output. Leaves the program with what the command said where it failed."""
        done = subprocess.run([str(SOHOA), *arguments], env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode not in allowed:
            sys.exit(f"sohoa {' '.join(arguments)} gave {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done.stdout

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("status", "--pages", "--json"))
        return found


def days(home: Path, seed: int, dossiers: int) -> Belonging:
    """The large days in that folder, drawn where they are not there yet."""
    found = large_days.made(home, seed, dossiers)
    if found is not None:
        return found
    if (home / "inbox").exists():
        sys.exit(f"{home}/inbox holds other days, or days not drawn to their end: name another folder or remove it")
    begun = time.monotonic()
    made = large_days.make(home, seed, dossiers)
    pages, seconds = sum(len(heap.sides) for heap in made.heaps), time.monotonic() - begun
    print(f"drawn: {pages} pages in {seconds:.0f} s, {2 * seconds / pages:.2f} s a page and process", file=sys.stderr)
    return made


def worked_off(home: Path) -> Archive:
    """A new archive that was given the days and has nothing left to do."""
    archive = Archive(home / "archive")
    shutil.rmtree(archive.home, ignore_errors=True)
    registers = {"--offices": "offices.csv", "--procedures": "procedures.json", "--dossiers": "dossiers.csv"}
    archive.run("load", *(part for option, name in registers.items() for part in (option, str(home / "registers" / name))))
    shutil.copytree(home / "inbox", archive.home / "inbox", dirs_exist_ok=True)
    begun = time.monotonic()
    archive.run("run", "--once", allowed=(0, 2))
    print(f"worked off in {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return archive


def report(found: Comparison) -> Iterator[str]:
    """All tables and lists, as Markdown."""
    yield "## Whose is each page\n"
    yield "| | measured | aim | reached |\n|---|---|---|---|"
    yield from _aims(found)
    for name, key in (("scanner", _scanner), ("trouble", _trouble), ("way or heap", _way)):
        yield f"\n### By {name}\n\n{_HEAD}"
        yield from _rows(found.judged, key)
    yield "\n### Parked, by reason\n\n| reason | pages | of these must be attached |\n|---|---|---|"
    parked = [one for one in found.judged if one.ended.disposition == "parked"]
    must = Counter(one.ended.reason for one in parked if one.side.readable)
    yield from (f"| {reason} | {count} | {must[reason]} |" for reason, count in Counter(one.ended.reason for one in parked).most_common())
    yield from _lists(found)


def _aims(found: Comparison) -> Iterator[str]:
    unaccounted, wrong = len(found.lost) + len(found.doubled), [one for one in found.judged if one.wrongly_attached]
    good = [one for one in found.readable if one.heap.scanner == "good"]
    misplaced = share(found.accepted, lambda one: one.component_wrong)
    documents = documents_right(found.papers, found.judged)
    worn = sheets(found.judged, *_WORN)
    yield _aim("pages lost or twice", str(unaccounted), "0", unaccounted == 0)
    yield _aim("pages attached to another's dossier", f"{len(wrong)} of {len(found.judged)}", "0", not wrong)
    yield _at_least("attached without a person, of pages under a whole code or name", share(found.readable, _found), ATTACHED)
    yield _at_least("... on good scans", share(good, _found), ATTACHED_GOOD)
    yield _at_least("components right without a person, of pages of papers", share(found.papers, _component), COMPONENTS)
    yield _at_least("... of papers, cut as they should be", documents, COMPONENTS)
    yield _aim("wrong components, of pages given one", str(misplaced), "≤ 0.1 %", misplaced.value <= WRONG_COMPONENTS)
    yield _at_least("sheets recognised on worn scanners", worn, SHEETS_WORN)
    other = found.papers_otherwise_titled
    yield f"| sheets recognised on all scanners | {sheets(found.judged)} | | |"
    yield f"| blank sides found | {blanks(found.judged)} | | |"
    yield f"| papers under another title than the checklist's: component right | {share(other, _component)} | | |"
    yield f"| ... given a wrong one | {share(other, lambda one: one.component_wrong)} | | |"
    doubtful = [one for one in found.judged if not one.side.readable and one.side.owner]
    yield f"| pages in doubt that found their dossier all the same | {share(doubtful, _found)} | | |"
    yield f"| pages that became what they may not | {len(found.astray)} | | |"


def _found(one: Judged) -> bool:
    return one.found


def _component(one: Judged) -> bool:
    return one.component_right


def _at_least(what: str, measured: Share, aim: float) -> str:
    return _aim(what, str(measured), f"≥ {100 * aim:g} %", measured.value >= aim if measured.of else None)


def _aim(what: str, measured: str, aim: str, reached: bool | None) -> str:
    told = {True: "yes", False: "**no**", None: ""}[reached]
    return f"| {what} | {measured} | {aim} | {told} |"


def _scanner(one: Judged) -> str:
    return one.heap.scanner


def _trouble(one: Judged) -> str:
    return one.side.trouble or "none"


def _way(one: Judged) -> str:
    return one.heap.way


def _rows(judged: Iterable[Judged], key: Callable[[Judged], str]) -> Iterator[str]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[key(one)].append(one)
    for name, own in groups.items():
        part = Comparison(tuple(own), (), ())
        shares = (share(part.readable, _found), share(part.papers, _component))
        wrong = (sum(one.wrongly_attached for one in own), sum(one.component_wrong for one in own))
        parked = sum(one.ended.disposition == "parked" for one in own)
        cells = (name, len(own), len(part.readable), *shares, *wrong, sheets(own), blanks(own), parked)
        yield f"| {' | '.join(str(cell) for cell in cells)} |"


def _lists(found: Comparison) -> Iterator[str]:
    yield from _listed("Pages lost", found.lost)
    yield from _listed("Pages twice, or from nowhere", found.doubled)
    yield from _listed("Attached to another's dossier", [one.line() for one in found.judged if one.wrongly_attached])
    yield from _listed("Wrong components", [one.line() for one in found.judged if one.component_wrong])
    yield from _listed("Became what they may not", [one.line() for one in found.astray])
    undone = [one.line() for one in found.readable if not one.attached]
    yield from _listed("Not attached though under a whole code or name", undone)
    undecided = [one.line() for one in found.papers if one.found and not one.component_right and not one.component_wrong]
    yield from _listed("Attached without its component", undecided)


def _listed(name: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"\n### {name} ({len(lines)})\n"
        yield from (f"* {line}" for line in lines[:_LONGEST_LIST])
        if len(lines) > _LONGEST_LIST:
            yield f"* ... and {len(lines) - _LONGEST_LIST} more"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dossiers", type=int, default=large_days.DOSSIERS, help="whose papers are scanned, at least")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, help="folder of the days and the archive; a temporary one if not named")
    parser.add_argument("--again", action="store_true", help="compare what the archive in --home holds, run nothing")
    parser.add_argument("--sample", type=int, metavar="K", help="only a small day of about K dossiers; another --seed takes other troubles")
    asked = parser.parse_args()
    if asked.again and asked.home is None:
        parser.error("--again needs --home")
    home = asked.home or Path(tempfile.mkdtemp(prefix="sohoa-identity-"))
    try:
        truth = days(home, asked.seed, asked.sample or asked.dossiers)
        archive = Archive(home / "archive") if asked.again else worked_off(home)
        print("\n".join(report(compare(archive.status(), truth))))
    finally:
        if asked.home is None:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
