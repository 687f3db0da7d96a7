"""Scans that came before their register: matched when it is loaded, in bulk as one by one, and never against a person's word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from records.models import Document, Event, Page
from records.rematch import rejudge
from records.review import discard
from tests.records.drop import RECEIPT, Leaf, bundle_all, dropped, titled
from tests.records.register import NOW, add_dossier, add_procedures

A, B, C = "H51.20-211116-0007", "H51.20-211117-0012", "H51.20-211117-0013"
LATER = NOW + timedelta(days=1)
FORM = "TỜ KHAI ĐĂNG KÝ KHAI SINH"


@pytest.fixture(autouse=True)
def register(catalogue: None) -> None:
    add_procedures()


Whose = tuple[str | None, str | None, str, str | None]


def owners() -> dict[str, list[Whose]]:
    """By file: whose each page is, the component, the state of its document and why it waits."""
    found: dict[str, list[Whose]] = {}
    for page in Page.objects.select_related("scan", "document__dossier").order_by("scan__path", "number"):
        paper = page.document
        assert paper is not None
        owner = paper.dossier.number if paper.dossier else None
        found.setdefault(page.scan.path, []).append((owner, paper.component, paper.state, paper.reason))
    return found


def waiting_stack(name: str, *numbers: str) -> None:
    leaves = [leaf for number in numbers for leaf in (Leaf((number,), RECEIPT), titled(FORM, f"của {number}"))]
    dropped(name, *leaves).assemble()


def test_what_waits_is_attached_and_its_papers_are_told_apart() -> None:
    waiting_stack("scan1.pdf", A, B)
    assert {state for rows in owners().values() for _, _, state, _ in rows} == {"parked"}
    add_dossier(A)
    assert len(rejudge(Document.objects.all(), LATER)) == 2  # the receipt and the form
    bundle_all(LATER)
    assert owners()["H51.20/scan1.pdf"] == [
        (A, None, "attached", None),
        (A, "TP1", "attached", None),
        (None, None, "parked", "UnknownDossier"),
        (None, None, "parked", "UnknownDossier"),
    ]
    add_dossier(B, applicant="Lê Văn Thử")
    assert len(rejudge(Document.objects.all(), LATER)) == 2
    assert rejudge(Document.objects.all(), LATER) == []


def test_in_bulk_as_one_by_one() -> None:
    numbers = [f"H51.20-211116-{n:04}" for n in range(1, 8)]
    for n, number in enumerate(numbers):
        waiting_stack(f"one{n}.pdf", number)
        waiting_stack(f"all{n}.pdf", number)
    for number in numbers[:5]:
        add_dossier(number, applicant=f"Người Thứ {number[-1]}")
    together = Document.objects.filter(pages__scan__path__contains="/all").distinct()
    alone = list(Document.objects.filter(pages__scan__path__contains="/one").distinct())
    rejudge(together, LATER)
    for document in alone:
        rejudge(Document.objects.filter(pk=document.pk), LATER)
    told = owners()
    for n in range(7):
        assert told[f"H51.20/all{n}.pdf"] == told[f"H51.20/one{n}.pdf"], n


def test_another_office_s_dossier_waits_on_for_that_reason() -> None:
    waiting_stack("scan1.pdf", A)
    fact = add_dossier(A)
    fact.receiving = fact.executing = "H51.99"
    fact.save()
    assert rejudge(Document.objects.all(), LATER) == []
    assert {reason for rows in owners().values() for *_, reason in rows} == {"WrongOffice"}
    assert Event.objects.filter(kind="document.parked", detail={"reason": "WrongOffice"}).exists()


def test_what_a_person_discarded_stays_discarded() -> None:
    waiting_stack("scan1.pdf", A)
    discard(list(Document.objects.select_related("batch")), Document.Discard.FOREIGN, "clerk", LATER)
    add_dossier(A)
    assert rejudge(Document.objects.all(), LATER) == []


def test_conflicts_are_never_judged_by_the_system() -> None:
    dropped(f"{A}.pdf", Leaf((B,), RECEIPT), titled(FORM)).assemble()
    add_dossier(A)
    add_dossier(B, applicant="Lê Văn Thử")
    assert rejudge(Document.objects.all(), LATER) == []
    assert {reason for rows in owners().values() for *_, reason in rows} == {"Conflict"}


def test_a_stranger_behind_a_late_receipt_is_a_conflict() -> None:
    """A receipt slipped through the feeder: the papers behind it name another applicant, as is seen once the register is there."""
    stranger = titled(FORM, "Họ, chữ đệm, tên người yêu cầu: Lê Văn Thử\nSố định danh cá nhân: 094190000012")
    dropped("scan1.pdf", Leaf((A,), RECEIPT), titled(FORM, "Họ, chữ đệm, tên người yêu cầu: Trần Thị Mẫu"), stranger).assemble()
    add_dossier(A)
    other = add_dossier(B, applicant="Lê Văn Thử")
    other.identity_number = "094190000012"
    other.save()
    assert rejudge(Document.objects.all(), LATER) == []
    assert {reason for rows in owners().values() for *_, reason in rows} == {"Conflict"}
