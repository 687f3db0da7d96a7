"""Reading order: the lines of a page as a person reads them, told by where their words stand.

Rows are read from top to bottom. Where two blocks stand side by side, the letterhead beside the national motto and "Nơi nhận"
beside the signature, the left block is read first, and so are columns of running text; rows of a table or of a form are read
across. It moves words between lines and lines among each other and changes no word. What it goes by was measured on office
papers, see `bench`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pipeline.boxes import line_of
from pipeline.model import Box, Line, Word, Words

_GAP = 0.8  # line heights between two words from which they may belong to two blocks
_WIDE_GAP = 1.3  # the same, which one row of the two blocks at least must have: justified lines do not
_SOLE_GAP = 3.0  # the same where only one line of the right block says so
_NARROWEST = 0.6  # line heights that stay free between two blocks
_REACH = 2.0  # line heights below a block within which its next line stands
_SIGNING = 9.0  # the same above the signer's name: room for a signature and a seal
_HEAD = 0.4  # share of the page height in which a letterhead begins
_FOOT = 2  # rows below a signature block: page number, address
_BELIEVED = 0.4  # confidence from which a word counts
_FILLED = 0.8  # share of a column's width that lines of running text fill


@dataclass(frozen=True, slots=True)
class _Row:
    """What stands side by side at one height: pieces of lines from left to right."""

    pieces: tuple[Line, ...]

    @property
    def solid(self) -> tuple[Line, ...]:
        """The pieces that say something; strokes of a pen and dirt stand in nobody's way."""
        return tuple(piece for piece in self.pieces if any(_says_something(word) for word in piece.words))

    @property
    def top(self) -> int:
        return min(piece.box.top for piece in self.pieces)

    @property
    def bottom(self) -> int:
        return max(piece.box.bottom for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class _Corridor:
    """The empty strip between a left and a right block, in pixels."""

    left: int
    right: int

    @property
    def width(self) -> int:
        return self.right - self.left

    def beside(self, row: _Row) -> _Corridor | None:
        """The corridor narrowed to pass between the pieces of one more row; None where a piece stands in the way."""
        left, right = self.left, self.right
        for piece in row.solid:
            if piece.box.left + piece.box.right < self.left + self.right:
                left = max(left, piece.box.right)
            else:
                right = min(right, piece.box.left)
        return _Corridor(left, right) if left < right else None


@dataclass(frozen=True, slots=True)
class _Zone:
    """Rows `first` to `last` (exclusive) that one corridor parts."""

    first: int
    last: int
    corridor: _Corridor


def in_reading_order(words: Words, rules: tuple[Box, ...] = ()) -> Words:
    """The same words, lines in reading order; `rules` are the vertical rules on the page, in the pixels of `words`."""
    if not words.lines:
        return words
    height = median(line.box.height for line in words.lines)
    rows = _rows([piece for line in words.lines for piece in _pieces(line, _GAP * height)], height)
    lines: list[Line] = []
    at = 0
    while at < len(rows):
        zone = _zone(rows, at, height, rules)
        if zone is not None and _is_blocks(zone, rows, words.height):
            taken = rows[zone.first : zone.last]
            lines += _side(taken, zone.corridor, left=True) + _side(taken, zone.corridor, left=False)
            at = zone.last
        else:
            lines.append(_joined(list(rows[at].pieces)))
            at += 1
    return Words(words.width, words.height, tuple(lines))


def _says_something(word: Word) -> bool:
    return word.confidence >= _BELIEVED and any(letter.isalnum() for letter in word.text)


def _pieces(line: Line, gap: float) -> list[Line]:
    """A line cut where the space between two words is wide."""
    ordered = sorted(line.words, key=lambda word: word.box.left)
    cut: list[list[Word]] = [[ordered[0]]]
    for word in ordered[1:]:
        if word.box.left - cut[-1][-1].box.right > gap:
            cut.append([])
        cut[-1].append(word)
    return [line_of(part) for part in cut]


def _rows(pieces: list[Line], height: float) -> list[_Row]:
    """Pieces at the same height stand in one row, unless one is above the other."""
    rows: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.top + piece.box.bottom):
        for row in rows[:-4:-1]:
            if any(_level(other.box, piece.box, height) for other in row) and not any(_overlap(other.box, piece.box) for other in row):
                row.append(piece)
                break
        else:
            rows.append([piece])
    return [_Row(tuple(sorted(row, key=lambda piece: piece.box.left))) for row in rows]


def _level(one: Box, other: Box, height: float) -> bool:
    """Whether half of the lower of two boxes is beside the other; a box as high as several lines is level with none."""
    if max(one.height, other.height) > 2.5 * height:
        return False
    return min(one.bottom, other.bottom) - max(one.top, other.top) >= 0.5 * min(one.height, other.height)


def _overlap(one: Box, other: Box) -> bool:
    return min(one.right, other.right) - max(one.left, other.left) > 0.3 * min(one.width, other.width)


def _zone(rows: list[_Row], at: int, height: float, rules: tuple[Box, ...]) -> _Zone | None:
    """The rows from `at` on that stand in two blocks; None where row `at` does not begin such blocks."""
    corridor = _widest_gap(rows[at])
    if corridor is None or _is_ruled(rows[at], corridor, rules):
        return None
    last, bottom = at + 1, rows[at].bottom
    while last < len(rows):
        narrowed = corridor.beside(rows[last])
        if narrowed is None or narrowed.width < height * _NARROWEST or _is_ruled(rows[last], narrowed, rules):
            break
        only_right = all(piece.box.left >= narrowed.right for piece in rows[last].solid)
        if rows[last].top - bottom > height * (_SIGNING if only_right else _REACH):
            break
        corridor, bottom, last = narrowed, max(bottom, rows[last].bottom), last + 1
    inside = rows[at:last]
    if len(inside) < 2:
        return None
    rights = sum(piece.box.left >= corridor.right for row in inside for piece in row.solid)
    widest = max(gap.width for gap in map(_widest_gap, inside) if gap is not None)
    in_columns = 2 * sum(len(row.solid) > 2 for row in inside) > len(inside)
    if in_columns or widest < height * (_WIDE_GAP if rights > 1 else _SOLE_GAP):
        return None
    return _Zone(at, last, corridor)


def _widest_gap(row: _Row) -> _Corridor | None:
    """Between the pieces of a row; None where there are not two."""
    gaps = [_Corridor(left.box.right, right.box.left) for left, right in pairwise(row.solid)]
    return max(gaps, key=lambda gap: gap.width, default=None)


def _is_ruled(row: _Row, corridor: _Corridor, rules: tuple[Box, ...]) -> bool:
    """Whether a vertical rule stands between two pieces of this row: then they are cells of a table. Beside one it may be a pen's."""
    return len(row.solid) > 1 and any(
        corridor.left <= (rule.left + rule.right) / 2 <= corridor.right
        and min(row.bottom, rule.bottom) - max(row.top, rule.top) > 0.7 * (row.bottom - row.top)
        for rule in rules
    )


def _is_blocks(zone: _Zone, rows: list[_Row], page_height: int) -> bool:
    """Whether the zone is read block by block: a letterhead, a signature, or columns of running text; else it is a form."""
    head = zone.first <= 1 and rows[zone.first].top < _HEAD * page_height
    foot = zone.last >= len(rows) - _FOOT
    return head or foot or _running(rows[zone.first : zone.last])


def _running(rows: list[_Row]) -> bool:
    """Whether both sides of many rows are filled, as lines of prose are."""
    pairs = [row.solid for row in rows if len(row.solid) == 2]
    if len(pairs) < 8:
        return False
    for side in (0, 1):
        left = min(pair[side].box.left for pair in pairs)
        right = max(pair[side].box.right for pair in pairs)
        filled = sum(pair[side].box.width for pair in pairs) / len(pairs) / max(1, right - left)
        if filled < _FILLED:
            return False
    return True


def _side(rows: list[_Row], corridor: _Corridor, *, left: bool) -> list[Line]:
    middle = corridor.left + corridor.right
    return [piece for row in rows for piece in row.pieces if (piece.box.left + piece.box.right < middle) == left]


def _joined(pieces: list[Line]) -> Line:
    return line_of([word for piece in pieces for word in piece.words])
