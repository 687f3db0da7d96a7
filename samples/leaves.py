"""The sides of paper that go through a scanner, as plain descriptions: what is on each, how it lies, what must become of it.

Descriptions rather than pictures, because a drawn page is 26 MB and a day has a hundred. `drawn` makes the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from samples.dossiers import Dossier
from samples.drawing import DrawnPage
from samples.papers import paper
from samples.presets import Preset
from samples.receipts import receipt
from samples.sheets import blank, patch, separator


@dataclass(frozen=True, slots=True)
class Leaf:
    """One side. `owner` and `component` are what it must be attached to; `starts` whether a document begins with it."""

    kind: str  # receipt, paper, separator, patch, blank
    dossier: Dossier | None = None  # whose paper is drawn
    part: str = ""  # component drawn, or named by a separator
    page: int = 0  # of that paper, from 0
    bar: str = ""  # bar code on a receipt
    disposition: str = "attached"
    owner: Dossier | None = None
    component: str | None = None
    starts: bool = False
    turn: int = 0
    back_of: Leaf | None = None  # what is printed on the other side

    def parked(self) -> Leaf:
        """The same side, which nobody can attach."""
        return replace(self, disposition="parked", owner=None, component=None)


@dataclass(frozen=True, slots=True)
class Drop:
    """One file or folder in the inbox. `form`: pdf, tiff, png, jpeg, folder, locked, truncated, copy."""

    path: str
    form: str
    preset: Preset
    leaves: tuple[Leaf, ...] = ()
    end: str = "done"
    reason: str | None = None
    same_as: str | None = None


def drawn(leaf: Leaf) -> DrawnPage:
    """Draw what is on a side."""
    if leaf.kind == "patch":
        return patch()
    if leaf.kind == "blank" or leaf.dossier is None:
        return blank()
    if leaf.kind == "receipt":
        return receipt(leaf.dossier, bar=leaf.bar)
    if leaf.kind == "separator":
        return separator(leaf.dossier, leaf.part)
    return paper(leaf.dossier, leaf.part)[leaf.page]


def first(dossier: Dossier, bar: str = "") -> Leaf:
    """The receipt, page 1 of its dossier."""
    return Leaf("receipt", dossier, bar=bar, owner=dossier, starts=True)


def papers(dossier: Dossier, *parts: str, component: str | None = None) -> tuple[Leaf, ...]:
    """The pages of some of its papers, attached to it."""
    found: list[Leaf] = []
    for part in parts:
        pages = 2 if (dossier.procedure.code, part) == ("1.001612", "TP1") else 1
        found += [Leaf("paper", dossier, part, page, owner=dossier, component=component) for page in range(pages)]
    return tuple(found)


def dossier_stack(dossier: Dossier, *parts: str, bar: str = "") -> tuple[Leaf, ...]:
    """Receipt and papers, one-sided: one document whose component is undecided."""
    return (first(dossier, bar), *papers(dossier, *parts))


def named(dossier: Dossier, part: str) -> tuple[Leaf, ...]:
    """The pages of one paper whose component a separator or file name says: one document."""
    return begun(papers(dossier, part, component=part))


def behind_sheet(dossier: Dossier, part: str) -> tuple[Leaf, ...]:
    """A separator sheet for one component, and that component."""
    return (Leaf("separator", dossier, part, disposition="separator"), *named(dossier, part))


def begun(leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """The same sides, the first of them starting a document."""
    return (replace(leaves[0], starts=True), *leaves[1:])


def two_sided(leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """Every side followed by its empty back, through which it shines."""
    return tuple(side for leaf in leaves for side in (leaf, Leaf("blank", disposition="blank", back_of=leaf)))


def turned(leaves: tuple[Leaf, ...], turns: tuple[int, ...]) -> tuple[Leaf, ...]:
    """The sides fed into the scanner the wrong way round, by degrees clockwise that mend it, over and over the given turns."""
    return tuple(replace(leaf, turn=turns[n % len(turns)]) for n, leaf in enumerate(leaves))


def without_home(leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """All sides waiting for a person."""
    return tuple(leaf.parked() for leaf in leaves)
