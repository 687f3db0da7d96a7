"""A page whose words stand at known places, to see whether the text layer puts them there."""

from __future__ import annotations

from samples.drawing import A4_HEIGHT, DrawnPage, Sheet, width_of
from samples.fonts import serif
from tests.conformance.layers import Placed

TEXT = """Ủy ban nhân dân xã xác nhận người có tên dưới đây đã nộp đủ giấy tờ theo quy định hiện hành
công dân được trả kết quả tại bộ phận một cửa đúng ngày hẹn ghi trên giấy tiếp nhận hồ sơ
thửa đất số bảy mươi hai tờ bản đồ số năm diện tích một trăm hai mươi mét vuông đất ở"""
WORDS = 3 * TEXT.split()
CLOSE, APART = 6.6, 12.0  # mm from line to line
_LEFT, _TOP = 25.0, 40.0
_A_LINE = 11


def page(leading: float = CLOSE) -> tuple[DrawnPage, list[Placed]]:
    """Lines `leading` mm apart, gaps of changing width; with each word the box of its ink."""
    sheet, placed = Sheet(), []
    x = _LEFT
    for number, word in enumerate(WORDS):
        row, column = divmod(number, _A_LINE)
        y = _TOP + row * leading
        x = _LEFT + 3 * (row % 3) if column == 0 else x
        left, top, right, bottom = (edge * 25.4 / 300 for edge in serif(13).getbbox(word, anchor="ls"))
        placed.append(Placed(word, x + left, y + top, x + right, y + bottom))
        x = sheet.put(x, y, word) + width_of(" ") * (1 + (number % 3) / 2)
    assert y < A4_HEIGHT
    sheet.note(*WORDS)
    return sheet.done(), placed
