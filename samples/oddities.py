"""What happens to single pages on the glass or before: a second receipt beside the first, a photocopy, one more code, a card's copy."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from samples import marks
from samples.dossiers import Dossier
from samples.drawing import A4_HEIGHT, BOLD, PLAIN, DrawnPage, Sheet, Type, px

_CODE_SIDE = 20.0  # mm
_A5 = 0.5**0.5  # of A4


def beside(left: DrawnPage, right: DrawnPage) -> DrawnPage:
    """Two sheets printed at A5, side by side on the glass: an A4 page lying across."""
    halves = [cv2.resize(page.image, None, fx=_A5, fy=_A5, interpolation=cv2.INTER_AREA) for page in (left, right)]
    image = np.ascontiguousarray(np.hstack(halves), dtype=np.uint8)
    return DrawnPage(image=image, text=f"{left.text}\n{right.text}", payloads=(*left.payloads, *right.payloads))


def photocopy(page: DrawnPage) -> DrawnPage:
    """The page off an office copier: no colours, steep, a little pale."""
    grey = cv2.cvtColor(page.image, cv2.COLOR_BGR2GRAY).astype(np.float32)
    steep = np.clip((grey - 128) * 1.6 + 150, 45, 255).astype(np.uint8)
    return replace(page, image=np.asarray(cv2.cvtColor(steep, cv2.COLOR_GRAY2BGR), dtype=np.uint8))


def with_code(page: DrawnPage, payload: str) -> DrawnPage:
    """The page with one more QR, at its foot on the left."""
    picture = marks.qr(payload, _CODE_SIDE)
    top, left = px(A4_HEIGHT - 9) - picture.shape[0], px(16)
    image = page.image.copy()
    image[top : top + picture.shape[0], left : left + picture.shape[1]] = picture[..., None]
    return replace(page, image=image, payloads=(*page.payloads, payload))


def card_payload(dossier: Dossier) -> str:
    """What the QR of the applicant's citizen card says; the layout is that of real cards, the person is invented."""
    day = f"{dossier.birth:%d%m%Y}"
    return f"{dossier.identity}|{dossier.identity[3:]}|{dossier.applicant}|{day}|Nữ|{dossier.address}|01042021"


def card(dossier: Dossier) -> DrawnPage:
    """A sheet with the copy of the applicant's citizen card, front above back."""
    sheet = Sheet()
    left, wide, high = 62.0, 86.0, 54.0
    for top in (60.0, 130.0):
        box = (px(left), px(top), px(left + wide), px(top + high))
        sheet.pen.rounded_rectangle(box, radius=px(3), fill=(228, 238, 232), outline=(90, 110, 100), width=3)
    sheet.write(94, 67, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Type(6, bold=True), "middle")
    sheet.write(94, 74, "CĂN CƯỚC CÔNG DÂN", Type(11, bold=True, colour=(190, 25, 35)), "middle")
    sheet.pen.rectangle((px(66), px(80), px(84), px(104)), fill=(150, 160, 160))
    lines = (f"Số: {dossier.identity}", f"Họ và tên: {dossier.applicant.upper()}", f"Ngày sinh: {dossier.birth:%d/%m/%Y}", "Giới tính: Nữ")
    for n, line in enumerate(lines):
        sheet.write(88, 85 + 6.5 * n, line, replace(BOLD, size=8) if n == 0 else replace(PLAIN, size=8))
    sheet.write(66, 140, "Đặc điểm nhân dạng: Nốt ruồi cách 1 cm trên đuôi mắt trái", replace(PLAIN, size=8))
    sheet.write(66, 147, "Ngày cấp: 01/04/2021", replace(PLAIN, size=8))
    payload = card_payload(dossier)
    sheet.paste(124, 62, marks.qr(payload, 22.0), payload)
    return sheet.done()
