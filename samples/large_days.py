"""Days of hundreds of dossiers at six counters with six kinds of scanners, and whose each page is.

`planned` decides and draws nothing; `make` writes registers, inbox and truth. Every way and trouble comes round with every kind
of scanner in turn; the same seed gives the same bytes whatever the number of processes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path

from samples import belonging, presets, registers, stacks, troubles
from samples.belonging import Belonging, HeapTruth, SideTruth
from samples.catalogue import OFFICES, Office
from samples.day import one_thread, scanned, write
from samples.deck import Deck
from samples.dossiers import Dossier
from samples.papers import wording_of
from samples.presets import Preset
from samples.repertoire import COUNTERS, MANY, MORE_OFFICES
from samples.scanner import ScannedPage
from samples.stacks import Heap, Side

DOSSIERS = 480
"""Whose papers are scanned, unless told otherwise: six rounds of every way and trouble, one on each kind of scanner."""
_TWO_SIDED = 0.45  # of scanners


@dataclass(frozen=True, slots=True)
class Laid:
    """A heap on its scanner."""

    path: str  # below the inbox
    preset: Preset
    heap: Heap


@dataclass(frozen=True, slots=True)
class LargeDays:
    """What is dropped and what the register holds, before anything is drawn."""

    laid: tuple[Laid, ...]
    dossiers: tuple[Dossier, ...]


def planned(seed: int, dossiers: int = DOSSIERS) -> LargeDays:
    """Deal until at least that many dossiers lie on scanners. Another seed begins with another way or trouble."""
    deck = Deck(seed)
    numbers: Counter[str] = Counter()
    laid: list[Laid] = []
    for preset, office, make_heaps in _turns(seed):
        for one_sided in make_heaps(deck, office):
            heap = stacks.duplex(one_sided) if _goes_through_duplex(one_sided, deck) else one_sided
            numbers[office.code] += not heap.name
            name = heap.name or f"scan{numbers[office.code]:04}.{'tif' if heap.form == 'tiff' else 'pdf'}"
            laid.append(Laid(f"{office.code}/{name}", preset, heap))
        if deck.dealt >= dossiers:
            break
    return LargeDays(tuple(laid), tuple(deck.registered))


def _turns(seed: int) -> Iterator[tuple[Preset, Office, Callable[[Deck, Office], tuple[Heap, ...]]]]:
    """Ways and troubles in turn without end, their scanner changing from round to round."""
    recipes = _mixed()
    for turn in count(seed):
        number, place = divmod(turn, len(recipes))
        yield presets.ALL[(number + place) % len(presets.ALL)], COUNTERS[(turn * 5 + number) % len(COUNTERS)], recipes[place]


def _goes_through_duplex(heap: Heap, deck: Deck) -> bool:
    """Whether a scanner's file comes from a two-sided one; what is named was scanned sheet by sheet."""
    backs = any(side.leaf.kind == "blank" for side in heap.sides)
    return not (heap.name or backs) and deck.chance(_TWO_SIDED)


def _mixed() -> tuple[Callable[[Deck, Office], tuple[Heap, ...]], ...]:
    """An ordinary way after every second trouble, as far as they go."""
    ordinary = list(stacks.ORDINARY)
    found: list[Callable[[Deck, Office], tuple[Heap, ...]]] = []
    for number, trouble in enumerate(troubles.ALL):
        if number % 2 == 0 and ordinary:
            found.append(ordinary.pop(0))
        found.append(trouble)
    return (*found, *ordinary)


def make(out: Path, seed: int = 1, dossiers: int = DOSSIERS, processes: int = 2) -> Belonging:
    """Write `registers/`, `inbox/` and `truth.json` below `out`, which must not hold an inbox yet (FileExistsError)."""
    days = planned(seed, dossiers)
    inbox = out / "inbox"
    inbox.mkdir(parents=True)
    registers.write(out / "registers", days.dossiers, MANY, (*OFFICES, *MORE_OFFICES))
    work = partial(_written, inbox, seed)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=one_thread) as pool:
        truth = Belonging(seed, dossiers, tuple(pool.map(work, days.laid)))
    belonging.save(truth, out / "truth.json")
    return truth


def made(out: Path, seed: int, dossiers: int) -> Belonging | None:
    """The truth of what `make` wrote there with the same seed and size; None where it did not, or not to its end."""
    path = out / "truth.json"
    if not path.is_file():
        return None
    found = belonging.load(path)
    return found if (found.seed, found.dossiers) == (seed, dossiers) else None


def _written(inbox: Path, seed: int, laid: Laid) -> HeapTruth:
    """Draw, scan and write one heap; gives its truth."""
    scans: list[ScannedPage] = []
    sides: list[SideTruth] = []
    document = in_document = 0
    for number, side in enumerate(laid.heap.sides, 1):
        page, seen = scanned(seed, laid.path, number, side.leaf, laid.preset)
        scans.append(seen)
        if side.leaf.owner:
            document, in_document = (document + 1, 1) if side.leaf.starts else (document, in_document + 1)
        sides.append(_truth(side, number, (document, in_document), seen, page.text))
    write(inbox / laid.path, laid.heap.form, scans)
    return HeapTruth(laid.path, laid.heap.way, laid.preset.name, tuple(sides))


def _truth(side: Side, number: int, place: tuple[int, int], seen: ScannedPage, text: str) -> SideTruth:
    leaf = side.leaf
    return SideTruth(
        source_page=number,
        kind=leaf.kind,
        owner=leaf.owner.number if leaf.owner else None,
        component=leaf.component,
        components=(leaf.component, *side.also),
        ends=side.ends,
        readable=side.readable,
        titled=_titled(side),
        trouble=side.trouble,
        document=place[0] if leaf.owner else None,
        page_in_document=place[1] if leaf.owner else None,
        rotation=seen.turn,
        skew=seen.angle,
        text=text,
    )


def _titled(side: Side) -> bool:
    """Whether the paper bears the checklist's own words; of results, whose titles no checklist has, their code tells."""
    leaf = side.leaf
    if leaf.component is None or leaf.owner is None or leaf.dossier is None:
        return False
    if leaf.component == "KQ":
        return True
    name = next(part.name for part in leaf.owner.procedure.components if part.code == leaf.component)
    return wording_of(leaf.dossier.procedure, leaf.part).title.casefold() == name.casefold()
