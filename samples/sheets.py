"""Sheets that are put between papers before scanning and are never part of a document: separators and patch sheets."""

from __future__ import annotations

import numpy as np

from samples import marks
from samples.dossiers import Dossier
from samples.drawing import A4_HEIGHT, A4_WIDTH, DrawnPage, Sheet, Type

PATCH = "PATCHT"
_MIDDLE = A4_WIDTH / 2
_EDGE, _DEEP, _APART = 12.7, 20.32, 3.2  # mm: from the edge of the paper to the bars of a patch code, over them, between two codes


def separator(dossier: Dossier, component: str = "") -> DrawnPage:
    """The start of a dossier, or of one component of it (`TP1`..., `KQ`): a big QR and the same in words."""
    code = f"SOHOA:{dossier.number}:{component}" if component else f"SOHOA:{dossier.number}"
    sheet = Sheet()
    sheet.write(_MIDDLE, 35, "TỜ PHÂN CÁCH HỒ SƠ", Type(24, bold=True), "middle")
    picture = marks.qr(code, 85)
    sheet.paste(_MIDDLE - picture.shape[1] * 25.4 / 600, 48, picture, code)
    sheet.write(_MIDDLE, 152, dossier.number, Type(22, bold=True), "middle")
    sheet.write(_MIDDLE, 166, dossier.procedure.name, Type(16), "middle")
    if component:
        sheet.write(_MIDDLE, 180, f"{component}: {_name(dossier, component)}", Type(16, bold=True), "middle")
    sheet.write(_MIDDLE, 205, "Đặt tờ này trước giấy tờ cần quét. Tờ này không thuộc hồ sơ.", Type(13, italic=True), "middle")
    return sheet.done()


def _name(dossier: Dossier, component: str) -> str:
    if component == "KQ":
        return dossier.procedure.result
    return next(part.name for part in dossier.procedure.components if part.code == component)


def patch(*, code_39: bool = False) -> DrawnPage:
    """`a new document starts here`, without identity: the bar code PATCHT at the top and at the foot."""
    sheet = Sheet()
    picture = marks.bars(PATCH, 120, 25, code_39=code_39)
    left = _MIDDLE - picture.shape[1] * 25.4 / 600
    sheet.paste(left, 30, picture, PATCH)
    sheet.write(_MIDDLE, 140, "TỜ PHÂN CÁCH TÀI LIỆU", Type(24, bold=True), "middle")
    sheet.write(_MIDDLE, 152, "PATCH T", Type(16), "middle")
    sheet.paste(left, 240, picture, PATCH)
    return sheet.done()


def patch_t(*, all_round: bool = False) -> DrawnPage:
    """The same as the drawn patch code T, across the upper edge; `all_round` along the other edges too, as Kodak prints its sheets.

    Half an inch from the edge of the paper (Kodak, Patch Code Information for Kodak Scanners, A-61599, 2006).
    """
    sheet = Sheet()
    aside = _EDGE + _DEEP + _APART if all_round else _EDGE
    level = marks.patch("T", A4_WIDTH - 2 * aside)
    sheet.paste(aside, _EDGE, level, PATCH)
    sheet.write(_MIDDLE, 140, "TỜ PHÂN CÁCH TÀI LIỆU", Type(24, bold=True), "middle")
    sheet.write(_MIDDLE, 152, "PATCH T", Type(16), "middle")
    if all_round:
        upright = np.rot90(marks.patch("T", A4_HEIGHT - 2 * _EDGE))
        sheet.paste(aside, A4_HEIGHT - _EDGE - _DEEP, level[::-1], PATCH)
        sheet.paste(_EDGE, _EDGE, upright, PATCH)
        sheet.paste(A4_WIDTH - _EDGE - _DEEP, _EDGE, upright[:, ::-1], PATCH)
    return sheet.done()


def blank() -> DrawnPage:
    """The empty back of a sheet; what shines through comes from the scanner."""
    return Sheet().done()
