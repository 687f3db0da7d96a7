"""The report of rates as JSON, CSV and XLSX. Figures are as the report has them; nothing is counted here."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any, BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from records.cells import VIETNAM
from records.rates import By, Question, Rate, Report, Row, View

INDICATORS = (
    ("K1", "Số hóa đầu vào"),
    ("K2", "Cấp kết quả điện tử"),
    ("K3", "Số hóa hồ sơ"),
    ("K4", "Sử dụng lại"),
    ("K6", "Đủ thành phần"),
    ("K9", "Đúng hạn"),
)
STATES = (
    ("received", "Tiếp nhận"),
    ("early", "Trước hạn"),
    ("on_time", "Đúng hạn"),
    ("late", "Trễ hạn"),
    ("open_in_time", "Đang xử lý trong hạn"),
    ("open_overdue", "Đang xử lý quá hạn"),
    ("stopped", "Dừng, rút"),
)
GROUPS = {
    By.OFFICE: "Đơn vị",
    By.PROCEDURE: "Thủ tục",
    By.LEVEL: "Cấp",
    By.MONTH: "Tháng",
    By.CHANNEL: "Kênh",
}
_VIEWS = {View.RECEIPT: "đơn vị tại ngày tiếp nhận", View.CURRENT: "đơn vị hiện hành, theo kế thừa"}
TITLE = "Tỷ lệ số hóa hồ sơ thủ tục hành chính"


def as_json(report: Report) -> dict[str, Any]:
    """The document of the contract (`rates.schema.json`)."""
    question = report.question
    return {
        "from": question.from_day.isoformat(),
        "to": question.to_day.isoformat(),
        "as_of": _moment(question.as_of),
        "rule": report.rule,
        "rows": [
            {"group": row.group}
            | {name: _count(row, name) for name, _ in STATES}
            | {name: {"num": rate.num, "den": rate.den, "rate": rate.text} for name, rate in indicators(row)}
            for row in report.rows
        ],
    }


def write_csv(report: Report, file: IO[str]) -> None:
    """Comma separated, plain numbers, a rate empty where there is nothing to divide by; every line says period, moment and rule.

    A name that a spreadsheet would take for a formula is written behind an apostrophe.
    """
    question = report.question
    writer = csv.writer(file, lineterminator="\n")
    parts = [f"{name}_{part}" for name, _ in INDICATORS for part in ("num", "den", "rate")]
    writer.writerow(["group", "name", *(name for name, _ in STATES), *parts, "from", "to", "as_of", "rule"])
    for row in report.rows:
        figures = [figure for _, rate in indicators(row) for figure in (rate.num, rate.den, rate.text or "")]
        name = "'" + row.name if row.name.startswith(("=", "+", "-", "@")) else row.name
        counts = [_count(row, state) for state, _ in STATES]
        told = [question.from_day.isoformat(), question.to_day.isoformat(), _moment(question.as_of), report.rule]
        writer.writerow([row.group, name, *counts, *figures, *told])


def write_xlsx(report: Report, file: BinaryIO) -> None:
    """One sheet: title, period, moment, rule and view, then the rows; rates are numbers shown as per cent, truncated."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Tỷ lệ số hóa"
    for text in (TITLE, *subtitles(report)):
        sheet.append([text])
    sheet["A1"].font = Font(bold=True, size=14)
    header = [GROUPS[report.question.by], "Tên", *(label for _, label in STATES)]
    header += [f"{name} {label}: {part}" for name, label in INDICATORS for part in ("số hồ sơ", "trên tổng", "tỷ lệ")]
    sheet.append([])
    sheet.append(header)
    top = sheet.max_row
    for titled in sheet[top]:
        titled.font, titled.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="center")
    for row in report.rows:
        sheet.append(list(_xlsx_cells(row)))
        for written in sheet[sheet.max_row]:
            if isinstance(written.value, str):
                written.data_type = "s"  # never a formula, whatever a register calls an office
            else:
                written.number_format = "0.00%" if isinstance(written.value, float) else "#,##0"
    for column in range(1, len(header) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 34 if column == 2 else 14
    sheet.freeze_panes = f"C{top + 1}"
    book.save(file)


def _xlsx_cells(row: Row) -> Iterator[str | int | float | None]:
    yield row.group
    yield row.name
    yield from (_count(row, name) for name, _ in STATES)
    for _, rate in indicators(row):
        yield rate.num
        yield rate.den
        yield rate.num * 10_000 // rate.den / 10_000 if rate.den else None


def subtitles(report: Report) -> tuple[str, ...]:
    """What the figures cover, in whole lines: exact period, moment, rule, view, and the office if one was asked for."""
    question: Question = report.question
    moment = question.as_of.astimezone(VIETNAM)
    lines = [
        f"Hồ sơ tiếp nhận từ {_day(question.from_day)} đến hết {_day(question.to_day)}",
        f"Số liệu tính đến {_day(moment)} {moment:%H:%M:%S} (giờ Việt Nam) · quy tắc {report.rule} · {_VIEWS[question.view]}",
    ]
    if question.office is not None:
        lines.append(f"Đơn vị {question.office} {report.rows[0].name} và các đơn vị trực thuộc")
    return tuple(lines)


def indicators(row: Row) -> Iterator[tuple[str, Rate]]:
    """The rates of a row by name, in the order of INDICATORS."""
    rates = (row.k1, row.k2, row.k3, row.k4, row.k6, row.k9)
    return ((name, rate) for (name, _), rate in zip(INDICATORS, rates, strict=True))


def _count(row: Row, name: str) -> int:
    return int(getattr(row, name))


def _day(day: date) -> str:
    return f"{day:%d/%m/}{day.year:04}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).isoformat()
