"""What a register says of dossiers that have papers moves nothing: a case asks a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.cases import is_held_up
from records.models import Attachment, Case, Document, Dossier, Event
from records.registers import load_dossiers
from tests.records.drop import RECEIPT, Leaf, dropped, titled
from tests.records.test_registers import DOSSIER, LATER, NOW, as_csv, registered

A, CORRECTED = DOSSIER["MaHoSo"], "H51.20-211116-0070"
__all__ = ["registered"]


@pytest.fixture
def papers(registered: Path) -> Path:
    """Dossier A has its form; the folder for further files."""
    load_dossiers(as_csv(registered / "first.csv", [DOSSIER]), NOW)
    dropped("scan1.pdf", Leaf((A,), RECEIPT), titled("TỜ KHAI"), at=NOW).attached(NOW)
    assert Document.objects.filter(state="attached").count() == 2
    return registered


def load(folder: Path, *rows: dict[str, str]) -> list[str]:
    """Load a register; the kinds of cases that are open then."""
    held = list(Attachment.objects.values_list("document", "dossier", "component", "known_to"))
    load_dossiers(as_csv(folder / "next.csv", list(rows)), LATER)
    assert list(Attachment.objects.values_list("document", "dossier", "component", "known_to")) == held  # nothing moves by itself
    return list(Case.objects.filter(closed_at=None).values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({"ChuHoSo": "Lê Văn Thử"}, ["ChuHoSo"]),
        ({"SoDinhDanh": "094000000002"}, ["SoDinhDanh"]),
        ({"ChuHoSo": "Lê Văn Thử", "SoDinhDanh": "094000000002"}, ["ChuHoSo", "SoDinhDanh"]),
    ],
)
def test_another_applicant_is_asked_about(papers: Path, changes: dict[str, str], columns: list[str]) -> None:
    assert load(papers, DOSSIER | changes) == ["RegisterMoved"]
    case = Case.objects.get()
    assert case.detail["columns"] == columns
    assert case.dossier is not None
    assert is_held_up(case.dossier)
    assert "Lê" not in str(Event.objects.filter(kind="case.opened").get().detail)


def test_what_says_nothing_of_whose_it_is_opens_nothing(papers: Path) -> None:
    assert load(papers, DOSSIER | {"TrangThai": "DA_TRA", "NgayKetThucXuLy": "17/11/2021"}) == []
    assert load(papers, DOSSIER) == []


def test_a_dossier_without_papers_may_change_freely(registered: Path) -> None:
    load_dossiers(as_csv(registered / "first.csv", [DOSSIER]), NOW)
    assert load(registered, DOSSIER | {"ChuHoSo": "Lê Văn Thử"}) == []


def test_a_number_that_was_corrected_is_asked_about(papers: Path) -> None:
    assert load(papers, DOSSIER | {"MaHoSo": CORRECTED}) == ["NumberCorrected"]
    case = Case.objects.get()
    assert case.dossier == Dossier.objects.get(number=A)
    assert case.detail == {"number": CORRECTED}
    assert is_held_up(case.dossier)


def test_a_second_dossier_of_the_same_person_is_no_correction(papers: Path) -> None:
    assert load(papers, DOSSIER, DOSSIER | {"MaHoSo": CORRECTED}) == []  # both numbers are in the register
    assert load(papers, DOSSIER | {"MaHoSo": "H51.20-211117-0001", "NgayTiepNhan": "17/11/2021 09:00"}) == []


def test_two_rows_for_one_number_that_disagree_are_told(papers: Path) -> None:
    assert load(papers, DOSSIER, DOSSIER | {"ChuHoSo": "Lê Văn Thử"}) == ["SecondRow"]
    assert not Case.objects.get().blocking


def test_two_rows_that_agree_are_one(papers: Path) -> None:
    assert load(papers, DOSSIER, DOSSIER) == []
