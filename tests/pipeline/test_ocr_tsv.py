"""Tesseract's table of words, and where its models lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import EngineMissing
from pipeline.model import Box
from pipeline.ocr_tsv import debian_package, find_tessdata, words_of_tsv


def row(line: int, left: int, top: int, width: int, height: int, confidence: float, text: str, level: int = 5) -> str:
    return "\t".join(map(str, (level, 1, 1, 1, line, 1, left, top, width, height, confidence, text)))


def test_words_are_grouped_by_line() -> None:
    words = words_of_tsv(
        "\n".join([row(1, 10, 10, 30, 12, 91.5, "Hộ"), row(1, 50, 10, 30, 12, 88, "tịch"), row(2, 10, 40, 9, 9, 50, "xã")]), 200, 100
    )
    assert words.text == "Hộ tịch\nxã"
    assert words.lines[0].box == Box(10, 10, 80, 22)
    assert words.lines[0].words[0].confidence == pytest.approx(0.915)


def test_decomposed_letters_are_composed() -> None:
    assert words_of_tsv(row(1, 0, 0, 9, 9, 90, "hô\u0323"), 100, 100).text == "hộ"


def test_boxes_are_cut_to_the_image_and_empty_ones_dropped() -> None:
    words = words_of_tsv("\n".join([row(1, -5, 90, 40, 30, 90, "a"), row(1, 120, 10, 30, 12, 90, "b")]), 100, 100)
    assert [word.box for word in words] == [Box(0, 90, 35, 100)]


def test_headers_other_levels_and_blank_words_are_left_out() -> None:
    table = "\n".join(["level\tpage_num", row(1, 0, 0, 100, 100, -1, "", level=4), row(1, 0, 0, 9, 9, 95, " ")])
    assert words_of_tsv(table, 100, 100).lines == ()


@pytest.mark.parametrize(
    ("read", "kept"), [("Trúc.................", "Trúc"), ("....................", ""), ("v.v...", "v.v..."), ("…..…", "")]
)
def test_dotted_lines_of_forms_are_no_text(read: str, kept: str) -> None:
    assert words_of_tsv(row(1, 0, 0, 90, 9, 60, read), 100, 100).text == kept


def test_packages_are_named_as_debian_names_them() -> None:
    assert debian_package("vie") == "tesseract-ocr-vie"
    assert debian_package("chi_sim") == "tesseract-ocr-chi-sim"
    assert debian_package("script/Vietnamese") == "tesseract-ocr-script-viet"
    assert debian_package("Vietnamese") == "tesseract-ocr-script-viet"


def test_the_environment_names_the_folder_of_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "tessdata").mkdir()
    (tmp_path / "tessdata" / "xyz.traineddata").touch()
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert find_tessdata("xyz") == tmp_path / "tessdata"
    with pytest.raises(EngineMissing, match="tesseract-ocr-abc"):
        find_tessdata("xyz+abc")


def test_the_installed_vietnamese_model_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    assert (find_tessdata("vie") / "vie.traineddata").is_file()
