"""Pages of a PDF that were made with their text bring it along, in place; scans and their invisible layers do not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.ink import find_ink
from pipeline.limits import MAX_TEXT_CHARS
from pipeline.model import SourcePage, Words
from pipeline.scan import open_scan
from tests.pipeline.scan_samples import PdfPage, full_page, jpeg_image, noise, write_pdf

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
LINES = "BT /F 14 Tf 1 0 0 1 72 700 Tm (cong hoa xa hoi chu nghia) Tj 0 -20 Td (viet nam, ngay 12) Tj ET"


def read(path: Path, page: PdfPage) -> SourcePage:
    with open_scan(write_pdf(path / "a.pdf", [page])) as scan:
        return scan.page(1)


def words_of(path: Path, content: str, extra: str = "") -> Words:
    words = read(path, PdfPage("0 0 595 842", content, extra=extra)).words
    assert words is not None
    return words


def test_words_lie_on_their_ink(tmp_path: Path) -> None:
    page = read(tmp_path, PdfPage("0 0 595 842", LINES))
    assert page.words is not None
    assert page.words.text == "cong hoa xa hoi chu nghia\nviet nam, ngay 12"
    assert (page.words.height, page.words.width) == page.pixels.shape
    dark = page.pixels < 128
    for word in page.words:
        box = word.box
        assert dark[box.top : box.bottom, box.left : box.right].mean() > 0.1
        dark[box.top - 2 : box.bottom + 2, box.left - 2 : box.right + 2] = False
    assert not dark.any()


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_places_follow_rotate(tmp_path: Path, rotate: int) -> None:
    page = read(tmp_path, PdfPage("0 0 595 842", LINES, extra=f"/Rotate {rotate}"))
    assert page.words is not None
    assert (page.words.height, page.words.width) == page.pixels.shape
    ink = find_ink(page.pixels)
    for word in page.words:
        box = word.box
        assert ink.depth[int(box.top * ink.scale) : int(box.bottom * ink.scale) + 1, int(box.left * ink.scale) :].any()
        assert np.mean(page.pixels[box.top : box.bottom, box.left : box.right]) < 240


def test_characters_without_meaning_are_counted_not_shown(tmp_path: Path) -> None:
    encoding = "/Encoding<</Type/Encoding/Differences[65/uniFB01/uni00AD/uniE000/uni0003]>>"
    font = f"/Resources<</Font<</G<</Type/Font/Subtype/Type1/BaseFont/Helvetica{encoding}>>>>>>"
    found = words_of(tmp_path, "BT /G 14 Tf 72 700 Td (xAn xBn xCn) Tj ET", font).text
    assert found == "xfin xn x\ufffdn"


def test_an_invisible_layer_is_not_brought(tmp_path: Path) -> None:
    scan = full_page(jpeg_image(noise(842, 595)), 72)
    layered = PdfPage(scan.box, f"{scan.content} {LINES.replace('BT', 'BT 3 Tr')}", scan.images)
    assert read(tmp_path, layered).words is None


def test_text_under_or_over_a_scan_is_not_brought(tmp_path: Path) -> None:
    scan = full_page(jpeg_image(noise(3508, 2479)), 300)
    for content in (f"{LINES} {scan.content}", f"{scan.content} {LINES}"):
        assert read(tmp_path, PdfPage(scan.box, content, scan.images)).words is None


def test_text_outside_the_page_is_not_brought(tmp_path: Path) -> None:
    found = words_of(tmp_path, f"{LINES} BT /F 14 Tf 700 700 Td (outside) Tj ET BT /F 14 Tf 72 -300 Td (below) Tj ET")
    assert "outside" not in found.text
    assert "below" not in found.text


def test_more_text_than_a_page_can_hold_is_not_brought(tmp_path: Path) -> None:
    many = f"BT /F 1 Tf 10 700 Td ({'a ' * (MAX_TEXT_CHARS // 2 + 10)}) Tj ET"
    assert read(tmp_path, PdfPage("0 0 595 842", many)).words is None


def test_pages_of_a_font_without_a_mapping() -> None:
    path = CORPUS / "nasty" / "ocrmypdf_type3_font_nomapping.pdf"
    if not path.is_file():
        pytest.skip("shared/corpus is not beside the project")
    with open_scan(path) as scan:
        words = scan.page(1).words
    assert words is not None
    assert set(words.text) == {"\ufffd"}
