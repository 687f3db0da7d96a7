from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from records.models import Dossier, DossierFact, Office, Procedure
from records.rates import Question, UnknownOffice
from records.rates_problems import problems

NOW = datetime(2025, 8, 1, tzinfo=UTC)
QUESTION = Question(date(2025, 5, 1), date(2025, 5, 31), NOW)
SOUND: dict[str, Any] = {
    "procedure": "1.001193",
    "receiving": "C",
    "executing": "C",
    "channel": 1,
    "status": "DA_GIAI_QUYET",
    "received_at": datetime(2025, 5, 5, tzinfo=UTC),
    "finished_at": datetime(2025, 5, 6, tzinfo=UTC),
}


@pytest.fixture(autouse=True)
def _registers(catalogue: None) -> None:
    Office.objects.create(code="C", name="Xã C", level="XA", known_from=NOW)
    Office.objects.create(code="D", name="Xã D", level="XA", valid_to=date(2025, 1, 1), known_from=NOW)
    Procedure.objects.create(code="1.001193", name="x", needs_result=True, valid_from=date(2025, 1, 1), known_from=NOW)
    Procedure.objects.create(code="1.000656", name="x", needs_result=True, valid_from=date(2025, 6, 1), known_from=NOW)


@pytest.mark.parametrize(
    ("changed", "columns"),
    [
        ({}, []),
        ({"received_at": None}, ["NgayTiepNhan"]),
        ({"procedure": "1.000656"}, ["MaTTHC"]),
        ({"executing": "D"}, ["DonViXuLy"]),
        ({"finished_at": datetime(2025, 5, 4, tzinfo=UTC)}, ["NgayKetThucXuLy"]),
        ({"finished_at": None}, ["NgayKetThucXuLy"]),
        ({"status": "DANG_XU_LY"}, ["TrangThai"]),
        ({"received_at": datetime(2025, 6, 5, tzinfo=UTC), "finished_at": None}, []),
    ],
)
def test_what_is_wrong_is_told_by_column(changed: dict[str, Any], columns: list[str]) -> None:
    dossier = Dossier.objects.create(number="H51-250505-0001")
    DossierFact.objects.create(dossier=dossier, known_from=NOW, **SOUND | changed)
    found = list(problems(QUESTION))
    assert [problem.column for problem in found] == columns
    assert all(problem.number == dossier.number and problem.reason_vi != problem.reason_en for problem in found)


def test_only_dossiers_of_the_office_asked_for() -> None:
    for executing in ("C", "D"):
        dossier = Dossier.objects.create(number=f"H51-250505-000{executing}")
        DossierFact.objects.create(dossier=dossier, known_from=NOW, **SOUND | {"received_at": None, "executing": executing})
    asked = Question(QUESTION.from_day, QUESTION.to_day, NOW, "C")
    assert [problem.office for problem in problems(asked)] == ["C"]
    with pytest.raises(UnknownOffice):
        list(problems(Question(QUESTION.from_day, QUESTION.to_day, NOW, "X")))
