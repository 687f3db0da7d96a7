"""The sheets of `sheets` drawn: separators, patch sheets, receipts.

A sheet has to be read after a worn printer and a worn scanner: its code is as large as the paper allows, nothing stands in its quiet
zone or where a slanted feed cuts the paper off, and there is no tint and no picture. `pipeline.evidence` knows the titles.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, time

from pipeline.evidence import PATCH_PAYLOAD
from records.cells import LAST_SECOND
from records.sheet_paper import COLUMN, LEFT, MIDDLE, RIGHT, Face, Paper
from records.sheets import PatchSheet, Receipt, Separator, Sheet


def print_sheets(sheets: Iterable[Sheet], now: datetime) -> bytes:
    """The sheets as one PDF, a page each; the receipt of many papers takes more. Raises FontMissing.

    The same sheets on the same day (of `now`, in Vietnam) are the same bytes.
    """
    with closing(Paper("Sohoa", now)) as paper:
        for sheet in sheets:
            paper.turn()
            match sheet:
                case Separator():
                    _draw_separator(paper, sheet)
                case PatchSheet():
                    _draw_patch(paper)
                case Receipt():
                    _draw_receipt(paper, sheet)
        return paper.finished()


# --- separators and patch sheets ---------------------------------------------------------------------------------------------

_TITLE, _LARGE = Face(32, "B"), Face(30, "B")
_TITLE_TOP = 23.0
_CODE_TOP = 54.0
_QR_SIDE = 94.0  # its quiet zone is 13 mm and ends where the number begins
_NUMBER_TOP = 163.0
_PROCEDURE_TOP, _PROCEDURE_END = 214.0, 256.0
_FOOT = 262.0
_BAR = 1.3  # the narrowest bar of a patch sheet
_BAR_LENGTH = 32.0
_BARS = 101 * _BAR  # PATCHT is 101 modules long
_ASIDE_TOP = 108.0

_OWN = "BẮT ĐẦU HỒ SƠ"
_OWN_FOOT = (
    "Đặt tờ này trước giấy tờ đầu tiên của hồ sơ, rồi quét cả tập. Tờ này không lưu vào hồ sơ.",
    "Put this sheet before the first paper of the dossier, then scan them together. The sheet itself is not kept.",
)
_COMPONENT_FOOT = (
    "Đặt tờ này ngay trước giấy tờ ghi trên, rồi quét cả tập. Tờ này không lưu vào hồ sơ.",
    "Put this sheet right before the paper named above, then scan them together. The sheet itself is not kept.",
)
_PATCH_FOOT = (
    "Đặt tờ này trước mỗi tài liệu mới, rồi quét cả tập. Tờ này không lưu vào hồ sơ.",
    "Put this sheet before every new document, then scan them together. The sheet itself is not kept.",
)


def _draw_separator(paper: Paper, sheet: Separator) -> None:
    paper.centred(_TITLE_TOP, "TỜ PHÂN CÁCH HỒ SƠ", _TITLE, 14)
    paper.qr(sheet.payload, MIDDLE - _QR_SIDE / 2, _CODE_TOP, _QR_SIDE, "H")
    y = paper.centred(_NUMBER_TOP, sheet.number, Face(34, "B"), 15) + 3
    y = paper.centred(y, sheet.component or _OWN, _LARGE, 13) + 1
    if sheet.component:
        y = paper.centred(y, sheet.name, Face(24), 40)
    y = max(y + 4, _PROCEDURE_TOP)
    paper.rule(MIDDLE - 20, y, 40)
    paper.centred(y + 4, sheet.procedure, Face(18), _PROCEDURE_END - y - 4)
    _foot(paper, *(_COMPONENT_FOOT if sheet.component else _OWN_FOOT))


def _draw_patch(paper: Paper) -> None:
    """Codes across the page and down it: a streak along the bars of one is across those of the others."""
    paper.centred(_TITLE_TOP, "TỜ PHÂN CÁCH TÀI LIỆU", _TITLE, 14)
    paper.code_128(PATCH_PAYLOAD, MIDDLE - _BARS / 2, _CODE_TOP, _BAR, _BAR_LENGTH)
    for x in (LEFT + 4, RIGHT - 4 - _BAR_LENGTH):
        paper.code_128(PATCH_PAYLOAD, x, _ASIDE_TOP, _BAR, _BAR_LENGTH, upright=True)
    y = paper.centred(_ASIDE_TOP + _BARS / 2 - 20, "BẮT ĐẦU", _LARGE, 13, width=80)
    y = paper.centred(y, "TÀI LIỆU MỚI", _LARGE, 13, width=80)
    paper.centred(y + 4, "PATCH T", Face(20), 10, width=80)
    _foot(paper, *_PATCH_FOOT)


def _foot(paper: Paper, vi: str, en: str) -> None:
    paper.centred(paper.centred(_FOOT, vi, Face(14, "I"), 7) + 0.5, en, Face(10.5, "I"), 6)


# --- receipts ----------------------------------------------------------------------------------------------------------------

_TOP = 18.0
_QR_SIDE_RECEIPT = 34.0  # smaller ones were lost to streaks
_AGENCY, _NATION, _NATION_WIDTH = 84.5, 148.0, 80.0  # middles of the two columns of the head
_VALUES = 52.0  # from the left edge of the text column
_BOTTOM = 276.0  # a receipt goes on on the next page below that
_COLUMNS = (("STT", 12.0), ("Tên giấy tờ", 80.0), ("Bản chính", 21.0), ("Bản sao", 19.0), ("Ghi chú", 34.0))
_PAD = 1.5  # about what stands in a cell
_TIMES, _SIGNATURES = 24.0, 50.0  # their heights
_EMPTY_ROWS = ((("",) * len(_COLUMNS)),) * 3  # to be filled in by hand where the checklist is not known
_DOTS = "." * 60
_PLAIN, _BOLD, _SMALL, _NOTE = Face(12.5), Face(12.5, "B"), Face(11.5), Face(11.5, "I")


def _draw_receipt(paper: Paper, receipt: Receipt) -> None:
    _head(paper, receipt)
    y = paper.centred(61, "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", Face(16, "B"), 8)
    y = paper.centred(y, f"Mã hồ sơ: {receipt.number}", Face(14, "B"), 7) + 4
    y = _field(paper, y, "Đã tiếp nhận hồ sơ của", receipt.applicant, _BOLD)
    y = _field(paper, y, "Số định danh cá nhân", receipt.identity)
    y = _field(paper, y, "Nội dung giải quyết", receipt.procedure)
    y = _field(paper, y, "Mã thủ tục hành chính", receipt.procedure_code)
    y = paper.left(LEFT, y, "Thành phần hồ sơ nộp gồm:", _PLAIN, COLUMN, 7) + 1.5
    y = _room(paper, _papers(paper, y, receipt) + 4, _TIMES + _SIGNATURES, receipt.number)
    y = _field(paper, y, "Thời gian giải quyết", _term(receipt.term_days))
    y = _field(paper, y, "Thời gian nhận hồ sơ", _spoken(receipt.received))
    y = _field(paper, y, "Hẹn trả kết quả", _spoken(receipt.due), _BOLD)
    _signatures(paper, y + 6)


def _head(paper: Paper, receipt: Receipt) -> None:
    paper.qr(receipt.number, LEFT, _TOP, _QR_SIDE_RECEIPT, "H")
    paper.centred(_TOP, receipt.office.upper(), Face(11.5, "B"), 22, middle=_AGENCY, width=44)
    y = paper.centred(_TOP, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Face(11.5, "B"), 6, middle=_NATION, width=_NATION_WIDTH)
    y = paper.centred(y, "Độc lập - Tự do - Hạnh phúc", _BOLD, 6, middle=_NATION, width=_NATION_WIDTH) + 0.8
    paper.rule(_NATION - 27, y, 54)
    if receipt.received is not None:
        day = f"Ngày {receipt.received:%d} tháng {receipt.received:%m} năm {receipt.received:%Y}"
        paper.centred(y + 4, day, Face(12.5, "I"), 6, middle=_NATION, width=_NATION_WIDTH)


def _field(paper: Paper, y: float, label: str, value: str, face: Face = _PLAIN) -> float:
    """A label and beside it its value, dots to write on where it is not known; gives the lower end."""
    paper.left(LEFT, y, f"{label}:", _PLAIN, _VALUES, 7)
    return paper.left(LEFT + _VALUES, y, value or _DOTS, face, COLUMN - _VALUES, 30) + 1.4


def _papers(paper: Paper, y: float, receipt: Receipt) -> float:
    """The table of papers, over as many pages as it takes; gives its lower end on the last."""
    rows = tuple((f"{place}", line.name, "", "", line.note) for place, line in enumerate(receipt.papers, 1)) or _EMPTY_ROWS
    y = _row(paper, y, tuple(heading for heading, _ in _COLUMNS), Face(11.5, "B"))
    for row in rows:
        y = _row(paper, _room(paper, y, _row_height(paper, row, _SMALL), receipt.number), row, _SMALL)
    return y


def _row(paper: Paper, y: float, row: tuple[str, ...], face: Face) -> float:
    x, height = LEFT, _row_height(paper, row, face)
    for cell, (_, width) in zip(row, _COLUMNS, strict=True):
        paper.box(x, y, width, height)
        paper.left(x + _PAD, y + _PAD, cell, face, width - 2 * _PAD, 40)
        x += width
    return y + height


def _row_height(paper: Paper, row: tuple[str, ...], face: Face) -> float:
    cells = zip(row, _COLUMNS, strict=True)
    return max(paper.fitted(cell, face, width - 2 * _PAD, 40).height for cell, (_, width) in cells) + 2 * _PAD


def _room(paper: Paper, y: float, height: float, number: str) -> float:
    """Where something of that height can stand: here, or on the next page, which bears the number but no code."""
    if y + height <= _BOTTOM:
        return y
    paper.turn()
    return paper.left(LEFT, _TOP, f"Mã hồ sơ: {number}", _NOTE, COLUMN, 6) + 4


def _signatures(paper: Paper, y: float) -> None:
    for middle, who in ((62.0, "NGƯỜI NỘP HỒ SƠ"), (_NATION, "NGƯỜI TIẾP NHẬN HỒ SƠ")):
        below = paper.centred(y, who, _BOLD, 6, middle=middle, width=80)
        paper.centred(below, "(Ký và ghi rõ họ tên)", _NOTE, 6, middle=middle, width=80)
    paper.centred(y + _SIGNATURES - 12, "Xin mang theo giấy này khi đến nhận kết quả.", _NOTE, 6)


def _term(days: int | None) -> str:
    if days is None:
        return ""
    return f"{days} ngày làm việc" if days else "trong ngày làm việc"


def _spoken(moment: datetime | None) -> str:
    """`08 giờ 10 phút, ngày 16/11/2021`; the day alone where the register gave no hour."""
    if moment is None:
        return ""
    hour = "" if moment.time() in (time.min, LAST_SECOND) else f"{moment:%H} giờ {moment:%M} phút, "
    return f"{hour}ngày {moment:%d/%m/%Y}"
