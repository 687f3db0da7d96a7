"""Late registers: how long loading takes to re-match what waits for it: python -m bench.rematch [SCANS]

Puts scans (10,000 unless told) of two pages with a readable receipt into a catalogue of its own home, as reading and splitting leave them
while their dossiers are unknown; loads the register of all of them; prints the seconds of the load and of the one pass over what waits.
What it takes to bundle them afterwards is work of the workers and not counted. With SOHOA_DATABASE__KIND=postgresql in that database.
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

SCANS = 10_000
OFFICES = 20
NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)
_RECEIPT = "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ\nMã hồ sơ: {number}\nÔng/Bà: {name}\nSố định danh cá nhân: {identity}"
_FORM = (
    "TỜ KHAI ĐĂNG KÝ KHAI SINH\nHọ, chữ đệm, tên người yêu cầu: {name}\nSố định danh cá nhân: {identity}\n" + "nội dung của tờ khai " * 40
)
_TITLES = [
    {"text": "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "top": 0.2, "size": 1.3, "off_centre": 0.01, "width": 0.5},
    {"text": "TỜ KHAI ĐĂNG KÝ KHAI SINH", "top": 0.13, "size": 1.1, "off_centre": 0.01, "width": 0.35},
]
_SURNAMES, _MIDDLES, _NAMES = (
    ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh"),
    ("Văn", "Thị", "Minh", "Thu"),
    ("An", "Bình", "Cúc", "Dũng", "Hoa", "Lan"),
)


def number_of(n: int) -> str:
    return f"H51.{n % OFFICES + 10}-260301-{n // OFFICES + 1:04}"


def name_of(n: int) -> str:
    parts = (_SURNAMES[n % 5], _MIDDLES[n // 5 % 4], _NAMES[n // 20 % 6], _NAMES[n // 120 % 6])
    return " ".join(parts)


def identity_of(n: int) -> str:
    return f"094190{n:06}"


def wait(scans: int) -> None:
    """Scans that were split while the register did not have their dossiers."""
    from records.models import Batch, Document, Page, Scan

    batches, files, documents, sheets = list[Batch](), list[Scan](), list[Document](), list[Page]()
    for n in range(scans):
        number, office = number_of(n), f"H51.{n % OFFICES + 10}"
        batch = Batch(office=office, name=f"scan{n}.pdf", received_at=NOW, state="assembled")
        scan = Scan(batch=batch, path=f"{office}/scan{n}.pdf", sha256=f"{n:064x}", state="parked", page_count=2, received_at=NOW)
        claims = [{"source": "receipt", "number": number, "component": None, "page": 1}]
        document = Document(
            batch=batch, state="parked", reason="UnknownDossier", claims=claims, claimed=number, page_count=2, created_at=NOW
        )
        texts = [template.format(number=number, name=name_of(n), identity=identity_of(n)) for template in (_RECEIPT, _FORM)]
        pages = [
            Page(
                scan=scan,
                number=place,
                state="read",
                text=text,
                headings=[title],
                document=document,
                page_in_document=place,
                disposition="parked",
            )
            for place, (text, title) in enumerate(zip(texts, _TITLES, strict=True), start=1)
        ]
        pages[0].codes = [{"symbology": "QRCode", "payload": number, "box": {"left": 0, "top": 0, "right": 9, "bottom": 9}}]
        batches.append(batch)
        files.append(scan)
        documents.append(document)
        sheets += pages
    Batch.objects.bulk_create(batches, batch_size=2_000)
    Scan.objects.bulk_create(files, batch_size=2_000)
    Document.objects.bulk_create(documents, batch_size=2_000)
    Page.objects.bulk_create(sheets, batch_size=2_000)


def write_register(path: Path, scans: int) -> None:
    columns = "MaHoSo MaTTHC DonViTiepNhan DonViXuLy KenhThucHien NgayTiepNhan NgayHenTra NgayKetThucXuLy TrangThai ChuHoSo SoDinhDanh"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(columns.split())
        for n in range(scans):
            office = f"H51.{n % OFFICES + 10}"
            row = [
                number_of(n),
                "1.001193",
                office,
                office,
                1,
                "2026-03-01T08:00:00+07:00",
                "",
                "",
                "DANG_XU_LY",
                name_of(n),
                identity_of(n),
            ]
            out.writerow(row)


def main() -> int:
    scans = int(sys.argv[1]) if len(sys.argv) > 1 else SCANS
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-rematch-") as home:
        os.environ["SOHOA_HOME"] = home
        from records.setup import open_catalogue

        open_catalogue()
        from records.events import first_broken_link
        from records.models import Document, Office, Procedure, ProcedureComponent
        from records.registers import load_dossiers
        from records.rematch import rejudge

        Office.objects.bulk_create(Office(code=f"H51.{n + 10}", name=f"Xã số {n}", level="XA", known_from=NOW) for n in range(OFFICES))
        procedure = Procedure.objects.create(code="1.001193", name="Đăng ký khai sinh", needs_result=True, known_from=NOW)
        for place, name in enumerate(("Tờ khai đăng ký khai sinh", "Giấy chứng sinh"), start=1):
            ProcedureComponent.objects.create(procedure=procedure, position=place, code=f"TP{place}", name=name, required=True, duty="PHAI")
        wait(scans)
        register = Path(home, "dossiers.csv")
        write_register(register, scans)
        began = time.perf_counter()
        loaded = load_dossiers(register, NOW)
        load = time.perf_counter() - began
        began = time.perf_counter()
        released = rejudge(Document.objects.all(), NOW)
        match = time.perf_counter() - began
        receipts = sum(document.kind == "receipt" for document in released)
        named = sum(document.component == "TP1" for document in released)
        print(f"{loaded.new} dossiers loaded in {load:.1f} s; {scans} waiting scans re-matched in {match:.1f} s (aim 60)")
        print(f"  released {len(released)} documents: {receipts} receipts, {named} recognised as TP1; chain broken: {first_broken_link()}")
        return 0 if receipts == named == scans and match < 60 else 1


if __name__ == "__main__":
    sys.exit(main())
