"""What counts as lost, wrong, right or left for a person when an archive is compared with whose each page is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bench.identity import report
from bench.identity_scores import Comparison, Share, blanks, compare, documents_right, share, sheets
from samples.belonging import Belonging, HeapTruth, SideTruth

OURS, OTHER = "H51.20-251103-0001", "H51.20-251103-0002"
PAPER = SideTruth(
    2,
    "paper",
    OURS,
    "TP1",
    ("TP1",),
    ("attached",),
    readable=True,
    titled=True,
    trouble="",
    document=2,
    page_in_document=1,
    rotation=0,
    skew=0.0,
    text="",
)
RECEIPT = replace(PAPER, source_page=1, kind="receipt", component=None, components=(None,), titled=False, document=1)
SHEET = replace(PAPER, kind="separator", owner=None, component=None, ends=("separator",), readable=False, document=None)
BLANK = replace(SHEET, kind="blank", ends=("blank",))
DOUBTFUL = replace(PAPER, readable=False, ends=("attached", "parked"), trouble="receipt lost")


def page(
    number: int, disposition: str = "attached", dossier: str | None = OURS, component: str | None = None, document: str | None = "a"
) -> dict[str, Any]:
    return {
        "source_page": number,
        "disposition": disposition,
        "dossier": dossier,
        "component": component,
        "document": document,
        "reason": None if disposition == "attached" else "NoCode",
    }


def compared(*pairs: tuple[SideTruth, dict[str, Any]], scanner: str = "good") -> Comparison:
    """Sides and what became of them, numbered from 1."""
    own = tuple(replace(side, source_page=number) for number, (side, _) in enumerate(pairs, 1))
    pages = [{**ended, "source_page": number} for number, (_, ended) in enumerate(pairs, 1)]
    truth = Belonging(1, 1, (HeapTruth("H51.20/scan0001.pdf", "receipts", scanner, own),))
    return compare({"scans": [{"path": "H51.20/scan0001.pdf", "pages": pages}]}, truth)


def test_pages_are_matched_by_file_and_number_and_folders_by_their_pictures() -> None:
    truth = Belonging(1, 1, (HeapTruth("H51.20/a.pdf", "", "good", (RECEIPT, PAPER)), HeapTruth("H51.20/b", "", "good", (RECEIPT, PAPER))))
    scans = [
        {"path": "H51.20/a.pdf", "pages": [page(1), page(3)]},
        {"path": "H51.20/b/001.jpg", "pages": [page(1)]},
        {"path": "H51.20/b/002.jpg", "pages": [page(1, component="TP1")]},
        {"path": "H51.20/b/002.jpg", "pages": [page(1)]},
    ]
    found = compare({"scans": scans}, truth)
    assert [line.split(" (")[0] for line in found.lost] == ["H51.20/a.pdf page 2"]
    assert [line.split(" (")[0] for line in found.doubled] == ["H51.20/b page 2", "H51.20/a.pdf page 3, which nobody dropped"]
    assert [one.ended.component for one in found.judged] == [None, None, "TP1"]


def test_anothers_dossier_is_wrong_and_waiting_is_not() -> None:
    found = compared((PAPER, page(1, dossier=OTHER)), (DOUBTFUL, page(2, dossier=OTHER)), (DOUBTFUL, page(3, "parked", None)))
    assert [one.wrongly_attached for one in found.judged] == [True, True, False]
    assert len(found.readable) == 1


def test_what_waits_under_a_whole_code_is_missing_from_the_share() -> None:
    found = compared((RECEIPT, page(1)), (PAPER, page(2, "parked", None)), (DOUBTFUL, page(3)))
    assert share(found.readable, lambda one: one.found) == Share(1, 2)


def test_components() -> None:
    untitled = replace(PAPER, titled=False)
    unasked = replace(PAPER, component=None, components=(None,), titled=False)
    found = compared(
        (PAPER, page(1, component="TP1")),
        (PAPER, page(2)),
        (PAPER, page(3, component="TP2")),
        (untitled, page(4)),
        (unasked, page(5, component="TP1")),
        (DOUBTFUL, page(6, component="TP1")),
    )
    assert [one.component_wrong for one in found.judged] == [False, False, True, False, True, False]
    assert share(found.papers, lambda one: one.component_right) == Share(1, 3)
    assert len(found.papers_otherwise_titled) == 1
    assert share(found.accepted, lambda one: one.component_wrong) == Share(2, 4)


def test_a_document_is_right_when_it_holds_its_paper_whole_and_alone() -> None:
    second = replace(PAPER, page_in_document=2)
    other = replace(PAPER, document=3, component="TP2", components=("TP2",))
    whole = compared((PAPER, page(1, component="TP1")), (second, page(2, component="TP1")))
    assert documents_right(whole.papers, whole.judged) == Share(1, 1)
    cut = compared((PAPER, page(1, component="TP1")), (second, page(2, component="TP1", document="b")))
    assert documents_right(cut.papers, cut.judged) == Share(0, 1)
    mixed = compared((PAPER, page(1, component="TP1")), (other, page(2, component="TP2")))
    assert documents_right(mixed.papers, mixed.judged) == Share(0, 2)
    doubtful = compared((PAPER, page(1, component="TP1")), (DOUBTFUL, page(2, component="TP1")))
    assert documents_right(doubtful.papers, doubtful.judged) == Share(0, 0)


def test_sheets_and_blanks_are_counted_apart_and_content_taken_for_blank_is_astray() -> None:
    found = compared(
        (SHEET, page(1, "separator", None, document=None)),
        (SHEET, page(2)),
        (BLANK, page(3, "blank", None, document=None)),
        (BLANK, page(4, "parked", None)),
        (PAPER, page(5, "blank", None, document=None)),
        (BLANK, page(6, component="TP1")),
        scanner="worn",
    )
    assert sheets(found.judged, "worn", "worn_harsh") == Share(1, 2)
    assert sheets(found.judged, "low") == Share(0, 0)
    assert blanks(found.judged) == Share(1, 3)
    assert [one.side.source_page for one in found.astray] == [2, 5, 6]
    assert not [one for one in found.judged if one.wrongly_attached or one.component_wrong]
    assert found.accepted == ()


def test_a_share_of_nothing_neither_reaches_nor_misses_its_aim() -> None:
    assert "| sheets recognised on worn scanners | - | ≥ 99.5 % |  |" in "\n".join(report(compared((RECEIPT, page(1)))))
    assert Share(0, 0).value == 1.0
    assert (str(Share(0, 0)), str(Share(1, 3))) == ("-", "33.33 % (1/3)")


def test_the_report_says_what_was_reached() -> None:
    good = "\n".join(report(compared((RECEIPT, page(1)), (PAPER, page(2, component="TP1", document="b")))))
    assert "**no**" not in good
    assert "| pages lost or twice | 0 | 0 | yes |" in good
    bad = "\n".join(report(compared((RECEIPT, page(1, dossier=OTHER)), (PAPER, page(2, "parked", None)))))
    assert "| pages attached to another's dossier | 1 of 2 | 0 | **no** |" in bad
    assert "H51.20/scan0001.pdf page 2 (good, receipts, paper)" in bad
    assert "| NoCode | 1 | 1 |" in bad
