"""How the command line shows things to people: balance, parked papers, tables. Data on stdout, complaints on stderr."""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer.exceptions import TyperException

from pipeline.errors import BY_CODE, SohoaError, Unexpected
from pipeline.text import page_ranges

if TYPE_CHECKING:
    from records.decisions import PageStory
    from records.models import Case
    from records.register_reading import RowProblem
    from records.search import SearchResult
    from records.status import Balance, Parked
    from workers.report import PageReport
    from workers.supervise import Pace

say = Console(stderr=True, highlight=False)
out = Console(highlight=False)
_USAGE = {
    "MissingParameter": "Thiếu tham số.",
    "NoSuchOption": "Không có tùy chọn này.",
    "BadParameter": "Giá trị của tham số không hợp lệ.",
    "BadOptionUsage": "Tùy chọn dùng chưa đúng.",
    "BadArgumentUsage": "Tham số dùng chưa đúng.",
}
_COMPONENT_STATES = {"missing": "thiếu", "digitised": "đã số hóa", "reused": "tái sử dụng", "exempt": "miễn"}


def print_json(document: Any, file: TextIO | None = None) -> None:
    """One JSON document on stdout (or to a file), nothing else."""
    (file or sys.stdout).write(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n")


def complain(text: str) -> None:
    """A sentence on stderr, as it is."""
    say.print(text, markup=False, soft_wrap=True)


def complain_of_usage(error: TyperException) -> None:
    """A command that was typed wrongly; called without a command, its help."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        complain(error.format_message())
        return
    complain(f"{_USAGE.get(kind, 'Lệnh không đúng.')} Xem «sohoa --help» hoặc «sohoa LỆNH --help».\n  {error.format_message()}")


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A live bar on stderr, where that is a terminal; called with (done, total)."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=say, transient=False, disable=not say.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


def print_problems(name: str, problems: Iterable[RowProblem]) -> None:
    """Each bad row: line, column, reason."""
    for problem in problems:
        column = f", cột {problem.column}" if problem.column else ""
        complain(f"  {name}, dòng {problem.line}{column}: {problem.reason_vi} ({problem.reason_en})")


def print_failed_pages(pages: Iterable[PageReport]) -> None:
    """Pages that `sohoa ocr` could not read, with the reason."""
    for page in pages:
        kind = BY_CODE.get(page.failure or "", Unexpected)
        complain(f"trang {page.source_page}: {kind.vi}\n  page {page.source_page}: {kind.en}")


def print_balance(sums: Balance) -> None:
    """Pages in, and what became of them."""
    way = f" + {sums.on_the_way} đang xử lý" if sums.on_the_way else ""
    kinds = f"{sums.attached} đã gắn + {sums.blank} trắng + {sums.separator} tờ ngăn + {sums.parked} cần người xem"
    gone = f" + {sums.discarded} đã bỏ" if sums.discarded else ""
    out.print(f"{sums.pages} trang vào = {kinds}{gone}{way}")


def print_pace(pace: Pace) -> None:
    """How fast the pages of this run were read."""
    if pace.pages:
        told = f"{pace.pages} trang trong {pace.seconds:.0f} giây: {pace.pages_a_minute:.0f} trang/phút (pages a minute)"
        out.print(told)


def print_parked(waiting: Sequence[Parked]) -> None:
    """Each parked thing with its reason."""
    if not waiting:
        return
    from records.notes import SOURCES

    out.print("\nCần người xem (waiting for a person):")
    for one in waiting:
        where = f"{one.path}, trang {page_ranges(sorted(one.pages))}" if one.pages else one.path
        kind = BY_CODE.get(one.reason, SohoaError)
        out.print(Text.assemble("  ", (one.id[:8], "bold"), f"  {where}  ", (one.reason, "yellow")), soft_wrap=True)
        out.print(Text(f"            {kind.vi}\n            {kind.en}"), soft_wrap=True)
        if one.claims:
            claims = (claim.partition("=") for claim in one.claims)
            told = ", ".join(f"{SOURCES.get(source, source)}: {number}" for source, _, number in claims)
            out.print(Text(f"            {told}"), soft_wrap=True)


def print_cases(cases: Iterable[Case]) -> None:
    """What to look at before the paper goes back to its shelf."""
    from records.notes import case_text

    for number, case in enumerate(cases):
        if number == 0:
            out.print("\nCần xem lại (to look at; «sohoa resolve ID --seen» khi xong):")
        where = case.dossier.number if case.dossier else f"{case.batch.office}/{case.batch.name}" if case.batch else ""
        out.print(Text.assemble("  ", (str(case.pk)[:8], "bold"), f"  {where}  ", (case.kind, "yellow")), soft_wrap=True)
        out.print(Text(f"            {case_text(case)}"), soft_wrap=True)


def print_scans(scans: Iterable[Mapping[str, Any]]) -> None:
    """A line a scan, and a line a page where they were asked for."""
    for scan in scans:
        line = Text.assemble((scan["id"][:8], "bold"), f"  {scan['received'][:19].replace('T', ' ')}  {scan['state']:8}  {scan['path']}")
        out.print(line.append(f"  {scan['reason']}" if scan["reason"] else "", "yellow"), soft_wrap=True)
        for page in scan.get("pages", []):
            where = " ".join(part for part in (page["dossier"], page["component"], page["reason"]) if part)
            out.print(Text(f"          trang {page['source_page']:>3}  {page['disposition']:9}  {where}"), soft_wrap=True)


def print_dossier(shown: Mapping[str, Any]) -> None:
    """One dossier: what it consists of, what is missing, its documents and history."""
    received = shown["received"][:16].replace("T", " ") if shown["received"] else "?"
    out.print(Text(f"{shown['dossier']}  thủ tục {shown['procedure']}  đơn vị {shown['office']}  nhận {received}"), soft_wrap=True)
    table = Table("Thành phần", "Tên", "Bắt buộc", "Số hóa", "Trạng thái", box=SIMPLE_HEAD)
    for line in shown["components"]:
        state = _COMPONENT_STATES[line["state"]]
        table.add_row(line["component"], Text(line["name"]), "có" if line["required"] else "nếu có", line["duty"], state)
    out.print(table)
    out.print("ĐỦ (complete)" if shown["complete"] else "CHƯA ĐỦ (incomplete)")
    for document in shown["documents"]:
        what = "(giấy tiếp nhận)" if document["kind"] == "receipt" else document["component"] or "(chưa rõ)"
        out.print(
            Text(f"  {document['id'][:8]}  {what}  bản {document['version']}  {document['pages']} trang  {document['key']}"), soft_wrap=True
        )
        if document["candidates"]:
            told = ", ".join(f"{one['component']} ({one['likeness']:.2f})".replace(".", ",") for one in document["candidates"])
            out.print(Text(f"            có thể là: {told}"), soft_wrap=True)
    for document in shown["history"]:
        out.print(Text(f"  {document['id'][:8]}  {document['component']}  bản {document['version']}, đã có bản mới hơn"), soft_wrap=True)
    for event in shown["events"]:
        out.print(Text(f"  {event['at'][:19].replace('T', ' ')}  {event['kind']}  {event['actor']}"), soft_wrap=True)


def print_stories(stories: Sequence[PageStory], *, as_json: bool) -> None:
    """What was seen on each page and what was decided; a rule where another part begins."""
    if as_json:
        print_json({"pages": [asdict(story) for story in stories]})
        return
    from pipeline.errors import BY_CODE
    from records.notes import SOURCES

    for story in stories:
        if story.begins:
            told = ", ".join(f"{SOURCES.get(claim.source, claim.source)}: {claim.number or '?'}" for claim in story.claims)
            waits = f"{BY_CODE[story.decided].vi} [{story.decided}]" if story.decided in BY_CODE else story.decided
            out.print(Text(f"── {waits}{f' ← {told}' if told else ''}", "bold"), soft_wrap=True)
        seen = [
            *(f"mã «{code}»" for code in story.codes),
            *([f"tiêu đề «{story.title}»"] if story.title else []),
            *([f"số trang {story.folio}"] if story.folio else []),
            *([f"nói tới {', '.join(story.speaks_of)}"] if story.speaks_of else []),
        ]
        kind = {"blank": "trang trắng", "separator": "tờ ngăn"}.get(story.decided, "")
        out.print(Text(f"   {story.path} trang {story.page}: {kind}{'; '.join(seen)}"), soft_wrap=True)


def print_hits(found: SearchResult) -> None:
    """Hits with what was found marked."""
    out.print(f"{found.total} trang, {found.seconds:.3f} giây".replace(".", ","))
    for hit in found.hits:
        out.print(Text.assemble((hit.dossier, "bold"), f"  trang {hit.page}  tài liệu {str(hit.document)[:8]}"), soft_wrap=True)
        line = Text("  ")
        for number, piece in enumerate(re.split("</?mark>", hit.snippet)):
            line.append(html.unescape(piece), "bold yellow" if number % 2 else "")
        out.print(line, soft_wrap=True)
