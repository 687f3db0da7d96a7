"""The formats of scan files, told by their first bytes and never by their names.

Looks at no more than the first kilobyte and opens nothing; whether the rest is sound is for `scan` to find out.
"""

from __future__ import annotations

from enum import StrEnum

HEAD_BYTES = 1024
"""A PDF header may stand anywhere in the first 1,024 bytes (ISO 32000-1, implementation note 13)."""


class Format(StrEnum):
    """The formats that are accepted."""

    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"
    JP2 = "jp2"
    WEBP = "webp"
    BMP = "bmp"


_STARTS: tuple[tuple[bytes, Format], ...] = (
    (b"II*\x00", Format.TIFF),
    (b"MM\x00*", Format.TIFF),
    (b"II+\x00", Format.TIFF),  # BigTIFF
    (b"MM\x00+", Format.TIFF),
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", Format.JP2),
    (b"\xff\x4f\xff\x51", Format.JP2),  # a bare JPEG 2000 codestream
)


def format_of(untrusted_head: bytes) -> Format | None:
    """The format of a file that begins with these bytes; None when it is not one of ours."""
    for start, kind in _STARTS:
        if untrusted_head.startswith(start):
            return kind
    if untrusted_head[:4] == b"RIFF" and untrusted_head[8:12] == b"WEBP":
        return Format.WEBP
    if untrusted_head[:2] == b"BM" and untrusted_head[6:10] == b"\x00\x00\x00\x00":  # both reserved words are zero
        return Format.BMP
    if b"%PDF-" in untrusted_head[:HEAD_BYTES]:
        return Format.PDF
    return None
