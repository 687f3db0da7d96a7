"""A full A4 page of administrative prose, 13 pt serif, justified: about 3,500-4,000 characters with their exact truth.

For the bench and for tests of reading; what offices file is drawn by `papers`.
"""

from __future__ import annotations

import numpy as np

from samples.drawing import A4_HEIGHT, A4_WIDTH, PLAIN, DrawnPage, Sheet, width_of, wrapped
from samples.prose import Prose

LEFT, RIGHT, TOP, BOTTOM = 30.0, 15.0, 20.0, 20.0  # margins, mm (Decree 30/2020, annex I)
INDENT, LEADING, SPACING = 10.0, 5.15, 0.3  # mm: first line, base line to base line, between paragraphs
WIDTH = A4_WIDTH - LEFT - RIGHT


def dense_page(seed: int, text: str | None = None) -> DrawnPage:
    """Draw one full page. `text`: other text to set instead, a paragraph per line; what does not fit is left off."""
    prose = Prose(np.random.default_rng(seed))
    paragraphs = iter(text.splitlines()) if text is not None else iter(prose.paragraph, "")
    sheet = Sheet()
    y = TOP + LEADING
    for paragraph in paragraphs:
        lines = wrapped(paragraph, WIDTH, indent=INDENT)
        for n, line in enumerate(lines):
            if y > A4_HEIGHT - BOTTOM:
                return sheet.done()
            start = LEFT + (INDENT if n == 0 else 0)
            _set(sheet, start, y, line, justified=n < len(lines) - 1)
            y += LEADING
        y += SPACING
    return sheet.done()


def _set(sheet: Sheet, x: float, y: float, line: str, *, justified: bool) -> None:
    """One line, spread to the right margin unless it ends its paragraph."""
    words = line.split()
    sheet.note(line)
    if not justified or len(words) < 2:
        sheet.put(x, y, line)
        return
    gap = (A4_WIDTH - RIGHT - x - sum(width_of(word) for word in words)) / (len(words) - 1)
    for word in words:
        x = sheet.put(x, y, word, PLAIN) + gap
