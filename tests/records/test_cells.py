from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from records.cells import VIETNAM, code, count, day, deadline, flag, identity_number, moment, office_code, parts, present, text_of

EXCEL_DATE = datetime(2021, 11, 16)  # noqa: DTZ001 - a spreadsheet knows no zones
TEN_PAST_EIGHT = datetime(2021, 11, 16, 8, 10, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "cell",
    [
        "2021-11-16T08:10:00+07:00",
        "2021-11-16T01:10:00Z",
        "2021-11-16 08:10",
        "16/11/2021 08:10",
        "16/11/2021 08:10:00",
        "20211116081000",
        20211116081000,
        EXCEL_DATE.replace(hour=8, minute=10),
        "  16/11/2021 08:10 ",
    ],
)
def test_a_moment_is_read_in_every_form_and_is_vietnamese_where_it_has_no_zone(cell: object) -> None:
    assert moment(cell) == TEN_PAST_EIGHT


@pytest.mark.parametrize(
    "cell",
    [
        "31/02/2021",
        "2021-13-01",
        "16-11-2021",
        "1/7/2025",
        "tomorrow",
        "20211116",
        "16/11/21",
        "2021-W46-2",
        "16/11/2021 25:00",
        44516,
        True,
    ],
)
def test_a_moment_that_is_none_is_refused_not_guessed(cell: object) -> None:
    with pytest.raises(PydanticCustomError):
        moment(cell)


def test_a_moment_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(PydanticCustomError):
        moment("0001-01-01")
    with pytest.raises(PydanticCustomError):
        moment("9999-12-31T23:59:59-07:00")


def test_an_empty_cell_is_no_moment() -> None:
    assert moment(None) is moment("") is moment("  ") is day(None) is deadline("") is None


@given(st.datetimes(EXCEL_DATE.replace(1990), EXCEL_DATE.replace(2100)).map(lambda each: each.replace(microsecond=0)))
def test_the_three_written_forms_agree(at: datetime) -> None:
    expected = at.replace(tzinfo=VIETNAM)
    assert moment(f"{at:%d/%m/%Y %H:%M:%S}") == moment(f"{at:%Y%m%d%H%M%S}") == moment(expected.isoformat()) == expected
    assert moment(expected.astimezone(UTC).isoformat()) == expected


def test_the_day_of_a_moment_is_the_vietnamese_day() -> None:
    assert day("2021-11-15T18:00:00Z") == date(2021, 11, 16)
    assert day("16/11/2021") == day(EXCEL_DATE) == date(2021, 11, 16)


@pytest.mark.parametrize("cell", ["16/11/2021", "2021-11-16", EXCEL_DATE, date(2021, 11, 16)])
def test_a_deadline_that_is_a_day_passes_with_the_day(cell: object) -> None:
    due = deadline(cell)
    assert due is not None
    assert due.astimezone(VIETNAM).date() == date(2021, 11, 16)
    assert due + timedelta(seconds=1) == datetime(2021, 11, 17, tzinfo=VIETNAM)


def test_a_deadline_with_a_time_is_kept() -> None:
    assert deadline("16/11/2021 08:10") == TEN_PAST_EIGHT
    assert deadline("2021-11-16T00:00:00+07:00") == datetime(2021, 11, 16, tzinfo=VIETNAM)


def test_text_is_nfc_trimmed_and_free_of_invisible_signs() -> None:
    assert text_of("  Hu\u0323\u0302ng   Vie\u0323\u0302t\n ") == "Hu\u0323\u0302ng Vi\u1ec7t".replace("u\u0323\u0302", "\u1ee5\u0302")
    assert text_of("\u200bLan\ufeff") == "Lan"
    assert [text_of(cell) for cell in (None, 12, 3.0, 1.001193, True)] == ["", "12", "3", "1.001193", "1"]


@pytest.mark.parametrize("cell", ["a\x00b", "a\x1bb", "\ud800", {"a": 1}, [1]])
def test_text_with_control_characters_or_structure_is_refused(cell: object) -> None:
    with pytest.raises(PydanticCustomError):
        text_of(cell)


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        (present, " "),
        (office_code, "H51..20"),
        (office_code, "../H51"),
        (office_code, "h51"),
        (office_code, "A" * 36),
        (code, "1/2"),
        (code, "../x"),
        (code, ""),
        (flag, "2"),
        (flag, ""),
        (flag, "có"),
        (count, "-1"),
        (count, "1.5"),
        (count, "12345"),
        (identity_number, "12345678901"),
        (identity_number, "1234567890123"),
        (identity_number, "٠١٢٣٤٥٦٧٨٩٠١"),
    ],
)
def test_what_a_column_does_not_allow_is_refused_in_both_languages(read: Callable[[object], object], cell: object) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        read(cell)
    context = refused.value.context
    assert context is not None
    assert context["vi"] and context["en"] and context["vi"] != context["en"]


def test_what_a_column_allows_is_read() -> None:
    assert office_code(" H51.20 ") == "H51.20"
    assert (flag("1"), flag(0), flag(1.0)) == (True, False, True)
    assert (count("0"), count(15.0), count(None)) == (0, 15, None)
    assert identity_number("094000000001") == "094000000001"
    assert identity_number(None) == ""
    assert parts(" TP1; TP2 ;;") == parts(["TP1", "TP2"]) == ("TP1", "TP2")
