"""A sample day: well-formed registers, files that are what they claim, a truth that adds up, the same bytes for a seed."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from datetime import date
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from pipeline import errors
from samples import files, registers, truth
from samples.cast import assemble
from samples.catalogue import OFFICES
from samples.day import make_day, planned
from samples.drawing import Sheet
from samples.plan import UNREADABLE
from samples.presets import FADED, FADED_HARSH, GOOD, LOW, WORN_HARSH, Preset
from samples.scanner import scan
from samples.truth import DayTruth

STRICT = re.compile(r"^[A-HJ-NP-Z]\d{2}(?:\.[0-9A-Z]{1,5}){0,4}-(?P<ymd>\d{6})-(?P<seq>\d{4,6})$")


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small day, drawn once."""
    out = tmp_path_factory.mktemp("samples") / "day"
    make_day(out, seed=3, size="small", processes=1)
    return out


@pytest.fixture(scope="module")
def told(day: Path) -> DayTruth:
    return truth.load(day / "truth.json")


def digests(out: Path) -> dict[str, str]:
    return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(out.rglob("*")) if path.is_file()}


def test_same_seed_same_bytes_whatever_the_number_of_processes(day: Path, tmp_path: Path) -> None:
    make_day(tmp_path / "again", seed=3, size="small", processes=2)
    assert digests(tmp_path / "again") == digests(day)


def test_an_inbox_is_never_written_over(day: Path) -> None:
    with pytest.raises(FileExistsError):
        make_day(day, size="small")


def test_a_small_day_has_every_kind_of_page(told: DayTruth) -> None:
    assert len(told.pages) == 16
    assert {page.kind for page in told.pages} == {"receipt", "paper", "separator", "patch", "blank"}
    assert {page.disposition for page in told.pages} == {"attached", "blank", "separator", "parked"}
    assert {page.rotation for page in told.pages} >= {0, 90, 180}
    assert {page.component for page in told.pages} >= {None, "TP1", "KQ"}


def test_truth_and_inbox_name_the_same_files(day: Path, told: DayTruth) -> None:
    dropped = {str(path.relative_to(day / "inbox")) for path in (day / "inbox").glob("*/*")}
    assert dropped == {file.path for file in told.files}


def test_source_pages_are_numbered_as_the_files_hold_them(day: Path, told: DayTruth) -> None:
    for file in told.files:
        if not file.pages:
            continue
        path = day / "inbox" / file.path
        assert [page.source_page for page in file.pages] == list(range(1, len(file.pages) + 1))
        if path.suffix == ".pdf":
            document = pypdfium2.PdfDocument(path)
            assert len(document) == len(file.pages)
            assert document[0].get_size() == pytest.approx((595, 842), abs=1)
            document.close()
        elif path.suffix == ".tif":
            with Image.open(path) as picture:
                assert (getattr(picture, "n_frames", 0), picture.mode) == (len(file.pages), "1")
                assert picture.info["compression"] == "group4"


def test_documents_are_numbered_without_gaps(told: DayTruth) -> None:
    for file in told.files:
        attached = [page for page in file.pages if page.disposition == "attached"]
        places = [(page.document, page.page_in_document) for page in attached]
        assert places == sorted(set(places))
        assert {page.document for page in attached} == set(range(1, len({page.document for page in attached}) + 1))
        for page in file.pages:
            assert (page.disposition == "attached") == (page.dossier is not None) == (page.document is not None)


def test_trouble_is_real(day: Path, told: DayTruth) -> None:
    locked = next(file for file in told.files if file.reason == "Encrypted")
    with pytest.raises(pypdfium2.PdfiumError, match="password"):
        pypdfium2.PdfDocument(day / "inbox" / locked.path)
    copy = next(file for file in told.files if file.end == "duplicate")
    assert copy.same_as
    assert (day / "inbox" / copy.path).read_bytes() == (day / "inbox" / copy.same_as).read_bytes()


def test_reasons_are_codes_of_failures() -> None:
    for drop in planned(1, "demo").drops:
        assert (drop.reason is None) == (drop.end == "done")
        assert drop.reason is None or drop.reason == "Duplicate" or drop.reason in errors.BY_CODE
        assert drop.end == "parked" or drop.reason != "Encrypted"  # a person can have it saved without its password


def test_the_demo_is_as_large_as_promised() -> None:
    demo = planned(1, "demo")
    leaves = [leaf for drop in demo.drops for leaf in drop.leaves if drop.reason not in UNREADABLE]
    owners = {leaf.owner.number for leaf in leaves if leaf.owner}
    assert 80 <= len(leaves) <= 90
    assert len(owners) >= 12
    assert len({drop.path.split("/")[0] for drop in demo.drops}) == 3
    assert {drop.form for drop in demo.drops} == {"pdf", "tiff", "png", "jpeg", "folder", "locked", "truncated", "copy"}
    assert {drop.reason for drop in demo.drops} >= {
        "UnknownDossier",
        "Conflict",
        "NoCode",
        "WrongOffice",
        "Encrypted",
        "Broken",
        "Duplicate",
    }


def test_a_large_plan_has_no_name_or_number_twice() -> None:
    large = planned(1, "large")
    paths = [drop.path for drop in large.drops]
    numbers = [dossier.number for dossier in large.dossiers]
    assert len(set(paths)) == len(paths) == 4 * len(planned(1, "demo").drops)
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("size", ["small", "demo"])
def test_attached_dossiers_are_registered_with_the_office_of_the_folder(size: str) -> None:
    plan = planned(2, "small" if size == "small" else "demo")
    registered = {dossier.number: dossier for dossier in plan.dossiers}
    for drop in plan.drops:
        for leaf in drop.leaves:
            if leaf.owner:
                assert registered[leaf.owner.number].receiving.code == drop.path.split("/")[0]
    unscanned = set(registered) - {leaf.owner.number for drop in plan.drops for leaf in drop.leaves if leaf.owner}
    assert len(unscanned) >= 20


def test_unknown_numbers_are_in_no_register() -> None:
    plan = planned(1, "demo")
    registered = {dossier.number for dossier in plan.dossiers}
    strangers = [leaf for drop in plan.drops if drop.reason == "UnknownDossier" for leaf in drop.leaves if leaf.disposition == "parked"]
    assert strangers
    assert not {leaf.dossier.number for leaf in strangers if leaf.dossier} & registered


def test_registers_are_well_formed(day: Path) -> None:
    with (day / "registers/offices.csv").open(encoding="utf-8", newline="") as lines:
        offices = list(csv.DictReader(lines))
    procedures = json.loads((day / "registers/procedures.json").read_text(encoding="utf-8"))
    with (day / "registers/dossiers.csv").open(encoding="utf-8", newline="") as lines:
        dossiers = list(csv.DictReader(lines))
    codes = {office["MaDonVi"] for office in offices}
    assert tuple(offices[0]) == registers.OFFICE_COLUMNS
    assert {office["MaCha"] for office in offices} <= {*codes, ""}
    assert all(successor in codes for office in offices for successor in office["KeThua"].split(";") if successor)
    assert [office for office in offices if office["HieuLucDen"] == "2025-07-01" and office["Cap"] == "HUYEN"]
    assert len(procedures) >= 5
    assert tuple(dossiers[0]) == registers.DOSSIER_COLUMNS
    known = {procedure["MaTTHC"] for procedure in procedures}
    for row in dossiers:
        assert STRICT.match(row["MaHoSo"])
        assert row["MaTTHC"] in known
        assert {row["DonViTiepNhan"], row["DonViXuLy"]} <= codes
        assert row["NgayTiepNhan"].endswith("+07:00")
        assert re.fullmatch(r"\d{12}", row["SoDinhDanh"])


def test_offices_are_valid_on_the_day_their_dossiers_came_in() -> None:
    spans = {office.code: (office.since or date.min, office.until or date.max) for office in OFFICES}
    for dossier in planned(1, "demo").dossiers:
        since, until = spans[dossier.receiving.code]
        assert since <= dossier.received.date() < until
        assert f"-{dossier.received:%y%m%d}-" in dossier.number


def test_a_truncated_file_cannot_be_opened() -> None:
    random = np.random.default_rng(1)
    page = scan(random.integers(0, 256, (3508, 2480, 3), dtype=np.uint8), LOW, 1)
    whole = files.pdf([page, page, page])
    assert len(pypdfium2.PdfDocument(whole)) == 3
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(files.truncated(whole))


def test_drops_with_pages_say_where_each_goes() -> None:
    for drop in planned(1, "demo").drops:
        assert bool(drop.leaves) == (drop.form != "copy")


def test_more_is_registered_than_scanned_and_not_everything_is_solved() -> None:
    cast = assemble(np.random.default_rng(1), date(2025, 11, 3))
    assert {dossier.status for dossier in cast.registered} == {"DANG_XU_LY", "DA_GIAI_QUYET", "DUNG", "RUT"}
    assert {dossier.channel for dossier in cast.registered} == {1, 2, 3}
    assert any(dossier.finished and dossier.finished > dossier.due for dossier in cast.registered)
    assert cast.unknown not in cast.registered


@pytest.mark.parametrize("preset", [FADED, FADED_HARSH, WORN_HARSH, GOOD], ids=lambda preset: preset.name)
def test_black_and_white_keeps_the_ink_of_every_scanner_and_not_its_light(preset: Preset) -> None:
    drawn = Sheet()
    for n in range(24):
        drawn.put(30, 40 + 9 * n, "Ủy ban nhân dân xã xác nhận nội dung đơn của công dân")
    page, empty = drawn.done().image, Sheet().done().image
    printed, blank = (files.bitonal(scan(image, preset, 3, angle=0.0).pixels)[200:-200, 200:-200] for image in (page, empty))
    assert np.mean(blank == 0) < 0.02  # streaks of the glass
    assert 0.02 < np.mean(printed == 0) < 0.15
