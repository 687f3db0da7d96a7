"""The report of rates as tables for people, numbers written as in Vietnam: 6.632 and 51,25 %."""

from __future__ import annotations

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from records.rates import Rate, Report
from records.rates_export import GROUPS, INDICATORS, STATES, TITLE, indicators, subtitles


def as_table(report: Report) -> Group:
    """Two rich tables, states and rates, so that they fit a terminal of 100 columns; a narrower one folds figures, never cuts them."""
    states, shares = _table(report), _table(report)
    states.add_column("Tên", overflow="fold")
    for _, label in STATES:
        states.add_column(label, justify="right", overflow="fold")
    for name, label in INDICATORS:
        shares.add_column(f"{name}\n{label}", justify="right", overflow="fold")
    for row in report.rows:
        states.add_row(Text(row.group), Text(row.name), *(grouped(int(getattr(row, name))) for name, _ in STATES))
        shares.add_row(Text(row.group), *(f"{percent(rate)}\n{grouped(rate.num)} / {grouped(rate.den)}" for _, rate in indicators(row)))
    return Group(Text(TITLE, style="bold"), *(Text(line) for line in subtitles(report)), states, shares)


def _table(report: Report) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_lines=False, padding=(0, 1))
    table.add_column(GROUPS[report.question.by], overflow="fold")
    return table


def grouped(number: int) -> str:
    """`6.632` for 6632."""
    return f"{number:,}".replace(",", ".")


def percent(rate: Rate) -> str:
    """`51,25 %`, truncated; a dash where there is nothing to divide by."""
    return "–" if rate.text is None else rate.text.replace(".", ",") + " %"
