"""Codes on separator sheets, receipts and real pictures: `python -m bench.codes [--seeds N] [--jobs N] [--save FOLDER]`.

Generated sheets lie every quarter turn and slant by up to 5 degrees in every scanner preset, and once more as the hard case: 150
dpi, 5 degrees, JPEG of quality 40. Beside them the corpus of bar codes and the office scans, where they lie beside the project. The
peer is zxing-cpp alone, with its defaults for the same kinds of code; it knows no drawn patch codes. Prints Markdown. `--save` keeps
the generated pictures of which we read a code not or wrongly.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import zxingcpp

from bench.corpus import CORPUS, known_pages
from bench.goals import Goal
from bench.parallel import each
from bench.sets import dense, form
from pipeline.codes import read_codes
from pipeline.codes_patch import find_patch_t
from pipeline.model import Pixels, Symbology
from pipeline.scan import open_scan
from samples import cast, presets, sheets
from samples.dossiers import Dossier
from samples.drawing import DrawnPage
from samples.receipts import receipt
from samples.scanner import scan

SEEDS = 3
STEEPEST = 5.0  # degrees
HARD = replace(presets.LOW, name="hard case", quality=presets.Between(40, 40))
TURNS = (0, 90, 180, 270)
ROUNDS = 3  # of which the shortest time counts
WORN_READ = 0.995

_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.Code39])
_DAY = date(2025, 11, 3)


@dataclass(frozen=True, slots=True)
class Mark:
    """A code on paper. `kind`: QRCode, Code128, Code39, or PatchT where a patch code is drawn or written in bars."""

    kind: str
    payload: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A sheet with codes; its pages are told apart by seeds."""

    draw: Callable[[int], DrawnPage]
    kinds: tuple[str, ...]  # of its payloads, in their order, empty for one that cannot be read


@dataclass(frozen=True, slots=True)
class Case:
    """A sheet on the glass of a scanner."""

    drawing: str  # of `DRAWINGS`
    preset: presets.Preset
    seed: int
    turn: int  # degrees clockwise that make it stand upright
    angle: float  # degrees, counter-clockwise positive


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the codes of one page."""

    group: str
    preset: str
    wanted: frozenset[Mark]
    ours: frozenset[Mark]
    alone: frozenset[Mark]  # zxing-cpp


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds of processor time on one page without codes."""

    ours: float
    patch: float  # of it, to look for drawn patch codes
    alone: float
    patched: bool  # took it for a patch sheet


@lru_cache(maxsize=8)
def _dossier(seed: int) -> Dossier:
    people = cast.assemble(np.random.default_rng(900 + seed), _DAY)
    return (people.an_phuoc, people.vinh_loc, people.tan_hung)[seed % 3][seed % 5]


DRAWINGS = {
    "separator of a dossier": Drawing(lambda seed: sheets.separator(_dossier(seed)), ("QRCode",)),
    "separator of a component": Drawing(lambda seed: sheets.separator(_dossier(seed), "TP1"), ("QRCode",)),
    "patch sheet, Code 128": Drawing(lambda _: sheets.patch(), ("PatchT",)),
    "patch sheet, Code 39": Drawing(lambda _: sheets.patch(code_39=True), ("PatchT",)),
    "patch T drawn at the top": Drawing(lambda _: sheets.patch_t(), ("PatchT",)),
    "patch T drawn all round": Drawing(lambda _: sheets.patch_t(all_round=True), ("PatchT",)),
    "receipt": Drawing(lambda seed: receipt(_dossier(seed)), ("QRCode",)),
    "receipt with Code 128": Drawing(lambda seed: receipt(_dossier(seed), bar="Code128"), ("QRCode", "Code128")),
    "receipt with Code 39": Drawing(lambda seed: receipt(_dossier(seed), bar="Code39"), ("QRCode", "Code39")),
    "receipt, QR blotted, Code 128": Drawing(lambda seed: receipt(_dossier(seed), bar="Code128", damaged=True), ("", "Code128")),
    "receipt, QR blotted, Code 39": Drawing(lambda seed: receipt(_dossier(seed), bar="Code39", damaged=True), ("", "Code39")),
}
SEPARATORS = tuple(name for name in DRAWINGS if not name.startswith("receipt"))


def cases(seeds: int) -> list[Case]:
    """Every sheet, preset and turn, `seeds` times; those that share a drawing stand together."""
    found = []
    for name in DRAWINGS:
        for seed in range(seeds):
            random = np.random.default_rng([seed, len(name)])
            for preset in (*presets.ALL, HARD):
                for turn in TURNS:
                    angle = float(random.choice([-STEEPEST, STEEPEST])) if preset is HARD else float(random.uniform(-STEEPEST, STEEPEST))
                    found.append(Case(name, preset, seed, turn, round(angle, 2)))
    return found


@lru_cache(maxsize=2)
def _drawn(name: str, seed: int) -> DrawnPage:
    return DRAWINGS[name].draw(seed)


def read_case(case: Case, save: Path | None = None) -> Outcome:
    """Scan a sheet and read it; where we fail, its picture goes into the folder `save`."""
    page = _drawn(case.drawing, case.seed)
    made = scan(page.image, case.preset, 100 * case.seed + case.turn, turn=case.turn, angle=case.angle)
    wanted = frozenset(Mark(kind, text) for kind, text in zip(DRAWINGS[case.drawing].kinds, page.payloads, strict=False) if kind)
    outcome = Outcome(case.drawing, case.preset.name, wanted, our_marks(made.pixels), marks_alone(made.pixels))
    if outcome.ours != wanted and save is not None:
        cv2.imwrite(str(save / f"{case.drawing}-{case.preset.name}-{case.seed}-{case.turn}-{case.angle}.png"), made.pixels)
    return outcome


def our_marks(pixels: Pixels) -> frozenset[Mark]:
    """What the product reads; a QR that it sees and cannot read is none."""
    return frozenset(
        Mark(code.symbology.value, code.payload) for code in read_codes(pixels) if code.symbology is not Symbology.UNREADABLE_QR
    )


def marks_alone(pixels: Pixels) -> frozenset[Mark]:
    """What zxing-cpp reads by itself."""
    read = zxingcpp.read_barcodes(pixels, formats=_FORMATS)
    return frozenset(_mark(str(code.format), code.text) for code in read)


def _mark(kind: str, text: str) -> Mark:
    """As we name kinds and cut payloads, so that the peer is not blamed for either."""
    payload = text.replace("\r\n", "\n").strip()
    return Mark("PatchT" if payload.upper() == "PATCHT" else kind.replace(" ", "").replace("Std", "").replace("Ext", ""), payload)


@dataclass(frozen=True, slots=True)
class RealPage:
    """A picture of the corpus and the codes of our kinds on it."""

    file: str
    page: int
    wanted: frozenset[Mark]


def real_pages() -> Iterator[RealPage]:
    """All about whose codes something is known; nothing where there is no corpus."""
    if not (CORPUS / "PAGES.tsv").is_file():
        return
    with (CORPUS / "PAGES.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["barcodes"] and row["file"].startswith("barcode/"):
                marks = (_mark(code["format"], code["text"]) for code in json.loads(row["barcodes"]))
                ours = frozenset(mark for mark in marks if mark.kind in ("QRCode", "Code128", "Code39", "PatchT"))
                yield RealPage(row["file"], int(row["page"]), ours)


def read_real(page: RealPage) -> Outcome:
    with open_scan(CORPUS / page.file) as opened:
        pixels = opened.page(page.page).pixels
    group = "real pictures with codes" if page.wanted else "real pictures without"
    return Outcome(group, "", page.wanted, our_marks(pixels), marks_alone(pixels))


def plain_pages(seeds: int) -> Iterator[Pixels]:
    """Office scans where they are there, and generated papers: pages without codes, most of them."""
    yield from (page.scanned().pixels for page in known_pages("vi_docs", "blank"))
    for seed in range(seeds):
        for preset in presets.ALL:
            yield from (scan(draw(6 * seed).image, preset, seed).pixels for draw in (dense, form))


def spend(pixels: Pixels) -> Spent:
    grey = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    return Spent(_shortest(read_codes, pixels), _shortest(find_patch_t, grey), _shortest(marks_alone, grey), find_patch_t(grey) is not None)


def _shortest(work: Callable[[Pixels], object], pixels: Pixels) -> float:
    spent = []
    for _ in range(ROUNDS):
        before = time.process_time()
        work(pixels)
        spent.append(1000 * (time.process_time() - before))
    return min(spent)


@dataclass(frozen=True, slots=True)
class Tally:
    """Codes of some pages, counted."""

    wanted: int
    ours: int
    alone: int
    ours_wrong: int  # on the paper there is no such code
    alone_wrong: int

    @property
    def share(self) -> float:
        return self.ours / self.wanted if self.wanted else 1.0

    def cell(self) -> str:
        return f"{self.ours} : {self.alone} of {self.wanted}"


def tally(outcomes: Sequence[Outcome], kind: str = "") -> Tally:
    """All codes, or those of one kind; wrong ones of every kind."""
    wanted = [frozenset(mark for mark in one.wanted if kind in ("", mark.kind)) for one in outcomes]
    return Tally(
        sum(len(marks) for marks in wanted),
        sum(len(marks & one.ours) for marks, one in zip(wanted, outcomes, strict=True)),
        sum(len(marks & one.alone) for marks, one in zip(wanted, outcomes, strict=True)),
        sum(len(one.ours - one.wanted) for one in outcomes),
        sum(len(one.alone - one.wanted) for one in outcomes),
    )


def rows(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A row a sheet and kind of code, a column a scanner: read by us, by zxing-cpp alone, of how many."""
    scanners = [preset.name for preset in (*presets.ALL, HARD)]
    yield f"| sheet | code | {' | '.join(scanners)} | wrong |\n|---|---|{'---|' * len(scanners)}---|"
    for name, drawing in DRAWINGS.items():
        for kind in filter(None, drawing.kinds):
            some = [one for one in outcomes if one.group == name]
            cells = [tally([one for one in some if one.preset == scanner], kind).cell() for scanner in scanners]
            whole = tally(some)
            yield f"| {name} | {kind} | {' | '.join(cells)} | {whole.ours_wrong} : {whole.alone_wrong} |"


def real_rows(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "| pictures | pages | codes read | wrong |\n|---|---|---|---|"
    for group in dict.fromkeys(one.group for one in outcomes):
        some = [one for one in outcomes if one.group == group]
        counted = tally(some)
        yield f"| {group} | {len(some)} | {counted.cell()} | {counted.ours_wrong} : {counted.alone_wrong} |"


def goals_of(generated: Sequence[Outcome], real: Sequence[Outcome]) -> Iterator[Goal]:
    """What was aimed at, beside zxing-cpp alone."""
    worn = tally([one for one in generated if one.group in SEPARATORS and one.preset.startswith("worn")])
    hard = tally([one for one in generated if one.group in SEPARATORS and one.preset == HARD.name])
    for what, counted in (("worn scanners", worn), (HARD.name, hard)):
        alone = counted.alone / counted.wanted
        yield Goal(f"sheets read, {what}", counted.share, alone, WORN_READ, at_least=True, digits=3)
    both = tally([*generated, *real])
    yield Goal("codes that are not on the paper", both.ours_wrong, both.alone_wrong, 0, digits=0)
    yield Goal("codes read, all", both.share, both.alone / both.wanted, both.alone / both.wanted, at_least=True, digits=3)


def report(generated: Sequence[Outcome], real: Sequence[Outcome], spent: Sequence[Spent]) -> None:
    """Print the tables."""
    print("Codes read by us, by zxing-cpp alone.\n")
    print("\n".join(rows(generated)))
    print()
    print("\n".join(real_rows(real)))
    ours, patch, alone = (median(column) for column in zip(*((one.ours, one.patch, one.alone) for one in spent), strict=True))
    print(f"\nOn {len(spent)} ordinary pages: {ours:.1f} ms of processor time, of it {patch:.1f} ms for patch codes;", end=" ")
    print(f"zxing-cpp alone {alone:.1f} ms (medians). Taken for a patch sheet: {sum(one.patched for one in spent)}.")
    print("\n| | Sohoa | zxing-cpp | aim | reached |\n|---|---|---|---|---|")
    for goal in goals_of(generated, real):
        print(goal.row())


def main() -> None:
    options = argparse.ArgumentParser(description="Codes on sheets, receipts and real pictures.")
    options.add_argument("--seeds", type=int, default=SEEDS, help="sheets a kind, preset and turn")
    options.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="processes")
    options.add_argument("--save", type=Path, help="folder for pictures of which a code was read not or wrongly")
    chosen = options.parse_args()
    if chosen.save:
        chosen.save.mkdir(parents=True, exist_ok=True)
    generated = each(partial(read_case, save=chosen.save), cases(chosen.seeds), chosen.jobs)
    real = [read_real(page) for page in real_pages()]
    report(generated, real, [spend(pixels) for pixels in plain_pages(1)])


if __name__ == "__main__":
    main()
