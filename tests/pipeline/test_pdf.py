"""The finished PDF as other programs see it: Poppler, PDFium, pypdf, and veraPDF as the judge of PDF/A."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tracemalloc
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from pipeline.access import encode_g4, encode_jpeg
from pipeline.errors import NotPdfA, PageCountMismatch
from pipeline.model import AccessImage, Box, Encoding, Line, Pixels, Word, Words
from pipeline.pdf import PdfPage, write_pdf
from pipeline.pdf_archive import About
from pipeline.pdf_font import TextFont
from pipeline.pdf_proof import prove_pdf

NOON = datetime(2026, 3, 2, 12, 0, 5, tzinfo=timezone(timedelta(hours=7)))
ABOUT = About("Hồ sơ <thử> & nghiệm", NOON)
WIDTH, HEIGHT, DPI = 1654, 2339, 200.0
TEXT = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 12/QĐ-UBND ngày 05 tháng 3 năm 2024
Người khai: Đỗ Thị Thử, thửa đất số 7, ẩ Ẫ ợ ữ ằ 𠀀"""
VERAPDF = Path(__file__).resolve().parents[1] / "conformance" / "verapdf.py"

poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="apt-get install poppler-utils")


def words_of(text: str, gap: int = 9) -> Words:
    """Words as an engine would find them: boxes of uneven width and height, a line box around them."""
    lines = []
    for row, line in enumerate(text.splitlines()):
        left, made = 200, []
        for number, word in enumerate(line.split()):
            top, bottom = 300 + row * 60 + number % 3 * 4, 330 + row * 60 + number % 2 * 7
            made.append(Word(word, Box(left, top, left + 13 * len(word) + 3, bottom), 0.9))
            left = made[-1].box.right + gap
        lines.append(Line(tuple(made), Box(200, min(w.box.top for w in made), left - gap, max(w.box.bottom for w in made))))
    return Words(WIDTH, HEIGHT, tuple(lines))


def drawn(words: Words, colour: bool) -> Pixels:
    """A white page with a dark bar where each word is."""
    pixels = np.full((HEIGHT, WIDTH, 3) if colour else (HEIGHT, WIDTH), 255, np.uint8)
    for word in words:
        pixels[word.box.top : word.box.bottom, word.box.left : word.box.right] = (0, 0, 160) if colour else 0
    return pixels


def sample_pages() -> list[PdfPage]:
    words = words_of(TEXT)
    grey, colour = drawn(words, colour=False), drawn(words, colour=True)
    return [
        PdfPage(encode_jpeg(grey, DPI, 70), words, "Tờ khai"),
        PdfPage(encode_jpeg(colour, DPI, 70), words),
        PdfPage(encode_g4(grey, DPI), words, "Kết quả: 𠀀"),
        PdfPage(encode_g4(grey, DPI), Words(WIDTH, HEIGHT)),
    ]


def written(pages: list[PdfPage], about: About = ABOUT) -> bytes:
    out = BytesIO()
    assert write_pdf(pages, out, about) == len(pages)
    return out.getvalue()


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return written(sample_pages())


@poppler
def test_poppler_gives_the_text_back_in_order(pdf: bytes) -> None:
    found = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert found == unicodedata.normalize("NFC", found)
    pages = found.split("\f")
    assert [page.split() for page in pages[:4]] == [TEXT.split()] * 3 + [[]]
    assert [line.split() for line in pages[0].splitlines() if line] == [line.split() for line in TEXT.splitlines()]


@poppler
@pytest.mark.parametrize("gap", [1, 4, -2])
def test_words_that_nearly_touch_stay_apart(gap: int) -> None:
    words = words_of(TEXT, gap)
    pdf = written([PdfPage(encode_g4(drawn(words, colour=False), DPI), words)])
    found = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert found.split() == TEXT.split()
    assert text_in_pdfium(pdf, 0).split() == TEXT.split()


@poppler
def test_poppler_finds_the_font_embedded_and_mapped(pdf: bytes) -> None:
    table = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True)
    assert not table.stderr
    (row,) = table.stdout.decode().splitlines()[2:]
    assert row.split()[-5:-2] == ["yes", "no", "yes"]  # embedded, no subset, ToUnicode


def text_in_pdfium(pdf: bytes, index: int) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return str(document[index].get_textpage().get_text_range())
    finally:
        document.close()


def test_pdfium_gives_the_text_back(pdf: bytes) -> None:
    assert text_in_pdfium(pdf, 0).split("\r\n") == TEXT.splitlines()


def test_every_letter_of_vietnamese_comes_back() -> None:
    tones, bases = ("", "̀", "̉", "̃", "́", "̣"), "aăâeêioôơuưy"
    alphabet = unicodedata.normalize("NFC", " ".join(base + tone for base in bases + bases.upper() for tone in tones)) + " đ Đ"
    decomposed = unicodedata.normalize("NFD", alphabet)
    pdf = written([PdfPage(encode_jpeg(np.full((50, 90), 255, np.uint8), DPI, 70), words_of(decomposed))])
    assert text_in_pdfium(pdf, 0) == alphabet


def test_pdfium_finds_the_words_where_they_are(pdf: bytes) -> None:
    """Left and right of each word within a pixel; top and bottom are those of its line."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[1]
    text = page.get_textpage()
    at, scale = 0, 72 / DPI
    for line in words_of(TEXT).lines:
        for word in line.words:
            at = text.get_text_range().index(word.text, at)
            first, last = text.get_charbox(at), text.get_charbox(at + len(word.text) - 1)
            if word.text != "𠀀":  # two UTF-16 units to PDFium
                assert first[0] == pytest.approx(word.box.left * scale, abs=scale)
                assert last[2] == pytest.approx(word.box.right * scale, abs=scale)
            assert first[1] == pytest.approx(page.get_height() - line.box.bottom * scale, abs=scale)
            assert first[3] == pytest.approx(page.get_height() - line.box.top * scale, abs=scale)
            at += len(word.text)
    document.close()


def test_words_of_a_bent_line_keep_their_own_height() -> None:
    words = tuple(
        Word(text, Box(200 + n * 300, 300 + n * 40, 300 + n * 300, 330 + n * 40), 0.9) for n, text in enumerate(("một", "hai", "ba"))
    )
    page = PdfPage(
        encode_jpeg(np.full((HEIGHT, WIDTH), 255, np.uint8), DPI, 70), Words(WIDTH, HEIGHT, (Line(words, Box(200, 300, 900, 410)),))
    )
    document = pypdfium2.PdfDocument(written([page]))
    text = document[0].get_textpage()
    for word in words:
        box = text.get_charbox(text.get_text_range().index(word.text))
        assert box[1] == pytest.approx(document[0].get_height() - word.box.bottom * 0.36, abs=0.36)
        assert box[3] - box[1] == pytest.approx(30 * 0.36, abs=0.36)
    document.close()


def test_pictures_go_in_as_they_are_encoded(pdf: bytes) -> None:
    for page, made in zip(PdfReader(BytesIO(pdf)).pages, sample_pages(), strict=True):
        (picture,) = (entry.get_object() for entry in page["/Resources"]["/XObject"].values())  # type: ignore[index]
        assert picture._data == made.image.encoded


@pytest.mark.parametrize("index", [0, 1, 2])
def test_pictures_are_shown_as_they_were(pdf: bytes, index: int) -> None:
    """A G4 page is black on white, not white on black, and a page has its size on paper."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[index]
    assert (page.get_width(), page.get_height()) == pytest.approx((WIDTH * 72 / DPI, HEIGHT * 72 / DPI), abs=0.01)
    shown = page.render(scale=DPI / 72, rev_byteorder=False).to_numpy()[:, :, :3]
    document.close()
    wanted = drawn(words_of(TEXT), colour=index == 1)
    wanted = wanted if wanted.ndim == 3 else np.asarray(cv2.cvtColor(wanted, cv2.COLOR_GRAY2BGR), np.uint8)
    assert abs(shown[:HEIGHT, :WIDTH].astype(int) - wanted).mean() < 1


def test_the_text_is_never_painted() -> None:
    white = encode_jpeg(np.full((HEIGHT, WIDTH), 255, np.uint8), DPI, 70)
    document = pypdfium2.PdfDocument(written([PdfPage(white, words_of(TEXT))]))
    assert document[0].render(scale=1).to_numpy().min() > 250
    document.close()


def test_the_same_pages_give_the_same_bytes(pdf: bytes) -> None:
    assert written(sample_pages()) == pdf
    later = written(sample_pages(), About(ABOUT.title, NOON + timedelta(seconds=1)))
    assert PdfReader(BytesIO(later)).trailer["/ID"] != PdfReader(BytesIO(pdf)).trailer["/ID"]


def test_metadata_say_the_same_twice(pdf: bytes) -> None:
    reader = PdfReader(BytesIO(pdf), strict=True)
    xmp, about = reader.xmp_metadata, reader.metadata
    assert xmp is not None and about is not None
    assert about.title == ABOUT.title == (xmp.dc_title or {})["x-default"]
    assert about.creation_date == NOON
    assert (xmp.pdfaid_part, xmp.pdfaid_conformance) == ("2", "B")
    assert str(reader.root_object["/Lang"]) == "vi-VN"
    assert dict(reader.root_object["/ViewerPreferences"]) == {"/DisplayDocTitle": True}  # type: ignore[call-overload]


def test_outline_leads_to_the_pages_with_titles(pdf: bytes) -> None:
    reader = PdfReader(BytesIO(pdf), strict=True)
    assert [(item.title, reader.get_destination_page_number(item)) for item in reader.outline] == [("Tờ khai", 0), ("Kết quả: 𠀀", 2)]  # type: ignore[union-attr, arg-type]
    assert "/Outlines" not in PdfReader(BytesIO(written([PdfPage(p.image, p.words) for p in sample_pages()]))).root_object


def test_absurd_sizes_are_held_to_what_pdfa_allows() -> None:
    strip = encode_g4(np.full((1, 30_000), 255, np.uint8), 50.0)
    page = PdfReader(BytesIO(written([PdfPage(strip, Words(30_000, 1))]))).pages[0]
    assert (page.mediabox.width, page.mediabox.height) == (14_400, 3)


def test_the_proof_counts(pdf: bytes, tmp_path: Path) -> None:
    path = tmp_path / "made.pdf"
    path.write_bytes(pdf)
    proof = prove_pdf(path, 4)
    assert (proof.pages, proof.pdfa, proof.size) == (4, "2b", len(pdf))
    assert prove_pdf(pdf) == proof
    with pytest.raises(PageCountMismatch):
        prove_pdf(pdf, 3)


def test_a_document_of_no_pages_is_none() -> None:
    with pytest.raises(PageCountMismatch):
        prove_pdf(written([]))


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        (b"%PDF-1.7", b"%PDX-1.7"),
        (b"<pdfaid:part>2<", b"<pdfaid:part>3<"),
        (b"/FontFile2", b"/FontFileX"),
        (b"/GTS_PDFA1", b"/GTS_PDFA9"),
        (b"/DeviceGray", b"/DeviceCMYK"),
        (b"\xff\xd8\xff", b"\xff\xd9\xff"),
        (b"/XObject <<", b"/XObjecX <<"),
        (b"acsp", b"acsx"),
        (b"/Lang ", b"/Lung "),
        (b"%%EOF\n", b"%%EOX\n"),
        (b"startxref\n", b"startxrex\n"),
        ("Hồ sơ &lt;".encode(), "Hồ sô &lt;".encode()),
    ],
)
def test_the_proof_fails_where_a_promise_is_broken(pdf: bytes, what: bytes, instead: bytes) -> None:
    assert what in pdf
    with pytest.raises(NotPdfA):
        prove_pdf(pdf.replace(what, instead, 1))


def test_the_proof_fails_for_cut_and_encrypted_files(pdf: bytes) -> None:
    with pytest.raises(NotPdfA):
        prove_pdf(pdf[: len(pdf) // 2])
    with pytest.raises(NotPdfA):
        prove_pdf(b"")
    writer = PdfWriter(clone_from=BytesIO(pdf))
    writer.encrypt("", "owner", algorithm="RC4-128")
    locked = BytesIO()
    writer.write(locked)
    with pytest.raises(NotPdfA):
        prove_pdf(locked.getvalue())


@given(st.lists(st.text(min_size=1, max_size=20)))
def test_codes_are_one_per_character_and_never_notdef(texts: list[str]) -> None:
    font = TextFont()
    seen: dict[int, str] = {}
    for text in texts:
        composed = unicodedata.normalize("NFC", text)
        codes = font.codes(text)
        assert len(codes) == len(composed)
        for code, character in zip(codes, composed, strict=True):
            assert 1 <= code <= 0xFFFF
            assert code == 2 or seen.setdefault(code, character) == character


class Sink(BytesIO):
    """Takes everything, keeps nothing, cannot be sought: a pipe."""

    def write(self, piece: bytes, /) -> int:  # type: ignore[override]
        return len(piece)


def test_memory_does_not_grow_with_the_document() -> None:
    noise = np.random.default_rng(1).bytes(200_000)
    words = words_of(TEXT)

    def pages() -> Iterator[PdfPage]:
        for number in range(200):
            yield PdfPage(AccessImage(b"%d" % number + noise, Encoding.JPEG, WIDTH, HEIGHT, DPI, grey=True), words)

    tracemalloc.start()
    try:
        write_pdf(pages(), Sink(), ABOUT)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000  # of 40,000,000 that were written
    finally:
        tracemalloc.stop()


def test_objects_lie_where_the_table_says(pdf: bytes) -> None:
    start = int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])
    rows = pdf[start:].split(b"trailer")[0].splitlines()[3:]
    offsets = [int(row[:10]) for row in rows]
    assert all(pdf[offset:].startswith(b"%d 0 obj\n" % number) for number, offset in enumerate(offsets, 1))
    assert all(len(row) == 19 for row in rows)  # and the line feed: 20 bytes each, ISO 32000-1, 7.5.4
    assert all(a != b for a, b in pairwise(sorted(offsets)))


def test_verapdf_finds_it_compliant(pdf: bytes, tmp_path: Path) -> None:
    path = tmp_path / "made.pdf"
    path.write_bytes(pdf)
    verdict = subprocess.run([sys.executable, str(VERAPDF), str(path)], capture_output=True, text=True)
    if verdict.returncode == 3:
        pytest.skip(verdict.stderr.strip())
    assert (verdict.returncode, verdict.stdout.split()[0]) == (0, "PASS"), verdict.stdout
