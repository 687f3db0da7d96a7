"""The same page stored in unusual ways is read all the same; what is hardly a page at all still ends in a PDF."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image

from pipeline.model import Pixels, ReadSettings
from pipeline.pdf_proof import prove_pdf
from samples.dense import dense_page
from tests.pipeline.scan_samples import PdfPage, bit_image, flate_image, full_page, jpeg_image, write_pdf
from workers.report import PageReport
from workers.single import ocr_file

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
TEXT = "Tờ khai đăng ký khai sinh của công dân\nỦy ban nhân dân xã xác nhận nội dung trên là đúng sự thật"
A4 = (1240, 1754)  # at 150 dpi


def read(source: Path, out: Path) -> PageReport:
    report = ocr_file(source, out, sidecar=None, jobs=1, settings=ReadSettings(), now=NOW, progress=None)
    assert prove_pdf(out, 1).pages == 1
    (page,) = report.pages
    assert page.failure is None
    return page


def shown(pdf: Path) -> Pixels:
    """What people see of the page, grey."""
    document = pypdfium2.PdfDocument(pdf)
    pixels = np.array(document[0].render(scale=1, grayscale=True).to_numpy())
    document.close()
    return pixels.reshape(pixels.shape[:2])


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return Image.fromarray(dense_page(1, TEXT).image).convert("L").resize(A4)


def cmyk(page: Image.Image) -> bytes:
    return saved(page.convert("RGB").convert("CMYK"), "JPEG", dpi=(150, 150), quality=90)


def saved(page: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    page.save(file, kind, **options)
    return file.getvalue()


def sixteen(page: Image.Image) -> bytes:
    return saved(Image.fromarray(np.asarray(page).astype(np.uint16) * 257), "PNG", dpi=(150, 150))


def transparent(page: Image.Image) -> bytes:
    """Ink on nothing: the paper is not there at all, and what stands for it is black."""
    rgba = np.zeros((A4[1], A4[0], 4), np.uint8)
    rgba[:, :, 3] = 255 - np.asarray(page)
    return saved(Image.fromarray(rgba), "PNG", dpi=(150, 150))


def palette(page: Image.Image) -> bytes:
    return saved(page.convert("RGB").quantize(8), "PNG", dpi=(150, 150))


def inverted(page: Image.Image) -> bytes:
    """TIFF with PhotometricInterpretation 0: 0 is white."""
    content = saved(Image.fromarray(255 - np.asarray(page)), "TIFF", dpi=(150, 150), tiffinfo={262: 1})
    at = content.index(b"\x06\x01\x03\x00")
    return content[: at + 8] + b"\0" + content[at + 9 :]


def sideways(page: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by 90 degrees
    return saved(page.rotate(90, expand=True), "JPEG", dpi=(150, 150), exif=exif, quality=90)


def untagged(page: Image.Image) -> bytes:
    return saved(page, "JPEG", quality=90)


def wrongly_tagged(page: Image.Image) -> bytes:
    return saved(page, "JPEG", quality=90, dpi=(1, 1))


@pytest.mark.parametrize("stored", [cmyk, sixteen, transparent, palette, inverted, sideways, untagged, wrongly_tagged])
def test_however_a_page_is_stored_it_is_read(page: Image.Image, tmp_path: Path, stored: object) -> None:
    assert callable(stored)
    (tmp_path / "in").write_bytes(stored(page))
    found = read(tmp_path / "in", tmp_path / "out.pdf")
    assert "đăng ký khai sinh của công" in found.text
    assert found.dpi == pytest.approx(150, rel=0.01)
    picture = shown(tmp_path / "out.pdf")
    assert picture.shape == pytest.approx((842, 595), abs=2)
    assert np.median(picture) > 200  # dark letters on light paper


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_rotate_of_a_pdf_is_followed(page: Image.Image, tmp_path: Path, rotate: int) -> None:
    turned = np.ascontiguousarray(np.rot90(np.asarray(page), rotate // 90))
    write_pdf(tmp_path / "in.pdf", [full_page(jpeg_image(turned), 150, f"/Rotate {rotate}")])
    found = read(tmp_path / "in.pdf", tmp_path / "out.pdf")
    assert "khai sinh của công" in found.text
    assert found.rotation == 0


def test_a_page_put_together_of_images_is_one_page(page: Image.Image, tmp_path: Path) -> None:
    """Two halves of the page and a stencil on top, as scanners with separate layers write it."""
    pixels = np.asarray(page)
    upper, lower = jpeg_image(np.ascontiguousarray(pixels[:877])), flate_image(np.ascontiguousarray(pixels[877:]))
    stencil = np.zeros((64, 64), np.bool_)
    stencil[16:48, 16:48] = True
    content = "q 595 0 0 421 0 421 cm /I0 Do Q q 595 0 0 421 0 0 cm /I1 Do Q 1 0 0 rg q 40 0 0 40 300 60 cm /I2 Do Q"
    write_pdf(tmp_path / "in.pdf", [PdfPage("0 0 595 842", content, (upper, lower, bit_image(stencil, mask=True)))])
    found = read(tmp_path / "in.pdf", tmp_path / "out.pdf")
    assert "khai sinh của công" in found.text
    assert shown(tmp_path / "out.pdf")[842 - 80, 320] < 160


def test_a_photograph_is_kept_as_a_picture(tmp_path: Path) -> None:
    coarse = np.random.default_rng(1).integers(0, 256, (40, 30, 3), dtype=np.uint8)
    photograph = cv2.GaussianBlur(cv2.resize(coarse, A4, interpolation=cv2.INTER_CUBIC), (0, 0), 9)
    Image.fromarray(np.asarray(photograph)).save(tmp_path / "in.jpg", dpi=(150, 150), quality=90)
    found = read(tmp_path / "in.jpg", tmp_path / "out.pdf")
    assert found.kept and "unread_ink" in found.notes
    expected = cv2.resize(cv2.cvtColor(photograph, cv2.COLOR_RGB2GRAY), (595, 842), interpolation=cv2.INTER_AREA)
    assert np.abs(shown(tmp_path / "out.pdf")[:842, :595].astype(int) - expected).mean() < 4


@pytest.mark.parametrize(
    ("size", "ink"), [((1, 1), 255), ((1, 1), 0), ((300, 20_000), 255), ((20_000, 60), 128), ((20_000, 1), 0), (A4, 0)]
)
def test_what_is_hardly_a_page_still_gives_a_pdf(tmp_path: Path, size: tuple[int, int], ink: int) -> None:
    Image.new("L", size, ink).save(tmp_path / "in.png")
    assert read(tmp_path / "in.png", tmp_path / "out.pdf").reason == "blank"
