"""Ruled tables: found by rules that cross, read row by row and, within a row, cell by cell.

A rule by itself, the one under a heading or a streak of the glass, makes no table. Level rules are what a table is told by; upright
ones may be lost, pale or taken for streaks, and then the space that words leave tells the columns. It knows boxes, no pixels.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from pipeline.boxes import line_of
from pipeline.model import Box, Line, Word

_TOUCH = 0.6  # line heights by which rules may miss each other
_APART = 0.5  # line heights between two rules that are not one
_FREE = 1.2  # line heights that no word of a table stands in, from top to bottom, between two columns
_LEVEL = 0.5  # share of a word's height by which it stands beside the line before


@dataclass(frozen=True, slots=True)
class Table:
    """A grid: where its rows and its columns begin, and where the last of them ends, in pixels from top and left."""

    rows: tuple[float, ...]
    columns: tuple[float, ...]

    def holds(self, box: Box) -> bool:
        """Whether the middle of a box is in the table."""
        x, y = _middle(box)
        return self.rows[0] <= y < self.rows[-1] and self.columns[0] <= x < self.columns[-1]


def find_tables(upright: Iterable[Box], level: Iterable[Box], words: Iterable[Box], height: float) -> tuple[Table, ...]:
    """The tables on a page, from top to bottom, in the pixels of the boxes given; `height` is that of a line of text.

    `upright` and `level` are ruled lines, `words` what stands on the page: where it leaves a column free, there is one, ruled or not.
    """
    rest, slack = sorted(level, key=lambda rule: rule.top), height * _TOUCH
    posts = [post for post in upright if _is_held(post, rest, slack)]
    printed = tuple(words)
    tables: list[Table] = []
    while rest:
        first = rest[0]
        rules = [rule for rule in rest if rule is first or _hang_together(first, rule, posts, height)]
        rest = [rule for rule in rest if rule not in rules]
        beside = [post for post in posts if any(_cross(post, rule, slack) for rule in rules)]
        table = _grid(rules, beside, printed, height)
        if len(table.rows) >= (2 if len(beside) > 2 else 3) and len(table.columns) > 2:
            tables.append(table)
    return tuple(sorted(tables, key=lambda table: table.rows[0]))


def _hang_together(one: Box, other: Box, posts: list[Box], height: float) -> bool:
    """Whether two level rules are of one table: a post joins them or, where neither has a post, they begin and end alike."""
    met = [(_cross(post, one, height * _TOUCH), _cross(post, other, height * _TOUCH)) for post in posts]
    if any(first or second for first, second in met):
        return any(first and second for first, second in met)
    return abs(one.left - other.left) <= 2 * height and abs(one.right - other.right) <= 2 * height


def _grid(rules: list[Box], posts: list[Box], words: tuple[Box, ...], height: float) -> Table:
    rows = _edges([(rule.top + rule.bottom) / 2 for rule in rules], height * _APART)
    left, right = min(rule.left for rule in rules), max(rule.right for rule in rules)
    inside = sorted((box.left, box.right) for box in words if _between(box, rows, left, right))
    free: list[float] = []
    reached = inside[0][1] if inside else 0
    for start, end in inside:
        if start - reached >= _FREE * height:
            free.append((start + reached) / 2)
        reached = max(reached, end)
    columns = [float(left), *((post.left + post.right) / 2 for post in posts), *free, float(right)]
    return Table(rows, _edges(columns, height * _APART))


def _between(box: Box, rows: tuple[float, ...], left: int, right: int) -> bool:
    x, y = _middle(box)
    return rows[0] <= y < rows[-1] and left <= x < right


def twins(upright: Iterable[Box], height: float, page_height: int) -> tuple[Box, ...]:
    """Upright rules that begin and end where another does, as those of a table whose level rules were lost; streaks run on."""
    rules = [rule for rule in upright if 2 * rule.height < page_height]
    return tuple(
        rule
        for rule in rules
        if any(
            other is not rule and abs(other.top - rule.top) <= height * _TOUCH and abs(other.bottom - rule.bottom) <= height * _TOUCH
            for other in rules
        )
    )


def rows_of(table: Table, words: Iterable[Word]) -> list[Line]:
    """The words of a table as lines: a row whose cells hold one line each is one line, else cell comes after cell."""
    rows: dict[int, dict[int, list[Word]]] = {}
    for word in words:
        x, y = _middle(word.box)
        row, column = bisect_right(table.rows, y), bisect_right(table.columns, x)
        rows.setdefault(row, {}).setdefault(column, []).append(word)
    lines: list[Line] = []
    for _, cells in sorted(rows.items()):
        read = [_lines(cell) for _, cell in sorted(cells.items())]
        if all(len(cell) == 1 for cell in read):
            lines.append(line_of([word for cell in read for line in cell for word in line.words]))
        else:
            lines += [line for cell in read for line in cell]
    return lines


def _lines(words: list[Word]) -> list[Line]:
    """The lines of one cell."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.top + word.box.bottom):
        middle = (word.box.top + word.box.bottom) / 2
        if lines and middle - median((other.box.top + other.box.bottom) / 2 for other in lines[-1]) < _LEVEL * word.box.height:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [line_of(sorted(line, key=lambda word: word.box.left)) for line in lines]


def _middle(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _is_held(post: Box, rules: list[Box], slack: float) -> bool:
    """Whether an upright rule begins at one level rule and ends at another, as those of tables do and streaks do not."""
    x = (post.left + post.right) / 2
    ends = [(rule.top + rule.bottom) / 2 for rule in rules if rule.left - slack <= x <= rule.right + slack]
    return any(abs(end - post.top) <= slack for end in ends) and any(abs(end - post.bottom) <= slack for end in ends)


def _cross(post: Box, rule: Box, slack: float) -> bool:
    x, y = (post.left + post.right) / 2, (rule.top + rule.bottom) / 2
    return rule.left - slack <= x <= rule.right + slack and post.top - slack <= y <= post.bottom + slack


def _edges(places: list[float], apart: float) -> tuple[float, ...]:
    """Places in order, those that are one rule seen twice taken once."""
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > apart:
            kept.append(place)
    return tuple(kept)
