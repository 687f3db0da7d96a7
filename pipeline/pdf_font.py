"""The font of the invisible text: one glyph without surface, and a table that says which character each code means.

Text that is never painted (rendering mode 3) needs no shapes, but PDF/A wants every font embedded and no reference to
`.notdef` (ISO 19005-2, 6.2.11). So every character of a document gets the next free code (CID), all codes show the one
glyph, and `ToUnicode` gives the characters back when text is copied or searched, beyond the BMP too.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib

from pypdf.generic import ArrayObject, IndirectObject, NumberObject, TextStringObject

from pipeline.pdf_file import PdfFile, dictionary, name, stream

UNITS = 1000  # font units per em
ADVANCE = 500  # of every glyph, in font units
FONT_NAME = "SohoaGlyphless"
_MAX_CODES = 0xFFFF  # Identity-H codes are two bytes
_NO_CHARACTER = "\ufffd"
_MAGIC = 0x5F0F3CF5  # of a `head` table
_BLOCK = 100  # entries that one bfchar operator may hold (Adobe Technical Note 5014)


class TextFont:
    """The characters of one document and their codes. Code 1 is the space, 0 (`.notdef`) is never used."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {" ": 1, _NO_CHARACTER: 2}

    def codes(self, text: str) -> list[int]:
        """One code per character of the NFC form of `text`."""
        return [self._code(character) for character in unicodedata.normalize("NFC", text)]

    def _code(self, character: str) -> int:
        if character not in self._codes:
            if _unmappable(character) or len(self._codes) == _MAX_CODES:
                return self._codes[_NO_CHARACTER]
            self._codes[character] = len(self._codes) + 1
        return self._codes[character]

    def embed(self, file: PdfFile, reference: IndirectObject) -> None:
        """Write the font for all characters seen so far under the number that pages already point to."""
        packed = zlib.compress(font_program(), 9)
        program = file.add(stream(packed, Filter=name("FlateDecode"), Length1=NumberObject(len(font_program()))))
        descriptor = file.add(
            dictionary(
                Type=name("FontDescriptor"),
                FontName=name(FONT_NAME),
                Flags=NumberObject(4),  # symbolic: no standard encoding
                FontBBox=ArrayObject(map(NumberObject, (0, 0, ADVANCE, UNITS))),
                ItalicAngle=NumberObject(0),
                Ascent=NumberObject(UNITS),  # a selected word is marked from its baseline up by the font size
                Descent=NumberObject(-1),  # poppler takes 0 for "not said" and guesses
                CapHeight=NumberObject(UNITS),
                StemV=NumberObject(80),
                FontFile2=program,
            )
        )
        to_glyph = zlib.compress(struct.pack(">H", 0) + struct.pack(">H", 1) * len(self._codes), 9)
        descendant = file.add(
            dictionary(
                Type=name("Font"),
                Subtype=name("CIDFontType2"),
                BaseFont=name(FONT_NAME),
                CIDSystemInfo=dictionary(
                    Registry=TextStringObject("Adobe"), Ordering=TextStringObject("Identity"), Supplement=NumberObject(0)
                ),
                FontDescriptor=descriptor,
                DW=NumberObject(ADVANCE),
                CIDToGIDMap=file.add(stream(to_glyph, Filter=name("FlateDecode"))),
            )
        )
        to_unicode = file.add(stream(zlib.compress(self._to_unicode(), 9), Filter=name("FlateDecode")))
        file.put(
            reference,
            dictionary(
                Type=name("Font"),
                Subtype=name("Type0"),
                BaseFont=name(FONT_NAME),
                Encoding=name("Identity-H"),
                DescendantFonts=ArrayObject([descendant]),
                ToUnicode=to_unicode,
            ),
        )

    def _to_unicode(self) -> bytes:
        """The ToUnicode CMap (ISO 32000-1, 9.10.3)."""
        rows = [f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>" for character, code in self._codes.items()]
        blocks = [rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK)]
        body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\n"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")


def _unmappable(character: str) -> bool:
    """Lone surrogates, control characters, and the values that ToUnicode must not give (ISO 19005-2, 6.2.11.7.2)."""
    return unicodedata.category(character) in ("Cs", "Cc") or character in "\ufeff\ufffe\uffff"


def font_program() -> bytes:
    """A TrueType font of `.notdef` and one glyph, with the six tables that a CIDFontType2 needs (ISO 32000-1, 9.9).

    The glyph is a line there and back across its box: it has the extent of a letter but nothing to fill. Without any extent
    PDFium leaves out words of one letter and marks others by a hairline.
    """
    # One contour; its box; it ends at point 1; no instructions; both points on the curve; then x and y as differences.
    glyph = struct.pack(">hhhhhHHBBhhhh", 1, 0, 0, ADVANCE, UNITS, 1, 0, 1, 1, 0, ADVANCE, 0, UNITS)
    tables = {
        b"glyf": glyph,
        b"head": struct.pack(">IIIIHHQQhhhhHHhhh", 0x10000, 0x10000, 0, _MAGIC, 0, UNITS, 0, 0, 0, 0, ADVANCE, UNITS, 0, 8, 2, 0, 0),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, UNITS, -1, 0, ADVANCE, 0, 0, ADVANCE, 1, *[0] * 7, 2),
        b"hmtx": struct.pack(">HhHh", ADVANCE, 0, ADVANCE, 0),
        b"loca": struct.pack(">HHH", 0, 0, len(glyph) // 2),
        b"maxp": struct.pack(">IH13H", 0x10000, 2, 2, 1, 0, 0, 1, *[0] * 8),
    }
    directory = struct.pack(">IHHHH", 0x10000, len(tables), 64, 2, len(tables) * 16 - 64)
    body = b""
    for tag, content in tables.items():
        offset = 12 + 16 * len(tables) + len(body)
        directory += tag + struct.pack(">III", _checksum(content), offset, len(content))
        body += content + b"\0" * (-len(content) % 4)
    font = directory + body
    adjustment = (0xB1B0AFBA - _checksum(font)) & 0xFFFFFFFF
    at = font.index(struct.pack(">I", _MAGIC)) - 4  # checkSumAdjustment stands before the magic number of `head`
    return font[:at] + struct.pack(">I", adjustment) + font[at + 4 :]


def _checksum(content: bytes) -> int:
    padded = content + b"\0" * (-len(content) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
