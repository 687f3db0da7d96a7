"""The generated pages that are read: dense text and the papers of dossiers, in every scanner preset, with their truth.

A set is cut into rounds, each a file of its own, so that the readers can take turns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench.readers import Input
from samples import cast, files, presets
from samples.dense import dense_page
from samples.dossiers import Dossier
from samples.drawing import DrawnPage
from samples.papers import paper
from samples.receipts import receipt
from samples.scanner import ScannedPage, scan

T = TypeVar("T")
_DAY = date(2025, 11, 3)


class Kind(Enum):
    """What stands on the pages of a set."""

    DENSE = "dense"
    FORMS = "forms"  # filled in over dotted lines, ruled tables, receipts, certificates
    REAL = "real scans"


@dataclass(frozen=True, slots=True)
class Round:
    """Pages that are read in one go, and what stands on them."""

    given: Input
    truths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageSet:
    """Pages of one kind from one scanner."""

    name: str  # of the preset
    kind: Kind
    rounds: tuple[Round, ...]


def dense(seed: int) -> DrawnPage:
    return dense_page(seed)


def form(seed: int) -> DrawnPage:
    """In turn: a form, a receipt, a form, a receipt with a bar code, a letter of another body, a certificate."""
    dossier = _dossier(seed // 6)
    match seed % 6:
        case 0:
            return paper(dossier, "TP1")[0]
        case 1:
            return receipt(dossier)
        case 2:
            return paper(_dossier(seed // 6 + 1), "TP1")[-1]
        case 3:
            return receipt(dossier, bar="Code128")
        case 4:
            return paper(dossier, "TP2")[0]
        case _:
            return paper(dossier, "KQ")[0]


def sparse(seed: int) -> DrawnPage:
    """A receipt, the page of a dossier with the fewest words that stand in lines."""
    return receipt(_dossier(seed))


def _dossier(number: int) -> Dossier:
    """Ever other people; the procedures in turn."""
    people = cast.assemble(np.random.default_rng(500 + number), _DAY + timedelta(days=number % 300))
    offices = (people.an_phuoc, people.vinh_loc, people.tan_hung)
    return offices[number % 3][number % 5]


DRAWN: dict[Kind, Callable[[int], DrawnPage]] = {Kind.DENSE: dense, Kind.FORMS: form}


def generated(preset: presets.Preset, kind: Kind, pages: int, rounds: int, folder: Path) -> PageSet:
    """A set in `folder`, which has to exist and may not hold another; every second page has a printed back that shines through."""
    drawn = DRAWN[kind]
    return PageSet(preset.name, kind, tuple(_round(preset, drawn, seeds, folder) for seeds in shared_out(range(pages), rounds)))


def shared_out(items: Sequence[T], parts: int) -> list[Sequence[T]]:
    """The items in so many parts of like size, fewer where there are fewer items."""
    size = -(-len(items) // parts)
    return [items[first : first + size] for first in range(0, len(items), size)]


def _round(preset: presets.Preset, drawn: Callable[[int], DrawnPage], seeds: Sequence[int], folder: Path) -> Round:
    truths: list[str] = []
    scans: list[ScannedPage] = []
    images: list[Path] = []
    for seed in seeds:
        page, behind = drawn(seed), drawn(1000 + seed).image if seed % 2 else None
        truths.append(page.text)
        scans.append(scan(page.image, preset, seed, behind=behind))
        images.append(folder / f"{seed}.jpg")
        images[-1].write_bytes(scans[-1].jpeg)
    pdf = folder / f"from-{seeds[0]}.pdf"
    pdf.write_bytes(files.pdf(scans))
    return Round(Input(pdf, tuple(images)), tuple(truths))
