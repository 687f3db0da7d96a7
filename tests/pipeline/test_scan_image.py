"""Image files: what is stored in whatever way comes out as grey or BGR, upright, with a believable resolution."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline import errors
from pipeline.model import Pixels, SourcePage
from pipeline.scan import open_scan
from tests.pipeline.scan_samples import colours, noise, tiff

HEIGHT, WIDTH = 40, 30


def _page(path: Path, number: int = 1) -> SourcePage:
    with open_scan(path) as opened:
        return opened.page(number)


def _bgr(rgb: Pixels) -> Pixels:
    return rgb[:, :, ::-1]


@pytest.mark.parametrize(("name", "kind"), [("TIFF", "tiff"), ("PNG", "png"), ("JPEG2000", "jp2"), ("WEBP", "webp"), ("BMP", "bmp")])
def test_colour_is_bgr_and_lossless(tmp_path: Path, name: str, kind: str) -> None:
    rgb = colours(HEIGHT, WIDTH)
    Image.fromarray(rgb).save(tmp_path / "a", name, **({"lossless": True} if name == "WEBP" else {}))
    with open_scan(tmp_path / "a") as opened:
        assert opened.format == kind
        page = opened.page(1)
    assert np.array_equal(page.pixels, _bgr(rgb))
    assert page.pixels.flags.c_contiguous
    assert not page.bitonal


def test_jpeg(tmp_path: Path) -> None:
    flat = np.full((HEIGHT, WIDTH, 3), (200, 60, 20), np.uint8)
    Image.fromarray(flat).save(tmp_path / "a", "JPEG", quality=95, dpi=(200, 200))
    page = _page(tmp_path / "a")
    assert np.abs(page.pixels.astype(int) - _bgr(flat)).max() <= 3
    assert (page.dpi, page.notes) == (200.0, ())


def test_colour_files_without_colour_are_grey(tmp_path: Path) -> None:
    grey = noise(HEIGHT, WIDTH)
    Image.fromarray(np.dstack([grey] * 3)).save(tmp_path / "a", "PNG")
    assert np.array_equal(_page(tmp_path / "a").pixels, grey)


def test_bitonal_g4(tmp_path: Path) -> None:
    black = noise(HEIGHT, WIDTH) < 128
    Image.fromarray(~black).save(tmp_path / "a", "TIFF", compression="group4", dpi=(200, 200))
    page = _page(tmp_path / "a")
    assert page.bitonal
    assert np.array_equal(page.pixels, np.where(black, 0, 255))


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_tiff_compressions(tmp_path: Path, compression: str) -> None:
    grey = noise(HEIGHT, WIDTH)
    Image.fromarray(grey).save(tmp_path / "a", "TIFF", compression=compression)
    assert np.array_equal(_page(tmp_path / "a").pixels, grey)


def test_pages_of_a_tiff_in_any_order(tmp_path: Path) -> None:
    pages = [noise(HEIGHT, WIDTH + seed, seed) for seed in range(4)]
    first, *others = [Image.fromarray(page) for page in pages]
    first.save(tmp_path / "a", "TIFF", save_all=True, append_images=others, compression="tiff_lzw")
    with open_scan(tmp_path / "a") as opened:
        assert opened.pages == 4
        for number in (3, 1, 4, 2, 2):
            assert np.array_equal(opened.page(number).pixels, pages[number - 1])


def test_thumbnails_are_no_pages(tmp_path: Path) -> None:
    thumbnail, page = Image.fromarray(noise(4, 3)), Image.fromarray(noise(HEIGHT, WIDTH))
    thumbnail.encoderinfo = {"tiffinfo": {254: 1}}
    page.save(tmp_path / "a", "TIFF", save_all=True, append_images=[thumbnail])
    with open_scan(tmp_path / "a") as opened:
        assert opened.pages == 1
        assert opened.page(1).pixels.shape == (HEIGHT, WIDTH)


@pytest.mark.parametrize("kind", ["TIFF", "JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_tags_are_applied_once(tmp_path: Path, kind: str, orientation: int) -> None:
    upright = np.full((32, 48), 255, np.uint8)
    upright[0:8, 0:8] = 0
    upright[0:8, 40:48] = 128
    stored = {1: upright, 2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1], 5: upright.T}
    stored |= {6: np.rot90(upright, 1), 7: np.rot90(upright.T, 2), 8: np.rot90(upright, -1)}
    image = Image.fromarray(np.ascontiguousarray(stored[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    if kind == "TIFF":
        image.save(tmp_path / "a", kind, tiffinfo={274: orientation})
    else:
        image.save(tmp_path / "a", kind, exif=exif, quality=100)
    assert np.abs(_page(tmp_path / "a").pixels.astype(int) - upright).max() < 12


def test_white_is_zero(tmp_path: Path) -> None:
    content = bytearray(tiff([-1]))
    content[-4:] = bytes([0, 0, 255, 255])
    content[8 + 2 + 4 * 12 + 8] = 0  # PhotometricInterpretation: WhiteIsZero
    (tmp_path / "a").write_bytes(content)
    assert _page(tmp_path / "a").pixels.tolist() == [[255, 255], [0, 0]]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits(tmp_path: Path, kind: str) -> None:
    deep = np.linspace(0, 65_535, HEIGHT * WIDTH).astype(np.uint16).reshape(HEIGHT, WIDTH)
    Image.fromarray(deep).save(tmp_path / "a", kind)
    assert np.array_equal(_page(tmp_path / "a").pixels, (deep >> 8).astype(np.uint8))


def test_sixteen_bits_white_is_zero(tmp_path: Path) -> None:
    deep = np.array([[0, 65_535]], np.uint16)
    Image.fromarray(deep).save(tmp_path / "a", "TIFF", tiffinfo={262: 0})
    content = (tmp_path / "a").read_bytes()
    at = content.index(b"\x06\x01\x03\x00")  # PhotometricInterpretation, SHORT
    (tmp_path / "a").write_bytes(content[: at + 8] + b"\0" + content[at + 9 :])
    assert _page(tmp_path / "a").pixels.tolist() == [[255, 0]]


def test_alpha_shows_white_paper(tmp_path: Path) -> None:
    rgba = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    rgba[: HEIGHT // 2, :, 3] = 255
    Image.fromarray(rgba).save(tmp_path / "a", "PNG")
    page = _page(tmp_path / "a").pixels
    assert page.shape == (HEIGHT, WIDTH)
    assert (page[: HEIGHT // 2] == 0).all()
    assert (page[HEIGHT // 2 :] == 255).all()


def test_palette_and_cmyk(tmp_path: Path) -> None:
    red = np.full((HEIGHT, WIDTH, 3), (255, 0, 0), np.uint8)
    Image.fromarray(red).quantize(4).save(tmp_path / "a", "PNG")
    assert (_page(tmp_path / "a").pixels == (0, 0, 255)).all()
    Image.fromarray(red).convert("CMYK").save(tmp_path / "b", "TIFF")
    assert (_page(tmp_path / "b").pixels == (0, 0, 255)).all()
    Image.fromarray(red).convert("CMYK").save(tmp_path / "c", "JPEG", quality=100)
    assert np.abs(_page(tmp_path / "c").pixels.astype(int) - (0, 0, 255)).max() < 8


@pytest.mark.parametrize(
    ("size", "tag", "dpi", "notes"),
    [
        ((826, 1169), (100, 100), 100.0, ()),
        ((1654, 2339), None, 200.0, ("dpi_assumed",)),  # A4 by its aspect
        ((2339, 1654), None, 200.0, ("dpi_assumed",)),
        ((1240, 1754), None, 150.0, ("dpi_assumed",)),
        ((1240, 1754), (72, 72), 150.0, ("dpi_assumed",)),  # 62 cm of paper: what software writes that does not know
        ((1240, 1754), (3000, 3000), 150.0, ("dpi_assumed",)),
        ((1240, 1754), (1, 1), 150.0, ("dpi_assumed",)),
        ((600, 300), None, 200.0, ("dpi_assumed",)),
        ((638, 1011), (300, 300), 300.0, ()),  # an identity card
    ],
)
def test_resolution(tmp_path: Path, size: tuple[int, int], tag: tuple[int, int] | None, dpi: float, notes: tuple[str, ...]) -> None:
    Image.new("L", size, 200).save(tmp_path / "a", "JPEG", **({} if tag is None else {"dpi": tag}))
    page = _page(tmp_path / "a")
    assert page.dpi == pytest.approx(dpi, rel=0.01)
    assert page.notes == notes
    assert page.pixels.shape == size[::-1]


def test_fax_pixels_are_made_square(tmp_path: Path) -> None:
    Image.new("1", (1728, 1145), 1).save(tmp_path / "a", "TIFF", compression="group3", dpi=(204, 98))
    page = _page(tmp_path / "a")
    assert page.pixels.shape == (round(1145 * 204 / 98), 1728)
    assert page.dpi == pytest.approx(204, rel=0.01)


def test_a_600_dpi_scan_is_reduced(tmp_path: Path) -> None:
    Image.new("1", (4961, 7016), 1).save(tmp_path / "a", "TIFF", compression="group4", dpi=(600, 600))
    page = _page(tmp_path / "a")
    assert page.notes == ("reduced",)
    assert page.dpi == pytest.approx(400)
    assert page.pixels.shape == (4677, 3307)
    assert page.bitonal


def test_half_a_jpeg_is_half_a_page_with_a_note(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.fromarray(colours(400, 300)).save(buffer, "JPEG", dpi=(200, 200))
    (tmp_path / "a").write_bytes(buffer.getvalue()[: len(buffer.getvalue()) // 2])
    page = _page(tmp_path / "a")
    assert page.notes == ("truncated",)
    assert page.pixels[:100].std() > 20


def test_a_truncated_tiff_loses_no_page_in_silence(tmp_path: Path) -> None:
    pages = [Image.fromarray(noise(200, 150, seed) < 128) for seed in range(3)]
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    content = buffer.getvalue()
    for part in (0.1, 0.3, 0.5, 0.65, 0.8, 0.97):
        (tmp_path / "a").write_bytes(content[: int(len(content) * part)])
        try:
            with open_scan(tmp_path / "a") as opened:
                assert opened.pages == 3, part
                whole = [_whole(opened.page, number) for number in (1, 2, 3)]
            assert not all(whole), part
        except errors.Refused:
            continue


def _whole(page: object, number: int) -> bool:
    assert callable(page)
    try:
        return "truncated" not in page(number).notes
    except errors.Broken:
        return False


def test_a_single_pixel(tmp_path: Path) -> None:
    for kind in ("PNG", "TIFF", "BMP", "JPEG"):
        Image.new("L", (1, 1), 255).save(tmp_path / "a", kind)
        assert _page(tmp_path / "a").pixels.tolist() == [[255]]
