"""The papers of a dossier: forms filled in by the applicant, letters of other bodies, certificates handed out as the result.

What they say is in `wording`; how the frame looks is in `letterhead`. Receipts and separator sheets are in `receipts` and `sheets`.
"""

from __future__ import annotations

import zlib
from datetime import timedelta
from functools import lru_cache

import numpy as np
from PIL import Image

from samples import marks, wording_people, wording_property
from samples.catalogue import Office, Procedure
from samples.dossiers import Dossier, spoken
from samples.drawing import A4_WIDTH, BOLD, ITALIC, DrawnPage, Sheet, Type
from samples.letterhead import INK, LEADING, LEFT, Column, agency_head, field, nation, paragraph, signed, table, title
from samples.wording import PAPERS, Wording

_WORDINGS = {
    **PAPERS,
    **wording_people.CIVIL,
    **wording_people.SOCIAL,
    **wording_property.LAND,
    **wording_property.TRADE,
    **wording_property.UNASKED,
}
_TINTS = ((250, 190, 200), (190, 225, 200), (190, 210, 245), (250, 230, 170))


def wording_of(procedure: Procedure, component: str) -> Wording:
    """What a paper of a procedure says; `X1`... are papers that no procedure asks for. KeyError where there is none."""
    return _WORDINGS["*" if component.startswith("X") else procedure.code, component]


def drawn_components(procedure: Procedure) -> tuple[str, ...]:
    """The components of a procedure whose papers can be drawn, the result left out."""
    return tuple(part.code for part in procedure.components if (procedure.code, part.code) in _WORDINGS)


def paper(dossier: Dossier, component: str) -> tuple[DrawnPage, ...]:
    """The pages of one component (`TP1`..., `KQ`). KeyError where the procedure has no such paper drawn."""
    said = wording_of(dossier.procedure, component)
    random = np.random.default_rng(zlib.crc32(f"{dossier.number}:{component}".encode()))
    match said.kind:
        case "form":
            return _form(dossier, said, random)
        case "contract":
            return _contract(dossier, said, random)
        case "letter":
            return (_letter(dossier, said, random),)
        case "deed":
            return (_deed(dossier, said, random),)
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


def _contract(dossier: Dossier, wording: Wording, random: np.random.Generator) -> tuple[DrawnPage, ...]:
    """An agreement of two parties, typed, page numbers above or at the foot."""
    texts = [text for text in (wording.lines, wording.second, wording.third) if text]
    sheets = [Sheet() for _ in texts]
    for number, (sheet, text) in enumerate(zip(sheets, texts, strict=True), 1):
        y = 28.0
        if number == 1:
            nation(sheet, A4_WIDTH / 2, 22)
            y = title(sheet, 44, wording.title) + 4
        elif not wording.foot:
            sheet.write(A4_WIDTH / 2, 14, str(number), Type(13), "middle")
        y = _lines(sheet, y, text, dossier, Type())
        if number == len(texts):
            signed(sheet, y + 10, ("CÁC BÊN KÝ TÊN",), dossier.applicant, random)
        if wording.foot:
            sheet.write(A4_WIDTH / 2, 284, f"Trang {number}/{len(texts)}", Type(12), "middle")
    return tuple(sheet.done() for sheet in sheets)


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


def _deed(dossier: Dossier, wording: Wording, random: np.random.Generator) -> DrawnPage:
    """What another body handed out years ago: tinted ground and red title, no code."""
    sheet = Sheet()
    sheet.image.paste(_ground(*sheet.image.size, zlib.crc32(wording.issuer.encode()) % len(_TINTS)))
    issuer = Office("", wording.issuer, "", place="Mỹ Thạnh")
    day = dossier.received.date() - timedelta(days=int(random.integers(300, 4_000)))
    y = agency_head(sheet, issuer, f"{random.integers(1, 400):02}/{wording.symbol}", day)
    y = title(sheet, y + 8, wording.title, Type(18, bold=True, colour=(190, 25, 35)))
    y = _lines(sheet, y + 6, wording.lines, dossier, Type(14))
    signed(sheet, y + 14, ("THỦ TRƯỞNG ĐƠN VỊ",), dossier.officer, random, sealed=wording.issuer)
    return sheet.done()


def certificate(dossier: Dossier) -> DrawnPage:
    """The result of a dossier: tinted ground, the QR of the dossier that made it top left, red title, seal over the signature."""
    said = wording_of(dossier.procedure, "KQ")
    random = np.random.default_rng(zlib.crc32(f"{dossier.number}:KQ".encode()))
    sheet = Sheet()
    sheet.image.paste(_ground(*sheet.image.size, zlib.crc32(dossier.procedure.code.encode()) % len(_TINTS)))
    code = f"{dossier.number}|{dossier.procedure.code}|KQ|{dossier.issued:%Y%m%d}"
    sheet.paste(10, 9, marks.qr(code, 25), code)
    y = agency_head(sheet, dossier.executing, f"{dossier.serial:02}/{said.symbol}", dossier.issued, shift=6)
    y = title(sheet, y + 6, said.title, Type(20, bold=True, colour=(190, 25, 35)))
    y = _lines(sheet, y + 6, said.lines, dossier, Type(14))
    recipients = ("- Như trên;", f"- Lưu: VT, hồ sơ {dossier.number}.")
    authority = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    signed(sheet, y + 14, authority, dossier.chairman, random, sealed=dossier.executing.name, recipients=recipients)
    return sheet.done()


@lru_cache(maxsize=len(_TINTS))
def _ground(width: int, height: int, tint: int) -> Image.Image:
    return marks.tinted(width, height, _TINTS[tint])
