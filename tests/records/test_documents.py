"""What splitting decided becomes rows: papers cut by the dossier's checklist, verdicts by the register."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pipeline.model import Folio
from records.documents import Checklists, cut_papers, judge
from records.identity import facts_of
from records.models import Document, Dossier, Page, Procedure
from tests.records.drop import RECEIPT, Leaf, dropped, titled
from tests.records.register import BIRTH, NOW, add_dossier, add_procedures, add_version

A, B, UNKNOWN = "H51.20-211116-0007", "H51.20-211117-0012", "H51.20-211117-0099"
FORM, PROOF = "TỜ KHAI ĐĂNG KÝ KHAI SINH", "GIẤY CHỨNG SINH"


@pytest.fixture(autouse=True)
def register(catalogue: None) -> None:
    add_procedures()
    add_dossier(A)


def kinds(*documents: Document) -> list[tuple[str, str | None, bool, int]]:
    return [(one.kind, one.component, one.named, one.page_count) for one in documents]


def test_a_stack_is_cut_into_its_papers() -> None:
    stack = (Leaf((A,), RECEIPT), titled(FORM), Leaf(folio=Folio(2, 2)), titled(PROOF))
    assert kinds(*dropped("scan1.pdf", *stack).assemble()) == [
        ("receipt", None, False, 1),
        ("paper", "TP1", False, 2),
        ("paper", "TP2", False, 1),
    ]


def test_what_a_sheet_or_a_name_says_is_one_document_and_named() -> None:
    assert kinds(*dropped(f"{A}__TP2.pdf", titled(FORM), titled(PROOF)).assemble()) == [("paper", "TP2", True, 2)]
    assert kinds(*dropped("x.pdf", Leaf((f"SOHOA:{A}:TP2",), ""), titled(FORM)).assemble()) == [("paper", "TP2", True, 1)]


def test_what_waits_is_not_cut() -> None:
    (document,) = dropped("scan1.pdf", Leaf((UNKNOWN,), RECEIPT), titled(FORM), titled(PROOF)).assemble()
    assert (document.state, document.reason, document.page_count, document.dossier) == ("parked", "UnknownDossier", 3, None)


def test_where_the_procedure_is_unknown_a_paper_has_no_component() -> None:
    add_dossier(B, procedure="9.999999", applicant="Lê Văn Thử")
    made = dropped("scan1.pdf", Leaf((B,), RECEIPT), titled(FORM)).assemble()
    assert {one.dossier and one.dossier.number for one in made} == {B}
    assert {one.component for one in made} == {None}


def test_every_page_comes_into_one_cut_once_and_in_its_order() -> None:
    drop = dropped("scan1.pdf", Leaf((A,), RECEIPT), titled(FORM), Leaf(), titled(PROOF), Leaf())
    pages = list(Page.objects.filter(scan=drop.scan).select_related("scan").order_by("number"))
    cuts = cut_papers(Dossier.objects.get(number=A), pages, Checklists(NOW))
    assert [page.number for cut in cuts for page in cut.pages] == [1, 2, 3, 4, 5]
    assert cut_papers(Dossier.objects.create(number=UNKNOWN), pages, Checklists(NOW))[0].pages[0] == pages[0]


@pytest.mark.parametrize(
    ("claimed", "component", "office", "reason"),
    [
        (A, None, "H51.20", None),
        (A, "tp1", "H51.20", None),
        (A, "KQ", "H51.20", None),
        (A, "TP9", "H51.20", "UnknownComponent"),
        (A, None, "H51.22", "WrongOffice"),
        (UNKNOWN, None, "H51.20", "UnknownDossier"),
        ("H51.20-991117-0099", None, "H51.20", "FutureNumber"),
        ("", None, "H51.20", "NoCode"),
    ],
)
def test_what_the_register_says_of_a_claim(claimed: str, component: str | None, office: str, reason: str | None) -> None:
    drop = dropped("scan1.pdf", Leaf(), office=office)
    document = Document(batch=drop.batch, claimed=claimed, component=component)
    asked = judge(document, drop.scan, NOW)
    assert asked.reason == reason
    assert (asked.dossier is None) == (reason is not None)
    assert judge(document, drop.scan, NOW, facts_of([claimed])) == asked  # asked for together, the same


def test_a_checklist_is_that_of_the_day_of_receipt_and_asked_for_once() -> None:
    add_version("1.000001", "Cấp phép", None, (("TP1", "Đơn cũ", True, "PHAI"),))
    Procedure.objects.filter(code="1.000001").update(valid_to=date(2021, 11, 16))
    add_version("1.000001", "Cấp phép", date(2021, 11, 16), (("TP1", "Đơn mới", True, "PHAI"),))
    for number in (B, UNKNOWN):
        add_dossier(number, procedure="1.000001")
    lists = Checklists(NOW).knowing(facts_of([A, B, UNKNOWN]))
    found = lists.of(B)
    assert found is not None
    assert found.components == (("TP1", "Đơn mới"),)
    with CaptureQueriesContext(connection) as asked:
        assert lists.of(UNKNOWN) is found
        assert lists.of(B) is found
    assert len(asked) == 0
    assert lists.of("H51.20-211117-0100") is None
    first = lists.of(A)
    assert first is not None
    assert Procedure.objects.get(code=BIRTH).name == first.procedure
