"""Whether the structural end of a scan file has been written, for the watcher to tell a finished file from a growing one.

Reads a bounded few bytes and parses nothing: a file whose end is there may still be broken (see `scan`).
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import BinaryIO

from pipeline.limits import MAX_PAGES
from pipeline.sniff import HEAD_BYTES, Format, format_of

TAIL_BYTES = 2048
_JP2_END = b"\xff\xd9"
_PNG_END = b"IEND\xaeB`\x82"


def has_ending(path: Path, size: int) -> bool | None:
    """True when the end of the file is there, False when it is not (yet), None when the format is unknown.

    `size` is the size in bytes that the caller has seen and waits to stay the same. Raises OSError as `open` does, and nothing else.
    """
    with path.open("rb") as file:
        kind = format_of(file.read(HEAD_BYTES))
        if kind is None:
            return None
        if kind is Format.TIFF:
            return _tiff(file, size)
        if kind in (Format.WEBP, Format.BMP):
            return _declared(file, size, kind)
        tail = _at(file, max(0, size - TAIL_BYTES), min(size, TAIL_BYTES))
        return _tail(tail, kind)


def _tail(untrusted_tail: bytes, kind: Format) -> bool:
    if kind is Format.PDF:
        return b"%%EOF" in untrusted_tail
    if kind is Format.PNG:
        return _PNG_END in untrusted_tail
    # Scanners and phones pad JPEGs or append thumbnails and maker notes, so the marker need not be the last two bytes.
    # Inside entropy-coded data FF is always followed by 00 or a restart marker, so FF D9 is the end wherever it stands.
    return _JP2_END in untrusted_tail


def _declared(file: BinaryIO, size: int, kind: Format) -> bool:
    head = _at(file, 0, 14)
    if len(head) < 14:
        return False
    if kind is Format.WEBP:
        riff = int(struct.unpack_from("<I", head, 4)[0])
        return riff + 8 <= size
    bmp, _reserved, pixels_at = (int(value) for value in struct.unpack_from("<III", head, 2))
    return 14 < pixels_at < size and bmp <= size


def _tiff(file: BinaryIO, size: int) -> bool:
    """Follow the chain of image file directories (TIFF 6.0 section 2, BigTIFF); every one must lie inside the file.

    Strips may follow the last directory: they are looked up in it, as far as one entry tells (see `_data_inside`).
    """
    head = _at(file, 0, 16)
    order = "<" if head[:1] == b"I" else ">"
    big = head[2:4] in (b"+\x00", b"\x00+")
    if len(head) < (16 if big else 8):
        return False
    at = int(struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)[0])
    seen: set[int] = set()
    while at and len(seen) <= MAX_PAGES:
        if at in seen:
            return True  # a loop is no reason to wait for more bytes; the reader refuses or mends it
        seen.add(at)
        following = _directory(file, size, at, order, big=big)
        if following is None:
            return False
        at = following
    return bool(seen)


def _directory(file: BinaryIO, size: int, at: int, order: str, *, big: bool) -> int | None:
    """Where the directory after the one at `at` begins (0: none); None when this one or its pixels reach past the end."""
    count_size, entry_size, offset_size = (8, 20, 8) if big else (2, 12, 4)
    counted = _at(file, at, count_size)
    if len(counted) < count_size:
        return None
    untrusted_entries = int(struct.unpack(order + ("Q" if big else "H"), counted)[0])
    if untrusted_entries > 0xFFFF:
        return None
    link_at = at + count_size + untrusted_entries * entry_size
    if link_at + offset_size > size:
        return None
    block = _at(file, at + count_size, untrusted_entries * entry_size + offset_size)
    if len(block) < untrusted_entries * entry_size + offset_size:
        return None
    if not _data_inside(block, untrusted_entries, size, order, big=big):
        return None
    return int(struct.unpack_from(order + ("Q" if big else "I"), block, untrusted_entries * entry_size)[0])


def _data_inside(block: bytes, entries: int, size: int, order: str, *, big: bool) -> bool:
    """Whether the values that the entries point at, and a page stored as one strip, lie inside the file."""
    widths = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
    single: dict[int, int] = {}
    for entry in range(entries):
        form, inline, step = ("HHQQ", 8, 20) if big else ("HHII", 4, 12)
        tag, kind, count, value = struct.unpack_from(order + form, block, entry * step)
        length = widths.get(kind, 1) * count
        if length > inline and value + length > size:
            return False
        if count == 1 and kind == 4:
            single[tag] = value
    strip, length = single.get(273), single.get(279)
    return strip is None or length is None or strip + length <= size


def _at(file: BinaryIO, offset: int, length: int) -> bytes:
    """Up to `length` bytes at `offset`; nothing when an untrusted offset is beyond the end, where seeking may fail."""
    if offset > os.fstat(file.fileno()).st_size:
        return b""
    file.seek(offset, os.SEEK_SET)
    return file.read(length)
