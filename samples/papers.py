"""The papers of a dossier: forms filled in by the applicant, letters of other bodies, certificates handed out as the result.

What they say is in `wording`; how the frame looks is in `letterhead`. Receipts and separator sheets are in `receipts` and `sheets`.
"""

from __future__ import annotations

import zlib
from datetime import timedelta

import numpy as np

from samples import marks
from samples.catalogue import Office
from samples.dossiers import Dossier, spoken
from samples.drawing import A4_WIDTH, BOLD, ITALIC, DrawnPage, Sheet, Type
from samples.letterhead import INK, LEADING, LEFT, Column, agency_head, field, nation, paragraph, signed, table, title
from samples.wording import PAPERS, Wording

_TINTS = ((250, 190, 200), (190, 225, 200), (190, 210, 245), (250, 230, 170))


def paper(dossier: Dossier, component: str) -> tuple[DrawnPage, ...]:
    """The pages of one component (`TP1`..., `KQ`). KeyError where the procedure has no such paper drawn."""
    wording = PAPERS[dossier.procedure.code, component]
    random = np.random.default_rng(zlib.crc32(f"{dossier.number}:{component}".encode()))
    match wording.kind:
        case "form":
            return _form(dossier, wording, random)
        case "letter":
            return (_letter(dossier, wording, random),)
        case _:
            return (certificate(dossier),)


def _form(dossier: Dossier, wording: Wording, random: np.random.Generator) -> tuple[DrawnPage, ...]:
    sheet = Sheet()
    nation(sheet, A4_WIDTH / 2, 22)
    y = title(sheet, 42, wording.title)
    sheet.put(A4_WIDTH / 2, y, f"Kính gửi: {dossier.receiving.name}", BOLD, "middle")
    sheet.note(f"Kính gửi: {dossier.receiving.name}")
    y = _lines(sheet, y + 9, wording.lines, dossier, INK)
    if not wording.second:
        _applicant_signs(sheet, _enclosed(sheet, y + 2, dossier), dossier, random)
        return (sheet.done(),)
    back = Sheet()
    back.write(A4_WIDTH / 2, 14, "2", Type(13), "middle")
    y = _lines(back, 28, wording.second, dossier, INK)
    _applicant_signs(back, _enclosed(back, y + 2, dossier), dossier, random)
    return sheet.done(), back.done()


def _lines(sheet: Sheet, y: float, lines: str, dossier: Dossier, face: Type) -> float:
    for line in lines.format(d=dossier).splitlines():
        label, bar, value = line.partition("|")
        y = field(sheet, y, label, value, face, dotted=face is INK) if bar else paragraph(sheet, y, line)
    return y


def _enclosed(sheet: Sheet, y: float, dossier: Dossier) -> float:
    """The ruled table of papers that come with a form."""
    sheet.write(LEFT, y, "Giấy tờ gửi kèm theo:")
    rows = tuple((f"{n}", part.name, "01") for n, part in enumerate(dossier.procedure.components[1:], 1))
    columns = (Column("STT", 14), Column("Tên giấy tờ", 120), Column("Số lượng", 30))
    return table(sheet, y + 8, columns, rows or (("1", "Không", "0"),))


def _applicant_signs(sheet: Sheet, y: float, dossier: Dossier, random: np.random.Generator) -> None:
    y = min(y, 247)
    sheet.write(150, y, f"{dossier.receiving.place}, {spoken(dossier.received.date())}", ITALIC, "middle")
    signed(sheet, y + LEADING, ("NGƯỜI YÊU CẦU",), dossier.applicant, random)


def _letter(dossier: Dossier, wording: Wording, random: np.random.Generator) -> DrawnPage:
    sheet = Sheet()
    issuer = Office("", wording.issuer, "", place="Mỹ Thạnh")
    symbol = f"{random.integers(1, 400):02}/{wording.symbol}"
    y = agency_head(sheet, issuer, symbol, dossier.received.date() - timedelta(days=2))
    y = title(sheet, y + 4, wording.title)
    y = _lines(sheet, y + 4, wording.lines, dossier, Type())
    recipients = ("- Người được cấp;", "- Lưu: VT, HC.")
    signed(sheet, y + 12, ("THỦ TRƯỞNG ĐƠN VỊ",), dossier.officer, random, sealed=wording.issuer, recipients=recipients)
    return sheet.done()


def certificate(dossier: Dossier) -> DrawnPage:
    """The result of a dossier: tinted ground, the QR of the dossier that made it top left, red title, seal over the signature."""
    wording = PAPERS[dossier.procedure.code, "KQ"]
    random = np.random.default_rng(zlib.crc32(f"{dossier.number}:KQ".encode()))
    sheet = Sheet()
    sheet.image.paste(marks.tinted(*sheet.image.size, _TINTS[zlib.crc32(dossier.procedure.code.encode()) % len(_TINTS)]))
    code = f"{dossier.number}|{dossier.procedure.code}|KQ|{dossier.issued:%Y%m%d}"
    sheet.paste(10, 9, marks.qr(code, 25), code)
    y = agency_head(sheet, dossier.executing, f"{dossier.serial:02}/{wording.symbol}", dossier.issued, shift=6)
    y = title(sheet, y + 6, wording.title, Type(20, bold=True, colour=(190, 25, 35)))
    y = _lines(sheet, y + 6, wording.lines, dossier, Type(14))
    recipients = ("- Như trên;", f"- Lưu: VT, hồ sơ {dossier.number}.")
    authority = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    signed(sheet, y + 14, authority, dossier.chairman, random, sealed=dossier.executing.name, recipients=recipients)
    return sheet.done()
