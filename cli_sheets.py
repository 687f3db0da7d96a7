"""The clerk's command before scanning: print the sheets that go between papers, and receipts where the office's software prints none."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli_base import archive, bad, now, writable
from cli_show import out

if TYPE_CHECKING:
    from records.sheets import Sheet, Which

_MOST_PATCHES = 1_000


def sheets(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="F.pdf", help="Ghi ra tệp PDF khổ A4 (PDF to print)")],
    numbers: Annotated[list[str] | None, typer.Argument(metavar="MA...", help="Mã hồ sơ (dossier numbers)")] = None,
    components: Annotated[
        list[str] | None, typer.Option("--component", metavar="C", help="Chỉ in thành phần này, lặp lại được (only these)")
    ] = None,
    dossier_only: Annotated[bool, typer.Option("--dossier-only", help="Chỉ in tờ bắt đầu hồ sơ (only the dossier's own sheet)")] = False,
    missing: Annotated[bool, typer.Option("--missing", help="Chỉ in thành phần còn thiếu (only what is still missing)")] = False,
    every: Annotated[bool, typer.Option("--all", help="In cả thành phần được miễn số hóa (exempt components, too)")] = False,
    receipt: Annotated[
        bool, typer.Option("--receipt", help="In giấy tiếp nhận thay cho tờ phân cách (the receipt instead of sheets)")
    ] = False,
    patches: Annotated[
        int, typer.Option("--patch", min=0, max=_MOST_PATCHES, metavar="N", help="Thêm N tờ «bắt đầu tài liệu mới» (plain sheets)")
    ] = 0,
) -> None:
    """In tờ phân cách để đặt giữa các giấy tờ trước khi quét. (Print separator sheets.)

    Mỗi hồ sơ: một tờ bắt đầu, rồi mỗi thành phần một tờ, kết quả (KQ) sau cùng. (A sheet that starts the dossier, one a component.)
    """
    if sum((bool(components), dossier_only, missing, every, receipt)) > 1:
        raise bad(
            "Chỉ dùng một trong --component, --dossier-only, --missing, --all, --receipt.",
            "Use one of --component, --dossier-only, --missing, --all, --receipt.",
        )
    if not (numbers or patches):
        raise bad("Hãy cho ít nhất một mã hồ sơ, hoặc --patch N.", "Give at least one dossier number, or --patch N.")
    writable(output)
    with archive():
        from records.sheet_print import print_sheets
        from records.sheets import NothingToPrint, PatchSheet, Which

        which = Which.DOSSIER if dossier_only else Which.MISSING if missing else Which.EVERY if every else Which.NEEDED
        moment = now()
        wanted = (*_of_dossiers(numbers or [], components or [], which, moment, receipt=receipt), *[PatchSheet()] * patches)
        if not wanted:
            raise NothingToPrint
        output.write_bytes(print_sheets(wanted, moment))
        out.print(f"{len(wanted)} tờ: {output} (sheets)", markup=False, soft_wrap=True)


def _of_dossiers(numbers: list[str], components: list[str], which: Which, moment: datetime, *, receipt: bool) -> tuple[Sheet, ...]:
    """The sheets that were asked for, of each dossier."""
    from records.sheets import component_separators, facts_of, receipts, separators

    facts = facts_of(numbers)
    if receipt:
        return receipts(facts, moment)
    return component_separators(facts, components, moment) if components else separators(facts, which, moment)
