"""The picture for people is faithful and small, and decodes to what went in."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image

from pipeline.access import encode_g4, encode_jpeg, fitted
from pipeline.model import AccessImage, Encoding, Pixels
from samples.dense import dense_page
from samples.drawing import RED, Sheet, Type
from samples.presets import FADED, GOOD, WORN, Preset
from samples.scanner import scan


def sheet() -> Pixels:
    drawn = Sheet()
    drawn.put(40, 60, "SAO Y BẢN CHÍNH", Type(26, bold=True, colour=RED))
    return drawn.done().image


def in_a_pdf(image: AccessImage) -> Pixels:
    """What a PDF viewer shows of a G4 strip with /BlackIs1 false."""
    width, height = image.width, image.height
    entries = (
        f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 1 "
        f"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns {width} /Rows {height} /BlackIs1 false >> /Length {len(image.encoded)} >>"
    )
    drawing = f"q {width} 0 0 {height} 0 0 cm /I Do Q".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R "
        f"/Resources << /XObject << /I 5 0 R >> >> >>".encode(),
        f"<< /Length {len(drawing)} >>\nstream\n".encode() + drawing + b"\nendstream",
        entries.encode() + b"\nstream\n" + image.encoded + b"\nendstream",
    ]
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, part in enumerate(parts, 1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + part + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 6\n0000000000 65535 f \n" + b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets))
    out.write(f"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    document = pypdfium2.PdfDocument(out.getvalue())
    shown = document[0].render(scale=1, grayscale=True).to_numpy()
    pixels = np.array(shown).reshape(height, width)
    document.close()
    return pixels


@pytest.mark.parametrize("shape", [(300, 200), (301, 203), (1, 1), (77, 8)])
def test_g4_shows_ink_black_in_a_pdf(shape: tuple[int, int]) -> None:
    page = np.where(np.random.default_rng(3).random(shape) < 0.2, 0, 255).astype(np.uint8)
    encoded = encode_g4(page, 300)
    assert (encoded.encoding, encoded.width, encoded.height, encoded.grey) == (Encoding.G4, shape[1], shape[0], True)
    assert np.array_equal(in_a_pdf(encoded), page)


def test_g4_is_small() -> None:
    grey = np.asarray(cv2.cvtColor(sheet(), cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    assert len(encode_g4(grey, 300).encoded) < 20_000


def test_a_jpeg_keeps_the_colour_of_a_seal() -> None:
    encoded = encode_jpeg(sheet(), 300, 70)
    assert (encoded.encoding, encoded.grey, encoded.dpi) == (Encoding.JPEG, False, 300)
    with Image.open(io.BytesIO(encoded.encoded)) as picture:
        assert picture.mode == "RGB"
        assert picture.size == (encoded.width, encoded.height)
        darkest = np.asarray(picture).reshape(-1, 3).astype(int)
    red = darkest[darkest[:, 1] < 90].mean(axis=0)
    assert red[0] - red[1] > 80


def decoded(image: AccessImage) -> Pixels:
    return np.asarray(cv2.imdecode(np.frombuffer(image.encoded, np.uint8), cv2.IMREAD_UNCHANGED), dtype=np.uint8)


def noisy(ink: int, noise: float) -> Pixels:
    """A dense page of letters `ink` grey levels darker than the paper, A4 at 200 dpi, from a sensor with so much noise."""
    drawn = cv2.resize(dense_page(1).image, (1654, 2339), interpolation=cv2.INTER_AREA).min(axis=2).astype(float)
    levels = 230 - (255 - drawn) * ink / 255 + np.random.default_rng(1).normal(0, noise, drawn.shape)
    return np.asarray(np.clip(levels, 0, 255), dtype=np.uint8)


def error_on_ink(page: Pixels, shown: Pixels) -> float:
    """Root mean square difference where there is ink, grey levels."""
    dark = np.asarray(cv2.erode(cv2.GaussianBlur(page, (0, 0), 1), np.ones((5, 5)))) < np.percentile(page, 50) - 15
    difference = cv2.absdiff(page, shown)[dark].astype(np.float64)
    return float(np.sqrt(np.mean(difference**2)))


@pytest.mark.parametrize("preset", [GOOD, WORN, FADED])
def test_a_dense_page_of_any_scanner_fits(preset: Preset) -> None:
    page, dpi = fitted(scan(dense_page(1).image, preset, 1).pixels, preset.dpi, 200)
    image = encode_jpeg(page, dpi, 70)
    assert len(image.encoded) < 285_000
    grey = np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    shown = np.asarray(cv2.cvtColor(decoded(image), cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    assert error_on_ink(grey, shown) < 12


def test_pale_ink_is_kept_finely_whatever_it_costs() -> None:
    strong, pale = noisy(200, 9.0), noisy(40, 9.0)
    assert error_on_ink(pale, decoded(encode_jpeg(pale, 200, 70))) < 0.65 * error_on_ink(strong, decoded(encode_jpeg(strong, 200, 70)))


def test_quality_is_an_upper_bound() -> None:
    page = noisy(200, 0.0)[:800, :800]
    sizes = [len(encode_jpeg(page, 200, quality).encoded) for quality in (90, 70, 50, 30)]
    assert sizes == sorted(sizes, reverse=True)
    assert encode_jpeg(page, 2, 90).encoded != encode_jpeg(page, 200, 90).encoded  # with room enough the bound decides


@pytest.mark.parametrize("shape", [(1, 1), (1, 1, 3), (20_000, 3), (2, 20_000, 3), (65, 63, 3)])
def test_any_shape_is_encoded(shape: tuple[int, ...]) -> None:
    page = np.full(shape, 200, np.uint8)
    image = encode_jpeg(page, 200, 70)
    assert decoded(image).shape == shape
    assert np.abs(decoded(image).astype(int) - 200).max() <= 2


def test_a_grey_page_becomes_a_grey_jpeg() -> None:
    encoded = encode_jpeg(np.full((40, 30), 200, np.uint8), 200, 70)
    with Image.open(io.BytesIO(encoded.encoded)) as picture:
        assert picture.mode == "L"
    assert encoded.grey


def test_fitting_only_ever_reduces() -> None:
    page = np.full((600, 400), 200, np.uint8)
    small, dpi = fitted(page, 300, 200)
    assert small.shape == (400, 267) and dpi == 200
    same, dpi = fitted(page, 150, 200)
    assert same is page and dpi == 150
