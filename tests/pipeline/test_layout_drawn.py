"""Reading order on drawn papers that the engine reads: letterheads, tables, signatures, columns, streaks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from pipeline.boxes import scaled
from pipeline.ink import find_ink, horizontal_rules, vertical_rules
from pipeline.layout import in_reading_order
from pipeline.model import Pixels, ReadSettings
from pipeline.noise import without_noise
from pipeline.ocr import OcrEngine, open_engine
from samples.drawing import BOLD, PLAIN, Sheet, Type, wrapped
from samples.letterhead import LEFT, Column, nation, paragraph, signed, table, title

DPI = 200
PROSE = (
    "Căn cứ Luật Tổ chức chính quyền địa phương và đề nghị của công chức tư pháp hộ tịch, Ủy ban nhân dân xã thông báo kết quả "
    "giải quyết hồ sơ của tổ chức, cá nhân trong tháng trước để mọi người được biết và thực hiện theo đúng quy định hiện hành."
)


@cache
def engine() -> OcrEngine:
    return open_engine(ReadSettings())


def lines_of(page: Pixels) -> list[str]:
    """What a person reads off a drawn page, line by line."""
    grey = np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    image = np.asarray(cv2.resize(grey, None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    depth = find_ink(page).depth
    words = without_noise(engine().read(image, DPI))
    scale = words.width / depth.shape[1]
    rules, across = (tuple(scaled(rule, scale) for rule in found(depth)) for found in (vertical_rules, horizontal_rules))
    return in_reading_order(words, rules, across).text.splitlines()


def head(sheet: Sheet) -> float:
    for n, text in enumerate(("UBND TỈNH BÌNH GIANG", "SỞ NÔNG NGHIỆP", "TRUNG TÂM KHUYẾN NÔNG", "TRẠM MỸ THẠNH")):
        sheet.write(66, 22 + 5.4 * n, text, Type(12, bold=n > 0), "middle")
    sheet.write(66, 46, "Số: 12/QĐ-TKN", Type(13), "middle")
    nation(sheet, 146, 22)
    sheet.write(146, 46, "Mỹ Thạnh, ngày 03 tháng 11 năm 2025", Type(13, italic=True), "middle")
    return 62


def decision() -> Sheet:
    sheet = Sheet()
    y = head(sheet)
    y = title(sheet, y, "Quyết định", under="Về việc cử viên chức đi học")
    for _ in range(3):
        y = paragraph(sheet, y, PROSE)
    recipients = (
        "- Như Điều 3;",
        "- Sở Nội vụ (báo cáo);",
        "- Kho bạc Nhà nước;",
        "- Phòng Kế toán;",
        "- Cổng thông tin;",
        "- Lưu: VT, TC.",
    )
    signed(sheet, y + 8, ("TRƯỞNG TRẠM",), "Trần Văn Mẫu", np.random.default_rng(1), sealed="Trạm khuyến nông", recipients=recipients)
    return sheet


def three_columns() -> Sheet:
    sheet = Sheet()
    y = paragraph(sheet, 40, PROSE)
    rows = (
        ("1", "Bản sao có chứng thực giấy chứng nhận đăng ký hộ kinh doanh của chủ hộ", "Phòng Tài chính Kế hoạch huyện cấp"),
        ("2", "Đơn đề nghị", "Theo mẫu số 03 ban hành kèm theo thông tư"),
    )
    y = table(sheet, y + 6, (Column("STT", 14), Column("Tên giấy tờ", 80), Column("Ghi chú", 55)), rows)
    paragraph(sheet, y + 4, PROSE)
    return sheet


def two_columns() -> Sheet:
    sheet = Sheet()
    y = title(sheet, 30, "Công báo")
    for side, x in enumerate((LEFT, 112.0)):
        text = PROSE if side == 0 else " ".join(reversed(PROSE.split()))
        for n, line in enumerate(wrapped(f"{text} {text} {text}", 78, PLAIN)):
            sheet.write(x, y + 6.6 * n, line)
    return sheet


def error_rate(truth: str, text: str) -> float:
    return Levenshtein.distance(truth, text) / len(truth)


def in_order(lines: list[str], *parts: str) -> bool:
    """Whether each part begins a line, in that order."""
    at = [next((n for n, line in enumerate(lines) if line.startswith(part)), -1) for part in parts]
    return -1 not in at and at == sorted(at)


def test_a_decision_is_read_as_a_person_reads_it() -> None:
    lines = lines_of(decision().done().image)
    assert lines[:7] == [
        "UBND TỈNH BÌNH GIANG",
        "SỞ NÔNG NGHIỆP",
        "TRUNG TÂM KHUYẾN NÔNG",
        "TRẠM MỸ THẠNH",
        "Số: 12/QĐ-TKN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    assert in_order(
        lines,
        "Mỹ Thạnh, ngày",
        "QUYẾT ĐỊNH",
        "Về việc",
        "Căn cứ",
        "Nơi nhận:",
        "- Như Điều 3;",
        "- Sở Nội vụ",
        "- Kho bạc",
        "- Phòng",
        "- Cổng",
    )


def test_cells_of_several_lines_are_read_within_their_row() -> None:
    sheet = three_columns()
    text, truth = " ".join(lines_of(sheet.done().image)), " ".join(sheet.done().text.split())
    for part in ("Bản sao có chứng thực", "Phòng Tài chính", "Đơn đề nghị", "Theo mẫu số 03"):
        assert part in text
    assert "1 Bản sao có chứng thực giấy chứng nhận đăng ký hộ kinh doanh của chủ hộ Phòng Tài chính Kế hoạch huyện cấp" in text
    assert "2 Đơn đề nghị Theo mẫu số 03 ban hành kèm theo thông tư" in text
    assert error_rate(truth, text) < 0.01


@pytest.mark.parametrize("draw", [two_columns, decision, three_columns])
def test_streaks_part_nothing(draw: Callable[[], Sheet]) -> None:
    sheet = draw()
    clean = lines_of(sheet.done().image)
    for x in (47.0, 99.0, 104.0, 171.0):
        sheet.overlay(a_streak(), x, 0)
    assert error_rate(" ".join(clean[:12]), " ".join(lines_of(sheet.done().image)[:12])) < 0.02


def a_streak() -> Image.Image:
    return Image.new("RGBA", (2, 3508), (205, 205, 205, 255))


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    sheet = two_columns()
    read, truth = " ".join(lines_of(sheet.done().image)), " ".join(sheet.done().text.split())
    assert error_rate(truth, read) < 0.01


def test_a_second_page_with_recipients_beside_the_signer() -> None:
    sheet = Sheet()
    sheet.write(105, 14, "2", BOLD, "middle")
    y = paragraph(sheet, 28, PROSE)
    signed(sheet, y + 8, ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Lê Thị Mẫu", np.random.default_rng(2), recipients=("- Như trên;", "- Lưu: VT."))
    lines = lines_of(sheet.done().image)
    assert in_order(lines, "Căn cứ", "Nơi nhận:", "- Như trên;", "- Lưu: VT.", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Lê Thị Mẫu")
