"""The proof of a finished PDF: it is opened again and shown to be what was promised.

Own structural checks, cheap enough for every document made; the reference validator (veraPDF) runs in the tests. It proves
files that this product wrote and is no validator of other people's PDF/A. One page is held in memory at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NumberObject, PdfObject, StreamObject

from pipeline.errors import NotPdfA, PageCountMismatch
from pipeline.model import Encoding
from pipeline.pdf_archive import PDFA_CONFORMANCE, PDFA_PART
from pipeline.pdf_file import HEADER

_JPEG_STARTS, _JPEG_ENDS = b"\xff\xd8\xff", b"\xff\xd9"


@dataclass(frozen=True, slots=True)
class PdfProof:
    """What a proven PDF is."""

    pages: int
    pdfa: str  # part and conformance level, "2b"
    size: int  # bytes


def prove_pdf(pdf: Path | bytes, pages: int | None = None) -> PdfProof:
    """Open `pdf` again and check it: header, metadata, output intent, fonts, and the picture of every page.

    Raises NotPdfA, and PageCountMismatch when it does not have `pages` pages.
    """
    with BytesIO(pdf) if isinstance(pdf, bytes) else pdf.open("rb") as stream:
        try:
            return _prove(stream, pages)
        except (PyPdfError, KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
            raise NotPdfA(f"{type(error).__name__} while reopening") from error


def _prove(stream: BinaryIO, pages: int | None) -> PdfProof:
    _demand(stream.read(len(HEADER)) == HEADER, "header")
    stream.seek(-6, 2)
    _demand(stream.read() == b"%%EOF\n", "end of file")
    size = stream.tell()
    reader = PdfReader(stream, strict=True)
    _demand("/Encrypt" not in reader.trailer and "/ID" in reader.trailer, "trailer")
    _prove_metadata(reader)
    _prove_output_intent(reader)
    found = 0
    proven_fonts: set[int] = set()
    for page in reader.pages:
        found += 1
        resources = _dictionary(page, "/Resources")
        _prove_picture(reader, resources, found)
        _prove_fonts(resources, proven_fonts)
    if found == 0 or pages not in (None, found):
        raise PageCountMismatch(f"{found} pages, {pages or 'some'} expected")
    return PdfProof(found, f"{PDFA_PART}{PDFA_CONFORMANCE.lower()}", size)


def _prove_metadata(reader: PdfReader) -> None:
    xmp, about = reader.xmp_metadata, reader.metadata
    if xmp is None or about is None:
        raise NotPdfA("metadata")
    _demand((xmp.pdfaid_part, xmp.pdfaid_conformance) == (str(PDFA_PART), PDFA_CONFORMANCE), "pdfaid")
    _demand((xmp.dc_title or {}).get("x-default", "") == (about.title or ""), "title")
    _demand(xmp.xmp_create_date is not None and about.creation_date is not None, "date")
    _demand(bool(reader.root_object.get("/Lang")), "language")


def _prove_output_intent(reader: PdfReader) -> None:
    intents = reader.root_object["/OutputIntents"]
    _demand(isinstance(intents, ArrayObject) and len(intents) == 1, "output intent")
    intent = _dictionary(intents, 0)
    profile = _stream(intent, "/DestOutputProfile")
    _demand(str(intent["/S"]) == "/GTS_PDFA1", "output intent")
    _demand(_number(profile, "/N") == 3 and profile.get_data()[36:40] == b"acsp", "colour profile")


def _prove_picture(reader: PdfReader, resources: DictionaryObject, number: int) -> None:
    """Exactly one picture, whole, in an encoding and colour space that the output intent covers; then out of memory with it."""
    pictures = _dictionary(resources, "/XObject")
    _demand(len(pictures) == 1, f"pictures of page {number}")
    key = next(iter(pictures))
    picture = _stream(pictures, key)
    _demand(str(picture["/Subtype"]) == "/Image", f"picture of page {number}")
    _demand(str(picture["/ColorSpace"]) in ("/DeviceGray", "/DeviceRGB"), f"colours of page {number}")
    _demand(_number(picture, "/Width") > 0 and _number(picture, "/Height") > 0, f"size of page {number}")
    encoded, encoding = picture._data, str(picture["/Filter"])
    if encoding == f"/{Encoding.JPEG}":
        _demand(encoded.startswith(_JPEG_STARTS) and _JPEG_ENDS in encoded[-16:], f"JPEG of page {number}")
    else:
        _demand(encoding == f"/{Encoding.G4}" and len(encoded) > 0, f"encoding of page {number}")
    reference = pictures.raw_get(key)
    reader.resolved_objects.pop((reference.generation, reference.idnum), None)


def _prove_fonts(resources: DictionaryObject, proven: set[int]) -> None:
    fonts = _dictionary(resources, "/Font")
    for key in fonts:
        number = fonts.raw_get(key).idnum
        if number in proven:
            continue
        font = _dictionary(fonts, key)
        descriptor = _dictionary(_dictionary(font["/DescendantFonts"], 0), "/FontDescriptor")
        _demand(len(_stream(descriptor, "/FontFile2").get_data()) > 0, "embedded font")
        _demand(len(_stream(font, "/ToUnicode").get_data()) > 0, "ToUnicode")
        proven.add(number)


def _dictionary(holder: PdfObject, key: str | int) -> DictionaryObject:
    found = holder[key]  # type: ignore[index] # a KeyError or TypeError here is a finding
    if isinstance(found, IndirectObject):
        found = found.get_object()
    if not isinstance(found, DictionaryObject):
        raise NotPdfA(f"{key} is no dictionary")
    return found


def _stream(holder: DictionaryObject, key: str) -> StreamObject:
    found = _dictionary(holder, key)
    if not isinstance(found, StreamObject):
        raise NotPdfA(f"{key} is no stream")
    return found


def _number(holder: DictionaryObject, key: str) -> int:
    found = holder[key]
    if not isinstance(found, NumberObject):
        raise NotPdfA(f"{key} is no number")
    return int(found)


def _demand(held: bool, what: str) -> None:
    if not held:
        raise NotPdfA(what)
