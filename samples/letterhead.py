"""The frame that all papers share: two-column head, number and date, fill-in lines, tables, the block of signature and seal.

Layout after Decree 30/2020, annex I: national title top right, agency top left, number under the agency, place and date under
the title, recipients bottom left beside the signer's block.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from samples import marks
from samples.catalogue import Office
from samples.dossiers import spoken
from samples.drawing import A4_WIDTH, BLUE, BOLD, ITALIC, PLAIN, Sheet, Type, px, width_of, wrapped

LEFT, RIGHT = 28.0, 192.0  # mm, the text column
LEADING = 6.6
INK = Type(italic=True, colour=BLUE)  # filled in by hand
_AGENCY, _NATION = 66.0, 146.0  # mm, middles of the two columns of the head


def agency_head(sheet: Sheet, office: Office, symbol: str, day: date, *, y: float = 22.0, shift: float = 0.0) -> float:
    """Agency, national title, number, place and date; `shift` moves the left column for a code beside it. Gives the next base line."""
    middle = _AGENCY + shift
    small, strong = Type(12), Type(12, bold=True)
    above = "UBND TỈNH BÌNH GIANG" if office.code != "H51" else ""
    name = office.name.upper()
    lines = [name] if width_of(name, strong) < 72 - shift else _halved(name)
    if above:
        sheet.write(middle, y, above, small, "middle")
    for n, line in enumerate(lines):
        sheet.write(middle, y + 5.2 * (n + 1), line, strong, "middle")
    under = y + 5.2 * len(lines)
    sheet.rule(middle - 12, under + 1.6, middle + 12, under + 1.6)
    sheet.write(middle, under + 8.5, f"Số: {symbol}", Type(13), "middle")
    nation(sheet, _NATION, y)
    sheet.write(_NATION, under + 8.5, f"{office.place}, {spoken(day)}", ITALIC, "middle")
    return under + 19


def _halved(name: str) -> list[str]:
    words = name.split()
    return [" ".join(words[:4]), " ".join(words[4:])]


def nation(sheet: Sheet, middle: float, y: float) -> None:
    """Quốc hiệu and tiêu ngữ with the rule below."""
    sheet.write(middle, y, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Type(12, bold=True), "middle")
    motto = Type(13, bold=True)
    sheet.write(middle, y + 5.4, "Độc lập - Tự do - Hạnh phúc", motto, "middle")
    half = width_of("Độc lập - Tự do - Hạnh phúc", motto) / 2
    sheet.rule(middle - half, y + 7.2, middle + half, y + 7.2)


def title(sheet: Sheet, y: float, text: str, face: Type | None = None, under: str = "") -> float:
    """A title in capitals, centred, with an optional second line. Gives the next base line."""
    face = face or Type(14, bold=True)
    for n, line in enumerate(wrapped(text.upper(), 160, face)):
        y += max(6.5, 0.43 * face.size) if n else 0
        sheet.write(A4_WIDTH / 2, y, line, face, "middle")
    y += 6.5
    if under:
        sheet.write(A4_WIDTH / 2, y, under, BOLD, "middle")
        y += 6.5
    return y + 3


def paragraph(sheet: Sheet, y: float, text: str, face: Type = PLAIN, indent: float = 10.0) -> float:
    """Running text, ragged right."""
    for n, line in enumerate(wrapped(text, RIGHT - LEFT, face, indent)):
        sheet.write(LEFT + (indent if n == 0 else 0), y, line, face)
        y += LEADING
    return y


def field(sheet: Sheet, y: float, label: str, value: str, face: Type = INK, *, dotted: bool = True) -> float:
    """A label and its value on a dotted line, wrapped where it is long. Dots are ruling, not text."""
    start = LEFT + width_of(f"{label}: ")
    lines = wrapped(value, RIGHT - LEFT, face, start - LEFT) or [""]
    sheet.put(LEFT, y, f"{label}: ")
    for n, line in enumerate(lines):
        x = start if n == 0 else LEFT
        if dotted:
            _dots(sheet, x, y + 0.9)
        sheet.put(x + (1.5 if dotted and n == 0 else 0), y, line, face)
        sheet.note(f"{label}: {line}" if n == 0 else line)
        y += LEADING + (0.6 if dotted else 0)
    return y


def _dots(sheet: Sheet, x: float, y: float) -> None:
    for spot in np.arange(x, RIGHT, 1.1):
        left, top = px(float(spot)), px(y)
        sheet.pen.ellipse((left, top, left + 2, top + 2), fill=(60, 60, 60))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a ruled table."""

    heading: str
    width: float  # mm


def table(sheet: Sheet, y: float, columns: tuple[Column, ...], rows: tuple[tuple[str, ...], ...], face: Type = PLAIN) -> float:
    """A ruled table; a cell that is too narrow makes its row higher. Gives the next base line."""
    edges = [LEFT + sum(column.width for column in columns[:n]) for n in range(len(columns) + 1)]
    top = y - 5
    sheet.rule(edges[0], top, edges[-1], top)
    lines = [top]
    for n, row in enumerate((tuple(column.heading for column in columns), *rows)):
        kind = replace(PLAIN, size=12, bold=True) if n == 0 else replace(face, size=12)
        cells = [wrapped(cell, column.width - 3, kind) for cell, column in zip(row, columns, strict=True)]
        for cell, edge in zip(cells, edges, strict=False):
            for m, part in enumerate(cell):
                sheet.put(edge + 1.5, lines[-1] + 5 + 5.4 * m, part, kind)
        sheet.note(*row)
        lines.append(lines[-1] + 2 + 5.4 * max(len(cell) for cell in cells))
        sheet.rule(edges[0], lines[-1], edges[-1], lines[-1])
    for edge in edges:
        sheet.rule(edge, top, edge, lines[-1])
    return lines[-1] + 8


def signed(
    sheet: Sheet,
    y: float,
    authority: tuple[str, ...],
    name: str,
    random: np.random.Generator,
    *,
    sealed: str = "",
    recipients: tuple[str, ...] = (),
) -> None:
    """The closing block: recipients at the left, authority, signature, name at the right, the seal over the signature's left third."""
    middle = 150.0
    if recipients:
        sheet.write(LEFT, y, "Nơi nhận:", Type(12, bold=True, italic=True))
        for n, line in enumerate(recipients):
            sheet.write(LEFT, y + 5 + 4.8 * n, line, Type(11))
    for n, line in enumerate(authority):
        sheet.write(middle, y + 5.6 * n, line, BOLD, "middle")
    below = y + 5.6 * len(authority)
    sheet.overlay(marks.signature(random), middle - 18, below - 1)
    if sealed:
        sheet.overlay(marks.seal(sealed, random), middle - 38, below - 10)
    sheet.write(middle, below + 24, name, BOLD, "middle")
