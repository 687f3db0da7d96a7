"""PDF and TIFF files put together byte by byte, so that a test can say exactly what is right or wrong in them."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.model import Pixels


@dataclass(frozen=True)
class PdfImage:
    """A compressed image and how it is described in its dictionary."""

    stream: bytes
    width: int
    height: int
    dictionary: str


@dataclass(frozen=True)
class PdfPage:
    """A page: `content` may use the images as /I0, /I1 and so on; `extra` goes into its dictionary."""

    box: str
    content: str
    images: tuple[PdfImage, ...] = ()
    extra: str = ""


def jpeg_image(pixels: Pixels, quality: int = 90) -> PdfImage:
    """Grey or RGB pixels as a DCT image."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality, subsampling=0)
    space = "DeviceGray" if pixels.ndim == 2 else "DeviceRGB"
    return PdfImage(stream.getvalue(), pixels.shape[1], pixels.shape[0], f"/BitsPerComponent 8/ColorSpace/{space}/Filter/DCTDecode")


def flate_image(pixels: Pixels) -> PdfImage:
    """Grey or RGB pixels, lossless."""
    space = "DeviceGray" if pixels.ndim == 2 else "DeviceRGB"
    dictionary = f"/BitsPerComponent 8/ColorSpace/{space}/Filter/FlateDecode"
    return PdfImage(zlib.compress(pixels.tobytes()), pixels.shape[1], pixels.shape[0], dictionary)


def bit_image(black: np.ndarray[tuple[int, int], np.dtype[np.bool_]], *, mask: bool = False) -> PdfImage:
    """One bit a pixel, lossless; as a stencil mask it is painted in the current colour."""
    kind = "/ImageMask true/BitsPerComponent 1" if mask else "/BitsPerComponent 1/ColorSpace/DeviceGray"
    return PdfImage(zlib.compress(np.packbits(~black, axis=1).tobytes()), black.shape[1], black.shape[0], kind + "/Filter/FlateDecode")


def full_page(image: PdfImage, dpi: float, extra: str = "") -> PdfPage:
    """A scanner's page: one image, as large as the paper."""
    across, down = image.width * 72 / dpi, image.height * 72 / dpi
    return PdfPage(f"0 0 {across} {down}", f"q {across} 0 0 {down} 0 0 cm /I0 Do Q", (image,), extra)


def write_pdf(path: Path, pages: list[PdfPage], count: int | None = None, repeat: int = 1) -> Path:
    """A PDF of these pages; `count` is what the tree claims, `repeat` how often every page object is referred to."""
    out = io.BytesIO()
    offsets: list[int] = []

    def add(head: str, stream: bytes | None = None) -> None:
        offsets.append(out.tell())
        out.write(f"{len(offsets)} 0 obj\n".encode())
        if stream is None:
            out.write(f"<<{head}>>".encode())
        else:
            out.write(f"<<{head}/Length {len(stream)}>>stream\n".encode() + stream + b"\nendstream")
        out.write(b"\nendobj\n")

    firsts, number = [], 3
    for page in pages:
        firsts.append(number)
        number += 2 + len(page.images)
    kids = " ".join(f"{first} 0 R" for first in firsts for _ in range(repeat))
    out.write(b"%PDF-1.4\n")
    add("/Type/Catalog/Pages 2 0 R")
    add(f"/Type/Pages/Count {len(pages) * repeat if count is None else count}/Kids[{kids}]")
    for page, first in zip(pages, firsts, strict=True):
        images = "".join(f"/I{index} {first + 2 + index} 0 R" for index in range(len(page.images)))
        font = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
        add(f"/Type/Page/Parent 2 0 R/MediaBox[{page.box}]/Contents {first + 1} 0 R/Resources<</XObject<<{images}>>{font}>>{page.extra}")
        add("", page.content.encode())
        for image in page.images:
            add(f"/Type/XObject/Subtype/Image/Width {image.width}/Height {image.height}{image.dictionary}", image.stream)
    start = out.tell()
    out.write(f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n".encode())
    for offset in offsets:
        out.write(f"{offset:010d} 00000 n \n".encode())
    out.write(f"trailer<</Size {len(offsets) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode())
    path.write_bytes(out.getvalue())
    return path


def tiff(directories: list[int], size: int = 2) -> bytes:
    """A little-endian TIFF of white size×size pages; directory n is followed by directory `directories[n]`, -1 ends the chain."""
    out = bytearray(b"II*\0" + struct.pack("<I", 8))
    entries = 8
    step = 2 + entries * 12 + 4
    data_at = 8 + step * len(directories)
    for following in directories:
        out += struct.pack("<H", entries)
        fields = ((256, size), (257, size), (258, 8), (259, 1), (262, 1), (273, data_at), (278, size), (279, size * size))
        for tag, value in fields:
            out += struct.pack("<HHII", tag, 4, 1, value)
        out += struct.pack("<I", 8 + step * following if following >= 0 else 0)
    return bytes(out) + b"\xff" * (size * size)


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def noise(height: int, width: int, seed: int = 1) -> Pixels:
    """Grey noise: no two places look alike, so that a shift or a turn shows."""
    return np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)


def colours(height: int, width: int, seed: int = 1) -> Pixels:
    """Colour noise, RGB."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
