"""What an archive made of the large days, side by side with whose each page is; the shares that `identity` prints.

The archive is seen through `sohoa status --pages --json` alone. Nothing here runs anything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from samples.belonging import Belonging, HeapTruth, SideTruth

SHEETS = ("separator", "patch")


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a source page, in the words of `sohoa status`."""

    disposition: str
    dossier: str | None
    component: str | None
    document: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A page and what became of it."""

    heap: HeapTruth
    side: SideTruth
    ended: Ended

    @property
    def attached(self) -> bool:
        return self.ended.disposition == "attached"

    @property
    def found(self) -> bool:
        """Attached to its own dossier."""
        return self.attached and self.ended.dossier == self.side.owner

    @property
    def wrongly_attached(self) -> bool:
        """Attached to a dossier that is not its owner's. Sheets and blanks have no owner: see `Comparison.astray`."""
        return self.attached and self.side.owner is not None and self.ended.dossier != self.side.owner

    @property
    def component_right(self) -> bool:
        return self.found and self.ended.component == self.side.component

    @property
    def component_wrong(self) -> bool:
        """Given a component that it may not be given, without a person. Sheets and blanks have none: see `Comparison.astray`."""
        return self.attached and self.side.owner is not None and self.ended.component not in (None, *self.side.components)

    def line(self) -> str:
        """For the lists under the tables."""
        side, ended = self.side, self.ended
        where = f"{self.heap.path} page {side.source_page} ({self.heap.scanner}, {side.trouble or self.heap.way}, {side.kind})"
        became = " ".join(str(part) for part in (ended.disposition, ended.dossier, ended.component, ended.reason) if part)
        return f"{where}: is {side.owner or 'nobody'}'s {side.component or 'no component'}, became {became}"


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    count: int
    of: int

    @property
    def value(self) -> float:
        return self.count / self.of if self.of else 1.0

    def __str__(self) -> str:
        return f"{100 * self.value:.2f} % ({self.count}/{self.of})" if self.of else "-"


@dataclass(frozen=True)
class Comparison:
    """All pages of the truth that the archive has once, those that it has not or has twice, and those it has besides."""

    judged: tuple[Judged, ...]
    lost: tuple[str, ...]
    doubled: tuple[str, ...]  # twice in the archive, or in no file that was dropped

    @cached_property
    def readable(self) -> tuple[Judged, ...]:
        """Pages that bear or stand under a whole printed code, or a file or folder name, that names their own dossier.

        Left out are pages that a trouble puts in doubt (a receipt blotted, lost or in no register and what lies behind it; stacks
        pushed into each other; the second scan of a sheet; a paper with a page missing; names and codes that disagree), blanks and
        sheets. Whether a whole code can still be read on the scan is not asked: a poor scanner is no excuse.
        """
        return tuple(one for one in self.judged if one.side.readable)

    @cached_property
    def papers(self) -> tuple[Judged, ...]:
        """Of these, the pages of papers that the procedure asks for (or its result) and that bear the checklist's title for it."""
        return tuple(one for one in self.readable if one.side.kind == "paper" and one.side.component and one.side.titled)

    @cached_property
    def papers_otherwise_titled(self) -> tuple[Judged, ...]:
        """Pages of papers asked for whose title is not the checklist's: an undecided component is right for them, too."""
        return tuple(one for one in self.readable if one.side.kind == "paper" and one.side.component and not one.side.titled)

    @cached_property
    def accepted(self) -> tuple[Judged, ...]:
        """Pages with an owner, doubtful ones too, that were attached with a component and without a person."""
        return tuple(one for one in self.judged if one.attached and one.side.owner is not None and one.ended.component is not None)

    @cached_property
    def astray(self) -> tuple[Judged, ...]:
        """Pages that became what they may not, waiting in place of being attached left aside: content taken for blank, sheets attached."""
        return tuple(one for one in self.judged if one.ended.disposition not in (*one.side.ends, "parked"))


def compare(status: dict[str, Any], truth: Belonging) -> Comparison:
    """Match every page of the truth with those of the archive."""
    pages = _pages(status)
    judged: list[Judged] = []
    lost: list[str] = []
    doubled: list[str] = []
    for heap in truth.heaps:
        for side in heap.sides:
            found = pages.pop((heap.path, side.source_page), None) or pages.pop((f"{heap.path}/{side.source_page:03}.jpg", 1), [])
            place = f"{heap.path} page {side.source_page} ({heap.scanner}, {side.trouble or heap.way}, {side.kind})"
            if not found:
                lost.append(place)
                continue
            if len(found) > 1:
                doubled.append(place)
            judged.append(Judged(heap, side, found[0]))
    doubled += [f"{path} page {number}, which nobody dropped" for path, number in pages]
    return Comparison(tuple(judged), tuple(lost), tuple(doubled))


def _pages(status: dict[str, Any]) -> dict[tuple[str, int], list[Ended]]:
    found: dict[tuple[str, int], list[Ended]] = defaultdict(list)
    for scan in status["scans"]:
        for page in scan["pages"]:
            ended = Ended(page["disposition"], page["dossier"], page["component"], page["document"], page.get("reason"))
            found[scan["path"], page["source_page"]].append(ended)
    return dict(found)


def share(judged: Sequence[Judged], holds: Callable[[Judged], bool]) -> Share:
    return Share(sum(holds(one) for one in judged), len(judged))


def documents_right(papers: Iterable[Judged], everything: Iterable[Judged]) -> Share:
    """Papers of which every page has its component and that are one document of the archive with no other page in it.

    A paper one of whose pages is in doubt is left out.
    """
    doubtful = {_paper(one) for one in everything if not one.side.readable}
    whole: dict[tuple[str, int | None], list[Judged]] = defaultdict(list)
    for one in papers:
        whole[_paper(one)].append(one)
    sizes = Counter(one.ended.document for one in everything if one.attached)
    whole = {paper: pages for paper, pages in whole.items() if paper not in doubtful}
    return Share(sum(_one_document(pages, sizes) for pages in whole.values()), len(whole))


def _paper(one: Judged) -> tuple[str, int | None]:
    return one.heap.path, one.side.document


def _one_document(pages: Sequence[Judged], sizes: Counter[str | None]) -> bool:
    documents = {one.ended.document for one in pages}
    return all(one.component_right for one in pages) and len(documents) == 1 and sizes[documents.pop()] == len(pages)


def sheets(judged: Iterable[Judged], *scanners: str) -> Share:
    """Separator and patch sheets that were taken for what they are, on those scanners or on all."""
    wanted = [one for one in judged if one.side.kind in SHEETS and (not scanners or one.heap.scanner in scanners)]
    return share(wanted, lambda one: one.ended.disposition == "separator")


def blanks(judged: Iterable[Judged]) -> Share:
    """Empty backs that were taken for what they are."""
    return share([one for one in judged if one.side.kind == "blank"], lambda one: one.ended.disposition == "blank")
