"""Random streams of pages for splitting: sides of paper, what they look like, files and folders of them, named or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from pipeline.evidence import FileEvidence, PageEvidence
from pipeline.model import Code, Symbology
from pipeline.split import PageRef, Split, split
from tests.pipeline.split_by_the_book import Name, Scan, Side
from tests.pipeline.split_pages import (
    BOX,
    CARD,
    CHECKLISTS,
    DEAD,
    FITS,
    IMPOSSIBLE,
    NUMBERS,
    OLD,
    OLDER,
    PAYMENT,
    PROSE,
    RECEIPT,
    SHEET,
    A,
    B,
    C,
    qr,
    told,
)

PATCH_CODE = Code(Symbology.PATCH_T, "PATCHT", BOX)
COMPONENTS = ("", "TP1", "TP2", "KQ")


@dataclass(frozen=True)
class Batch:
    """What was dropped in one movement."""

    folder: Name | None
    scans: tuple[Scan, ...]

    @property
    def folder_name(self) -> str | None:
        return None if self.folder is None else _name(self.folder)

    @property
    def files(self) -> tuple[FileEvidence, ...]:
        return tuple(seen_file(scan, n) for n, scan in enumerate(self.scans))

    def split(self) -> Split:
        return split(self.folder_name, self.files, CHECKLISTS)

    def told(self) -> list[str]:
        return told(self.split(), self.files)

    def side(self, ref: PageRef) -> Side:
        return self.scans[ref.file].sides[ref.page - 1]

    def words(self, file: int) -> set[tuple[str, str]]:
        """What the folder and the names of one file say."""
        named = (self.folder, *self.scans[file].names)
        return {(name.number, name.component) for name in named if name is not None}

    def with_scan(self, place: int, sides: tuple[Side, ...]) -> Batch:
        """The same with other sides in one file."""
        scan = replace(self.scans[place], sides=sides)
        return replace(self, scans=(*self.scans[:place], scan, *self.scans[place + 1 :]))


def numbers_of(done: Split) -> dict[PageRef, str | None]:
    """The dossier of every page that is in a document."""
    return {ref: part.number for part in done.parts for ref in part.pages}


# --- what is seen ------------------------------------------------------------------------------------------------------------


def seen_file(scan: Scan, place: int) -> FileEvidence:
    name, *aliases = (f"{_name(one) if one else f'scan{place}_{n}'}.pdf" for n, one in enumerate(scan.names))
    return FileEvidence(name, tuple(seen(side, n) for n, side in enumerate(scan.sides, 1)), scan.image, tuple(aliases))


def seen(side: Side, number: int) -> PageEvidence:
    """What the pipeline would find on a side."""
    if side.kind == "blank":
        return PageEvidence(number, blank=True)
    if side.kind == "failed":
        return PageEvidence(number, failed=True)
    return PageEvidence(number, tuple(_codes(side)), text="\n".join(_lines(side)), speaks_of=side.speaks_of)


def _name(name: Name) -> str:
    return f"{name.number}__{name.component}" if name.component else name.number


def _codes(side: Side) -> Iterator[Code]:
    yield from (qr(f"SOHOA:{'H51.20-211116' if number == '?' else number}{f':{part}' if part else ''}") for number, part in side.sheets)
    yield from (qr(f"https://motcua.example.vn/?ma={number}") for number in side.codes)
    yield from (DEAD,) if side.dead else ()
    yield from (PATCH_CODE,) if side.patch or side.kind == "patch" else ()
    yield from ({"card": CARD, "payment": PAYMENT}[side.extra],) if side.extra else ()


def _lines(side: Side) -> Iterator[str]:
    yield from (RECEIPT,) if side.kind == "receipt" else ()
    yield from (SHEET,) if side.kind == "sheet" else ()
    yield from (FITS,) if side.fits else ()
    yield from (f"Mã hồ sơ: {number}" for number in side.printed)
    yield PROSE if side.legible and side.kind in ("receipt", "paper", "patch") else "mờ"


# --- what is drawn by lot ----------------------------------------------------------------------------------------------------


def _of_one(number: str) -> Iterator[Side]:
    yield Side("receipt", (number,))
    yield Side("receipt", dead=True, printed=(number,))
    yield Side("receipt", dead=True)
    yield Side("sheet", sheets=((number, ""),))
    yield Side("sheet", sheets=((number, "TP1"),))
    yield Side("paper", (number,))
    yield Side("paper", (number,), fits=True)
    yield Side("paper", (number,), legible=False)


def _rarer() -> Iterator[Side]:
    yield from (Side("sheet", sheets=((A, component),)) for component in ("TP2", "KQ"))
    yield from (Side("sheet", dead=True), Side("sheet"), Side("sheet", printed=(A,), dead=True), Side("sheet", sheets=(("?", ""),)))
    yield from (
        Side("sheet", sheets=((IMPOSSIBLE, ""),)),
        Side("sheet", sheets=((A, ""), (B, ""))),
        Side("sheet", sheets=((A, ""), (A, "TP1"))),
    )
    yield from (Side("sheet", (B,), ((A, ""),)), Side("sheet", (A,), ((A, "TP1"),)))
    yield from (
        Side("receipt", (A, B)),
        Side("receipt", (IMPOSSIBLE,)),
        Side("receipt", (A, IMPOSSIBLE)),
        Side("receipt", (OLD,), fits=True),
    )
    yield from (Side("receipt", (B,), fits=True), Side("receipt", (A,), ((A, "TP1"),)), Side("receipt", (B,), ((A, ""),)))
    yield from (
        Side("receipt", printed=(A, B)),
        Side("receipt", printed=(B,)),
        Side("receipt", (), ((A, "KQ"),)),
        Side("receipt", (B,), patch=True),
    )
    yield from (Side("receipt", dead=True, printed=(A,), patch=True), Side("receipt", (A,), extra="payment"))
    yield from (Side("patch"), Side("patch", (A,)), Side("patch", (B,)), Side("patch", (A, B)), Side("patch", (OLD,), fits=True))
    yield from (Side("paper", dead=True), Side("paper", dead=True, legible=False), Side("paper", (A,), dead=True), Side("paper", (A, B)))
    yield from (Side("paper", (OLD, OLDER), fits=True), Side("paper", (C,)), Side("paper", (C,), fits=True))
    yield from (Side("paper", extra="card"), Side("paper", extra="payment"), Side("paper", (A,), extra="card"))
    yield from (Side("paper", fits=True), Side("paper", legible=False))


PLAIN = (Side("paper"), Side("blank"), Side("failed"), Side("patch"))
_RARE = tuple(_rarer())
_USUAL = tuple(side for number in (A, B, OLD) for side in _of_one(number))
SIDES = st.sampled_from((*PLAIN[:1] * 16, *PLAIN[1:] * 5, *_USUAL * 2, *_RARE))
SPEAKING = st.sampled_from([frozenset(some) for some in ((), (A,), (B,), (OLD,), (A, B), (OLDER,), (C, OLDER))])
TALKATIVE = st.one_of(SIDES, st.builds(lambda side, some: replace(side, speaks_of=some) if side.kept else side, SIDES, SPEAKING))
NAMES = st.sampled_from([*[Name(n, c) for n in (A, A, B, OLD) for c in ("", "TP1", "TP2")], Name(A, "KQ"), Name(C), Name(IMPOSSIBLE)])
_MAYBE = st.one_of(st.none(), NAMES)
_OF_FILE = st.one_of(st.just((None,)), st.just((None,)), st.tuples(NAMES), st.tuples(_MAYBE, _MAYBE))


def scans(sides: st.SearchStrategy[Side], most: int = 10) -> st.SearchStrategy[Scan]:
    """A file of several pages, or a picture."""
    many = st.builds(lambda some, names: Scan(tuple(some), names), st.lists(sides, min_size=1, max_size=most), _OF_FILE)
    single = st.builds(lambda side, names: Scan((side,), names, image=True), sides, st.one_of(st.just((None,)), _OF_FILE))
    return st.one_of(many, single)


def batches(sides: st.SearchStrategy[Side]) -> st.SearchStrategy[Batch]:
    """A file, several of them, or a folder of pictures."""
    pictures = st.builds(lambda side: Scan((side,), (None,), image=True), sides)
    return st.one_of(
        st.builds(lambda scan: Batch(None, (scan,)), scans(sides)),
        st.builds(lambda folder, some: Batch(folder, tuple(some)), _MAYBE, st.lists(scans(sides, 6), min_size=1, max_size=4)),
        st.builds(lambda folder, some: Batch(folder, tuple(some)), NAMES, st.lists(pictures, min_size=2, max_size=7)),
    )


__all__ = ["NUMBERS", "SIDES", "TALKATIVE", "Batch", "batches", "numbers_of", "scans", "seen"]
