"""What every `OcrEngine` keeps, once for all that there are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.errors import EngineMissing, TimedOut
from pipeline.model import Pixels, ReadSettings
from pipeline.ocr import Layout, OcrEngine, open_engine
from samples.drawing import DrawnPage, Sheet

SENTENCES = (
    "Ủy ban nhân dân xã xác nhận nội dung đơn của ông bà",
    "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
    "Thửa đất số 125, tờ bản đồ số 14, diện tích 87,5 m2",
)


def page() -> DrawnPage:
    sheet = Sheet()
    for n, sentence in enumerate(SENTENCES):
        sheet.put(30, 40 + 10 * n, sentence)
    return sheet.done()


def reduced(image: Pixels) -> Pixels:
    """A page drawn at 300 dpi, at 200 dpi and grey."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA), dtype=np.uint8)


class OcrEngineContract:
    """Mixed into one test class for each engine."""

    name: str

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls) -> Iterator[OcrEngine]:
        yield open_engine(ReadSettings(engine=cls.name))

    def test_vietnamese_is_read_right(self, engine: OcrEngine) -> None:
        assert engine.read(reduced(page().image), 200).text.splitlines() == list(SENTENCES)

    def test_words_lie_inside_the_image_with_a_confidence(self, engine: OcrEngine) -> None:
        image = reduced(page().image)
        words = engine.read(image, 200)
        assert (words.height, words.width) == image.shape
        for word in words:
            assert 0 <= word.box.left < word.box.right <= words.width
            assert 0 <= word.box.top < word.box.bottom <= words.height
            assert 0.8 < word.confidence <= 1
            assert word.text == unicodedata.normalize("NFC", word.text) != ""
            assert not any(letter.isspace() for letter in word.text)

    def test_boxes_lie_on_the_ink(self, engine: OcrEngine) -> None:
        image = reduced(page().image)
        for word in engine.read(image, 200):
            inside = image[word.box.top : word.box.bottom, word.box.left : word.box.right]
            assert inside.min() < 128
        covered = image.copy()
        for word in engine.read(image, 200):
            covered[word.box.top - 3 : word.box.bottom + 3, word.box.left - 3 : word.box.right + 3] = 255
        assert np.count_nonzero(covered < 128) < 0.02 * np.count_nonzero(image < 128)

    def test_colour_is_read_like_grey(self, engine: OcrEngine) -> None:
        colour = cv2.cvtColor(reduced(page().image), cv2.COLOR_GRAY2BGR)
        assert engine.read(np.asarray(colour, dtype=np.uint8), 200).text.splitlines() == list(SENTENCES)

    @pytest.mark.parametrize("layout", [Layout.PAGE, Layout.BLOCK, Layout.SPARSE])
    def test_an_empty_page_has_no_lines(self, engine: OcrEngine, layout: Layout) -> None:
        assert engine.read(np.full((2339, 1654), 255, np.uint8), 200, layout).lines == ()

    def test_a_sparse_layout_finds_what_stands_alone(self, engine: OcrEngine) -> None:
        sheet = Sheet()
        sheet.put(150, 250, "KẾT QUẢ")
        assert engine.read(reduced(sheet.done().image), 200, Layout.SPARSE).text == "KẾT QUẢ"

    def test_one_page_leaves_nothing_behind_for_the_next(self, engine: OcrEngine) -> None:
        engine.read(reduced(page().image), 200)
        assert engine.read(np.full((500, 400), 255, np.uint8), 200).lines == ()

    def test_the_version_names_program_and_language(self, engine: OcrEngine) -> None:
        assert engine.version.startswith("tesseract 5.")
        assert engine.version.endswith(f"vie {self.name}")

    def test_a_page_that_takes_too_long_is_stopped(self) -> None:
        engine = open_engine(ReadSettings(engine=self.name, page_seconds=1))
        line = reduced(page().image)[380:420]
        with pytest.raises(TimedOut):
            engine.read(np.vstack([line] * 160), 200)

    def test_a_missing_language_names_its_package(self) -> None:
        with pytest.raises(EngineMissing, match="apt-get install tesseract-ocr-tlh"):
            open_engine(ReadSettings(engine=self.name, language="vie+tlh"))


class TestTesserocr(OcrEngineContract):
    name = "tesserocr"


class TestPytesseract(OcrEngineContract):
    name = "pytesseract"

    def test_a_missing_program_names_its_package(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(EngineMissing, match=r"apt-get install tesseract-ocr$"):
            open_engine(ReadSettings(engine=self.name))


def test_an_unknown_engine_is_missing() -> None:
    with pytest.raises(EngineMissing, match="tesserocr or pytesseract"):
        open_engine(ReadSettings(engine="abacus"))
