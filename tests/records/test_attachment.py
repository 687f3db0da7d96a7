from __future__ import annotations

import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.errors import UnknownComponent, UnknownDossier
from records import registers, search
from records.attachment import park
from records.by_id import NoSuchWork
from records.documents import printed_numbers
from records.events import first_broken_link
from records.models import Attachment, Batch, Document, DossierFact, Event, Office, Page, Scan
from records.rematch import adopt_name, rejudge
from records.review import assign, name_component
from tests.records.drop import RECEIPT, Drop, Leaf, bundle, dropped, read_again
from tests.records.register import BIRTH, NOW, add_dossier, add_procedures

A, B = "H51.20-211116-0007", "H51.20-211117-0012"
LATER = NOW + timedelta(hours=1)
PAPER = Leaf()
FAILED = Leaf(failed=True)
DAMAGED = Leaf(("?",), f"{RECEIPT}Mã hồ sơ: {A}\nÔng/Bà: Trần Thị Mẫu\n")


def receipt(number: str) -> Leaf:
    return Leaf((number,), RECEIPT)


@pytest.fixture(autouse=True)
def register(catalogue: None) -> DossierFact:
    add_procedures()
    return add_dossier(A)


def kinds(document: Document) -> list[str]:
    return list(document.events.order_by("id").values_list("kind", flat=True))


def as_seen(document: Document) -> tuple[str, str | None, str | None, str | None]:
    document.refresh_from_db()
    return document.state, document.reason, document.dossier.number if document.dossier else None, document.component


def unsettled() -> set[str]:
    """States of all scans."""
    return set(Scan.objects.values_list("state", flat=True))


# --- what splitting decided is written down ----------------------------------------------------------------------------------


def test_pages_documents_and_events_are_written() -> None:
    drop = dropped("scan1.pdf", PAPER, receipt(A), PAPER, Leaf(blank=True), Leaf((f"SOHOA:{A}:TP1",), ""), PAPER, receipt(B), PAPER)
    waiting, first, paper, second, unknown = drop.assemble()
    assert as_seen(waiting) == ("parked", "NoCode", None, None)
    assert as_seen(first) == as_seen(paper) == ("bundling", None, A, None)
    assert (first.kind, paper.kind) == ("receipt", "paper")
    assert as_seen(second) == ("bundling", None, A, "TP1")
    assert as_seen(unknown) == ("parked", "UnknownDossier", None, None)
    assert unknown.claimed == B
    assert [kinds(document) for document in (waiting, first)] == [["document.parked"], ["document.found"]]
    pages = drop.scan.pages.order_by("number").values_list("document", "page_in_document", "disposition")
    assert list(pages) == [
        (waiting.pk, 1, "parked"),
        (first.pk, 1, None),
        (paper.pk, 1, None),
        (None, None, "blank"),
        (None, None, "separator"),
        (second.pk, 1, None),
        (unknown.pk, 1, "parked"),
        (unknown.pk, 2, "parked"),
    ]
    assert first_broken_link() is None


def test_a_page_that_failed_waits_by_itself_and_its_neighbours_go_on() -> None:
    around, failed = dropped(f"{A}.pdf", PAPER, FAILED, PAPER).assemble()
    assert as_seen(around) == ("bundling", None, A, None)
    assert list(around.pages.values_list("number", "page_in_document")) == [(1, 1), (3, 2)]
    assert as_seen(failed) == ("parked", "TimedOut", None, None)


def test_a_number_read_on_a_damaged_receipt_needs_its_second_field() -> None:
    assert [as_seen(document) for document in dropped("scan1.pdf", DAMAGED, PAPER).assemble()] == 2 * [("bundling", None, A, None)]
    without = Leaf(("?",), f"{RECEIPT}Mã hồ sơ: {A}\n")
    assert [as_seen(document) for document in dropped("scan2.pdf", without, PAPER).assemble()] == [("parked", "NoCode", None, None)]


def test_the_second_field_stands_on_the_page_that_prints_the_number() -> None:
    without = Leaf(("?",), f"{RECEIPT}Mã hồ sơ: {A}\n")
    elsewhere = Leaf(text="Ông/Bà: Trần Thị Mẫu")
    assert [as_seen(document)[0] for document in dropped("scan1.pdf", without, elsewhere).assemble()] == ["parked"]


def test_a_damaged_sheet_is_no_part_of_what_it_begins() -> None:
    sheet = Leaf(("?",), f"TỜ PHÂN CÁCH HỒ SƠ\n{A}\nĐăng ký khai sinh")
    drop = dropped("scan1.pdf", sheet, PAPER)
    (document,) = drop.assemble()
    assert as_seen(document) == ("bundling", None, A, None)
    assert list(drop.scan.pages.order_by("number").values_list("disposition", flat=True)) == ["separator", None]
    assert list(document.pages.values_list("number", flat=True)) == [2]


def test_a_name_that_says_otherwise_outweighs_number_and_second_field() -> None:
    add_dossier(B, applicant="Lê Văn Thử")
    (document,) = dropped(f"{B}.pdf", DAMAGED, PAPER).assemble()
    assert as_seen(document) == ("parked", "Conflict", None, None)
    assert [(claim["source"], claim["number"]) for claim in document.claims] == [("file", B), ("printed", A)]
    assert rejudge(Document.objects.all(), LATER) == []


def test_pages_below_a_failed_one_are_not_the_damaged_receipts() -> None:
    first, below, failed = dropped("scan1.pdf", DAMAGED, FAILED, Leaf(text=f"{A} Trần Thị Mẫu")).assemble()
    assert as_seen(first)[2] == A
    assert (as_seen(failed)[:2], as_seen(below)[:2]) == (("parked", "TimedOut"), ("parked", "UnreadPage"))
    assert rejudge(Document.objects.all(), LATER) == []


def test_only_printed_claims_are_printed_numbers() -> None:
    printed = {"source": "printed", "number": A}
    assert printed_numbers([printed, {"source": "printed", "number": None}]) == [A]
    assert printed_numbers([printed, {"source": "file", "number": A}]) == []
    assert printed_numbers([]) == []


def test_another_offices_dossier_waits() -> None:
    (document,) = dropped("scan1.pdf", receipt(A), office="H51.22").assemble()
    assert as_seen(document) == ("parked", "WrongOffice", None, None)


def test_a_batch_that_is_split_again_keeps_what_was_done() -> None:
    """A file of a folder was opened again, after the others went their way."""
    drop = Drop(A, {"001.pdf": (PAPER, Leaf(blank=True)), "002.pdf": ()}, is_folder=True)
    (document,) = drop.assemble()
    bundle(document)
    second = drop.batch.scans.get(position=1)
    Page.objects.create(scan=second, number=1, state=Page.State.READ, text="hai")
    Scan.objects.filter(pk=second.pk).update(page_count=1)
    (new,) = drop.assemble(LATER)
    assert as_seen(document) == ("attached", None, A, None)
    assert (as_seen(new)[2], new.pages.get().scan) == (A, second)
    assert drop.assemble(LATER) == []
    assert first_broken_link() is None


# --- attached ----------------------------------------------------------------------------------------------------------------


def test_attaching_is_one_act() -> None:
    drop = dropped("scan1.pdf", receipt(A), Leaf(text="giấy khai sinh"))
    first, document = drop.assemble()
    assert drop.scan.state == Scan.State.RUNNING
    assert bundle(first, LATER)
    assert drop.scan.state == Scan.State.RUNNING
    assert bundle(document, LATER)
    attachment = Attachment.objects.get(document=document)
    assert (attachment.document, attachment.component, attachment.known_from, attachment.known_to, attachment.by) == (
        document,
        None,
        LATER,
        None,
        "system",
    )
    assert as_seen(document) == ("attached", None, A, None)
    assert (len(document.sha256), document.size, document.pdfa) == (64, 1234, "2b")
    assert set(drop.scan.pages.values_list("disposition", flat=True)) == {"attached"}
    assert search.search(search.SearchQuery("giấy khai sinh")).total == 1
    assert kinds(document) == ["document.found", "document.attached"]
    assert drop.scan.state == Scan.State.DONE
    assert Batch.objects.get().note_due


def test_a_second_worker_attaches_nothing_twice() -> None:
    (document,) = dropped("scan1.pdf", receipt(A)).assemble()
    assert bundle(document)
    assert not bundle(document, LATER)
    assert Attachment.objects.count() == 1
    assert kinds(document).count("document.attached") == 1


def test_a_pdf_made_for_another_dossier_is_not_attached() -> None:
    """A worker began with A, was given up, and a person said B meanwhile."""
    from records.attachment import Bundled, attach

    add_dossier(B)
    (document,) = dropped("scan1.pdf", receipt(A)).assemble()
    slow = Document.objects.select_related("dossier", "batch").get(pk=document.pk)
    park(document, "TimedOut", NOW)
    assign([document], B, None, "clerk", LATER)
    assert not attach(slow, Bundled("k", "ab" * 32, 1, "2b"), LATER)
    assert not Attachment.objects.exists()
    assert bundle(document, LATER)
    assert Attachment.objects.get().dossier.number == B


# --- judged again ------------------------------------------------------------------------------------------------------------


def test_a_dossier_that_the_register_learns_of() -> None:
    (document,) = dropped("scan1.pdf", receipt(B), PAPER).assemble()
    assert rejudge(Document.objects.all(), LATER) == []
    assert unsettled() == {"parked"}
    add_dossier(B)
    first, paper = rejudge(Document.objects.all(), LATER)
    assert (first, first.kind, paper.kind) == (document, "receipt", "paper")
    assert as_seen(paper) == ("bundling", None, B, None)
    assert as_seen(document) == ("bundling", None, B, None)
    assert kinds(document) == ["document.parked", "document.resolved"]
    assert Event.objects.get(kind="document.resolved").detail == {"was": "UnknownDossier", "component": None}
    assert set(document.pages.values_list("disposition", flat=True)) == {None}
    assert unsettled() == {"running"}
    assert rejudge(Document.objects.all(), LATER) == []
    assert first_broken_link() is None


def test_a_printed_number_that_the_register_learns_of() -> None:
    DossierFact.objects.update(applicant="")
    (document,) = dropped("scan1.pdf", DAMAGED, PAPER).assemble()
    assert as_seen(document)[1] == "NoCode"
    DossierFact.objects.update(applicant="Trần Thị Mẫu")
    assert [one.kind for one in rejudge(Document.objects.all(), LATER)] == ["receipt", "paper"]


def test_another_reason_is_told() -> None:
    (document,) = dropped(f"{B}__TP7.pdf", PAPER).assemble()
    add_dossier(B)
    assert rejudge(Document.objects.all(), LATER) == []
    assert as_seen(document) == ("parked", "UnknownComponent", None, "TP7")
    assert kinds(document) == ["document.parked", "document.parked"]
    assert Scan.objects.get().reason == "UnknownComponent"
    assert rejudge(Document.objects.all(), LATER) == []
    assert len(kinds(document)) == 2


def test_what_a_person_decided_is_not_judged_again() -> None:
    """Claimed for B, resolved to A, then its bundling failed: the next register with B must not take it."""
    (document,) = dropped("scan1.pdf", receipt(B)).assemble()
    assign([document], A, "TP1", "clerk", LATER)
    document.refresh_from_db()
    park(document, "NotPdfA", LATER)
    add_dossier(B)
    assert rejudge(Document.objects.all(), LATER) == []
    assert as_seen(document) == ("parked", "NotPdfA", A, "TP1")


@pytest.mark.parametrize("leaf", [receipt(B), Leaf((f"SOHOA:{B}",)), Leaf((B,)), Leaf(("?",)), Leaf(text=RECEIPT), Leaf(blank=True)])
def test_a_failed_page_that_speaks_when_read_again_waits_for_a_person(leaf: Leaf) -> None:
    _, failed = dropped(f"{A}.pdf", PAPER, FAILED, PAPER).assemble()
    read_again(failed.pages.get(), leaf)
    for moment in (LATER, LATER):
        assert rejudge(Document.objects.all(), moment) == []
        assert as_seen(failed)[:3] == ("parked", "UnreadPage", None)
    assign([failed], A, None, "clerk", LATER)
    assert as_seen(failed)[2] == A


def test_a_failed_page_of_a_named_file_that_says_nothing_else() -> None:
    _, failed = dropped(f"{A}__TP1.pdf", PAPER, FAILED, PAPER).assemble()
    read_again(failed.pages.get(), PAPER)
    assert rejudge(Document.objects.all(), LATER) == [failed]
    assert as_seen(failed) == ("bundling", None, A, "TP1")


def test_a_failed_page_of_a_file_without_a_name_waits_when_read_again() -> None:
    *_, failed = dropped("scan1.pdf", receipt(A), FAILED).assemble()
    read_again(failed.pages.get(), PAPER)
    assert rejudge(Document.objects.all(), LATER) == []


# --- the same bytes under a name ---------------------------------------------------------------------------------------------


def test_a_name_that_comes_later_counts_where_nothing_else_spoke() -> None:
    drop = dropped("scan1.pdf", PAPER, PAPER)
    (document,) = drop.assemble()
    adopt_name(drop.scan, "scan2.pdf", LATER)
    assert as_seen(document)[1] == "NoCode"
    adopt_name(drop.scan, f"{A}__TP1.pdf", LATER)
    assert as_seen(document) == ("bundling", None, A, "TP1")
    assert kinds(document) == ["document.parked", "document.resolved"]


def test_a_later_name_of_an_unknown_dossier_or_of_two() -> None:
    unknown, two = dropped("scan1.pdf", PAPER), dropped("scan2.pdf", PAPER)
    (first,), (second,) = unknown.assemble(), two.assemble()
    adopt_name(unknown.scan, f"{B}.pdf", LATER)
    adopt_name(two.scan, f"{A} {B}.pdf", LATER)
    assert (as_seen(first)[1], first.claimed) == ("UnknownDossier", B)
    assert (as_seen(second)[1], second.claimed) == ("Conflict", "")
    add_dossier(B)
    assert rejudge(Document.objects.all(), LATER) == [first]


@pytest.mark.parametrize(
    "leaves",
    [(receipt(B), PAPER), (PAPER, receipt(B)), (Leaf(("?",), RECEIPT), PAPER), (PAPER, FAILED), (PAPER, DAMAGED)],
)
def test_a_later_name_does_not_outvote_the_paper(leaves: tuple[Leaf, ...]) -> None:
    drop = dropped("scan1.pdf", *leaves)
    before = {document.pk: as_seen(document) for document in drop.assemble()}
    adopt_name(drop.scan, f"{A}.pdf", LATER)
    assert {document.pk: as_seen(document) for document in Document.objects.all()} == before


def test_a_later_name_before_the_file_is_split_changes_no_row() -> None:
    drop = dropped("scan1.pdf", PAPER)
    adopt_name(drop.scan, f"{A}.pdf", LATER)
    assert not Document.objects.exists()
    assert not Event.objects.exists()


# --- a person decides --------------------------------------------------------------------------------------------------------


def test_a_person_overrules_a_wrong_code() -> None:
    drop = dropped(f"{B}.pdf", receipt(A), PAPER)
    (document,) = drop.assemble()
    assert as_seen(document)[1] == "Conflict"
    assign([document], A, "TP2", "clerk", LATER)
    assert as_seen(document) == ("bundling", None, A, "TP2")
    event = Event.objects.get(kind="document.resolved")
    assert (event.actor, event.detail, event.dossier) == ("clerk", {"was": "Conflict", "component": "TP2"}, document.dossier)
    bundle(document, LATER)
    assert Attachment.objects.get().by == "clerk"
    assert first_broken_link() is None


def test_a_person_may_leave_the_component_open() -> None:
    (document,) = dropped("scan1.pdf", PAPER).assemble()
    assign([document], A, None, "clerk", LATER)
    assert as_seen(document) == ("bundling", None, A, None)


def test_what_does_not_exist_is_not_resolved_to() -> None:
    documents = [dropped("scan1.pdf", PAPER).assemble()[0], dropped("scan2.pdf", PAPER).assemble()[0]]
    with pytest.raises(UnknownDossier):
        assign(documents, B, None, "clerk", LATER)
    with pytest.raises(UnknownComponent):
        assign(documents, A, "TP9", "clerk", LATER)
    assert {as_seen(document)[0] for document in documents} == {"parked"}


def test_two_people_at_one_document() -> None:
    add_dossier(B)
    first, second = dropped("scan1.pdf", PAPER, receipt("H51.20-211118-0001")).assemble()
    assign([first], A, None, "one", LATER)
    with pytest.raises(NoSuchWork):
        assign([second, first], B, None, "two", LATER)
    assert (as_seen(first)[2], as_seen(second)[0]) == (A, "parked")


def test_parking_tells_why() -> None:
    (document,) = dropped("scan1.pdf", receipt(A)).assemble()
    park(document, "NotPdfA", LATER)
    assert as_seen(document) == ("parked", "NotPdfA", A, None)
    assert Event.objects.order_by("-id")[0].detail == {"reason": "NotPdfA"}
    assert (Scan.objects.get().state, Scan.objects.get().reason) == ("parked", "NotPdfA")


def test_no_names_in_events() -> None:
    dropped("scan1.pdf", DAMAGED, PAPER).assemble()
    assert "Mẫu" not in "".join(str(event.detail) for event in Event.objects.all())


# --- registers and the index -------------------------------------------------------------------------------------------------


def test_a_changed_register_row_is_found_by_its_new_words(tmp_path: Path) -> None:
    Office.objects.create(code="H51.20", name="Xã", level=Office.Level.COMMUNE, known_from=NOW)
    (document,) = dropped("scan1.pdf", receipt(A)).assemble()
    bundle(document)
    row = {
        "MaHoSo": A,
        "MaTTHC": BIRTH,
        "DonViTiepNhan": "H51.20",
        "DonViXuLy": "H51.20",
        "KenhThucHien": "1",
        "NgayTiepNhan": "16/11/2021 08:10",
        "NgayHenTra": "",
        "NgayKetThucXuLy": "",
        "TrangThai": "DANG_XU_LY",
        "ChuHoSo": "Hoàng Văn Ví",
        "SoDinhDanh": "",
        "TaiSuDung": "",
        "TrichYeu": "",
    }
    file = tmp_path / "dossiers.json"
    file.write_text(json.dumps([row]), encoding="utf-8")
    assert registers.load_dossiers(file, LATER).changed == 1
    assert search.search(search.SearchQuery("Hoàng Văn Ví")).total == 1
    assert search.search(search.SearchQuery("Trần Thị Mẫu")).total == 0


def test_ids_of_documents_come_from_their_first_page() -> None:
    drop = dropped("scan1.pdf", receipt(A), PAPER)
    assert [document.pk for document in drop.assemble()] == [uuid.uuid5(drop.batch.pk, f"{drop.scan.pk}/{n}") for n in (1, 2)]


# --- the component of what is attached already -------------------------------------------------------------------------------


def test_a_person_names_the_component_of_an_attached_document() -> None:
    (document,) = dropped(f"{A}.pdf", PAPER).assemble()
    bundle(document, NOW)
    document.refresh_from_db()
    with pytest.raises(UnknownComponent):
        name_component(document, "TP9", "cli:lan", LATER)
    name_component(document, "TP1", "cli:lan", LATER)
    assert as_seen(document) == ("attached", None, A, "TP1")
    spans = Attachment.objects.filter(document=document).order_by("known_from").values_list("component", "known_from", "known_to", "by")
    assert list(spans) == [(None, NOW, LATER, "system"), ("TP1", LATER, None, "cli:lan")]
    assert kinds(document)[-2:] == ["document.component", "act.done"]
    with pytest.raises(NoSuchWork):
        name_component(document, "TP1", "cli:lan", LATER)
    assert first_broken_link() is None
