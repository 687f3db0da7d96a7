"""PDF pages: scanned images come out pixel for pixel, in the right way up, other pages at 300 dpi."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.limits import MAX_RENDER_PIXELS
from pipeline.model import SourcePage
from pipeline.scan import open_scan
from tests.pipeline.scan_samples import PdfPage, bit_image, colours, flate_image, full_page, noise, write_pdf


def _page(tmp_path: Path, page: PdfPage) -> SourcePage:
    with open_scan(write_pdf(tmp_path / "scan.pdf", [page])) as opened:
        return opened.page(1)


@pytest.mark.parametrize("dpi", [96, 150, 200, 300, 400])
@pytest.mark.parametrize("size", [(400, 300), (351, 247)])
def test_grey_scans_come_out_pixel_for_pixel(tmp_path: Path, dpi: float, size: tuple[int, int]) -> None:
    pixels = noise(*size)
    page = _page(tmp_path, full_page(flate_image(pixels), dpi))
    assert np.array_equal(page.pixels, pixels)
    assert page.dpi == pytest.approx(dpi, rel=0.005)
    assert page.notes == ()
    assert not page.bitonal


def test_colour_scans_come_out_pixel_for_pixel(tmp_path: Path) -> None:
    pixels = colours(400, 300)
    page = _page(tmp_path, full_page(flate_image(pixels), 200))
    assert np.array_equal(page.pixels, pixels[:, :, ::-1])
    assert page.pixels.flags.c_contiguous


def test_colour_images_without_colour_are_grey(tmp_path: Path) -> None:
    grey = noise(400, 300)
    page = _page(tmp_path, full_page(flate_image(np.dstack([grey] * 3)), 200))
    assert np.array_equal(page.pixels, grey)


@pytest.mark.parametrize("mask", [False, True])
def test_bitonal_scans(tmp_path: Path, mask: bool) -> None:
    black = noise(403, 301) < 128
    page = _page(tmp_path, full_page(bit_image(black, mask=mask), 300))
    assert page.bitonal
    assert np.array_equal(page.pixels, np.where(black, 0, 255))


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_rotate_is_applied_once(tmp_path: Path, rotate: int) -> None:
    pixels = noise(400, 300)
    page = _page(tmp_path, full_page(flate_image(pixels), 200, f"/Rotate {rotate}"))
    assert np.array_equal(page.pixels, np.rot90(pixels, -rotate // 90))


@pytest.mark.parametrize(
    ("matrix", "turns"), [("0 150 -200 0 200 0", 1), ("-150 0 0 -200 150 200", 2), ("0 -150 200 0 0 150", 3)], ids=["90", "180", "270"]
)
def test_turned_by_the_matrix(tmp_path: Path, matrix: str, turns: int) -> None:
    pixels = noise(400, 300)
    box = "0 0 150 200" if turns == 2 else "0 0 200 150"
    page = _page(tmp_path, PdfPage(box, f"q {matrix} cm /I0 Do Q", (flate_image(pixels),)))
    assert np.array_equal(page.pixels, np.rot90(pixels, turns))


def test_an_image_that_does_not_begin_at_the_corner(tmp_path: Path) -> None:
    pixels = noise(400, 300)
    page = _page(tmp_path, PdfPage("10 20 112 158", "q 100.8 0 0 134.4 10.5 21.2 cm /I0 Do Q", (flate_image(pixels),)))
    top, left = next(
        (top, left)
        for top in range(30)
        for left in range(30)
        if np.array_equal(page.pixels[top : top + 380, left : left + 280], pixels[:380, :280])
    )
    assert 0 <= top < 12
    assert 0 <= left < 8


def test_crop_box(tmp_path: Path) -> None:
    pixels = noise(400, 300)
    page = _page(tmp_path, full_page(flate_image(pixels), 72, "/CropBox[0 0 300 380]"))
    assert np.array_equal(page.pixels, pixels[20:])


def test_fine_images_are_reduced(tmp_path: Path) -> None:
    page = _page(tmp_path, full_page(bit_image(np.zeros((2400, 1800), np.bool_)), 1200))
    assert page.pixels.shape == (800, 600)
    assert page.dpi == pytest.approx(400)
    assert page.notes == ("reduced",)
    assert page.bitonal


def test_an_invisible_text_layer_does_not_matter(tmp_path: Path) -> None:
    pixels = noise(400, 300)
    scanned = full_page(flate_image(pixels), 100)
    layer = " BT 3 Tr /F 12 Tf 20 100 Td (Van ban) Tj ET"
    assert np.array_equal(_page(tmp_path, PdfPage(scanned.box, scanned.content + layer, scanned.images)).pixels, pixels)


def test_stamps_on_the_image_are_shown(tmp_path: Path) -> None:
    pixels = np.full((400, 300), 255, np.uint8)
    scanned = full_page(flate_image(pixels), 200)
    page = _page(tmp_path, PdfPage(scanned.box, scanned.content + " 1 0 0 rg 36 36 36 36 re f", scanned.images))
    assert page.pixels.shape == (400, 300, 3)
    assert page.pixels[250, 150].tolist() == [0, 0, 255]


def test_visible_signatures_are_shown(tmp_path: Path) -> None:
    pixels = np.full((400, 300), 255, np.uint8)
    scanned = full_page(flate_image(pixels), 200)
    widget = "<</Type/Annot/Subtype/Widget/FT/Sig/F 4/Rect[36 36 72 72]/T(s)/AP<</N 6 0 R>>>>"
    path = write_pdf(tmp_path / "scan.pdf", [PdfPage(scanned.box, scanned.content, scanned.images, f"/Annots[{widget}]")])
    # An incremental update, as signing makes one, adds the form and what the signature looks like: a blue square.
    content = path.read_bytes()
    catalog_at = len(content)
    content += b"1 0 obj\n<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[]>>>>\nendobj\n"
    look_at = len(content)
    content += b"6 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 36 36]/Length 23>>stream\n0 0 1 rg 0 0 36 36 re f\nendstream\nendobj\n"
    start, previous = len(content), content.rindex(b"xref\n0 ")
    content += b"xref\n1 1\n%010d 00000 n \n6 1\n%010d 00000 n \n" % (catalog_at, look_at)
    content += b"trailer<</Size 7/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (previous, start)
    path.write_bytes(content)
    with open_scan(path) as opened:
        page = opened.page(1)
    assert page.pixels[250, 150].tolist() == [255, 0, 0]
    assert not page.bitonal


def test_pages_of_text_are_drawn_at_300_dpi(tmp_path: Path) -> None:
    page = _page(tmp_path, PdfPage("0 0 144 72", "BT /F 24 Tf 10 20 Td (Kinh gui) Tj ET"))
    assert page.pixels.shape == (300, 600)
    assert page.dpi == pytest.approx(300)
    assert page.pixels.min() < 50
    assert page.pixels[0, 0] == 255


def test_text_over_a_coarse_background_is_drawn_fine(tmp_path: Path) -> None:
    scanned = full_page(flate_image(noise(144, 144)), 72)
    page = _page(tmp_path, PdfPage(scanned.box, scanned.content + " BT /F 24 Tf 10 20 Td (Kinh gui) Tj ET", scanned.images))
    assert page.dpi == pytest.approx(300)


def test_strips_of_one_scan_keep_its_resolution(tmp_path: Path) -> None:
    pixels = noise(400, 300)
    strips = tuple(flate_image(pixels[top : top + 100]) for top in range(0, 400, 100))
    content = "".join(f"q 108 0 0 36 0 {144 - 36 * (index + 1)} cm /I{index} Do Q " for index in range(4))
    page = _page(tmp_path, PdfPage("0 0 108 144", content, strips))
    assert page.pixels.shape == (400, 300)
    assert page.dpi == pytest.approx(200)


@pytest.mark.parametrize("box", ["0 0 14400 14400", "0 0 1000000 1000000", "0 0 100000 1", "0 0 0.001 0.001"])
def test_boxes_of_any_size(tmp_path: Path, box: str) -> None:
    page = _page(tmp_path, PdfPage(box, ""))
    height, width = page.pixels.shape
    assert 1 <= height * width <= MAX_RENDER_PIXELS
    assert 50 <= page.dpi <= 1_200
    assert (page.pixels == 255).all()


def test_a_missing_end_is_noted(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "scan.pdf", [full_page(flate_image(noise(40, 30)), 100)])
    path.write_bytes(path.read_bytes().replace(b"%%EOF", b""))
    with open_scan(path) as opened:
        assert opened.page(1).notes == ("truncated",)
