"""Whether all pages of a paper are there, by the numbers printed on them and by the sides that went through the scanner.

Every physical page has its image, in order (TT 01/2023/TT-VPCP article 8). A printed number may be misread or not be read at all, so that
only what the other numbers confirm is told; nothing is put right here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.model import Folio


@dataclass(frozen=True, slots=True)
class FolioFindings:
    """What the page numbers printed on a paper's pages say."""

    missing: tuple[int, ...] = ()  # numbers that no page bears
    doubled: tuple[int, ...] = ()  # numbers that several pages bear
    out_of_order: bool = False

    @property
    def well(self) -> bool:
        return not (self.missing or self.doubled or self.out_of_order)


def check_folios(folios: Sequence[Folio | None]) -> FolioFindings:
    """Look through the page numbers of one paper in the order of its pages; None where none was read."""
    known = [(place, folio.number) for place, folio in enumerate(folios) if folio is not None]
    totals = Counter(folio.total for folio in folios if folio is not None and folio.total)
    total = totals.most_common(1)[0][0] if len(totals) == 1 else None
    if total is None and len(known) < 2:
        return FolioFindings()  # a lone number without a total may be anything
    numbers = [number for _, number in known]
    doubled = tuple(number for number, times in sorted(Counter(numbers).items()) if times > 1)
    out_of_order = any(later < sooner for sooner, later in pairwise(numbers))
    return FolioFindings(_missing(folios, known, total) if not out_of_order else (), doubled, out_of_order)


def _missing(folios: Sequence[Folio | None], known: list[tuple[int, int]], total: int | None) -> tuple[int, ...]:
    """Numbers for which no page is left: those between two known ones, or up to the total, for which there are too few pages between."""
    ends = [(-1, 0), *known, *([(len(folios), total + 1)] if total is not None else [])]
    gaps = [
        range(sooner + 1, later)
        for (place, sooner), (further, later) in pairwise(ends)
        if later - sooner > further - place and (total is not None or place >= 0)
    ]
    return tuple(number for gap in gaps for number in gap)


def odd_sides(blanks: Sequence[bool]) -> bool:
    """Whether a stack that was scanned on both sides has one side too many or too few: `blanks` tells of each side, in order.

    A stack counts as two-sided when at least three backs are blank and nearly all blank sides are backs.
    """
    behind = [place for place, blank in enumerate(blanks, start=1) if blank]
    backs = sum(place % 2 == 0 for place in behind)
    return len(behind) >= 3 and backs >= 0.8 * len(behind) and 3 * len(behind) >= len(blanks) and len(blanks) % 2 == 1
