"""What one cell of a register may say: text, codes, flags, days and moments, each read strictly or refused with a reason.

A cell comes from CSV (text), from a spreadsheet (text, number, date) or from JSON. The types at the end are what register rows are
made of. Nothing here looks at the catalogue.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LAST_SECOND = time(23, 59, 59)

_OFFICE = re.compile(r"[0-9A-Z]+(?:\.[0-9A-Z]+)*")  # QĐ 20/2020/QĐ-TTg: groups of 0-9 and A-Z between dots
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?")
_VIETNAMESE = re.compile(r"(\d\d)/(\d\d)/(\d{4})(?: +(\d\d):(\d\d)(?::(\d\d))?)?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")


def bad(vi: str, en: str) -> PydanticCustomError:
    """A reason why a cell is refused, in both languages."""
    return PydanticCustomError("cell", "{en}", {"vi": vi, "en": en})


def text_of(cell: object) -> str:
    """The text of a cell: NFC, white space folded, invisible format characters dropped; a number as a person would type it."""
    match cell:
        case None:
            return ""
        case str():
            return _clean(cell)
        case bool() | int():
            return str(int(cell))
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case date():
            return cell.isoformat()
    raise bad("Ô phải là chữ hoặc số.", "The cell has to be text or a number.")


def _clean(text: str) -> str:
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    if folded.isprintable():
        return folded
    kept = "".join(sign for sign in folded if unicodedata.category(sign) != "Cf")
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in kept):
        raise bad("Ô có ký tự điều khiển không hợp lệ.", "The cell holds control characters.")
    return kept.strip()


def present(cell: object) -> str:
    """Text that must not be empty."""
    if not (text := text_of(cell)):
        raise bad("Ô không được để trống.", "The cell must not be empty.")
    return text


def office_code(cell: object) -> str:
    """An office code: at most 35 characters, as QĐ 20/2020/QĐ-TTg has it; it also names the folder of the office."""
    text = present(cell)
    if len(text) > 35 or not _OFFICE.fullmatch(text):
        raise bad(
            "Mã đơn vị gồm các nhóm 0-9, A-Z cách nhau bằng dấu chấm, tối đa 35 ký tự.",
            "An office code is groups of 0-9 and A-Z between dots, at most 35 characters.",
        )
    return text


def code(cell: object) -> str:
    """A procedure or component code; an empty one is refused."""
    text = present(cell)
    if not _CODE.fullmatch(text):
        raise bad("Mã chỉ gồm chữ không dấu, số và . _ -", "A code is made of plain letters, digits and . _ -")
    return text


def flag(cell: object) -> bool:
    """`1` or `0`."""
    text = text_of(cell)
    if text not in ("0", "1"):
        raise bad("Ô phải là 1 hoặc 0.", "The cell has to be 1 or 0.")
    return text == "1"


def count(cell: object) -> int | None:
    """A whole number from 0 to 9999, or None where the cell is empty."""
    text = text_of(cell)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise bad("Ô phải là số nguyên không âm (tối đa 4 chữ số).", "The cell has to be a whole number of at most 4 digits.")
    return int(text)


def parts(cell: object) -> tuple[object, ...]:
    """The parts of a cell that holds a list: a JSON list as it is, text cut at `;`, empty parts left out."""
    if isinstance(cell, list):
        return tuple(cell)
    return tuple(part.strip() for part in text_of(cell).split(";") if part.strip())


def identity_number(cell: object) -> str:
    """Số định danh: 12 digits or empty."""
    text = text_of(cell)
    if text and not re.fullmatch(r"[0-9]{12}", text):
        raise bad(
            "Số định danh phải đủ 12 chữ số hoặc để trống (trong Excel, định dạng ô là Văn bản).",
            "The identity number has 12 digits or is empty (in Excel, format the cell as text).",
        )
    return text


def day(cell: object) -> date | None:
    """A day, or None where the cell is empty; a time of day beside it is dropped."""
    moment = _moment(cell)
    return moment.astimezone(VIETNAM).date() if moment else None


def moment(cell: object) -> datetime | None:
    """A moment, or None where the cell is empty. Without a zone it is Vietnamese time, without a time of day midnight."""
    return _moment(cell)


def deadline(cell: object) -> datetime | None:
    """As `moment`, but a day without a time of day means the whole day: it has passed when the day has."""
    found = _moment(cell)
    if found is None or not _is_whole_day(cell):
        return found
    return datetime.combine(found.astimezone(VIETNAM), LAST_SECOND, VIETNAM)


def _is_whole_day(cell: object) -> bool:
    """Whether the cell names a day only. A spreadsheet has no dates without time: there midnight stands for the day."""
    if isinstance(cell, datetime):
        return cell.time() == time.min
    return isinstance(cell, date) or (isinstance(cell, str) and len(cell.strip()) == len("dd/mm/yyyy"))


def _moment(cell: object) -> datetime | None:
    if isinstance(cell, date):
        found = cell if isinstance(cell, datetime) else datetime.combine(cell, time.min)
    elif not (text := text_of(cell)):
        return None
    else:
        found = _parsed(text)
    try:
        zoned = found if found.tzinfo else found.replace(tzinfo=VIETNAM)
        zoned.astimezone(UTC), zoned.astimezone(VIETNAM)
    except OverflowError:
        raise _bad_moment() from None
    return zoned


def _parsed(text: str) -> datetime:
    try:
        if found := _VIETNAMESE.fullmatch(text):
            dd, mm, yyyy, hour, minute, second = (int(part or 0) for part in found.groups())
            return datetime(yyyy, mm, dd, hour, minute, second)  # noqa: DTZ001 - the caller gives it its zone
        if found := _COMPACT.fullmatch(text):
            return datetime(*(int(part) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 - as above
        if _ISO.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:  # a day that the calendar does not have
        raise _bad_moment() from None
    raise _bad_moment()


def _bad_moment() -> PydanticCustomError:
    return bad(
        "Ngày không đọc được; hãy ghi dd/mm/yyyy [HH:MM[:SS]], yyyyMMddHHmmss hoặc ISO 8601.",
        "The date cannot be read; write dd/mm/yyyy [HH:MM[:SS]], yyyyMMddHHmmss or ISO 8601.",
    )


Text = Annotated[str, BeforeValidator(text_of)]
PresentText = Annotated[str, BeforeValidator(present)]
OfficeCode = Annotated[str, BeforeValidator(office_code)]
NoOfficeCode = Annotated[str, BeforeValidator(lambda cell: office_code(cell) if text_of(cell) else "")]
Code = Annotated[str, BeforeValidator(code)]
Flag = Annotated[bool, BeforeValidator(flag)]
Count = Annotated[int | None, BeforeValidator(count)]
Parts = BeforeValidator(parts)
IdentityNumber = Annotated[str, BeforeValidator(identity_number)]
Day = Annotated[date | None, BeforeValidator(day)]
Moment = Annotated[datetime | None, BeforeValidator(moment)]
Deadline = Annotated[datetime | None, BeforeValidator(deadline)]
