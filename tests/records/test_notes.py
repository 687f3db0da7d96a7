"""The clerk's note: Vietnamese first, with reasons and what is missing, and nothing personal."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest

from pipeline.errors import BY_CODE
from pipeline.text import page_ranges
from records.attachment import Bundled, attach
from records.models import Batch, Document, Page, Scan
from records.notes import compose, note_name, write_notes
from records.review import assign
from tests.drops import NOW, NUMBER, OFFICE, register

pytestmark = pytest.mark.usefixtures("catalogue")


def parked(name: str = "scan0001.pdf", office: str = OFFICE, pages: int = 3) -> Document:
    """A scan whose pages wait for a person, but the last, which is blank."""
    batch = Batch.objects.create(id=uuid.uuid4(), office=office, name=name, received_at=NOW, state=Batch.State.ASSEMBLED)
    scan = Scan.objects.create(
        id=uuid.uuid4(),
        batch=batch,
        path=f"{office}/{name}",
        sha256="0" * 64,
        state="parked",
        reason="NoCode",
        page_count=pages,
        received_at=NOW,
    )
    claims = [{"source": "file", "number": NUMBER, "component": None, "page": None}]
    document = Document.objects.create(
        id=uuid.uuid4(), batch=batch, state="parked", reason="NoCode", claims=claims, page_count=pages - 1, created_at=NOW
    )
    for number in range(1, pages):
        Page.objects.create(
            scan=scan,
            number=number,
            state="read",
            text="Nguyễn Thị Thử 012345678901",
            disposition="parked",
            document=document,
            page_in_document=number,
            notes=["low_dpi"] if number == 2 else [],
        )
    Page.objects.create(scan=scan, number=pages, state="read", disposition="blank")
    return document


def test_a_note_tells_what_became_of_every_page_and_why() -> None:
    note = compose(parked().batch)
    assert note.startswith("scan0001.pdf\nNhận lúc 02/03/2026 12:00:00")
    assert "CẦN NGƯỜI XEM" in note
    assert "3 trang = 0 đã gắn + 1 trắng + 0 tờ ngăn + 2 cần người xem" in note
    assert f"Trang 1-2: CẦN NGƯỜI XEM. {BY_CODE['NoCode'].vi} ({BY_CODE['NoCode'].en}) [NoCode] | tên tệp: {NUMBER}" in note
    assert note.index(BY_CODE["NoCode"].vi) < note.index(BY_CODE["NoCode"].en)


def test_a_note_says_by_reason_what_is_poor_about_which_pages_and_what_to_do() -> None:
    batch = parked(pages=7).batch
    flags = {1: ["faded", "dpi_assumed"], 2: ["faded", "low_dpi"], 3: ["faded"], 4: ["cut_off"], 5: ["blurred", "dark"], 6: ["unread_ink"]}
    for page in Page.objects.filter(scan__batch=batch, number__in=flags):
        page.notes = flags[page.number]
        page.save()
    lines = [line.strip() for line in compose(batch).splitlines() if line.endswith("]") and "quét lại" in line]
    assert [line.rsplit("[", 1)[1] for line in lines] == ["low_dpi]", "faded]", "blurred]", "cut_off]", "dark]", "unread_ink]"]
    assert [line.split(":")[0] for line in lines] == ["Trang 2", "Trang 1-3", "Trang 5", "Trang 4", "Trang 5", "Trang 6"]
    assert (
        "Trang 1-3: chữ mờ nhạt – tăng độ đậm của máy quét và quét lại (faint print: set the scanner darker, scan again) [faded]" in lines
    )
    assert "dpi_assumed" not in compose(batch)


def test_a_page_of_good_quality_is_advised_nothing() -> None:
    batch = parked().batch
    Page.objects.filter(scan__batch=batch).update(notes=[])
    assert "quét lại" not in compose(batch)


def test_a_note_holds_nothing_personal() -> None:
    fact = register()
    fact.identity_number = "012345678901"
    fact.save()
    document = parked()
    assign([document], NUMBER, None, "cli:test", NOW)
    document.refresh_from_db()
    note = compose(document.batch)
    assert NUMBER in note
    assert "Thử" not in note
    assert "012345678901" not in note


def test_a_note_is_written_anew_after_a_person_decided(tmp_path: Path) -> None:
    register()
    document = parked()
    assert write_notes(tmp_path) == 1
    note = tmp_path / OFFICE / "_ket-qua" / "scan0001.pdf.txt"
    assert "NoCode" in note.read_text(encoding="utf-8")
    assert write_notes(tmp_path) == 0
    assign([document], NUMBER, "TP1", "cli:test", NOW)
    document.refresh_from_db()
    attach(document, Bundled("H51.20/x.pdf", "0" * 64, 1, "2b"), NOW)
    assert write_notes(tmp_path) == 1
    text = note.read_text(encoding="utf-8")
    assert "NoCode" not in text
    assert f"Trang 1-2: đã gắn vào {NUMBER} / TP1" in text
    assert f"Hồ sơ {NUMBER}: CHƯA ĐỦ (incomplete)" in text
    assert "thiếu: " in text
    assert "(KQ)" in text
    assert "Tờ khai" not in text.split("CHƯA ĐỦ")[1]


def test_a_duplicate_says_where_the_first_one_is() -> None:
    first = Scan.objects.get(batch=parked("first.pdf").batch)
    batch = Batch.objects.create(id=uuid.uuid4(), office=OFFICE, name="again.pdf", received_at=NOW)
    Scan.objects.create(
        id=uuid.uuid4(),
        batch=batch,
        path=f"{OFFICE}/again.pdf",
        state="done",
        reason="Duplicate",
        duplicate_of=first,
        page_count=0,
        received_at=NOW,
    )
    note = compose(batch)
    assert BY_CODE["Duplicate"].vi in note
    assert f"Lần trước: {OFFICE}/first.pdf, 02/03/2026 12:00" in note


def test_a_folder_that_cannot_be_written_holds_up_no_other_office(tmp_path: Path) -> None:
    """The folder of the notes is a file here, a link there: root may write everywhere else."""
    for number in range(3):
        parked(f"a{number}.pdf", "A")
    parked("b.pdf", "B")
    parked("c.pdf", "C")
    (tmp_path / "A").mkdir()
    (tmp_path / "A" / "_ket-qua").touch()
    (tmp_path / "B").mkdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "B" / "_ket-qua").symlink_to(outside)
    assert write_notes(tmp_path) == 1
    assert (tmp_path / "C" / "_ket-qua" / "c.pdf.txt").is_file()
    assert list(outside.iterdir()) == []
    assert Batch.objects.filter(note_due=True).count() == 4
    (tmp_path / "A" / "_ket-qua").unlink()
    assert write_notes(tmp_path) == 3
    assert sorted(path.name for path in (tmp_path / "A" / "_ket-qua").iterdir()) == ["a0.pdf.txt", "a1.pdf.txt", "a2.pdf.txt"]


def test_a_note_that_fails_leaves_no_scratch(tmp_path: Path) -> None:
    parked("a.pdf", "A")
    (tmp_path / "A" / "_ket-qua" / "a.pdf.txt").mkdir(parents=True)
    assert write_notes(tmp_path) == 0
    assert [path.name for path in (tmp_path / "A" / "_ket-qua").iterdir()] == ["a.pdf.txt"]


@pytest.mark.parametrize("name", ["x" * 255, "ấ" * 85, "a:b.pdf", 'a"b.pdf', "a\\b.pdf", "..\\..\\x.pdf"])
def test_the_name_of_a_note_fits_every_file_system(name: str) -> None:
    made = note_name(name)
    assert len(os.fsencode(made)) <= 255
    assert not set('\\/:*?"<>|') & set(made)
    assert made.endswith(".txt")
    assert made == note_name(name)


def test_no_two_names_share_a_note() -> None:
    names = ["a:b.pdf", "a*b.pdf", "a_b.pdf", "x" * 250, "x" * 251, "scan.pdf"]
    assert len({note_name(name) for name in names}) == len(names)
    assert note_name("scan.pdf") == "scan.pdf.txt"


def test_page_ranges() -> None:
    assert page_ranges([1, 2, 3, 5, 7, 8]) == "1-3, 5, 7-8"
    assert page_ranges([]) == ""
