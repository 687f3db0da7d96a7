"""The receipt that a one-stop office prints when it takes a dossier in: Giấy tiếp nhận hồ sơ và hẹn trả kết quả.

QR top left, whose payload is worded in several ways because it is not standardised; older offices add a Code 128 or Code 39.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np

from samples import marks
from samples.catalogue import Component
from samples.dossiers import Dossier
from samples.drawing import A4_WIDTH, BOLD, ITALIC, PLAIN, DrawnPage, Sheet, Type
from samples.letterhead import LEFT, Column, agency_head, field, signed, table, title

QR_SIDE = 27.0  # mm


def payload(dossier: Dossier) -> str:
    """What the receipt's QR says; each office's system has its own wording."""
    wording = ord(dossier.receiving.code[-1]) % 3
    if wording == 0:
        return dossier.number
    if wording == 1:
        return f"https://motcua.example.vn/tra-cuu?ma={dossier.number}"
    return f"{dossier.number}|{dossier.procedure.code}|GTN|{dossier.received:%Y%m%d%H%M%S}|{dossier.due:%Y%m%d}"


def receipt(dossier: Dossier, *, bar: str = "", bare: bool = False, damaged: bool = False) -> DrawnPage:
    """Draw it. `bar`: `Code128` or `Code39` adds the number as a bar code; `bare` leaves the QR out, as old receipts do.

    `damaged` blots the QR so that it does not decode.
    """
    random = np.random.default_rng(zlib.crc32(dossier.number.encode()))
    sheet = Sheet()
    if not bare:
        sheet.paste(10, 9, marks.qr(payload(dossier), QR_SIDE), payload(dossier))
    if bar:
        sheet.paste(92, 46, marks.bars(dossier.number, 96, 11, code_39=bar == "Code39"), dossier.number)
    y = agency_head(sheet, dossier.receiving, f"{dossier.serial:02}/TNHS", dossier.received.date(), shift=6)
    y = title(sheet, y + 14, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", under=f"Mã hồ sơ: {dossier.number}")
    y = _body(sheet, y, dossier)
    _signatures(sheet, y + 2, dossier, random)
    if damaged:
        _blot(sheet, random)
    return sheet.done()


def _body(sheet: Sheet, y: float, dossier: Dossier) -> float:
    printed = Type(13, bold=True)
    sheet.write(LEFT, y, f"Trung tâm Phục vụ hành chính công {dossier.receiving.place} đã tiếp nhận hồ sơ của:")
    y = field(sheet, y + 6.6, "Ông/Bà", dossier.applicant, printed, dotted=False)
    for label, value in (
        ("Số định danh cá nhân", dossier.identity),
        ("Địa chỉ", dossier.address),
        ("Số điện thoại", dossier.phone),
        ("Nội dung yêu cầu giải quyết", dossier.procedure.name),
        ("Mã thủ tục hành chính", dossier.procedure.code),
    ):
        y = field(sheet, y, label, value, PLAIN, dotted=False)
    sheet.write(LEFT, y, "Thành phần hồ sơ nộp gồm:")
    rows = tuple((f"{n}", part.name, *_counts(part)) for n, part in enumerate(dossier.procedure.components, 1))
    columns = (Column("STT", 14), Column("Tên giấy tờ", 100), Column("Bản chính", 25), Column("Bản sao", 25))
    y = table(sheet, y + 8, columns, rows)
    days = f"{dossier.procedure.days} ngày làm việc" if dossier.procedure.days else "trong ngày làm việc"
    for label, value in (
        ("Thời gian giải quyết", days),
        ("Thời gian nhận hồ sơ", f"{dossier.received:%H} giờ {dossier.received:%M} phút, ngày {dossier.received:%d/%m/%Y}"),
        ("Thời gian trả kết quả", f"{dossier.due:%H} giờ {dossier.due:%M} phút, ngày {dossier.due:%d/%m/%Y}"),
        ("Đăng ký nhận kết quả tại", "Quầy số 03, Bộ phận Một cửa"),
    ):
        y = field(sheet, y, label, value, PLAIN, dotted=False)
    return y


def _counts(part: Component) -> tuple[str, str]:
    return ("", "xuất trình") if part.duty == "MIEN" else ("01", "0")


def _signatures(sheet: Sheet, y: float, dossier: Dossier, random: np.random.Generator) -> None:
    sheet.write(62, y, "NGƯỜI NỘP HỒ SƠ", BOLD, "middle")
    sheet.write(62, y + 5, "(Ký và ghi rõ họ tên)", replace(ITALIC, size=11), "middle")
    sheet.overlay(marks.signature(random), 42, y + 7)
    sheet.write(62, y + 31, dossier.applicant, BOLD, "middle")
    signed(sheet, y, ("NGƯỜI TIẾP NHẬN HỒ SƠ",), dossier.officer, random)
    note = "Tổ chức, cá nhân tra cứu tình trạng hồ sơ bằng mã hồ sơ hoặc mã QR in trên giấy này."
    sheet.write(A4_WIDTH / 2, min(y + 41, 286), note, Type(11, italic=True), "middle")


def _blot(sheet: Sheet, random: np.random.Generator) -> None:
    """A spill over the code that leaves its corners to be seen."""
    for _ in range(6):
        x, y = random.uniform(17, 27, 2)
        size = float(random.uniform(3, 5))
        box = [round(edge * 300 / 25.4) for edge in (x - size, y - 1 - size, x + size, y - 1 + size)]
        sheet.pen.ellipse((box[0], box[1], box[2], box[3]), fill=(70, 50, 40))
