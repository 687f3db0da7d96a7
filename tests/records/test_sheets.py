"""Which sheets a dossier gets: its checklist of the day of receipt, what is missing of it, and nothing personal on separators."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

import pytest

from pipeline.errors import UnknownComponent, UnknownDossier
from records.cells import VIETNAM
from records.models import DossierFact, Office, ProcedureComponent
from records.sheets import (
    Receipt,
    ReceiptLine,
    Separator,
    Which,
    component_separators,
    facts_of,
    receipts,
    separators,
)
from tests.records.drop import Leaf, bundle, dropped
from tests.records.register import BIRTH, LONG_AGO, NOTARY, NOW, add_dossier, add_procedures, add_version

A, B = "H51.20-211116-0007", "H51.20-211116-0008"
NAME = "Đăng ký khai sinh"
OWN = Separator(A, NAME)
FORM = Separator(A, NAME, "TP1", "Tờ khai đăng ký khai sinh")
BORN = Separator(A, NAME, "TP2", "Giấy chứng sinh")
RESULT = Separator(A, NAME, "KQ", "Kết quả giải quyết")


@pytest.fixture(autouse=True)
def fact(catalogue: None) -> DossierFact:
    add_procedures()
    return add_dossier(A)


def scan(name: str) -> None:
    (document,) = dropped(name, Leaf()).assemble()
    assert bundle(document)


def test_the_dossiers_own_then_its_components_then_the_result(fact: DossierFact) -> None:
    assert separators([fact], Which.NEEDED, NOW) == (OWN, FORM, BORN, RESULT)
    assert separators([fact], Which.DOSSIER, NOW) == (OWN,)


def test_what_the_codes_say() -> None:
    assert [sheet.payload for sheet in (OWN, FORM, RESULT)] == [f"SOHOA:{A}", f"SOHOA:{A}:TP1", f"SOHOA:{A}:KQ"]


def test_exempt_ones_only_when_asked_for_and_no_result_where_none_is_required() -> None:
    fact = add_dossier(B, procedure=NOTARY)
    assert [sheet.component for sheet in separators([fact], Which.NEEDED, NOW)] == [""]
    assert [sheet.component for sheet in separators([fact], Which.EVERY, NOW)] == ["", "TP1"]
    scan(f"{B}__KQ.pdf")
    assert [sheet.component for sheet in separators([fact], Which.NEEDED, NOW)] == [""]


def test_the_checklist_is_that_of_the_day_of_receipt(fact: DossierFact) -> None:
    must = ProcedureComponent.Duty.MUST
    add_version(BIRTH, "Tên mới", date(2021, 11, 17), (("TP9", "Cam đoan", True, must),))
    assert separators([fact], Which.NEEDED, NOW) == (OWN, FORM, BORN, RESULT)
    add_version(BIRTH, "Tên đúng ngày", date(2021, 11, 16), (("TP8", "Cam đoan", True, must),))
    assert [(sheet.procedure, sheet.component) for sheet in separators([fact], Which.NEEDED, NOW)] == [
        ("Tên đúng ngày", ""),
        ("Tên đúng ngày", "TP8"),
        ("Tên đúng ngày", "KQ"),
    ]


def test_without_a_checklist_there_is_the_dossiers_own() -> None:
    fact = add_dossier(B, procedure="9.999999")
    assert separators([fact], Which.NEEDED, NOW) == (Separator(B, "9.999999"),)
    assert separators([fact], Which.MISSING, NOW) == ()


def test_missing_are_those_that_are_neither_scanned_nor_reused(fact: DossierFact) -> None:
    assert separators([fact], Which.MISSING, NOW) == (FORM, BORN, RESULT)
    scan(f"{A}__TP1.pdf")
    fact.reused.create(component="TP2")
    assert separators([fact], Which.MISSING, NOW) == (RESULT,)
    scan(f"{A}__KQ.pdf")
    assert separators([fact], Which.MISSING, NOW) == ()


def test_named_components_in_the_order_given(fact: DossierFact) -> None:
    assert component_separators([fact], ["KQ", " TP1", "KQ"], NOW) == (RESULT, FORM)
    other = add_dossier(B, procedure=NOTARY)
    both = component_separators([fact, other], ["TP1", "KQ"], NOW)  # TP1 of the other is exempt, and it needs no result
    assert [(sheet.number, sheet.component) for sheet in both] == [(A, "TP1"), (A, "KQ"), (B, "TP1"), (B, "KQ")]


def test_a_component_that_the_procedure_does_not_have(fact: DossierFact) -> None:
    other = add_dossier(B, procedure=NOTARY)
    with pytest.raises(UnknownComponent, match=r"H51\.20-211116-0008: TP2"):
        component_separators([fact, other], ["TP2"], NOW)
    with pytest.raises(UnknownComponent):
        component_separators([fact], [""], NOW)


def test_dossiers_each_once_and_all_that_are_unknown_named(fact: DossierFact) -> None:
    other = add_dossier(B)
    assert facts_of([B, f" {A} ", B]) == (other, fact)
    with pytest.raises(UnknownDossier, match=r"^UnknownDossier: H51\.20-211116-0098, H51\.20-211116-0099$"):
        facts_of([A, "H51.20-211116-0098", "H51.20-211116-0099"])


def test_nothing_personal_on_a_separator(fact: DossierFact) -> None:
    DossierFact.objects.update(identity_number="094190001234", subject="Khai sinh cho cháu Thử", applicant="Trần Thị Mẫu")
    said = str([asdict(sheet) for sheet in separators(facts_of([A]), Which.EVERY, NOW)])
    for personal in ("094190001234", "Mẫu", "Thử"):
        assert personal not in said


def test_the_receipt_of_a_dossier() -> None:
    must, exempt = ProcedureComponent.Duty.MUST, ProcedureComponent.Duty.EXEMPT
    lines = (("TP1", "Đơn", True, must), ("TP2", "Bản vẽ", False, must), ("TP3", "Thẻ", True, exempt), ("TP4", "Sổ", True, must))
    add_version("1.000001", "Cấp phép", None, lines)
    Office.objects.create(code="H51.20", name="Ủy ban nhân dân xã Mẫu", level="XA", known_from=LONG_AGO)
    fact = add_dossier(B, procedure="1.000001", reused=("TP4",))
    due = datetime(2021, 11, 18, 17, tzinfo=VIETNAM)
    DossierFact.objects.filter(pk=fact.pk).update(identity_number="094190001234", due_at=due)
    assert receipts(facts_of([B]), NOW) == (
        Receipt(
            number=B,
            office="Ủy ban nhân dân xã Mẫu",
            procedure="Cấp phép",
            procedure_code="1.000001",
            applicant="Trần Thị Mẫu",
            identity="094******234",
            received=datetime(2021, 11, 16, 8, 10, tzinfo=VIETNAM),
            due=due,
            term_days=None,
            papers=(
                ReceiptLine("Đơn", ""),
                ReceiptLine("Bản vẽ", "nếu có"),
                ReceiptLine("Thẻ", "miễn số hóa"),
                ReceiptLine("Sổ", "dùng lại bản đã số hóa"),
            ),
        ),
    )


def test_a_receipt_of_what_is_hardly_known() -> None:
    fact = add_dossier(B, procedure="9.999999", applicant="")
    DossierFact.objects.filter(pk=fact.pk).update(received_at=None, identity_number="12345")
    (receipt,) = receipts(facts_of([B]), NOW)
    assert (receipt.office, receipt.procedure, receipt.identity) == ("H51.20", "9.999999", "*****")
    assert (receipt.received, receipt.due, receipt.papers) == (None, None, ())
