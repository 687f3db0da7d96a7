from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from records import events, registers
from records.events import first_broken_link
from records.models import Dossier, DossierFact, Event, Office, Procedure, ReusedComponent
from records.registers import LoadReport, load_dossiers, load_offices, load_procedures

NOW = datetime(2025, 7, 2, 3, tzinfo=UTC)
LATER = NOW + timedelta(days=1)

OFFICES = [
    {"MaDonVi": "H51", "Ten": "Tỉnh", "Cap": "TINH", "MaCha": "", "HieuLucTu": "", "HieuLucDen": "", "KeThua": ""},
    {
        "MaDonVi": "H51.20",
        "Ten": "Huyện Cũ",
        "Cap": "HUYEN",
        "MaCha": "H51",
        "HieuLucTu": "",
        "HieuLucDen": "01/07/2025",
        "KeThua": "H51.21;H51.22",
    },
    {"MaDonVi": "H51.21", "Ten": "Xã Một", "Cap": "XA", "MaCha": "H51", "HieuLucTu": "2025-07-01", "HieuLucDen": "", "KeThua": ""},
    {"MaDonVi": "H51.22", "Ten": "Xã Hai", "Cap": "XA", "MaCha": "H51", "HieuLucTu": "2025-07-01", "HieuLucDen": "", "KeThua": ""},
]
PROCEDURES = [
    {
        "MaTTHC": "1.001193",
        "TenTTHC": "Đăng ký khai sinh",
        "CoKetQua": "1",
        "ThoiHan": "0",
        "HieuLucTu": "01/01/2020",
        "HieuLucDen": "",
        "ThanhPhan": "TP1|Tờ khai|1|PHAI;TP2|Giấy chứng sinh|0|YEU_CAU",
    },
    {
        "MaTTHC": "1.001193",
        "TenTTHC": "Đăng ký khai sinh",
        "CoKetQua": "1",
        "ThoiHan": "0",
        "HieuLucTu": "01/07/2025",
        "HieuLucDen": "",
        "ThanhPhan": "TP1|Tờ khai|1|PHAI;TP9|Cam đoan|1|MIEN;KQ|Giấy khai sinh|1|PHAI",
    },
]
DOSSIER = {
    "MaHoSo": "H51.20-211116-0007",
    "MaTTHC": "1.001193",
    "DonViTiepNhan": "H51.20",
    "DonViXuLy": "H51.20",
    "KenhThucHien": "1",
    "NgayTiepNhan": "16/11/2021 08:10",
    "NgayHenTra": "17/11/2021",
    "NgayKetThucXuLy": "",
    "TrangThai": "DANG_XU_LY",
    "ChuHoSo": "Trần Thị Mẫu",
    "SoDinhDanh": "094000000001",
    "TaiSuDung": "TP2",
    "TrichYeu": "",
}


def as_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def as_json(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def as_xlsx(path: Path, rows: list[dict[str, Any]]) -> Path:
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    for row in (list(rows[0]), *(list(row.values()) for row in rows)):
        book.active.append(row)
    book.save(path)
    return path


def counts(report: LoadReport) -> tuple[int, int, int, int, int]:
    return report.read, report.new, report.changed, report.same, len({problem.line for problem in report.problems})


def columns(report: LoadReport) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in report.problems]


@pytest.fixture
def registered(catalogue: None, tmp_path: Path) -> Path:
    """Offices and procedures are loaded; the folder for further files."""
    assert load_offices(as_csv(tmp_path / "offices.csv", OFFICES), NOW).problems == ()
    assert load_procedures(as_csv(tmp_path / "procedures.csv", PROCEDURES), NOW).problems == ()
    return tmp_path


def test_offices_are_loaded_whole_and_again_changes_nothing(catalogue: None, tmp_path: Path) -> None:
    file = as_csv(tmp_path / "offices.csv", OFFICES)
    assert counts(load_offices(file, NOW)) == (4, 4, 0, 0, 0)
    district = Office.objects.get(code="H51.20")
    assert (district.level, district.parent, district.valid_to, district.successors) == (
        "HUYEN",
        "H51",
        date(2025, 7, 1),
        ["H51.21", "H51.22"],
    )
    assert counts(load_offices(file, LATER)) == (4, 0, 0, 4, 0)
    assert (Office.objects.count(), Event.objects.count()) == (4, 4)


def test_a_changed_office_closes_what_was_known_and_its_event_names_columns_only(catalogue: None, tmp_path: Path) -> None:
    load_offices(as_csv(tmp_path / "a.csv", OFFICES), NOW)
    changed = [OFFICES[0], OFFICES[2] | {"Ten": "Xã Một Mới", "HieuLucTu": "02/07/2025"}]
    assert counts(load_offices(as_csv(tmp_path / "b.csv", changed), LATER)) == (2, 0, 1, 1, 0)
    old, new = Office.objects.filter(code="H51.21").order_by("known_from")
    assert (old.name, old.known_from, old.known_to) == ("Xã Một", NOW, LATER)
    assert (new.name, new.valid_from, new.known_from, new.known_to) == ("Xã Một Mới", date(2025, 7, 2), LATER, None)
    event = Event.objects.get(kind="office.changed")
    assert event.detail == {"office": "H51.21", "columns": ["Ten", "HieuLucTu"]}
    assert first_broken_link() is None


def test_an_unknown_parent_or_successor_is_remarked_on_and_the_office_loaded(catalogue: None, tmp_path: Path) -> None:
    rows = [*OFFICES, OFFICES[3] | {"MaDonVi": "H51.23", "MaCha": "H52"}, OFFICES[3] | {"MaDonVi": "H51.24", "KeThua": "H51.99"}]
    report = load_offices(as_csv(tmp_path / "a.csv", rows), NOW)
    assert counts(report) == (6, 6, 0, 0, 0)
    assert [(remark.line, remark.column) for remark in report.remarks] == [(6, "MaCha"), (7, "KeThua")]


def test_the_children_of_a_bad_row_are_good_rows(catalogue: None, tmp_path: Path) -> None:
    report = load_offices(as_csv(tmp_path / "a.csv", [OFFICES[0] | {"Cap": "VUNG"}, *OFFICES[1:]]), NOW)
    assert (counts(report), columns(report)) == ((4, 3, 0, 0, 1), [(2, "Cap")])


def test_every_bad_cell_of_a_row_is_told_in_both_languages_without_what_it_held(catalogue: None, tmp_path: Path) -> None:
    bad = {"MaDonVi": "h51/..", "Ten": " ", "Cap": "TỈNH", "MaCha": "", "HieuLucTu": "31/02/2020", "HieuLucDen": "", "KeThua": "H51;!"}
    report = load_offices(as_csv(tmp_path / "a.csv", [bad]), NOW)
    assert columns(report) == [(2, "MaDonVi"), (2, "Ten"), (2, "Cap"), (2, "HieuLucTu"), (2, "KeThua")]
    for problem in report.problems:
        assert problem.reason_vi and problem.reason_en and problem.reason_vi != problem.reason_en
        assert "31/02" not in problem.reason_vi + problem.reason_en


def test_an_office_that_ends_before_it_starts_or_is_its_own_parent_is_reported(catalogue: None, tmp_path: Path) -> None:
    bad = OFFICES[2] | {"HieuLucDen": "2025-07-01", "MaCha": "H51.21", "KeThua": "H51.21"}
    assert columns(load_offices(as_csv(tmp_path / "a.csv", [OFFICES[0], bad]), NOW)) == [(3, "MaCha"), (3, "HieuLucDen"), (3, "KeThua")]


@pytest.mark.parametrize("write", [as_csv, as_json, as_xlsx])
def test_missing_columns_are_one_problem_and_nothing_is_loaded(catalogue: None, tmp_path: Path, write: Any) -> None:
    rows = [{name: cell for name, cell in row.items() if name not in ("Ten", "Cap")} for row in OFFICES]
    report = load_offices(write(tmp_path / "a", rows), NOW)
    assert [problem.column for problem in report.problems] == ["Ten, Cap"]
    assert (report.read, Office.objects.count()) == (0, 0)


def test_semicolons_are_named_as_the_reason(catalogue: None, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("MaDonVi;Ten;Cap\nH51;Tỉnh;TINH\n", encoding="utf-8")
    assert "chấm phẩy" in load_offices(file, NOW).problems[0].reason_vi


def test_a_column_that_a_file_does_not_have_says_nothing(catalogue: None, tmp_path: Path) -> None:
    load_offices(as_csv(tmp_path / "a.csv", OFFICES), NOW)
    short = [{name: row[name] for name in ("MaDonVi", "Ten", "Cap")} | {"Ten": row["Ten"] + " mới"} for row in OFFICES]
    assert counts(load_offices(as_csv(tmp_path / "b.csv", short), LATER)) == (4, 0, 4, 0, 0)
    district = Office.objects.get(code="H51.20", known_to=None)
    assert (district.name, district.parent, district.successors) == ("Huyện Cũ mới", "H51", ["H51.21", "H51.22"])


def test_of_two_rows_for_one_key_the_first_stands_and_a_differing_one_is_reported(catalogue: None, tmp_path: Path) -> None:
    rows = [OFFICES[0], OFFICES[0], OFFICES[0] | {"Ten": "Tỉnh khác"}]
    report = load_offices(as_csv(tmp_path / "a.csv", rows), NOW)
    assert (counts(report), columns(report)) == ((3, 1, 0, 1, 1), [(4, "MaDonVi")])
    assert Office.objects.get().name == "Tỉnh"


def test_procedure_versions_are_loaded_with_their_inputs(registered: Path) -> None:
    old, new = Procedure.objects.order_by("valid_from")
    assert [(c.position, c.code, c.name, c.required, c.duty) for c in old.components.all()] == [
        (1, "TP1", "Tờ khai", True, "PHAI"),
        (2, "TP2", "Giấy chứng sinh", False, "YEU_CAU"),
    ]
    assert [c.code for c in new.components.all()] == ["TP1", "TP9"]
    assert (old.needs_result, old.term_days, old.valid_from) == (True, 0, date(2020, 1, 1))


def test_components_in_json_are_the_same_as_in_a_cell(registered: Path) -> None:
    parts = [
        {"Ma": "TP1", "Ten": "Tờ khai", "BatBuoc": True, "SoHoa": "PHAI"},
        {"Ma": "TP2", "Ten": "Giấy chứng sinh", "BatBuoc": 0, "SoHoa": "YEU_CAU"},
    ]
    row = PROCEDURES[0] | {"ThanhPhan": parts, "CoKetQua": 1, "ThoiHan": 0, "HieuLucDen": None}
    assert counts(load_procedures(as_json(registered / "p.json", [row]), LATER)) == (1, 0, 0, 1, 0)


def test_a_changed_component_opens_a_new_fact_and_the_old_keeps_its_own(registered: Path) -> None:
    row = PROCEDURES[0] | {"ThanhPhan": "TP1|Tờ khai|1|MIEN"}
    assert counts(load_procedures(as_csv(registered / "p2.csv", [row]), LATER)) == (1, 0, 1, 0, 0)
    facts = Procedure.objects.filter(valid_from=date(2020, 1, 1)).order_by("known_from")
    assert [[c.duty for c in fact.components.all()] for fact in facts] == [["PHAI", "YEU_CAU"], ["MIEN"]]
    assert Event.objects.get(kind="procedure.changed").detail == {
        "procedure": "1.001193",
        "valid_from": "2020-01-01",
        "columns": ["ThanhPhan"],
    }


@pytest.mark.parametrize(
    "cell", ["TP1|Tờ khai|1", "TP1|Tờ khai|1|PHAI;TP1|Khác|0|MIEN", "TP1|Tờ khai|2|PHAI", "T/P|Tờ khai|1|PHAI", "TP1|Tờ khai|1|CO"]
)
def test_a_bad_component_is_a_problem_of_its_column(catalogue: None, tmp_path: Path, cell: str) -> None:
    report = load_procedures(as_csv(tmp_path / "p.csv", [PROCEDURES[0] | {"ThanhPhan": cell}]), NOW)
    assert (counts(report), columns(report)) == ((1, 0, 0, 0, 1), [(2, "ThanhPhan")])


def test_a_dossier_is_loaded_as_the_register_says(registered: Path) -> None:
    assert counts(load_dossiers(as_csv(registered / "d.csv", [DOSSIER]), NOW)) == (1, 1, 0, 0, 0)
    fact = DossierFact.objects.get(dossier__number="H51.20-211116-0007")
    assert fact.received_at == datetime(2021, 11, 16, 1, 10, tzinfo=UTC)
    assert fact.due_at == datetime(2021, 11, 17, 16, 59, 59, tzinfo=UTC)  # the whole day
    assert (fact.finished_at, fact.channel, fact.identity_number, fact.known_from) == (None, 1, "094000000001", NOW)
    assert [reused.component for reused in fact.reused.all()] == ["TP2"]
    event = Event.objects.get(kind="dossier.registered")
    assert (event.dossier, event.detail) == (fact.dossier, {})


def test_the_same_dossier_from_csv_json_and_xlsx_is_the_same(registered: Path) -> None:
    load_dossiers(as_csv(registered / "d.csv", [DOSSIER]), NOW)
    as_objects = DOSSIER | {"KenhThucHien": 1, "NgayTiepNhan": "2021-11-16T08:10:00+07:00", "NgayKetThucXuLy": None, "TaiSuDung": ["TP2"]}
    at = datetime(2021, 11, 16, 8, 10)  # noqa: DTZ001 - a spreadsheet knows no zones
    as_cells = DOSSIER | {"KenhThucHien": 1, "NgayTiepNhan": at, "NgayHenTra": at.replace(day=17, hour=0, minute=0)}
    assert counts(load_dossiers(as_json(registered / "d.json", [as_objects]), LATER)) == (1, 0, 0, 1, 0)
    assert counts(load_dossiers(as_xlsx(registered / "d.xlsx", [as_cells]), LATER)) == (1, 0, 0, 1, 0)


def test_a_changed_dossier_keeps_its_identity_and_its_event_names_no_values(registered: Path) -> None:
    load_dossiers(as_csv(registered / "d.csv", [DOSSIER]), NOW)
    changed = DOSSIER | {"ChuHoSo": "Nguyễn Văn Mẫu", "TrangThai": "DA_GIAI_QUYET", "NgayKetThucXuLy": "20211116160000", "TaiSuDung": ""}
    assert counts(load_dossiers(as_csv(registered / "e.csv", [changed]), LATER)) == (1, 0, 1, 0, 0)
    old, new = DossierFact.objects.order_by("known_from")
    assert Dossier.objects.count() == 1
    assert (old.known_to, new.known_from, new.known_to) == (LATER, LATER, None)
    assert list(ReusedComponent.objects.values_list("fact", "component")) == [(old.pk, "TP2")]
    detail = Event.objects.get(kind="dossier.changed").detail
    assert detail == {"columns": ["NgayKetThucXuLy", "TrangThai", "ChuHoSo", "TaiSuDung"]}
    assert first_broken_link() is None


def test_a_dossier_without_a_day_of_receipt_is_loaded(registered: Path) -> None:
    assert counts(load_dossiers(as_csv(registered / "d.csv", [DOSSIER | {"NgayTiepNhan": ""}]), NOW)) == (1, 1, 0, 0, 0)
    assert DossierFact.objects.get().received_at is None


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("MaHoSo", "H51.20-211131-0007"),
        ("MaHoSo", "H51.20-211116-0000"),
        ("MaHoSo", "H51.20-211116-7"),
        ("MaHoSo", "O51.20-211116-0007"),
        ("MaTTHC", "1.999999"),
        ("DonViTiepNhan", "H51.77"),
        ("DonViXuLy", "H51.77"),
        ("KenhThucHien", "4"),
        ("NgayTiepNhan", "hôm qua"),
        ("NgayHenTra", "17/13/2021"),
        ("TrangThai", "XONG"),
        ("SoDinhDanh", "94000000001"),
        ("TaiSuDung", "TP7"),
        ("TaiSuDung", "TP9"),  # of the version that came later
        ("ChuHoSo", "A" * 256),
    ],
)
def test_a_bad_dossier_row_is_reported_by_column_and_the_good_one_is_loaded(registered: Path, column: str, cell: str) -> None:
    good = DOSSIER | {"MaHoSo": "H51.20-211116-0008"}
    report = load_dossiers(as_csv(registered / "d.csv", [DOSSIER | {column: cell}, good]), NOW)
    assert (counts(report), columns(report)) == ((2, 1, 0, 0, 1), [(2, column)])
    assert [dossier.number for dossier in Dossier.objects.all()] == ["H51.20-211116-0008"]


def test_the_version_on_the_day_of_receipt_says_what_can_be_reused(registered: Path) -> None:
    row = DOSSIER | {"NgayTiepNhan": "01/07/2025", "TaiSuDung": "TP9"}
    assert load_dossiers(as_csv(registered / "d.csv", [row]), NOW).problems == ()


def test_a_file_that_breaks_off_loads_the_rows_before(registered: Path) -> None:
    file = as_csv(registered / "d.csv", [DOSSIER])
    file.write_bytes(file.read_bytes() + b'H51.20-211116-0009,"1.00')
    report = load_dossiers(file, NOW)
    assert (counts(report), columns(report)) == ((1, 1, 0, 0, 1), [(3, "")])


def test_chunks_are_written_whole_or_not_at_all(registered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "CHUNK", 2)
    rows = [DOSSIER | {"MaHoSo": f"H51.20-211116-000{n}"} for n in range(1, 6)]
    file = as_csv(registered / "d.csv", rows)
    write = events.record_many
    calls = iter([True, False])

    def fails_the_second_time(happenings: Any) -> int:
        if not next(calls):
            raise OSError
        return write(happenings)

    with monkeypatch.context() as broken, pytest.raises(OSError):
        broken.setattr(registers, "record_many", fails_the_second_time)
        load_dossiers(file, NOW)
    assert Dossier.objects.count() == DossierFact.objects.count() == Event.objects.filter(kind="dossier.registered").count() == 2
    assert counts(load_dossiers(file, LATER)) == (5, 3, 0, 2, 0)
    assert first_broken_link() is None
