"""From a register file to its good rows, with a problem told for every other one.

Of two rows with one key, the first stands; the same again is no problem, one that says something else is reported and not loaded.
Whether what a row refers to exists is asked where it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from records.register_rows import RegisterRow
from records.tabular import Table, TableRow, Unreadable, read_table

R = TypeVar("R", bound=RegisterRow)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row was not loaded. The reasons are whole sentences; they never repeat what the cell held."""

    line: int  # row of the sheet, its header being line 1; in JSON the place in the list, from 1; 0: the JSON file as a whole
    column: str  # empty: the row or file as a whole
    reason_vi: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Numbered(Generic[R]):
    """A good row and where it stands."""

    line: int
    row: R


class RegisterReader(Generic[R]):
    """Goes through a register once; counts the rows and collects the problems on the way."""

    def __init__(self, path: Path, kind: type[R]) -> None:
        self.read = 0
        self.repeated = 0  # rows that say again what one above them said
        self.problems: list[RowProblem] = []
        self.remarks: list[RowProblem] = []
        self.keys: set[str] = set()  # what the key column named, in good rows and bad
        self.contradicted: set[str] = set()  # keys of two rows that disagree
        self._path = path
        self._kind = kind
        self._seen: dict[tuple[object, ...], tuple[int, int]] = {}  # key -> line, hash of the row

    def rows(self) -> Iterator[Numbered[R]]:
        """The good rows in the order of the file; raises BadRegister when it is no register at all."""
        try:
            table = read_table(self._path)
            if missing := self._missing(table):
                listed = ", ".join(missing)
                self.refuse(
                    table.header_line, listed, f"Thiếu cột: {listed}.{_hint(table)[0]}", f"Missing columns: {listed}.{_hint(table)[1]}"
                )
                return
            for table_row in table.rows:
                self.read += 1
                if good := self._checked(table_row):
                    yield good
        except Unreadable as error:
            self.refuse(error.line, "", error.vi, error.en)

    def refuse(self, line: int, column: str, vi: str, en: str) -> None:
        self.problems.append(RowProblem(line, column, vi, en))

    def remark(self, line: int, column: str, vi: str, en: str) -> None:
        """Something a person should look at in a row that is loaded all the same."""
        self.remarks.append(RowProblem(line, column, vi, en))

    def _missing(self, table: Table) -> list[str]:
        """Columns that have to be there. A JSON export may leave out a name whose value is null everywhere."""
        must = {str(field.alias) for field in self._kind.model_fields.values() if field.is_required()}
        needed = [column for column in self._kind.columns if column in must] if table.is_json else self._kind.columns
        return [column for column in needed if column not in table.columns]

    def _checked(self, table_row: TableRow) -> Numbered[R] | None:
        line = table_row.line
        if not table_row.whole:
            self.refuse(line, "", "Số ô của dòng khác số cột của tiêu đề.", "The row has another number of cells than the header.")
            return None
        try:
            row = self._kind.model_validate(table_row.cells)
        except ValidationError as error:
            self.keys.add(_key_text(table_row.cells.get(self._kind.columns[0])))
            for told in error.errors(include_input=False, include_url=False):
                self.refuse(line, str(told["loc"][0]), *_reason(told))
            return None
        self.keys.add(str(row.key[0]))
        first_line, first_hash = self._seen.setdefault(row.key, (line, hash(row)))
        if first_line == line:
            return Numbered(line, row)
        if first_hash == hash(row):
            self.repeated += 1
        else:
            column = self._kind.columns[0]
            self.contradicted.add(str(row.key[0]))
            self.refuse(
                line,
                column,
                f"Trùng với dòng {first_line} nhưng nội dung khác.",
                f"The same key as row {first_line}, but it says something else.",
            )
        return None


def _key_text(cell: object) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _hint(table: Table) -> tuple[str, str]:
    if len(table.columns) == 1 and ";" in table.columns[0]:
        return " Tệp dùng dấu chấm phẩy; hãy lưu CSV với dấu phẩy.", " The file uses semicolons; save the CSV with commas."
    return "", ""


def _reason(told: ErrorDetails) -> tuple[str, str]:
    """The sentence in Vietnamese and English; of a part of a list, with its place."""
    context = told.get("ctx", {})
    match told["type"]:
        case "cell":
            vi, en = str(context["vi"]), str(context["en"])
        case "missing":
            vi, en = "Thiếu giá trị.", "The value is missing."
        case "string_too_long":
            vi, en = f"Dài quá {context['max_length']} ký tự.", f"Longer than {context['max_length']} characters."
        case _:
            vi, en = "Giá trị không đúng kiểu.", "The value is of a wrong type."
    if len(told["loc"]) > 1:
        place = " ".join(str(part + 1) if isinstance(part, int) else part for part in told["loc"][1:])
        return f"Phần {place}: {vi}", f"Part {place}: {en}"
    return vi, en
