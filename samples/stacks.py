"""How papers come to the scanner on large days when nothing goes wrong: every way of formats.md to tell whose they are.

A heap is one file to be; whose each of its sides is goes with it. What goes wrong is in `troubles`; who lays heaps on which
scanner is for `large_days` to say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from samples.catalogue import Office
from samples.deck import Deck
from samples.dossiers import Dossier
from samples.leaves import Leaf, begun, first, named, papers, turned, two_sided
from samples.papers import drawn_components, wording_of

PATCHES = (Leaf("patch"), Leaf("patch", bar="Code39"), Leaf("patch", bar="patch-t"))
TURNS = (0, 180, 0, 0, 90, 0, 270)
UNASKED = ("X1", "X2", "X3", "X4")
_OWN_ENDS = {"blank": ("blank",), "separator": ("separator",), "patch": ("separator",)}
_OPTIONAL, _RESULT, _MORE, _CARD = 0.5, 0.4, 0.15, 0.12  # how often such a paper lies in a dossier


@dataclass(frozen=True, slots=True)
class Side:
    """One side of paper, what it is (`leaf.owner`, `leaf.component`), and what is no mistake about it."""

    leaf: Leaf
    ends: tuple[str, ...]  # see `belonging.SideTruth`
    readable: bool
    also: tuple[str | None, ...] = ()  # components besides its own that it may be given
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Heap:
    """One file or folder. Without a name it gets a scanner's; `form` as in `leaves.Drop`."""

    way: str
    sides: tuple[Side, ...]
    name: str = ""
    form: str = "pdf"


def known(leaves: tuple[Leaf, ...], trouble: str = "") -> tuple[Side, ...]:
    """Sides that bear or stand under a whole code or name of their own dossier."""
    return tuple(_side(leaf, ("attached",), trouble, readable=True) for leaf in leaves)


def doubtful(leaves: tuple[Leaf, ...], trouble: str) -> tuple[Side, ...]:
    """Sides that may find their dossier, or wait."""
    return tuple(_side(leaf, ("attached", "parked"), trouble, readable=False) for leaf in leaves)


def hopeless(leaves: tuple[Leaf, ...], trouble: str) -> tuple[Side, ...]:
    """Sides that have to wait."""
    return tuple(_side(leaf, ("parked",), trouble, readable=False) for leaf in leaves)


def _side(leaf: Leaf, ends: tuple[str, ...], trouble: str, *, readable: bool) -> Side:
    own = _OWN_ENDS.get(leaf.kind)
    shown = tuple(part.code for part in leaf.dossier.procedure.components if part.duty == "MIEN") if leaf.dossier else ()
    also = shown if leaf.kind == "card" else ()
    return Side(leaf, own or ends, readable and own is None, also, trouble)


def contents(deck: Deck, dossier: Dossier) -> tuple[Leaf, ...]:
    """The papers that lie in a dossier: most of those asked for, its result in some, in a few what nobody asked for."""
    optional = {part.code for part in dossier.procedure.components if not part.required}
    found: list[Leaf] = []
    for part in drawn_components(dossier.procedure):
        if part not in optional or deck.chance(_OPTIONAL):
            found += named(dossier, part)
    if deck.chance(_MORE):
        found += unasked(deck, dossier)
    if deck.chance(_CARD):
        found.append(Leaf("card", dossier, owner=dossier, starts=True))
    if dossier.procedure.result and deck.chance(_RESULT):
        found += named(dossier, "KQ")
    return tuple(found)


def unasked(deck: Deck, dossier: Dossier) -> tuple[Leaf, ...]:
    """A paper that the procedure does not ask for."""
    return begun(papers(dossier, UNASKED[int(deck.random.integers(len(UNASKED)))]))


def stack(deck: Deck, dossier: Dossier, receipt: Leaf | None = None) -> tuple[Leaf, ...]:
    """A receipt, plain if none is given, and the papers behind it."""
    return (receipt or first(dossier), *contents(deck, dossier))


def receipts(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """Stacks parted by receipts."""
    return (Heap("receipts", known(_stacks(deck, office, 3))),)


def receipts_two_sided(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """The same through a two-sided scanner: a blank back behind every sheet."""
    return (duplex(Heap("receipts, two-sided", known(_stacks(deck, office, 3)))),)


def receipts_turned(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """The same by a hasty clerk, on both sides."""
    return (Heap("receipts, turned", known(two_sided(turned(_stacks(deck, office, 2), TURNS)))),)


def receipts_with_bars(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """Old receipts: a QR and a bar code, or a Code 128 alone."""
    one, two, three = (deck.deal(office) for _ in range(3))
    old = replace(first(two, "Code128"), bare=True)
    leaves = (*stack(deck, one, first(one, "Code39")), *stack(deck, two, old), *stack(deck, three, first(three, "Code128")))
    return (Heap("receipts with bar codes", known(leaves)),)


def _stacks(deck: Deck, office: Office, count: int) -> tuple[Leaf, ...]:
    return tuple(leaf for _ in range(count) for leaf in stack(deck, deck.deal(office)))


def dossier_sheets(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """A separator sheet before each dossier; one with its receipt behind it, one without."""
    one, two, three = (deck.deal(office) for _ in range(3))
    leaves = (sheet(one), *stack(deck, one), sheet(two), *contents(deck, two), sheet(three), *stack(deck, three))
    return (Heap("dossier sheets", known(leaves), form="tiff" if deck.chance(0.2) else "pdf"),)


def component_sheets(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """A separator sheet before each paper."""
    plain = (leaf for _ in range(2) for leaf in behind_sheets(deck.deal(office)))
    return (Heap("component sheets", known((*plain, *behind_sheets(deck.with_result(office), result=True)))),)


def sheet(dossier: Dossier, part: str = "") -> Leaf:
    """The separator sheet of a dossier or of a component of it."""
    return Leaf("separator", dossier, part, disposition="separator")


def behind_sheets(dossier: Dossier, *, result: bool = False) -> tuple[Leaf, ...]:
    """Each paper of a dossier behind its sheet."""
    parts = (*drawn_components(dossier.procedure), *(("KQ",) if result else ()))
    return tuple(leaf for part in parts for leaf in (sheet(dossier, part), *named(dossier, part)))


def patched(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """Files named after their dossier, a patch sheet between the papers."""
    found = []
    for patch in PATCHES:
        dossier = deck.deal(office)
        leaves: list[Leaf] = []
        for leaf in contents(deck, dossier):
            leaves += [patch, leaf] if leaf.starts else [leaf]
        found.append(Heap("file name and patch sheets", known(tuple(leaves)), f"{dossier.number}.pdf"))
    return tuple(found)


def named_after_dossier(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """Files named after their dossier: one with its receipt, one without."""
    one, two = deck.deal(office), deck.deal(office)
    way = "file name"
    return (
        Heap(way, known(stack(deck, one)), f"{one.number}.pdf"),
        Heap(way, known(contents(deck, two)), f"{two.number}.pdf"),
    )


def named_after_component(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """One file for each paper, named after dossier and component; pictures where the paper is one page."""
    dossier = deck.with_result(office)
    found = []
    for part in (*drawn_components(dossier.procedure), "KQ"):
        one_page = wording_of(dossier.procedure, part).pages == 1
        form, end = ("jpeg", "jpg") if one_page and deck.chance(0.4) else ("pdf", "pdf")
        found.append(Heap("file name with component", known(named(dossier, part)), f"{dossier.number}__{part}.{end}", form))
    return tuple(found)


def folders(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """A folder of pictures, named after its dossier."""
    dossier = deck.deal(office)
    return (Heap("folder of pictures", known(turned(stack(deck, dossier), (0, 0, 180))), dossier.number, "folder"),)


def results(deck: Deck, office: Office) -> tuple[Heap, ...]:
    """A stack of nothing but results, each with its own code."""
    leaves = tuple(leaf for _ in range(5) for leaf in named(deck.with_result(office), "KQ"))
    return (Heap("results", known(leaves)),)


def duplex(heap: Heap) -> Heap:
    """The same heap through a two-sided scanner: behind every side its empty back."""
    sides = tuple(one for side in heap.sides for one in (side, *known((Leaf("blank", disposition="blank", back_of=side.leaf),))))
    return replace(heap, sides=sides)


ORDINARY = (
    receipts,
    component_sheets,
    receipts_two_sided,
    dossier_sheets,
    patched,
    receipts_with_bars,
    named_after_dossier,
    results,
    receipts_turned,
    named_after_component,
    folders,
)
"""All of them."""
