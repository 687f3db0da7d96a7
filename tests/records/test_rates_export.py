from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from openpyxl import load_workbook
from rich.console import Console

from records.rates import By, Question, Rate, Report, Row, View
from records.rates_export import as_json, write_csv, write_xlsx
from records.rates_table import as_table, grouped, percent

SCHEMA = Path(__file__).resolve().parents[3] / "shared" / "schemas" / "rates.schema.json"
QUESTION = Question(date(2021, 1, 1), date(2021, 12, 31), datetime(2022, 1, 5, 1, 2, 3, tzinfo=UTC), "H51", By.OFFICE, View.CURRENT)


def row(group: str, name: str) -> Row:
    rate = Rate(3_399, 6_632)
    return Row(group, name, 6_632, 3_000, 3_600, 2, 20, 5, 5, rate, Rate(0, 0), rate, Rate(0, 6_632), rate, Rate(6_632, 6_632))


REPORT = Report(QUESTION, (row("*", "Tỉnh"), row("H51.20", "=HYPERLINK(1)"), row("H51.21", "[bold]Xã, Một")))


def test_json_is_what_the_contract_says() -> None:
    document = as_json(REPORT)
    assert {name: document[name] for name in ("from", "to", "as_of", "rule")} == {
        "from": "2021-01-01",
        "to": "2021-12-31",
        "as_of": "2022-01-05T08:02:03+07:00",
        "rule": "766/2022",
    }
    assert document["rows"][1] == {
        "group": "H51.20",
        "received": 6632,
        "early": 3000,
        "on_time": 3600,
        "late": 2,
        "open_in_time": 20,
        "open_overdue": 5,
        "stopped": 5,
        "K1": {"num": 3399, "den": 6632, "rate": "51.25"},
        "K2": {"num": 0, "den": 0, "rate": None},
        "K3": {"num": 3399, "den": 6632, "rate": "51.25"},
        "K4": {"num": 0, "den": 6632, "rate": "0.00"},
        "K6": {"num": 3399, "den": 6632, "rate": "51.25"},
        "K9": {"num": 6632, "den": 6632, "rate": "100.00"},
    }


@pytest.mark.skipif(not SCHEMA.exists(), reason="the contract is not beside the project")
def test_json_keeps_the_schema() -> None:
    assert not list(Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).iter_errors(as_json(REPORT)))


def test_csv_is_plain_and_says_period_moment_and_rule_on_every_line() -> None:
    out = io.StringIO()
    write_csv(REPORT, out)
    lines = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [line["group"] for line in lines] == ["*", "H51.20", "H51.21"]
    assert lines[1]["name"] == "'=HYPERLINK(1)"
    assert (lines[2]["name"], lines[2]["received"], lines[2]["K1_rate"], lines[2]["K2_rate"]) == ("[bold]Xã, Một", "6632", "51.25", "")
    assert {(line["from"], line["to"], line["as_of"], line["rule"]) for line in lines} == {
        ("2021-01-01", "2021-12-31", "2022-01-05T08:02:03+07:00", "766/2022")
    }


def test_xlsx_holds_numbers_and_no_formulas() -> None:
    out = io.BytesIO()
    write_xlsx(REPORT, out)
    sheet = load_workbook(io.BytesIO(out.getvalue())).worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    titles = " ".join(str(line[0]) for line in lines[:4])
    for told in ("01/01/2021", "31/12/2021", "05/01/2022 08:02:03", "766/2022", "kế thừa", "H51 Tỉnh"):
        assert told in titles
    header = next(place for place, line in enumerate(lines) if line[0] == "Đơn vị" and line[1] == "Tên")
    group, name, received, *rest = lines[header + 2]
    assert (group, name, received, rest[6:12]) == ("H51.20", "=HYPERLINK(1)", 6632, [3399, 6632, 0.5125, 0, 0, None])
    assert sheet.cell(header + 3, 2).data_type == "s"
    assert sheet.cell(header + 3, 12).number_format == "0.00%"
    assert sheet.freeze_panes == f"C{header + 2}"


def test_the_table_is_written_as_in_vietnam() -> None:
    console = Console(width=220, record=True, file=io.StringIO())
    console.print(as_table(REPORT))
    text = console.export_text()
    for told in ("6.632", "51,25 %", "3.399 / 6.632", "100,00 %", "đến hết 31/12/2021", "Tiếp nhận", "[bold]Xã, Một", "Số hóa hồ sơ"):
        assert told in text


@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_figure_is_cut_in_a_narrow_terminal(width: int) -> None:
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(as_table(REPORT))
    assert "…" not in console.export_text()


def test_numbers_as_written_in_vietnam() -> None:
    assert [grouped(number) for number in (0, 999, 6_632, 1_234_567)] == ["0", "999", "6.632", "1.234.567"]
    assert [percent(rate) for rate in (Rate(0, 0), Rate(1, 3), Rate(99_995, 100_000))] == ["–", "33,33 %", "99,99 %"]
