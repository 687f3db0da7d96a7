"""`sohoa sheets`: what is printed for which options, and that nothing is written where something is wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

import cli
from pipeline.errors import BY_CODE
from records import sheet_paper
from records.models import DossierFact, Procedure, ProcedureComponent
from records.sheets import NothingToPrint
from tests.drops import NUMBER, register

OTHER = "H51.20-260301-0002"
SHEET, PATCH, RECEIPT = "TỜ PHÂN CÁCH HỒ SƠ", "TỜ PHÂN CÁCH TÀI LIỆU", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"


@pytest.fixture(autouse=True)
def dossiers(catalogue: None) -> None:
    register()
    register(OTHER)
    procedure = Procedure.objects.get()
    ProcedureComponent.objects.create(procedure=procedure, position=2, code="TP2", name="Thẻ căn cước", required=True, duty="MIEN")
    DossierFact.objects.update(identity_number="094190001234", subject="Khai sinh cho cháu Bé")


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "to-phan-cach.pdf"


def sohoa(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
    """The exit code of `sohoa sheets`."""
    monkeypatch.setattr(sys, "argv", ["sohoa", "sheets", *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert isinstance(left.value.code, int)
    return left.value.code


def pages(path: Path) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([NUMBER], [(SHEET, "BẮT ĐẦU HỒ SƠ"), (SHEET, "TP1 Tờ khai"), (SHEET, "KQ Kết quả")]),
        ([NUMBER, "--all"], [(SHEET, "BẮT ĐẦU"), (SHEET, "TP1"), (SHEET, "TP2 Thẻ căn cước"), (SHEET, "KQ")]),
        ([NUMBER, "--dossier-only"], [(SHEET, "BẮT ĐẦU HỒ SƠ")]),
        ([NUMBER, "--missing"], [(SHEET, "TP1"), (SHEET, "KQ")]),
        ([NUMBER, "--component", "KQ", "--component", "TP2"], [(SHEET, "KQ"), (SHEET, "TP2")]),
        ([NUMBER, OTHER, "--dossier-only"], [(NUMBER, "BẮT ĐẦU HỒ SƠ"), (OTHER, "BẮT ĐẦU HỒ SƠ")]),
        ([NUMBER, "--dossier-only", "--patch", "2"], [(SHEET, NUMBER), (PATCH, ""), (PATCH, "")]),
        (["--patch", "1"], [(PATCH, "PATCH T")]),
        ([OTHER, "--receipt"], [(RECEIPT, OTHER)]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value[0], str) else "prints",
)
def test_what_is_printed(target: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], expected: list[tuple[str, str]]) -> None:
    assert sohoa(monkeypatch, *options, "-o", target) == 0
    found = pages(target)
    assert len(found) == len(expected)
    for page, parts in zip(found, expected, strict=True):
        assert all(part in page for part in parts)


def test_the_applicant_is_on_the_receipt_alone_and_his_number_nowhere(
    target: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sohoa(monkeypatch, NUMBER, "--all", "--output", target)
    assert not any("Thử" in page or "Bé" in page or "0941" in page or "094*" in page for page in pages(target))
    sohoa(monkeypatch, NUMBER, "--receipt", "--output", target)
    (receipt,) = pages(target)
    assert "Nguyễn Thị Thử" in receipt
    assert "094******234" in receipt
    assert "094190001234" not in receipt
    out, err = capsys.readouterr()
    assert "Thử" not in out + err
    assert "1 tờ: " in out
    assert err == ""


@pytest.mark.parametrize(
    ("options", "code", "reason"),
    [
        (["H51.20-260301-0099"], 2, "UnknownDossier"),
        ([NUMBER, "H51.20-260301-0099"], 2, "UnknownDossier"),
        (["nonsense", "--receipt"], 2, "UnknownDossier"),
        ([""], 2, "UnknownDossier"),
        ([NUMBER, "--component", "TP9"], 2, "UnknownComponent"),
        ([NUMBER, "--component", "TP1", "--component", "TP9", "--patch", "1"], 2, "UnknownComponent"),
    ],
)
def test_what_is_not_in_the_register_is_told_and_nothing_written(
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    code: int,
    reason: str,
) -> None:
    assert sohoa(monkeypatch, *options, "-o", target) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert BY_CODE[reason].vi in err
    assert BY_CODE[reason].en in err
    assert list(target.parent.iterdir()) == []


def test_nothing_missing_is_nothing_to_print(target: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Procedure.objects.update(needs_result=False)
    ProcedureComponent.objects.all().delete()
    assert sohoa(monkeypatch, NUMBER, "--missing", "-o", target) == 1
    assert NothingToPrint.vi in capsys.readouterr().err
    assert not target.exists()
    assert sohoa(monkeypatch, NUMBER, "--missing", "--patch", "1", "-o", target) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["-o", "out.pdf"],
        [NUMBER],
        [NUMBER, "-o", "."],
        [NUMBER, "-o", "none/out.pdf"],
        [NUMBER, "--patch", "-1", "-o", "out.pdf"],
        [NUMBER, "--patch", "many", "-o", "out.pdf"],
        [NUMBER, "--receipt", "--missing", "-o", "out.pdf"],
        [NUMBER, "--dossier-only", "--component", "TP1", "-o", "out.pdf"],
        [NUMBER, "--all", "--dossier-only", "-o", "out.pdf"],
    ],
    ids=" ".join,
)
def test_bad_arguments(target: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert sohoa(monkeypatch, *arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert any(not line.isascii() for line in err.splitlines())
    assert list(target.parent.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target.write_bytes(b"")
    target.chmod(0o400)
    assert sohoa(monkeypatch, NUMBER, "-o", target) == 1
    assert target.read_bytes() == b""


def test_a_missing_font_is_3_and_says_what_to_install(
    target: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sheet_paper, "FONTS", target.parent)
    assert sohoa(monkeypatch, NUMBER, "-o", target) == 3
    assert "apt-get install fonts-croscore" in capsys.readouterr().err
    assert not target.exists()


def test_many_sheets_take_no_long(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sohoa(monkeypatch, NUMBER, "--patch", "200", "-o", target) == 0
    assert len(PdfReader(target).pages) == 203
