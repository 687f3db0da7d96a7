"""Pages and their words become one searchable PDF/A-2b.

The picture of a page goes in exactly as it is encoded, under an invisible text layer. Pages are taken one by one and written
at once, so the memory needed does not grow with the document. It neither reads pages nor decides which belong together.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from pypdf.generic import ArrayObject, BooleanObject, FloatObject, IndirectObject, NullObject, NumberObject, StreamObject, TextStringObject

from pipeline.model import AccessImage, Encoding, Words
from pipeline.pdf_archive import About, clean, document_info, write_metadata, write_output_intent
from pipeline.pdf_file import PdfFile, dictionary, name, stream
from pipeline.pdf_font import TextFont
from pipeline.pdf_text import text_layer

_MIN_POINTS, _MAX_POINTS = 3.0, 14_400.0  # sides of a page that PDF/A-2 allows (ISO 19005-2, 6.1.13)


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page to be: its picture, its words in the pixels of the picture, and the outline entry that begins with it, if any."""

    image: AccessImage
    words: Words
    title: str | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """An outline entry and the page it leads to."""

    title: str
    page: IndirectObject


def write_pdf(pages: Iterable[PdfPage], out: BinaryIO, about: About) -> int:
    """Write a PDF/A-2b of `pages` to `out` (need not be seekable) and return how many there were.

    The same pages and the same `about` give the same bytes. A result of 0 means that `out` holds no document worth keeping.
    """
    file = PdfFile(out)
    tree, font_at = file.reserve(), file.reserve()
    font = TextFont()
    made: list[IndirectObject] = []
    entries: list[_Entry] = []
    for page in pages:
        made.append(_write_page(file, page, tree, font_at, font))
        if page.title is not None:
            entries.append(_Entry(clean(page.title), made[-1]))
    font.embed(file, font_at)
    file.put(tree, dictionary(Type=name("Pages"), Kids=ArrayObject(made), Count=NumberObject(len(made))))
    catalogue = dictionary(
        Type=name("Catalog"),
        Pages=tree,
        Lang=TextStringObject(about.language),
        Metadata=write_metadata(file, about),
        OutputIntents=write_output_intent(file),
        ViewerPreferences=dictionary(DisplayDocTitle=BooleanObject(value=True)),
    )
    if entries:
        catalogue[name("Outlines")] = _write_outline(file, entries)
        catalogue[name("PageMode")] = name("UseOutlines")
    file.finish(file.add(catalogue), file.add(document_info(about)))
    return len(made)


def _write_page(file: PdfFile, page: PdfPage, tree: IndirectObject, font_at: IndirectObject, font: TextFont) -> IndirectObject:
    image = page.image
    width, height = _points(image.width, image.dpi), _points(image.height, image.dpi)
    picture = f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /I Do Q\n".encode("ascii")
    content = zlib.compress(picture + text_layer(page.words, width, height, font))
    return file.add(
        dictionary(
            Type=name("Page"),
            Parent=tree,
            MediaBox=ArrayObject([NumberObject(0), NumberObject(0), FloatObject(f"{width:.3f}"), FloatObject(f"{height:.3f}")]),
            Resources=dictionary(XObject=dictionary(I=file.add(_picture(image))), Font=dictionary(F=font_at)),
            Contents=file.add(stream(content, Filter=name("FlateDecode"))),
        )
    )


def _points(pixels: int, dpi: float) -> float:
    """Pixels as points (1/72 inch), within what a page may measure."""
    return min(max(pixels * 72 / dpi, _MIN_POINTS), _MAX_POINTS)


def _picture(image: AccessImage) -> StreamObject:
    """The image XObject around the encoded bytes. G4 as fax has it: black runs are ink (ITU-T T.6), hence BlackIs1 false."""
    made = stream(
        image.encoded,
        Type=name("XObject"),
        Subtype=name("Image"),
        Width=NumberObject(image.width),
        Height=NumberObject(image.height),
        ColorSpace=name("DeviceGray" if image.grey else "DeviceRGB"),
        BitsPerComponent=NumberObject(1 if image.encoding is Encoding.G4 else 8),
        Filter=name(image.encoding.value),
    )
    if image.encoding is Encoding.G4:
        made[name("DecodeParms")] = dictionary(
            K=NumberObject(-1), Columns=NumberObject(image.width), Rows=NumberObject(image.height), BlackIs1=BooleanObject(value=False)
        )
    return made


def _write_outline(file: PdfFile, entries: list[_Entry]) -> IndirectObject:
    """A flat outline; each entry shows the top of its page and keeps the zoom (ISO 32000-1, 12.3.3)."""
    root = file.reserve()
    items = [file.reserve() for _ in entries]
    for number, entry in enumerate(entries):
        destination = ArrayObject([entry.page, name("XYZ"), NullObject(), NullObject(), NullObject()])
        item = dictionary(Title=TextStringObject(entry.title), Parent=root, Dest=destination)
        if number > 0:
            item[name("Prev")] = items[number - 1]
        if number + 1 < len(items):
            item[name("Next")] = items[number + 1]
        file.put(items[number], item)
    return file.put(root, dictionary(Type=name("Outlines"), First=items[0], Last=items[-1], Count=NumberObject(len(items))))
