"""Untrusted register files, CSV, XLSX or JSON, as numbered rows of cells.

What a file is, its content says, not its name. Rows are read one by one (JSON is read whole, under a bound), so that a large register
does not have to fit in memory. No cell is interpreted here, and nothing of the catalogue is known.
"""

from __future__ import annotations

import csv
import json
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook, load_workbook

from pipeline.errors import Refused
from pipeline.text import nfc

MAX_BYTES = 512 * 1024**2  # of a CSV or XLSX file
MAX_JSON_BYTES = 128 * 1024**2  # read whole
MAX_UNPACKED_BYTES = 1024**3  # all members of an XLSX; the zip reader stops at the size a member declares
MAX_MEMBERS = 500
MAX_ROWS = 1_048_576  # what a spreadsheet can hold
MAX_COLUMNS = 100


class BadRegister(Refused):
    vi = "Không đọc được sổ đăng ký. Hãy lưu lại thành CSV (UTF-8), XLSX hoặc JSON rồi nạp lại."
    en = "The register cannot be read. Save it as CSV (UTF-8), XLSX or JSON and load it again."


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row that is not blank."""

    line: int  # row of the sheet, its header being line 1; in JSON the place in the list, from 1
    cells: Mapping[str, object]  # by column name
    whole: bool = True  # False: it has fewer or more cells than the header (cut off, or a stray comma)


class Unreadable(Exception):
    """The file cannot be read from this line on."""

    def __init__(self, line: int, vi: str, en: str) -> None:
        super().__init__(en)
        self.line, self.vi, self.en = line, vi, en


@dataclass(frozen=True, slots=True)
class Table:
    """The columns a file has and its rows, which can be gone through once. `Unreadable` may come up on the way."""

    columns: tuple[str, ...]
    rows: Iterator[TableRow]
    header_line: int  # 1, or 0 for JSON, which has no header
    is_json: bool = False


def read_table(path: Path) -> Table:
    """Open a register file.

    Raises BadRegister when it cannot be opened, is too large or is something else altogether; Unreadable when its header cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(512)
        size = path.stat().st_size
    except OSError as error:
        raise BadRegister(type(error).__name__) from error
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    is_json = start[:1] in (b"[", b"{")
    if size > (MAX_JSON_BYTES if is_json else MAX_BYTES):
        raise BadRegister("too large")
    if head.startswith(b"PK\x03\x04"):
        return _xlsx(path)
    if head.startswith((b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff", b"%PDF")) or b"\0" in head:
        raise BadRegister("XLS, UTF-16 or another binary format")
    return _json(path) if is_json else _csv(path)


def _csv(path: Path) -> Table:
    lines = _csv_lines(path)
    header = _header(next(lines, []))
    return Table(header, _rows(header, lines, padded=False), header_line=1)


def _csv_lines(path: Path) -> Iterator[Sequence[object]]:
    line = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for cells in csv.reader(file, strict=True):
                line += 1
                yield cells
    except UnicodeDecodeError:
        raise Unreadable(
            line + 1, "Tệp không phải UTF-8; trong Excel hãy chọn «CSV UTF-8».", "Not UTF-8; in Excel choose CSV UTF-8."
        ) from None
    except csv.Error:
        raise Unreadable(line + 1, "Dấu ngoặc kép không khép hoặc ô quá dài.", "A quote is not closed or a cell is too long.") from None


def _xlsx(path: Path) -> Table:
    lines = _xlsx_lines(path)
    header = _header(next(lines, ()))
    return Table(header, _rows(header, lines, padded=True), header_line=1)


def _xlsx_lines(path: Path) -> Iterator[Sequence[object]]:
    """Rows of the first sheet, cells beyond MAX_COLUMNS cut off. Entities and DTDs are refused by defusedxml, which openpyxl uses."""
    line = 0
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
        if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
            raise BadRegister("XLSX unpacks to too much")
        with path.open("rb") as file, closing(_opened(file)) as book:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # some programs write a wrong size
            for cells in sheet.iter_rows(max_col=MAX_COLUMNS, max_row=MAX_ROWS + 1, values_only=True):
                line += 1
                yield cells
    except BadRegister:
        raise
    except Exception:  # noqa: BLE001 - a reader of untrusted files fails in whatever way it likes
        raise Unreadable(line + 1, "Tệp XLSX bị hỏng từ dòng này.", "The XLSX file is damaged from this row on.") from None


def _opened(file: BinaryIO) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of styles and extensions that it drops
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _json(path: Path) -> Table:
    try:
        listed = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unreadable(0, "Tệp không phải JSON hợp lệ (UTF-8).", "The file is not valid JSON (UTF-8).") from None
    if not isinstance(listed, list) or len(listed) > MAX_ROWS or not all(isinstance(each, dict) for each in listed):
        raise Unreadable(0, "Tệp JSON phải là một danh sách các đối tượng.", "The JSON file has to be a list of objects.")
    columns = tuple(dict.fromkeys(nfc(name).strip() for each in listed for name in each))
    rows = (TableRow(line, _object(columns, each)) for line, each in enumerate(listed, start=1))
    return Table(columns, rows, header_line=0, is_json=True)


def _object(columns: tuple[str, ...], named: Mapping[str, object]) -> dict[str, object]:
    """The cells of a JSON object; a name that it lacks while others have it is an empty cell."""
    cells = {nfc(name).strip(): cell for name, cell in named.items()}
    return {column: cells.get(column) for column in columns}


def _header(cells: Sequence[object]) -> tuple[str, ...]:
    names = [nfc(str(cell)).strip() if cell is not None else "" for cell in cells]
    while names and not names[-1]:
        names.pop()
    named = [name for name in names if name]
    if len(set(named)) != len(named) or len(names) > MAX_COLUMNS:
        raise Unreadable(1, "Dòng tiêu đề có cột trùng tên hoặc quá nhiều cột.", "The header names a column twice or has too many columns.")
    return tuple(names)


def _rows(header: tuple[str, ...], lines: Iterator[Sequence[object]], *, padded: bool) -> Iterator[TableRow]:
    """The rows below the header that are not blank. `padded`: a row may be shorter or longer than the header (spreadsheets)."""
    for line, cells in enumerate(lines, start=2):
        if line > MAX_ROWS + 1:
            raise Unreadable(line, "Sổ có quá nhiều dòng; hãy chia thành nhiều tệp.", "Too many rows; split the register.")
        if any(_filled(cell) for cell in cells):
            whole = padded or (len(cells) >= len(header) and not any(_filled(cell) for cell in cells[len(header) :]))
            named = zip_longest(header, cells[: len(header)])
            yield TableRow(line, {name: cell for name, cell in named if name}, whole)


def _filled(cell: object) -> bool:
    return cell is not None and bool(str(cell).strip())
