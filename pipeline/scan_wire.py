"""What the reader in the child process and `scan` in the parent say to each other.

An answer is a 4-byte length, a JSON object of one of the classes below, and for a page the pixels row by row and its text
(`scan_wire_text`).
The parent trusts none of it: a child that parses hostile files may have been taken over.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass

from pipeline.errors import BY_CODE, Broken, Refused, SohoaError
from pipeline.limits import MAX_DPI, MAX_PAGES, MAX_RENDER_PIXELS, MAX_SIDE, MAX_TEXT_BYTES, MIN_DPI

MAX_HEADER = 2048  # bytes
NOTES = frozenset({"truncated", "dpi_assumed", "reduced", "animated"})


@dataclass(frozen=True, slots=True)
class Opened:
    """The file is open."""

    pages: int


@dataclass(frozen=True, slots=True)
class PageHeader:
    """Pixels of height×width×channels bytes follow, and `text` bytes of text."""

    height: int
    width: int
    channels: int  # 1 grey, 3 BGR
    dpi: float
    bitonal: bool
    notes: tuple[str, ...]
    text: int = 0  # bytes

    @property
    def size(self) -> int:
        return self.height * self.width * self.channels


@dataclass(frozen=True, slots=True)
class Failure:
    """The file or the page is refused."""

    error: str  # code of a class of `errors`
    detail: str


def encode(answer: Opened | PageHeader | Failure) -> bytes:
    """The length and the JSON of an answer."""
    body = json.dumps(asdict(answer)).encode()
    return len(body).to_bytes(4, "big") + body


def header_length(untrusted: bytes) -> int:
    """The length that the first four bytes of an answer announce. Raises Broken."""
    length = int.from_bytes(untrusted, "big")
    if not 2 <= length <= MAX_HEADER:
        raise Broken("the reader's answer has no believable length")
    return length


def opened(untrusted: bytes) -> Opened:
    """Check an answer to opening. Raises what the child reports, else Broken for what makes no sense."""
    fields = _fields(untrusted)
    return Opened(_whole(fields, "pages", MAX_PAGES))


def page_header(untrusted: bytes) -> PageHeader:
    """Check an answer about a page. Raises what the child reports, else Broken for what makes no sense."""
    fields = _fields(untrusted)
    channels = _whole(fields, "channels", 3)
    untrusted_dpi, untrusted_notes = fields.get("dpi"), fields.get("notes")
    if channels == 2 or not isinstance(untrusted_dpi, float) or not math.isfinite(untrusted_dpi) or not MIN_DPI <= untrusted_dpi <= MAX_DPI:
        raise Broken("the reader's answer makes no sense")
    notes = tuple(sorted(NOTES.intersection(str(note) for note in untrusted_notes))) if isinstance(untrusted_notes, list) else ()
    header = PageHeader(
        height=_whole(fields, "height", MAX_SIDE),
        width=_whole(fields, "width", MAX_SIDE),
        channels=channels,
        dpi=untrusted_dpi,
        bitonal=fields.get("bitonal") is True,
        notes=notes,
        text=_whole(fields, "text", MAX_TEXT_BYTES, least=0),
    )
    if header.height * header.width > MAX_RENDER_PIXELS:
        raise Broken("the reader's answer is larger than agreed")
    return header


def _fields(untrusted: bytes) -> dict[str, object]:
    try:
        fields = json.loads(untrusted)
    except (ValueError, RecursionError):
        raise Broken("the reader's answer cannot be read") from None
    if not isinstance(fields, dict):
        raise Broken("the reader's answer makes no sense")
    if "error" in fields:
        raise _failure(fields)
    return fields


def _failure(fields: dict[str, object]) -> SohoaError:
    kind = BY_CODE.get(str(fields["error"]), Broken)
    detail = "".join(c for c in str(fields.get("detail", ""))[:200] if c.isascii() and c.isprintable())
    return kind(detail) if issubclass(kind, Refused) else Broken(detail)


def _whole(fields: dict[str, object], name: str, largest: int, least: int = 1) -> int:
    untrusted = fields.get(name)
    if not isinstance(untrusted, int) or isinstance(untrusted, bool) or not least <= untrusted <= largest:
        raise Broken(f"the reader's answer has no believable {name}")
    return untrusted
