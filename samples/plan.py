"""What is dropped into the inbox on a sample day, file by file, and what must become of it.

Every way of naming and separating papers of formats.md is used at least once, and every trouble. Expected ends follow its
section 3 to the letter; where that leaves room (a result behind a plain receipt), no such page is planned.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from samples.cast import Cast
from samples.dossiers import Dossier
from samples.leaves import (
    Drop,
    Leaf,
    behind_sheet,
    dossier_stack,
    first,
    named,
    papers,
    turned,
    two_sided,
    without_home,
)
from samples.presets import FADED, GOOD, LOW, WORN

UNREADABLE = frozenset({"Encrypted", "Broken"})  # reasons why nobody can look into a file

_PATCH = Leaf("patch", disposition="separator")
_TURNS = (0, 180, 0, 0, 90, 0, 270)


def small(cast: Cast) -> tuple[Drop, ...]:
    """A few files with every kind of page, for end-to-end tests."""
    birth, marriage, death, *_ = cast.an_phuoc
    vinh_birth, *_ = cast.vinh_loc
    stack = (*two_sided(dossier_stack(birth, "TP1")), *turned(dossier_stack(marriage, "TP1"), (0, 180)))
    sheets = (*behind_sheet(vinh_birth, "TP1"), *turned(behind_sheet(vinh_birth, "KQ"), (0, 90)))
    named_file = Drop(f"H51.20/{death.number}__TP2.pdf", "pdf", LOW, named(death, "TP2"))
    return (
        Drop("H51.20/scan0001.pdf", "pdf", GOOD, stack),
        named_file,
        Drop("H51.20/scan0002.pdf", "copy", LOW, end="duplicate", reason="Duplicate", same_as=named_file.path),
        Drop("H51.20/scan0003.pdf", "pdf", GOOD, _unregistered(cast, birth, "TP1"), "parked", "UnknownDossier"),
        Drop("H51.21/scan0001.pdf", "pdf", WORN, sheets),
        Drop("H51.21/scan0002.tif", "tiff", GOOD, (_PATCH, *dossier_stack(cast.vinh_loc[2], "TP2"))),
        Drop("H51.21/scan0003.pdf", "locked", LOW, named(vinh_birth, "TP2"), "parked", "Encrypted"),
    )


def demo(cast: Cast) -> tuple[Drop, ...]:
    """A day of three offices with different scanners."""
    return (*_an_phuoc(cast), *_vinh_loc(cast), *_tan_hung(cast))


def _an_phuoc(cast: Cast) -> tuple[Drop, ...]:
    """A worn two-sided scanner; receipts part the stacks; files are named by hand."""
    birth, marriage, death, status, business = cast.an_phuoc
    stack = [leaf for dossier in (birth, marriage, death) for leaf in two_sided(turned(dossier_stack(dossier, "TP1", "TP2"), _TURNS))]
    results = tuple(leaf for dossier in (birth, marriage, death) for leaf in named(dossier, "KQ"))
    by_name = Drop(f"H51.20/{status.number}.pdf", "pdf", LOW, dossier_stack(status, "TP1", "TP2"))
    return (
        by_name,
        Drop(f"H51.20/{business.number}__TP1.pdf", "pdf", GOOD, named(business, "TP1")),
        Drop(f"H51.20/{business.number}__KQ.pdf", "pdf", GOOD, named(business, "KQ")),
        Drop("H51.20/scan0001.pdf", "pdf", WORN, tuple(stack)),
        Drop("H51.20/scan0002.pdf", "pdf", WORN, results),
        Drop("H51.20/scan0003.pdf", "truncated", LOW, papers(death, "TP1", "TP2"), "refused", "Broken"),
        Drop("H51.20/scan0004.pdf", "copy", LOW, end="duplicate", reason="Duplicate", same_as=by_name.path),
    )


def _vinh_loc(cast: Cast) -> tuple[Drop, ...]:
    """A good scanner; separator and patch sheets; a folder of pictures, a TIFF, a PNG; some trouble."""
    birth, marriage, death, status, business = cast.vinh_loc
    brought = replace(papers(cast.brought, "KQ")[0], owner=marriage, component="TP2", starts=True)
    stack = (
        Leaf("separator", birth, disposition="separator"),
        *turned(dossier_stack(birth), (180,)),
        *behind_sheet(birth, "TP1"),
        *behind_sheet(birth, "TP2"),
        *turned(behind_sheet(birth, "KQ"), (0, 180)),
        *behind_sheet(marriage, "TP1"),
        Leaf("separator", marriage, "TP2", disposition="separator"),
        brought,
    )
    patched = (_PATCH, *dossier_stack(status, "TP1"), _PATCH, *dossier_stack(business, "TP1", "TP2"))
    strangers = dossier_stack(cast.tan_hung[3], "TP1")
    return (
        Drop("H51.21/scan0001.pdf", "pdf", GOOD, stack),
        Drop(f"H51.21/{death.number}", "folder", WORN, turned(dossier_stack(death, "TP1", "TP2"), (0, 0, 90))),
        Drop("H51.21/scan0002.tif", "tiff", GOOD, patched),
        Drop(f"H51.21/{business.number}__KQ.png", "png", LOW, named(business, "KQ")),
        Drop("H51.21/scan0003.pdf", "locked", LOW, papers(status, "TP1"), "parked", "Encrypted"),
        Drop("H51.21/scan0004.pdf", "pdf", WORN, _unregistered(cast, status, "TP1", "TP2"), "parked", "UnknownDossier"),
        Drop("H51.21/scan0005.pdf", "pdf", LOW, without_home(strangers), "parked", "WrongOffice"),
    )


def _tan_hung(cast: Cast) -> tuple[Drop, ...]:
    """A printer that needs toner and a scanner at low resolution; old receipts with bar codes."""
    birth, marriage, death, status, business = cast.tan_hung
    stack = [leaf for dossier in (birth, marriage) for leaf in two_sided(dossier_stack(dossier, "TP1", "TP2", bar="Code128"))]
    mixed = (
        *turned(dossier_stack(status, "TP1", bar="Code39"), (0, 270)),
        *_unregistered(cast, status, "TP1"),
        *dossier_stack(business, "TP1", "TP2"),
    )
    contradicted = without_home((first(status), *papers(status, "TP1")))
    return (
        Drop("H51.22/scan0001.pdf", "pdf", FADED, tuple(stack)),
        Drop(f"H51.22/{birth.number}.pdf", "pdf", LOW, contradicted, "parked", "Conflict"),
        Drop(f"H51.22/{death.number}.pdf", "pdf", WORN, turned(named(death, "TP1", "TP2"), (180,))),
        Drop(f"H51.22/{death.number}__KQ.jpg", "jpeg", FADED, named(death, "KQ")),
        Drop("H51.22/scan0002.pdf", "pdf", LOW, without_home(papers(marriage, "TP1", "TP2")), "parked", "NoCode"),
        Drop("H51.22/scan0003.pdf", "pdf", LOW, mixed, "parked", "UnknownDossier"),
    )


def _unregistered(cast: Cast, neighbour: Dossier, *parts: str) -> tuple[Leaf, ...]:
    """The papers of a dossier of the same office and day as another that no register has."""
    number = f"{neighbour.number[:-4]}{cast.unknown.serial:04}"
    return without_home(dossier_stack(replace(cast.unknown, number=number, receiving=neighbour.receiving), *parts))


def again(drops: tuple[Drop, ...], batch: int) -> tuple[Drop, ...]:
    """The same plan for another batch of the same day: scanner files are numbered on, so that no name comes twice."""
    return tuple(
        replace(drop, path=_numbered(drop.path, batch), same_as=None if drop.same_as is None else _numbered(drop.same_as, batch))
        for drop in drops
    )


def _numbered(path: str, batch: int) -> str:
    name = PurePosixPath(path)
    return str(name.with_name(name.name.replace("scan0", f"scan{batch}", 1)))
