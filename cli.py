"""The `sohoa` command: arguments in, table or JSON out. What it says is data on stdout; progress, logs and complaints go to stderr.

Each command imports what it needs when it is called, so that `sohoa ocr` needs neither database nor configuration.
"""

from __future__ import annotations

import html
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click
import typer
from rich.console import Console
from rich.table import Table

from pipeline.errors import SohoaError, exit_code

if TYPE_CHECKING:
    from config import Config
    from records.register_reading import RowProblem
    from records.status import Work

app = typer.Typer(
    help="Số hóa hồ sơ một cửa: từ máy quét đến hồ sơ, tìm kiếm và tỷ lệ số hóa. (Digitises one-stop dossiers.)",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
say = Console(stderr=True, highlight=False)
out = Console(highlight=False)

BAD_ARGUMENTS, SOME_REFUSED, UNREACHABLE, INTERNAL = 1, 2, 4, 15

Json = Annotated[bool, typer.Option("--json", help="Một tài liệu JSON trên stdout (one JSON document)")]


class By(StrEnum):
    """Groups of the rates report."""

    office = "office"
    procedure = "procedure"
    level = "level"
    month = "month"
    channel = "channel"


class View(StrEnum):
    """Territory as of the day of receipt, or as of today along successions."""

    receipt = "receipt"
    current = "current"


class Format(StrEnum):
    """Forms of the rates report."""

    table = "table"
    csv = "csv"
    xlsx = "xlsx"
    json = "json"


def now() -> datetime:
    """The clock of the command line; everything below takes the time as an argument."""
    return datetime.now(UTC)


def fail(error: SohoaError) -> typer.Exit:
    """Say what failed and what to do, in Vietnamese and English; the exit code is that of the failure."""
    say.print(f"[red]{error.code}[/red]: {error.vi}\n  {error.en}", soft_wrap=True)
    if error.detail:
        say.print(f"  ({error.detail})", markup=False, soft_wrap=True)
    return typer.Exit(exit_code(error))


def bad(vi: str, en: str) -> typer.Exit:
    """A bad argument."""
    say.print(f"{vi}\n  {en}", markup=False, soft_wrap=True)
    return typer.Exit(BAD_ARGUMENTS)


@contextmanager
def failures() -> Iterator[None]:
    """The one place where failures of a command become sentences and exit codes."""
    from config import BadConfiguration

    try:
        yield
    except SohoaError as error:
        raise fail(error) from None
    except BadConfiguration as error:
        say.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(BAD_ARGUMENTS) from None


@contextmanager
def archive() -> Iterator[Config]:
    """The configured archive, opened; made first where there is none yet."""
    from config import load_config
    from records.logs import set_up_log
    from records.setup import open_catalogue

    with failures():
        config = load_config()
        set_up_log(config)
        open_catalogue()
        from django.db import InterfaceError, OperationalError

        from pipeline.errors import DatabaseDown

        try:
            yield config
        except (OperationalError, InterfaceError) as error:
            raise DatabaseDown(type(error).__name__) from error


def print_json(document: Any) -> None:
    """One JSON document on stdout, nothing else."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n")


@app.callback()
def choose_config(
    config: Annotated[Path | None, typer.Option("--config", help="Tệp cấu hình (default: ./config.yaml, or SOHOA_CONFIG)")] = None,
) -> None:
    """Remember which configuration was named."""
    if config is not None:
        os.environ["SOHOA_CONFIG"] = str(config)


@app.command()
def ocr(
    source: Annotated[Path, typer.Argument(metavar="IN", help="Bản quét (scan file)")],
    target: Annotated[Path, typer.Argument(metavar="OUT.pdf", help="PDF/A tìm được chữ (searchable PDF/A)")],
    sidecar: Annotated[Path | None, typer.Option(help="Văn bản từng trang, cách nhau bằng form feed (text)")] = None,
    report: Annotated[Path | None, typer.Option("--json", help="Báo cáo JSON («-»: stdout)")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Số tiến trình (processes)")] = len(os.sched_getaffinity(0)),
) -> None:
    """Một tệp quét vào, một PDF/A tìm được chữ ra. (One scan file in, searchable PDF/A out.)"""
    from pipeline.model import ReadSettings
    from workers.single import ocr_file

    if not source.is_file():
        raise bad(f"Không có tệp {source}", f"No such file: {source}")
    if source.resolve() == target.resolve():
        raise bad("Tệp ra không được trùng tệp vào.", "The output must not be the input.")
    with failures(), progress_bar("trang") as bar:
        done = ocr_file(source, target, sidecar=sidecar, jobs=jobs, settings=ReadSettings(), now=now(), progress=bar)
    if report == Path("-"):
        sys.stdout.write(done.to_json() + "\n")
    elif report is not None:
        report.write_text(done.to_json(), encoding="utf-8")


@contextmanager
def progress_bar(what: str) -> Iterator[Any]:
    """A live bar on stderr, where that is a terminal; called with (done, total)."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=say, transient=False, disable=not say.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


@app.command()
def load(
    offices: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Danh mục đơn vị")] = None,
    procedures: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Danh mục thủ tục")] = None,
    dossiers: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Sổ hồ sơ")] = None,
) -> None:
    """Nạp sổ: đơn vị, thủ tục, hồ sơ (CSV, XLSX, JSON). (Load the registers.)"""
    if not (offices or procedures or dossiers):
        raise bad("Hãy cho ít nhất một trong --offices, --procedures, --dossiers.", "Give at least one register.")
    refused = False
    with archive() as config:
        from records.attachment import rejudge
        from records.models import Document
        from records.registers import load_dossiers, load_offices, load_procedures
        from workers.supervise import work_off

        for name, path, loader in (
            ("Đơn vị", offices, load_offices),
            ("Thủ tục", procedures, load_procedures),
            ("Hồ sơ", dossiers, load_dossiers),
        ):
            if path is None:
                continue
            done = loader(path, now())
            out.print(f"{name}: đọc {done.read}, mới {done.new}, đổi {done.changed}, giữ nguyên {done.same}, lỗi {len(done.problems)}")
            print_problems(path.name, done.problems)
            refused = refused or bool(done.problems)
        released = rejudge(Document.objects.all(), now())
        if released:
            out.print(f"{len(released)} tài liệu đang chờ nay đã có hồ sơ (waiting documents found their dossier).")
            work_off(config)
    raise typer.Exit(SOME_REFUSED if refused else 0)


def print_problems(name: str, problems: tuple[RowProblem, ...]) -> None:
    """Each bad row: line, column, reason."""
    for problem in problems:
        column = f", cột {problem.column}" if problem.column else ""
        say.print(f"  {name}, dòng {problem.line}{column}: {problem.reason_vi} ({problem.reason_en})", markup=False, soft_wrap=True)


@app.command()
def run(once: Annotated[bool, typer.Option("--once", help="Làm hết hộp thư rồi thoát (work the inbox off and exit)")] = False) -> None:
    """Theo dõi thư mục và xử lý. (Watch the inbox and work.)"""
    with archive() as config:
        from records.status import balance, parked
        from records.store import open_store
        from workers.supervise import run_for_ever, run_once

        open_store()
        if not once:
            stop = threading.Event()
            for sign in (signal.SIGINT, signal.SIGTERM):
                signal.signal(sign, lambda *_: stop.set())
            say.print(f"Đang theo dõi {config.inbox} (watching; Ctrl+C: dừng)", markup=False, soft_wrap=True)
            run_for_ever(config, stop)
            return
        before = {one.id for one in parked()}
        with progress_bar("trang đã đọc") as bar:

            def show(work: Work) -> None:
                bar(work.read, work.pages)

            run_once(config, show)
        print_balance(balance())
        fresh = [one for one in parked() if one.id not in before]
        print_parked(fresh)
    raise typer.Exit(SOME_REFUSED if any(is_refusal(one.reason) for one in fresh) else 0)


def is_refusal(reason: str) -> bool:
    """Whether a reason says that the input itself can never be processed."""
    from pipeline.errors import BY_CODE, Refused

    return issubclass(BY_CODE.get(reason, SohoaError), Refused)


def print_balance(sums: Any) -> None:
    """Pages in, and what became of them."""
    way = f" + {sums.on_the_way} đang xử lý" if sums.on_the_way else ""
    kinds = f"{sums.attached} đã gắn + {sums.blank} trắng + {sums.separator} tờ ngăn + {sums.parked} cần người xem"
    out.print(f"{sums.pages} trang vào = {kinds}{way}")


def print_parked(waiting: list[Any]) -> None:
    """Each parked thing with its reason."""
    if not waiting:
        return
    from pipeline.errors import BY_CODE

    out.print("\nCần người xem (waiting for a person):")
    for one in waiting:
        where = f"{one.path}, trang {spans(one.pages)}" if one.pages else one.path
        out.print(f"  [bold]{one.id[:8]}[/bold]  {where}  [yellow]{one.reason}[/yellow]", soft_wrap=True)
        kind = BY_CODE.get(one.reason, SohoaError)
        out.print(f"            {kind.vi}\n            {kind.en}", soft_wrap=True)
        if one.claims:
            out.print(f"            nguồn nói: {', '.join(one.claims)}", markup=False, soft_wrap=True)


def spans(pages: tuple[int, ...]) -> str:
    """`1-3, 5`."""
    from records.notes import ranges

    return ranges(sorted(pages))


@app.command()
def status(pages: Annotated[bool, typer.Option("--pages", help="Từng trang (every page)")] = False, as_json: Json = False) -> None:
    """Cái gì đang chờ, đang chạy, xong, cần người xem. (What is waiting, running, done, parked.)"""
    with archive():
        from records.status import balance, parked
        from records.status import status as status_of

        shown = status_of(pages=pages)
        if as_json:
            print_json(shown)
            return
        table = Table("ID", "Tệp", "Trạng thái", "Lý do", "Nhận lúc")
        for scan in shown["scans"]:
            table.add_row(scan["id"][:8], scan["path"], scan["state"], scan["reason"] or "", scan["received"][:19].replace("T", " "))
            for page in scan.get("pages", []):
                where = " ".join(filter(None, [page["dossier"], page["component"]]))
                table.add_row("", f"  trang {page['source_page']}", page["disposition"], page["reason"] or "", where)
        out.print(table)
        print_balance(balance())
        print_parked(parked())


@app.command()
def dossier(number: Annotated[str, typer.Argument(metavar="MA", help="Mã hồ sơ")], as_json: Json = False) -> None:
    """Một hồ sơ: thành phần, còn thiếu gì, tài liệu, sự kiện. (One dossier.)"""
    with archive():
        from pipeline.errors import UnknownDossier
        from records.identity import fact_of
        from records.status import dossier as dossier_of

        fact = fact_of(number.strip())
        if fact is None:
            raise UnknownDossier(number)
        shown = dossier_of(fact, now())
        if as_json:
            print_json(shown)
            return
        out.print(f"{shown['dossier']}  thủ tục {shown['procedure']}  đơn vị {shown['office']}  nhận {shown['received'] or '?'}")
        table = Table("Thành phần", "Tên", "Bắt buộc", "Số hóa", "Trạng thái")
        names = {"missing": "thiếu", "digitised": "đã số hóa", "reused": "tái sử dụng", "exempt": "miễn"}
        for line in shown["components"]:
            table.add_row(line["component"], line["name"], "có" if line["required"] else "nếu có", line["duty"], names[line["state"]])
        out.print(table)
        out.print("ĐỦ (complete)" if shown["complete"] else "CHƯA ĐỦ (incomplete)")
        for document in shown["documents"]:
            out.print(f"  {document['component'] or '(chưa rõ)'}  {document['pages']} trang  {document['key']}", soft_wrap=True)


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="Từ cần tìm, có dấu hoặc không dấu; mã hồ sơ")],
    office: Annotated[str | None, typer.Option(help="Mã đơn vị")] = None,
    from_day: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d", "%d/%m/%Y"], help="Nhận từ ngày")] = None,
    to_day: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d", "%d/%m/%Y"], help="Nhận đến ngày")] = None,
    procedure: Annotated[str | None, typer.Option(help="Mã thủ tục")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 20,
    as_json: Json = False,
) -> None:
    """Tìm giấy tờ theo chữ và theo trường. (Full text and fields.)"""
    with archive():
        from records.search import SearchQuery
        from records.search import search as search_for

        query = SearchQuery(" ".join(words), office, day(from_day), day(to_day), procedure, limit)
        found = search_for(query)
        if as_json:
            print_json(asdict(found))
            return
        out.print(f"{found.total} trang, {found.seconds:.3f} giây".replace(".", ","))
        for hit in found.hits:
            snippet = html.unescape(hit.snippet).replace("[", r"\[").replace("<mark>", "[bold yellow]").replace("</mark>", "[/bold yellow]")
            out.print(f"[bold]{hit.dossier}[/bold]  trang {hit.page}  tài liệu {str(hit.document)[:8]}\n  {snippet}", soft_wrap=True)


def day(moment: datetime | None) -> date | None:
    """The day of a date option."""
    return moment.date() if moment else None


@app.command()
def retry(row_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Bỏ trống: tất cả (empty: everything)")] = None) -> None:
    """Thử lại những gì đang chờ người. (Try again what is parked.)"""
    with archive() as config:
        from records.review import try_again
        from records.status import parked
        from workers.supervise import work_off

        again = try_again(row_id, actor(), now())
        work_off(config)
        out.print(f"Đã thử lại {again.scans} tệp, {again.pages} trang, {again.documents} tài liệu.")
        print_parked(parked())


@app.command()
def resolve(
    row_id: Annotated[str, typer.Argument(metavar="ID", help="ID trong «sohoa status»: tài liệu hoặc tệp quét")],
    number: Annotated[str, typer.Option("--dossier", metavar="MA", help="Mã hồ sơ")],
    component: Annotated[str | None, typer.Option(metavar="C", help="Thành phần (TP1 ..., KQ)")] = None,
) -> None:
    """Người quyết định: giấy này của hồ sơ nào. (Say whose a parked paper is.)"""
    with archive() as config:
        from records.attachment import resolve as decide
        from records.review import waiting_documents
        from workers.supervise import work_off

        documents = waiting_documents(row_id)
        decide(documents, number.strip(), component, actor(), now())
        work_off(config)
        out.print(f"{len(documents)} tài liệu đã gắn vào {number} (attached).")


def actor() -> str:
    """Who acts, for the events."""
    return f"cli:{os.environ.get('USER') or os.getuid()}"[:60]


@app.command()
def doctor() -> None:
    """Kiểm tra cài đặt và chỉ cách sửa. (Check the set-up and say how to mend it.)"""
    from workers.doctor import examine

    findings = examine()
    for finding in findings:
        say.print(f"{'[green]tốt[/green] ' if finding.well else '[red]HỎNG[/red]'} {finding.what}: {finding.detail}", soft_wrap=True)
        if finding.cure:
            say.print(f"       → {finding.cure}", markup=False, soft_wrap=True)
    worst = next((finding.exit_code for finding in findings if not finding.well), 0)
    raise typer.Exit(worst)


def main() -> None:
    """Entry point: usage errors are 1, a bug is 15 with its traceback on stderr."""
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    try:
        code = app(standalone_mode=False)
    except typer.Exit as leave:
        code = leave.exit_code
    except click.UsageError as error:
        error.show()
        code = BAD_ARGUMENTS
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except Exception:  # noqa: BLE001 - the one shell of the command line
        say.print_exception(show_locals=False)
        code = INTERNAL
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
