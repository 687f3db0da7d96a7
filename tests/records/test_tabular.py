from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from records import tabular
from records.tabular import BadRegister, Unreadable, read_table


def xlsx(path: Path, *rows: Sequence[object]) -> Path:
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    for row in rows:
        book.active.append(list(row))
    book.create_sheet("khác").append(["MaDonVi", "không đọc"])
    book.save(path)
    return path


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_csv_with_and_without_byte_order_mark(tmp_path: Path, start: bytes) -> None:
    file = tmp_path / "don-vi"
    file.write_bytes(start + 'MaDonVi,Ten\r\nH51,"Xã A, huyện B"\r\n\r\n,\r\nH52,"hai\ndòng"\r\nH53,x\r\n'.encode())
    table = read_table(file)
    assert table.columns == ("MaDonVi", "Ten")
    assert [(row.line, row.cells["Ten"], row.whole) for row in table.rows] == [
        (2, "Xã A, huyện B", True),
        (5, "hai\ndòng", True),
        (6, "x", True),
    ]


def test_a_csv_row_with_too_few_or_too_many_cells_is_marked(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("A,B\n1\n1,2,3\n1,2,\n", encoding="utf-8")
    assert [row.whole for row in read_table(file).rows] == [False, False, True]


@pytest.mark.parametrize(("text", "line"), [(b'A,B\n1,2\n3,"4\n5,6\n', 3), (b"A,B\n1,2\n" + b"3,4\n" * 40_000 + b"\xff\xfe,6\n", None)])
def test_a_csv_that_breaks_off_gives_the_rows_before(tmp_path: Path, text: bytes, line: int | None) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(text)
    rows = read_table(file).rows
    assert next(rows).cells == {"A": "1", "B": "2"}
    with pytest.raises(Unreadable) as broken:
        list(rows)
    assert line is None or broken.value.line == line


EXCEL_DATE = datetime(2021, 11, 16, 8, 10)  # noqa: DTZ001 - a spreadsheet knows no zones


def test_xlsx_is_known_by_its_content_and_its_first_sheet_is_read(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "so.csv", ["MaDonVi", "Ngay", None], ["H51", EXCEL_DATE], [None, None], ["H52", None, "ghi chú"])
    table = read_table(file)
    assert table.columns == ("MaDonVi", "Ngay")
    assert [(row.line, dict(row.cells)) for row in table.rows] == [
        (2, {"MaDonVi": "H51", "Ngay": EXCEL_DATE}),
        (4, {"MaDonVi": "H52", "Ngay": None}),
    ]


def test_a_damaged_xlsx_gives_the_rows_before(tmp_path: Path) -> None:
    whole = xlsx(tmp_path / "whole.xlsx", ["A"], *([n] for n in range(5)))
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b'<row r="4"', b'<row r="4"<<') if name.endswith("sheet1.xml") else content)
    with pytest.raises(Unreadable):
        list(read_table(file).rows)


def test_an_xlsx_that_declares_entities_is_refused(tmp_path: Path) -> None:
    whole = xlsx(tmp_path / "whole.xlsx", ["A"], ["x"])
    file = tmp_path / "a.xlsx"
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, (bomb if name.endswith("sheet1.xml") else b"") + old.read(name).removeprefix(b'<?xml version="1.0"?>'))
    with pytest.raises(Unreadable):
        list(read_table(file).rows)


def test_an_xlsx_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MAX_UNPACKED_BYTES", 1_000)
    with pytest.raises(BadRegister):
        read_table(xlsx(tmp_path / "a.xlsx", ["A"], ["x"]))


def test_json_is_a_list_of_objects_whose_missing_names_are_empty(tmp_path: Path) -> None:
    file = tmp_path / "so.txt"
    file.write_text(json.dumps([{"A": 1}, {" B ": None, "A": [2]}]), encoding="utf-8")
    table = read_table(file)
    assert (table.columns, table.header_line) == (("A", "B"), 0)
    assert [(row.line, dict(row.cells)) for row in table.rows] == [(1, {"A": 1, "B": None}), (2, {"A": [2], "B": None})]


@pytest.mark.parametrize("text", ['{"A": 1}', "[1]", "[", "[" * 100_000, '[{"A": 1}, {"A"'])
def test_other_json_is_unreadable(tmp_path: Path, text: str) -> None:
    file = tmp_path / "so.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable):
        read_table(file)


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0old excel", "A,B".encode("utf-16"), b"A\0B"])
def test_what_is_no_register_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "so.csv"
    file.write_bytes(content)
    with pytest.raises(BadRegister):
        read_table(file)


def test_a_register_that_is_not_there_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadRegister):
        read_table(tmp_path / "nowhere.csv")
    with pytest.raises(BadRegister):
        read_table(tmp_path)
    file = tmp_path / "so.csv"
    file.write_text("A\n1\n", encoding="utf-8")
    monkeypatch.setattr(tabular, "MAX_BYTES", 3)
    with pytest.raises(BadRegister):
        read_table(file)


def test_a_header_that_names_a_column_twice_is_unreadable(tmp_path: Path) -> None:
    file = tmp_path / "so.csv"
    file.write_text("A,A\n1,2\n", encoding="utf-8")
    with pytest.raises(Unreadable):
        read_table(file)


def test_no_more_rows_than_a_sheet_can_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MAX_ROWS", 2)
    file = tmp_path / "so.csv"
    file.write_text("A\n1\n2\n3\n", encoding="utf-8")
    rows = read_table(file).rows
    assert [next(rows).line, next(rows).line] == [2, 3]
    with pytest.raises(Unreadable):
        next(rows)
