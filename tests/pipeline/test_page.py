"""One page from top to bottom, with the real engine, and with engines that each have one fault."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from pipeline.boxes import fitted_words, line_of
from pipeline.errors import TimedOut
from pipeline.model import Encoding, PageReading, Pixels, ReadSettings, Ruling, SourcePage, Words
from pipeline.ocr import Engines, Layout, OcrEngine, open_engine, open_engines
from pipeline.page import read_page
from pipeline.page_upright import Standing
from pipeline.scan import open_scan
from samples import marks, presets
from samples.dense import dense_page
from samples.drawing import BOLD, Sheet, px
from samples.scanner import scan

SETTINGS = ReadSettings()
DENSE = dense_page(11)


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    return open_engine(SETTINGS)


def source(image: Pixels, dpi: float = 300, *, bitonal: bool = False) -> SourcePage:
    return SourcePage(number=7, pixels=image, dpi=dpi, bitonal=bitonal, notes=("dpi_assumed",))


def grey(image: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def letter() -> Pixels:
    """A short letter with a letterhead, a QR code and a signature block."""
    sheet = Sheet()
    for n, (left, right) in enumerate(
        (
            ("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            ("XÃ TÂN LỘC", "Độc lập - Tự do - Hạnh phúc"),
            ("Số: 15/UBND", "Tân Lộc, ngày 03 tháng 11 năm 2025"),
        )
    ):
        sheet.put(56, 20 + 6 * n, left, BOLD, "middle")
        sheet.put(142, 20 + 6 * n, right, BOLD, "middle")
    for n in range(6):
        sheet.put(30, 60 + 7 * n, "Ủy ban nhân dân xã xác nhận nội dung đơn của công dân nêu trên là đúng.")
    for n, (left, right) in enumerate((("Nơi nhận:", "TM. ỦY BAN NHÂN DÂN"), ("- Như trên;", "CHỦ TỊCH"), ("- Lưu: VT.", ""))):
        sheet.put(30, 120 + 6 * n, left)
        sheet.put(150, 120 + 6 * n, right, BOLD, "middle")
    image = sheet.done().image
    code = marks.qr("H51.20-251103-0007", 25)
    image[px(240) : px(240) + code.shape[0], px(30) : px(30) + code.shape[1]] = code[:, :, None]
    return image


def shown(reading: PageReading) -> Pixels:
    """The access image of a JPEG page, decoded, grey."""
    with Image.open(io.BytesIO(reading.access.encoded)) as picture:
        return np.asarray(picture.convert("L"), dtype=np.uint8)


def cer(truth: str, text: str) -> float:
    wanted, got = (" ".join(unicodedata.normalize("NFC", each).split()) for each in (truth, text))
    return Levenshtein.distance(wanted, got) / len(wanted)


def test_a_worn_page_is_read_levelled_and_pictured(engine: OcrEngine) -> None:
    scanned = scan(DENSE.image, presets.WORN, 11, angle=-1.7)
    reading = read_page(source(scanned.pixels, 200), Engines(engine), SETTINGS)
    assert cer(DENSE.text, reading.words.text) < 0.02
    assert reading.skew == pytest.approx(-1.7, abs=0.06)
    assert (reading.number, reading.rotation, reading.blank, reading.dpi) == (7, 0, False, 200)
    assert reading.notes == ("dpi_assumed",)
    assert reading.ink > 0.03 and reading.seconds > 0
    assert reading.confidence is not None and reading.confidence > 0.9
    picture = shown(reading)
    assert picture.shape == (reading.access.height, reading.access.width) == (reading.words.height, reading.words.width)
    outside, paper = picture.copy(), np.median(picture)
    for word in reading.words:
        inside = picture[word.box.top : word.box.bottom, word.box.left : word.box.right]
        assert inside.size and inside.min() < paper - 25
        outside[max(0, word.box.top - 4) : word.box.bottom + 4, max(0, word.box.left - 4) : word.box.right + 4] = 255
    assert np.mean(outside[300:2000, 250:1500] < 100) < 0.003


def test_harsh_scans_are_read(engine: OcrEngine) -> None:
    for preset in (presets.WORN_HARSH, presets.FADED_HARSH):
        scanned = scan(DENSE.image, preset, 3)
        reading = read_page(source(scanned.pixels, scanned.dpi), Engines(engine), SETTINGS)
        assert cer(DENSE.text, reading.words.text) < 0.04, preset.name
        assert reading.skew == pytest.approx(scanned.angle, abs=0.06)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_pages_are_turned_upright_and_read_in_order(engine: OcrEngine, turn: int) -> None:
    scanned = scan(letter(), presets.LOW, 5, turn=turn)
    reading = read_page(source(scanned.pixels, scanned.dpi), Engines(engine), SETTINGS)
    assert reading.rotation == turn
    assert reading.skew == pytest.approx(scanned.angle, abs=0.08)
    assert reading.access.height > reading.access.width
    lines = reading.words.text.splitlines()
    assert lines[:4] == ["ỦY BAN NHÂN DÂN", "XÃ TÂN LỘC", "Số: 15/UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    (recipients,) = (n for n, line in enumerate(lines) if "trên;" in line)
    assert recipients < lines.index("TM. ỦY BAN NHÂN DÂN")
    assert [code.payload for code in reading.codes] == ["H51.20-251103-0007"]


def test_a_page_whose_strip_told_nothing_is_read_the_other_way_up(engine: OcrEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault: the strip that is to show which way is up was a table of ticks."""
    monkeypatch.setattr("pipeline.page.find_standing", lambda *_: Standing(0, None))
    turned = source(np.ascontiguousarray(np.rot90(letter(), 2)))
    reading = read_page(turned, Engines(engine), SETTINGS)
    assert reading.rotation == 180
    assert "xác nhận nội dung đơn của công dân" in reading.words.text
    assert shown(reading)[: shown(reading).shape[0] // 2].mean() < shown(reading)[shown(reading).shape[0] // 2 :].mean()


def test_what_a_person_said_of_a_page_is_not_read_the_other_way_up(engine: OcrEngine) -> None:
    turned = source(np.ascontiguousarray(np.rot90(letter(), 2)))
    assert read_page(turned, Engines(engine), SETTINGS, Ruling(rotation=0)).rotation == 0
    assert read_page(turned, Engines(engine), SETTINGS, Ruling(rotation=180)).rotation == 180


def test_a_blank_page_is_left_alone_but_pictured(engine: OcrEngine) -> None:
    scanned = scan(Sheet().done().image, presets.WORN, 4, turn=90, behind=DENSE.image)
    reading = read_page(source(scanned.pixels, 200), Engines(engine), SETTINGS)
    assert reading.blank and reading.words.lines == () and reading.confidence is None
    assert (reading.rotation, reading.skew) == (0, None)
    assert shown(reading).shape == scanned.pixels.shape[:2]


def test_a_straight_page_is_not_turned(engine: OcrEngine) -> None:
    reading = read_page(source(letter()), Engines(engine), SETTINGS)
    assert reading.skew is None
    kept = cv2.resize(grey(letter()), (reading.access.width, reading.access.height), interpolation=cv2.INTER_AREA)
    assert np.mean(np.abs(shown(reading).astype(int) - kept)) < 2


def test_pictures_keep_colour_and_have_at_most_the_access_resolution(engine: OcrEngine) -> None:
    image = letter()
    image[600:900, 1500:1800] = (40, 30, 200)
    reading = read_page(source(image), Engines(engine), SETTINGS)
    assert (reading.access.encoding, reading.access.grey, reading.access.dpi) == (Encoding.JPEG, False, 200)
    with Image.open(io.BytesIO(reading.access.encoded)) as picture:
        red, green, _ = np.asarray(picture)[500, 1100].tolist()
    assert red > 170 and green < 70
    small = read_page(replace(source(grey(image)), dpi=140), Engines(engine), SETTINGS)
    assert (small.access.grey, small.access.dpi, small.access.width) == (True, 140, image.shape[1])
    assert "low_dpi" in small.notes


def test_a_bitonal_page_stays_bitonal(engine: OcrEngine) -> None:
    bitonal = np.where(grey(letter()) < 128, 0, 255).astype(np.uint8)
    reading = read_page(source(bitonal, bitonal=True), Engines(engine), SETTINGS)
    assert (reading.access.encoding, reading.access.dpi) == (Encoding.G4, 300)
    assert (reading.words.width, reading.words.height) == (2480, 3508)
    assert "xác nhận nội dung đơn của công dân" in reading.words.text
    fine = cv2.resize(bitonal, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
    assert read_page(source(np.asarray(fine, dtype=np.uint8), 600, bitonal=True), Engines(engine), SETTINGS).access.dpi == 300


def test_the_same_page_gives_the_same_words(engine: OcrEngine) -> None:
    page = source(scan(letter(), presets.WORN, 8).pixels, 200)
    assert read_page(page, Engines(engine), SETTINGS).words == read_page(page, Engines(engine), SETTINGS).words


@dataclass(frozen=True)
class Faulty:
    """The real engine, except that some layouts overlook lines."""

    real: OcrEngine
    layouts: tuple[Layout, ...]
    kept: slice  # of the lines

    @property
    def version(self) -> str:
        return f"{self.real.version} faulty"

    def read(self, image: Pixels, dpi: float, layout: Layout = Layout.PAGE) -> Words:
        words = self.real.read(image, dpi, layout)
        return replace(words, lines=words.lines[self.kept]) if layout in self.layouts else words


def test_lines_that_were_overlooked_are_read_by_themselves(engine: OcrEngine) -> None:
    half_blind = Faulty(engine, (Layout.PAGE,), slice(5, None))
    reading = read_page(source(letter()), Engines(half_blind), SETTINGS)
    assert reading.words.text.splitlines()[:2] == ["ỦY BAN NHÂN DÂN", "XÃ TÂN LỘC"]
    assert reading.notes == ("dpi_assumed",)


def test_a_page_taken_for_a_picture_is_read_another_way(engine: OcrEngine) -> None:
    blind = Faulty(engine, (Layout.PAGE,), slice(0))
    reading = read_page(source(DENSE.image[:900]), Engines(blind), SETTINGS)
    assert cer("\n".join(DENSE.text.splitlines()[:8]), "\n".join(reading.words.text.splitlines()[:8])) < 0.02
    assert "unread_ink" not in reading.notes


def test_a_page_that_stays_unread_says_so(engine: OcrEngine) -> None:
    reading = read_page(source(DENSE.image[:900]), Engines(Faulty(engine, tuple(Layout), slice(0))), SETTINGS)
    assert reading.words.lines == ()
    assert reading.notes[0] == "dpi_assumed" and reading.notes[-1] == "unread_ink"


def test_the_words_of_an_office_program_are_kept_unless_asked(engine: OcrEngine) -> None:
    image = letter()
    read = fitted_words(read_page(source(image), Engines(engine), SETTINGS).words, image.shape[1], image.shape[0])
    lines = [line_of([replace(word, text=word.text.replace("Lưu:", "Trữ:")) for word in line.words]) for line in read.lines]
    page = replace(source(image), words=replace(read, lines=tuple(lines)))
    kept = read_page(page, Engines(Faulty(engine, tuple(Layout), slice(0))), SETTINGS)
    assert "- Trữ: VT." in kept.words.text.splitlines() and "text_kept" in kept.notes
    assert (kept.rotation, kept.skew) == (0, None)
    again = read_page(page, Engines(engine), replace(SETTINGS, reread=True))
    assert "- Lưu: VT." in again.words.text.splitlines() and "text_kept" not in again.notes


@dataclass
class Watched:
    """The real engine, which counts what it is asked for; once `late`, it takes too long."""

    real: OcrEngine
    late: bool = False
    asked: int = 0

    @property
    def version(self) -> str:
        return self.real.version

    def read(self, image: Pixels, dpi: float, layout: Layout = Layout.PAGE) -> Words:
        assert layout is Layout.LINE
        self.asked += 1
        if self.late:
            raise TimedOut("a line")
        return self.real.read(image, dpi, layout)


def test_unsure_words_are_looked_at_again_within_bounds(engine: OcrEngine) -> None:
    second = Watched(open_engine(replace(SETTINGS, language=SETTINGS.second_language)))
    poor = source(scan(DENSE.image, presets.WORN_HARSH, 3).pixels, 200)
    once, twice = (read_page(poor, engines, SETTINGS).words.text for engines in (Engines(engine), Engines(engine, second)))
    assert 0 < second.asked < 40
    assert cer(DENSE.text, twice) <= cer(DENSE.text, once)


def test_a_second_look_that_takes_too_long_costs_nothing(engine: OcrEngine) -> None:
    second = Watched(engine, late=True)
    poor = source(scan(DENSE.image, presets.WORN_HARSH, 3).pixels, 200)
    assert read_page(poor, Engines(engine, second), SETTINGS).words == read_page(poor, Engines(engine), SETTINGS).words
    assert second.asked == 1


def test_marks_lost_by_a_poor_scanner_are_chosen_by_context(engine: OcrEngine) -> None:
    reading = read_page(source(scan(DENSE.image, presets.LOW, 3).pixels, 150), Engines(engine), SETTINGS)
    chosen = [word for word in reading.words if word.raw is not None and any(letter.isalpha() for letter in word.text)]
    assert chosen
    raw = reading.words.text
    for word in chosen:
        raw = raw.replace(word.text, word.raw or "", 1)
    assert cer(DENSE.text, reading.words.text) < cer(DENSE.text, raw)


def test_a_picture_that_was_levelled_before_stays_upright(engine: OcrEngine) -> None:
    """Its corners are filled, its dark border stands inside them, its streaks lean."""
    worst = scan(DENSE.image, presets.WORN_HARSH, 100, angle=-2.6)
    first = read_page(source(worst.pixels, 200), Engines(engine), SETTINGS)
    second = read_page(source(shown(first), first.access.dpi), Engines(engine), SETTINGS)
    assert second.rotation == 0
    assert abs(second.skew or 0.0) < 0.2
    assert cer(DENSE.text, second.words.text) < 0.1


def test_a_page_that_takes_too_long_is_given_up() -> None:
    page = source(np.vstack([DENSE.image[300:3200]] * 3))
    with pytest.raises(TimedOut):
        read_page(page, open_engines(ReadSettings(page_seconds=1)), ReadSettings(page_seconds=1))


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (900, 3), (40, 40)])
def test_scraps_pass(engine: OcrEngine, shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(2).integers(0, 255, shape).astype(np.uint8)
    reading = read_page(source(noise), Engines(engine), SETTINGS)
    assert reading.access.width >= 1 and reading.access.height >= 1


def rows_of(corpus: Path) -> list[dict[str, str]]:
    with (corpus / "PAGES.tsv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t"))


def read_real(corpus: Path, row: dict[str, str], engine: OcrEngine) -> PageReading:
    with open_scan(corpus / row["file"]) as opened:
        return read_page(opened.page(int(row["page"])), Engines(engine), SETTINGS)


def test_real_pages_that_stand_wrong_are_turned(corpus: Path, engine: OcrEngine) -> None:
    rows = [row for row in rows_of(corpus) if row["file"].startswith("orient/")]
    assert len(rows) >= 9
    for row in rows:
        reading = read_real(corpus, row, engine)
        assert reading.rotation == int(row["fix_rotate_cw_deg"]), row["file"]
        if row["skew_ccw_deg"]:
            assert (reading.skew or 0.0) == pytest.approx(float(row["skew_ccw_deg"]), abs=float(row["skew_tol_deg"])), row["file"]


def test_real_pages_are_read_as_well_as_measured(corpus: Path, engine: OcrEngine) -> None:
    rows = [row for row in rows_of(corpus) if row["text_file"] and row["file"].startswith("vi_docs/")]
    errors: list[float] = []
    recalls: list[float] = []
    for row in rows:
        truth = re.sub(r"⟪[^⟫]*⟫", " ", (corpus / row["text_file"]).read_text(encoding="utf-8"))
        text = read_real(corpus, row, engine).words.text
        errors.append(cer(truth, text))
        wanted, got = (Counter(re.findall(r"\w+", each)) for each in (truth, text))
        recalls.append(sum((wanted & got).values()) / sum(wanted.values()))
    assert np.mean(recalls) > 0.945
    assert np.mean(errors) < 0.05


@pytest.mark.parametrize(("dpi", "flagged"), [(100.0, True), (150.0, True), (199.9, False), (300.0, False)])
def test_a_page_too_coarse_for_its_letters_is_flagged(engine: OcrEngine, dpi: float, flagged: bool) -> None:
    white = np.full((1654, 1169), 255, np.uint8)
    assert ("low_dpi" in read_page(source(white, dpi), Engines(engine), SETTINGS).notes) is flagged
