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
from pipeline.layout_tables import find_tables, rows_of, twins
from pipeline.model import Box, Line, Word, Words
from pipeline.text import fold

_GAP = 0.8  # line heights between two words from which they may belong to two blocks
_WIDE_GAP = 1.3  # the same, which one row of the two blocks at least must have: justified lines do not
_SOLE_GAP = 3.0  # the same where only one line of the right block says so
_NARROWEST = 0.6  # line heights that stay free between two blocks
_REACH = 2.0  # line heights below a block within which its next line stands
_SIGNING = 9.0  # the same above the signer's name: room for a signature and a seal
_HEAD = 0.4  # share of the page height in which a letterhead begins
_ABOVE_HEAD = 6  # words above a letterhead: what stamps and the edge of the sheet leave
_TITLE = "cong hoa xa"  # what the block at the right of a letterhead begins with
_RECIPIENTS = "noi nhan"  # what the list at the left of a signature begins with
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


@dataclass(frozen=True, slots=True)
class _Place:
    """Where rows stand on their page."""

    height: int  # of the page, pixels
    first: bool  # nothing stands above them
    last: bool  # nothing stands below


def in_reading_order(words: Words, rules: tuple[Box, ...] = (), across: tuple[Box, ...] = ()) -> Words:
    """The same words, lines in reading order.

    `rules` and `across` are the vertical and the horizontal rules on the page, in the pixels of `words`.
    """
    if not words.lines:
        return words
    height = median(line.box.height for line in words.lines)
    tables, rules = find_tables(rules, across, (word.box for word in words), height), twins(rules, height, words.height)
    pieces = [piece for line in words.lines for piece in _pieces(line, height)]
    lines: list[Line] = []
    for table in tables:
        inside = [word for piece in pieces for word in piece.words if table.holds(word.box)]
        outside = [line_of(kept) for piece in pieces if (kept := [word for word in piece.words if not table.holds(word.box)])]
        above = [piece for piece in outside if piece.box.top + piece.box.bottom < 2 * table.rows[-1]]
        pieces = [piece for piece in outside if piece.box.top + piece.box.bottom >= 2 * table.rows[-1]]
        lines += _blocks(_rows(above, height), height, rules, _Place(words.height, first=not lines, last=not pieces))
        lines += rows_of(table, inside)
    lines += _blocks(_rows(pieces, height), height, rules, _Place(words.height, first=not lines, last=True))
    return Words(words.width, words.height, tuple(lines))


def _blocks(rows: list[_Row], height: float, rules: tuple[Box, ...], place: _Place) -> list[Line]:
    """The lines of rows that no table parts, blocks that stand side by side one after the other."""
    lines: list[Line] = []
    at = 0
    while at < len(rows):
        zone = _zone(rows, at, height, rules)
        if zone is not None and _is_blocks(zone, rows, place):
            taken = rows[zone.first : zone.last]
            lines += _side(taken, zone.corridor, left=True) + _side(taken, zone.corridor, left=False)
            at = zone.last
        else:
            lines.append(_joined(list(rows[at].pieces)))
            at += 1
    return lines


def _says_something(word: Word) -> bool:
    return word.confidence >= _BELIEVED and _is_text(word)


def _pieces(line: Line, height: float) -> list[Line]:
    """A line cut where the space between two words is wide, be there a stray sign in it, and before the national title."""
    ordered = sorted(line.words, key=lambda word: word.box.left)
    cut: list[list[Word]] = [[ordered[0]]]
    said = ordered[0].box.right if _is_text(ordered[0]) else None  # where the last word of letters ended
    for at, word in enumerate(ordered[1:], 1):
        last = cut[-1][-1]
        if word.box.left - last.box.right > _GAP * height:
            cut.append([])
        elif said is not None and _is_text(word):
            across_sign = not _is_text(last) and word.box.left - said > _WIDE_GAP * height
            if across_sign or _is_title(ordered[at : at + 3]):
                signs = [other for other in cut[-1] if other.box.left >= said]
                before = cut[-1][: len(cut[-1]) - len(signs)]
                cut[-1:] = [*filter(None, (before, signs)), []]
        cut[-1].append(word)
        said = word.box.right if _is_text(word) else said
    return [line_of(part) for part in cut]


def _is_title(words: list[Word]) -> bool:
    return fold(" ".join(word.text for word in words)) == _TITLE


def _is_text(word: Word) -> bool:
    return any(letter.isalnum() for letter in word.text)


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
    return [_Row(tuple(_touching_joined(sorted(row, key=lambda piece: piece.box.left), height))) for row in rows]


def _touching_joined(pieces: list[Line], height: float) -> list[Line]:
    """Pieces of one row that the engine found apart though no space parts them."""
    joined = pieces[:1]
    for piece in pieces[1:]:
        if piece.box.left - joined[-1].box.right <= _GAP * height / 2:
            joined[-1] = _joined([joined[-1], piece])
        else:
            joined.append(piece)
    return joined


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
        signs = any(piece.box.left >= narrowed.right for piece in rows[last].solid)
        if rows[last].top - bottom > height * (_SIGNING if signs else _REACH):
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


def _is_blocks(zone: _Zone, rows: list[_Row], place: _Place) -> bool:
    """Whether the zone is read block by block: a letterhead, a signature, or columns of running text; else it is a form."""
    before = sum(_says_something(word) for row in rows[: zone.first] for piece in row.solid for word in piece.words)
    head = place.first and before <= _ABOVE_HEAD and rows[zone.first].top < _HEAD * place.height
    if head:
        return True
    if len(rows[zone.first].solid) > 2:
        return False
    foot = place.last and zone.last >= len(rows) - _FOOT
    return foot or _lists_recipients(rows[zone.first]) or _running(rows[zone.first : zone.last])


def _lists_recipients(row: _Row) -> bool:
    return fold(row.solid[0].text).startswith(_RECIPIENTS)


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
    """One of two blocks: what is level there is one line, strokes of a pen apart."""
    middle = corridor.left + corridor.right
    lines: list[Line] = []
    for row in rows:
        kept = [piece for piece in row.pieces if (piece.box.left + piece.box.right < middle) == left]
        sure = [piece for piece in kept if any(word.confidence >= _BELIEVED for word in piece.words)]
        lines += [_joined(sure)] if sure else []
        lines += [piece for piece in kept if piece not in sure]
    return lines


def _joined(pieces: list[Line]) -> Line:
    return line_of([word for piece in pieces for word in piece.words])
