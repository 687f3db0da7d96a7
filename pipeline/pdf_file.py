"""A PDF file written object by object, so that a document of any length costs the memory of one page.

pypdf's own writer keeps every object until the end; this one hands each to pypdf's serialiser at once and keeps only its
offset. It knows the file structure of ISO 32000-1 section 7.5 (header, body, cross-reference table, trailer), not what is in it.
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"  # the second line tells transfer programs, and PDF/A readers, that the file is binary


class PdfFile:
    """Objects go in with `add`, or with `reserve` and `put` where others point to them first; `finish` ends the file."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._at = 0
        self._offsets: list[int] = []
        self._digest = hashlib.sha256()
        self.write(HEADER)

    def write(self, piece: bytes) -> int:
        """Append raw bytes; the name lets pypdf's objects write themselves here."""
        self._digest.update(piece)
        self._at += len(piece)
        return self._out.write(piece)

    def reserve(self) -> IndirectObject:
        """A number for an object that comes later."""
        self._offsets.append(0)
        return IndirectObject(len(self._offsets), 0, None)

    def put(self, reference: IndirectObject, value: PdfObject) -> IndirectObject:
        """Write the object that `reference` was reserved for."""
        assert self._offsets[reference.idnum - 1] == 0, "an object is written once"
        self._offsets[reference.idnum - 1] = self._at
        self.write(b"%d 0 obj\n" % reference.idnum)
        value.write_to_stream(self)  # type: ignore[arg-type] # asks for a whole IO, uses only write
        self.write(b"\nendobj\n")
        return reference

    def add(self, value: PdfObject) -> IndirectObject:
        return self.put(self.reserve(), value)

    def finish(self, root: IndirectObject, about: IndirectObject) -> None:
        """Cross-reference table and trailer; /ID is derived from all that was written, so the same pages give the same bytes."""
        assert all(self._offsets), "every reserved object is written"
        identity = ByteStringObject(self._digest.digest()[:16])
        start = self._at
        self.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(self._offsets) + 1))
        for offset in self._offsets:
            self.write(b"%010d 00000 n \n" % offset)
        trailer = dictionary(
            Size=NumberObject(len(self._offsets) + 1), Root=root, Info=about, ID=ArrayObject([identity, ByteStringObject(identity)])
        )
        self.write(b"trailer\n")
        trailer.write_to_stream(self)  # type: ignore[arg-type]
        self.write(b"\nstartxref\n%d\n%%%%EOF\n" % start)


def dictionary(**entries: PdfObject) -> DictionaryObject:
    """A PDF dictionary; the keyword is the key without its slash."""
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})


def stream(encoded: bytes, **entries: PdfObject) -> StreamObject:
    """A PDF stream whose bytes are written as they are; `Filter` in `entries` must say how they are encoded."""
    made = StreamObject()
    made.update(dictionary(**entries))
    made.set_data(encoded)
    return made


def name(value: str) -> NameObject:
    """A PDF name, given without its slash."""
    return NameObject(f"/{value}")
