"""The sides of paper that go through a scanner, as plain descriptions: what is on each, how it lies, what must become of it.

Descriptions rather than pictures, because a drawn page is 26 MB and a day has a hundred. `drawn` makes the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from samples import oddities
from samples.dossiers import Dossier
from samples.drawing import DrawnPage
from samples.papers import paper, wording_of
from samples.presets import Preset
from samples.receipts import receipt
from samples.sheets import blank, patch, patch_t, separator


@dataclass(frozen=True, slots=True)
class Leaf:
    """One side. `owner` and `component` are what it must be attached to; `starts` whether a document begins with it."""

    kind: str  # receipt, paper, card, separator, patch, blank
    dossier: Dossier | None = None  # whose paper is drawn
    part: str = ""  # component drawn, or named by a separator
    page: int = 0  # of that paper, from 0
    bar: str = ""  # bar code on a receipt or patch sheet; `patch-t` is the drawn patch code
    disposition: str = "attached"
    owner: Dossier | None = None
    component: str | None = None
    starts: bool = False
    turn: int = 0
    back_of: Leaf | None = None  # what is printed on the other side
    bare: bool = False  # a receipt that has its bar code and no QR
    damaged: bool = False  # a receipt whose QR is blotted
    beside: Dossier | None = None  # whose receipt lies on the glass beside this one
    extra: str = ""  # what one more QR on the page says
    copied: bool = False  # a photocopy

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
    page = _drawn(leaf)
    if leaf.extra:
        page = oddities.with_code(page, leaf.extra)
    return oddities.photocopy(page) if leaf.copied else page


def _drawn(leaf: Leaf) -> DrawnPage:
    if leaf.kind == "patch":
        return patch_t(all_round=True) if leaf.bar == "patch-t" else patch(code_39=leaf.bar == "Code39")
    if leaf.kind == "blank" or leaf.dossier is None:
        return oddities.beside(blank(), blank()) if leaf.back_of and leaf.back_of.beside else blank()
    match leaf.kind:
        case "receipt":
            page = receipt(leaf.dossier, bar=leaf.bar, bare=leaf.bare, damaged=leaf.damaged)
            return oddities.beside(page, receipt(leaf.beside)) if leaf.beside else page
        case "card":
            return oddities.card(leaf.dossier)
        case "separator":
            return separator(leaf.dossier, leaf.part)
        case _:
            return _paper(leaf.dossier, leaf.part)[leaf.page]


@lru_cache(maxsize=1)
def _paper(dossier: Dossier, part: str) -> tuple[DrawnPage, ...]:
    """The last paper, since its other pages and what shines through its backs come next."""
    return paper(dossier, part)


def first(dossier: Dossier, bar: str = "") -> Leaf:
    """The receipt, page 1 of its dossier."""
    return Leaf("receipt", dossier, bar=bar, owner=dossier, starts=True)


def papers(dossier: Dossier, *parts: str, component: str | None = None) -> tuple[Leaf, ...]:
    """The pages of some of its papers, attached to it."""
    found: list[Leaf] = []
    for part in parts:
        pages = wording_of(dossier.procedure, part).pages
        found += [Leaf("paper", dossier, part, page, owner=dossier, component=component) for page in range(pages)]
    return tuple(found)


def dossier_stack(dossier: Dossier, *parts: str, bar: str = "") -> tuple[Leaf, ...]:
    """Receipt and papers, one-sided: a document each, whose component the title says."""
    return (first(dossier, bar), *named(dossier, *parts))


def named(dossier: Dossier, *parts: str) -> tuple[Leaf, ...]:
    """The pages of papers whose component a separator, a file name or their title says: one document each."""
    return tuple(leaf for part in parts for leaf in begun(papers(dossier, part, component=part)))


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
