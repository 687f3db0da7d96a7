"""A whole day at the one-stop offices: registers, an inbox full of scans, and the truth about all of it.

`make_day` draws, scans and writes; what is dropped is decided in `plan`, who in `cast`. Two processes share the work; the same
seed gives the same bytes whatever their number.
"""

from __future__ import annotations

import zlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Literal, get_args

import cv2
import numpy as np

from samples import cast, files, plan, registers, truth
from samples.dossiers import Dossier
from samples.drawing import DrawnPage
from samples.leaves import Drop, Leaf, drawn
from samples.presets import Preset
from samples.scanner import ScannedPage, scan
from samples.truth import DayTruth, FileTruth, PageTruth

Size = Literal["small", "demo", "large"]
SIZES: tuple[Size, ...] = get_args(Size)
FIRST_DAY = date(2025, 11, 3)
_BATCHES = 4  # of the large size


@dataclass(frozen=True, slots=True)
class Day:
    """What a day consists of before anything is drawn."""

    drops: tuple[Drop, ...]
    dossiers: tuple[Dossier, ...]  # of the register


def planned(seed: int, size: Size) -> Day:
    """Decide on dossiers and files; fast, nothing is drawn."""
    if size != "large":
        people = cast.assemble(np.random.default_rng(seed), FIRST_DAY)
        return Day(plan.small(people) if size == "small" else plan.demo(people), people.registered)
    drops: list[Drop] = []
    dossiers: list[Dossier] = []
    for batch in range(_BATCHES):
        people = cast.assemble(np.random.default_rng([seed, batch]), FIRST_DAY + timedelta(days=14 * batch))
        drops += plan.again(plan.demo(people), batch)
        dossiers += people.registered
    return Day(tuple(drops), tuple(dossiers))


def make_day(out: Path, seed: int = 1, size: Size = "demo", processes: int = 2) -> DayTruth:
    """Write `registers/`, `inbox/` and `truth.json` below `out`, which must not hold an inbox yet (FileExistsError)."""
    day = planned(seed, size)
    inbox = out / "inbox"
    inbox.mkdir(parents=True)
    registers.write(out / "registers", day.dossiers)
    originals = [drop for drop in day.drops if drop.form != "copy"]
    work = partial(_dropped, inbox, seed)
    if processes > 1:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=one_thread) as pool:
            done = list(pool.map(work, originals))
    else:
        done = [work(drop) for drop in originals]
    done += [_copied(inbox, drop) for drop in day.drops if drop.form == "copy"]
    order = {drop.path: n for n, drop in enumerate(day.drops)}
    told = DayTruth(seed=seed, size=size, files=tuple(sorted(done, key=lambda file: order[file.path])))
    truth.save(told, out / "truth.json")
    return told


def one_thread() -> None:
    """Let OpenCV use one thread: two processes of two threads each only stand in each other's way."""
    cv2.setNumThreads(1)


def _copied(inbox: Path, drop: Drop) -> FileTruth:
    assert drop.same_as is not None
    (inbox / drop.path).write_bytes((inbox / drop.same_as).read_bytes())
    return FileTruth(drop.path, drop.end, drop.reason, drop.same_as, ())


def _dropped(inbox: Path, seed: int, drop: Drop) -> FileTruth:
    """Draw, scan and write one file; gives its truth."""
    scans: list[ScannedPage] = []
    pages: list[PageTruth] = []
    document = in_document = 0
    for number, leaf in enumerate(drop.leaves, 1):
        page, seen = scanned(seed, drop.path, number, leaf, drop.preset)
        scans.append(seen)
        document, in_document = _counted(leaf, document, in_document)
        pages.append(_truth(leaf, number, document, in_document, seen, drop.preset.name, page.text))
    write(inbox / drop.path, drop.form, scans)
    kept = () if drop.reason in plan.UNREADABLE else tuple(pages)
    return FileTruth(drop.path, drop.end, drop.reason, drop.same_as, kept)


def _counted(leaf: Leaf, document: int, in_document: int) -> tuple[int, int]:
    """Document and page in it, after this side."""
    if leaf.disposition != "attached":
        return document, in_document
    return (document + 1, 1) if leaf.starts else (document, in_document + 1)


def _truth(leaf: Leaf, number: int, document: int, in_document: int, seen: ScannedPage, scanner: str, text: str) -> PageTruth:
    attached = leaf.disposition == "attached"
    return PageTruth(
        source_page=number,
        kind=leaf.kind,
        disposition=leaf.disposition,
        dossier=leaf.owner.number if leaf.owner else None,
        component=leaf.component,
        document=document if attached else None,
        page_in_document=in_document if attached else None,
        rotation=seen.turn,
        skew=seen.angle,
        scanner=scanner,
        text=text,
    )


def scanned(seed: int, path: str, number: int, leaf: Leaf, preset: Preset) -> tuple[DrawnPage, ScannedPage]:
    """One side of a file, drawn and scanned; the same place of the same seed gives the same bytes."""
    page = drawn(leaf)
    behind = drawn(leaf.back_of).image if leaf.back_of else None
    scan_seed = zlib.crc32(f"{seed}:{path}:{number}".encode())
    return page, scan(page.image, preset, scan_seed, turn=leaf.turn, behind=behind)


def write(path: Path, form: str, scans: list[ScannedPage]) -> None:
    """Write a file or folder in the form that `Drop` names. ValueError for another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    match form:
        case "folder":
            path.mkdir()
            for number, scanned in enumerate(scans, 1):
                (path / f"{number:03}.jpg").write_bytes(scanned.jpeg)
        case "pdf":
            path.write_bytes(files.pdf(scans))
        case "tiff":
            path.write_bytes(files.tiff(scans))
        case "png":
            path.write_bytes(files.png(scans[0]))
        case "jpeg":
            path.write_bytes(scans[0].jpeg)
        case "locked":
            path.write_bytes(files.locked(files.pdf(scans), "mat-khau"))
        case "truncated":
            path.write_bytes(files.truncated(files.pdf(scans)))
        case _:
            raise ValueError(form)
