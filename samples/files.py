"""Scans as files, the way scanners and clerks leave them: PDF of JPEG pages, G4 TIFF, PNG, and broken or locked ones.

The PDF writer is a few lines so that JPEG data goes in untouched, the bytes never vary, and the catalogue stands at the end
of the file, as many scanners write it: a truncated file then has none and cannot be opened.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import cv2
import numpy as np
import pypdf
from PIL import Image
from pypdf.generic import ArrayObject, ByteStringObject

from pipeline.model import Pixels
from samples.scanner import ScannedPage

_PAPER = 240  # what paper becomes under any light
_LID = 60  # the darkest light of paper
_FAINTEST = 15  # below the paper, of what is ink


def pdf(pages: Sequence[ScannedPage]) -> bytes:
    """A PDF 1.4 with one JPEG a page, at paper size."""
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets: list[int] = []
    root = 3 * len(pages) + 2
    for n, page in enumerate(pages):
        first = 3 * n + 1
        height, width = page.pixels.shape[:2]
        across, down = width * 72 / page.dpi, height * 72 / page.dpi
        colours = "/DeviceGray" if page.pixels.ndim == 2 else "/DeviceRGB"
        image = (
            f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace {colours} /BitsPerComponent 8 /Filter /DCTDecode"
        )
        _object(out, offsets, image, page.jpeg)
        _object(out, offsets, "", f"q {across:.2f} 0 0 {down:.2f} 0 0 cm /I Do Q".encode())
        resources = f"/Resources << /XObject << /I {first} 0 R >> >>"
        box = f"/MediaBox [0 0 {across:.2f} {down:.2f}]"
        _object(out, offsets, f"/Type /Page /Parent {root - 1} 0 R {box} /Contents {first + 1} 0 R {resources}")
    kids = " ".join(f"{3 * n + 3} 0 R" for n in range(len(pages)))
    _object(out, offsets, f"/Type /Pages /Count {len(pages)} /Kids [{kids}]")
    _object(out, offsets, f"/Type /Catalog /Pages {root - 1} 0 R")
    start = out.tell()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    out.write(f"xref\n0 {root + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {root + 1} /Root {root} 0 R >>\n".encode())
    out.write(f"startxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def _object(out: io.BytesIO, offsets: list[int], entries: str, stream: bytes | None = None) -> None:
    offsets.append(out.tell())
    length = "" if stream is None else f" /Length {len(stream)}"
    body = b"" if stream is None else b"\nstream\n" + stream + b"\nendstream"
    out.write(f"{len(offsets)} 0 obj\n<< {entries}{length} >>".encode() + body + b"\nendobj\n")


def locked(document: bytes, password: str) -> bytes:
    """The same PDF locked with a user password (RC4, 128 bits: old office software, and no random salt in the bytes)."""
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(document)))
    fixed = ArrayObject([ByteStringObject(b"sample-of-a-lock")] * 2)
    writer._ID = fixed  # pypdf draws identifiers anew each time; the key is made from the first, both are in the file
    writer.encrypt(password, algorithm="RC4-128")
    writer._ID = fixed
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def truncated(document: bytes) -> bytes:
    """The first three fifths of a file, as a full disk or a lost connection leaves it."""
    return document[: len(document) * 3 // 5]


def tiff(pages: Sequence[ScannedPage]) -> bytes:
    """A multi-page CCITT G4 TIFF, black and white."""
    first, *rest = (Image.fromarray(bitonal(page.pixels)).convert("1", dither=Image.Dither.NONE) for page in pages)
    out = io.BytesIO()
    dpi = (pages[0].dpi, pages[0].dpi)
    first.save(out, "TIFF", compression="group4", save_all=True, append_images=rest, dpi=dpi)
    return out.getvalue()


def bitonal(pixels: Pixels) -> Pixels:
    """Black and white as a scanner's firmware makes it: against the paper around, whose light is uneven, above its grain."""
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    soft = np.asarray(cv2.medianBlur(np.asarray(grey, np.uint8), 3), np.uint8)
    flat = np.asarray(cv2.divide(soft, _paper(soft), scale=_PAPER), np.uint8)
    middle = flat[flat.shape[0] // 10 : -flat.shape[0] // 10, flat.shape[1] // 10 : -flat.shape[1] // 10]
    ink, paper = np.percentile(middle, (1, 50))
    grain = float(np.median(cv2.absdiff(middle, np.full_like(middle, paper))))
    return np.where(flat < paper - max(_FAINTEST, 6 * grain, 0.4 * (paper - ink)), 0, 255).astype(np.uint8)


def _paper(grey: Pixels) -> Pixels:
    """The light of the paper, the ink filled in; the lid beside it stays dark."""
    height, width = grey.shape
    small = cv2.resize(grey, (width // 6, height // 6), interpolation=cv2.INTER_AREA)
    closed = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)), (0, 0), 4)
    return np.maximum(cv2.resize(closed, (width, height)), _LID).astype(np.uint8)


def png(page: ScannedPage) -> bytes:
    """A PNG with its resolution."""
    image = page.pixels if page.pixels.ndim == 2 else cv2.cvtColor(page.pixels, cv2.COLOR_BGR2RGB)
    out = io.BytesIO()
    Image.fromarray(image).save(out, "PNG", dpi=(page.dpi, page.dpi), compress_level=3)
    return out.getvalue()
