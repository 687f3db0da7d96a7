"""The `sohoa` command: arguments in, table or JSON out. What it says is data on stdout; progress, logs and complaints go to stderr.

Each command imports what it needs when it is called, so that `sohoa ocr` needs neither database nor configuration.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text
from typer.exceptions import TyperException

import cli_desk
import cli_sheets
from cli_base import BAD_ARGUMENTS, INTERNAL, SOME_REFUSED, Json, archive, bad, failures, now, writable
from cli_show import (
    complain,
    complain_of_usage,
    out,
    print_balance,
    print_cases,
    print_dossier,
    print_failed_pages,
    print_hits,
    print_json,
    print_pace,
    print_parked,
    print_problems,
    print_scans,
    progress_bar,
    say,
)
from pipeline.errors import BY_CODE, Refused, SohoaError

if TYPE_CHECKING:
    from records.rates import Report
    from records.status import Work

app = typer.Typer(
    help="Số hóa hồ sơ một cửa: từ máy quét đến hồ sơ, tìm kiếm và tỷ lệ số hóa. (Digitises one-stop dossiers.)",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


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
    reread: Annotated[
        bool, typer.Option("--reread", help="Nhận dạng cả trang PDF đã có sẵn chữ (recognise pages made with text, too)")
    ] = False,
) -> None:
    """Một tệp quét vào, một PDF/A tìm được chữ ra. (One scan file in, searchable PDF/A out.)

    Tệp dài bị dừng giữa chừng: chạy lại đúng lệnh ấy thì làm tiếp. (A long file that was interrupted: the same command goes on.)
    """
    from pipeline.model import ReadSettings
    from workers.single import ocr_file

    if not source.is_file():
        raise bad(f"Không có tệp {source}", f"No such file: {source}")
    writable(target, sidecar, None if report == Path("-") else report, source=source)
    with failures(), progress_bar("trang") as bar:
        done = ocr_file(source, target, sidecar=sidecar, jobs=jobs, settings=ReadSettings(reread=reread), now=now(), progress=bar)
    if report == Path("-"):
        sys.stdout.write(done.to_json() + "\n")
    elif report is not None:
        with failures():
            report.write_text(done.to_json(), encoding="utf-8")
    failed = [page for page in done.pages if page.failure]
    print_failed_pages(failed)
    raise typer.Exit(SOME_REFUSED if failed else 0)


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
        from records.models import Document
        from records.registers import load_dossiers, load_offices, load_procedures
        from records.rematch import rejudge
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
            print_problems(f"Lưu ý (note): {path.name}", done.remarks)
            refused = refused or bool(done.problems)
        released = rejudge(Document.objects.all(), now())
        if released:
            out.print(f"{len(released)} tài liệu đang chờ nay đã có hồ sơ (waiting documents found their dossier).")
            work_off(config)
    raise typer.Exit(SOME_REFUSED if refused else 0)


@app.command()
def run(once: Annotated[bool, typer.Option("--once", help="Làm hết hộp thư rồi thoát (work the inbox off and exit)")] = False) -> None:
    """Theo dõi thư mục và xử lý. (Watch the inbox and work.)"""
    with archive() as config:
        from pipeline.ocr import open_engines
        from records.status import balance, parked
        from records.store import open_store
        from workers.supervise import run_for_ever, run_once

        open_store()
        open_engines(config.read.settings())  # without it nothing could be read: say so at once
        if not once:
            stop = threading.Event()
            for sign in (signal.SIGINT, signal.SIGTERM):
                signal.signal(sign, lambda *_: stop.set())
            complain(f"Đang theo dõi {config.inbox} (watching; Ctrl+C: dừng)")
            run_for_ever(config, stop)
            return
        before = {one.id for one in parked()}
        with progress_bar("trang đã đọc") as bar:

            def show(work: Work) -> None:
                bar(work.read, work.pages)

            pace = run_once(config, show)
        print_balance(balance())
        print_pace(pace)
        fresh = [one for one in parked() if one.id not in before]
        print_parked(fresh)
    raise typer.Exit(SOME_REFUSED if any(is_refusal(one.reason) for one in fresh) else 0)


def is_refusal(reason: str) -> bool:
    """Whether a reason says that the input itself can never be processed."""
    return issubclass(BY_CODE.get(reason, SohoaError), Refused)


@app.command()
def status(pages: Annotated[bool, typer.Option("--pages", help="Từng trang (every page)")] = False, as_json: Json = False) -> None:
    """Cái gì đang chờ, đang chạy, xong, cần người xem. (What is waiting, running, done, parked.)"""
    with archive():
        from records.status import balance, open_cases, parked
        from records.status import status as status_of

        shown = status_of(pages=pages)
        if as_json:
            print_json(shown)
            return
        print_scans(shown["scans"])
        print_balance(balance())
        print_parked(parked())
        print_cases(open_cases())


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
        print_dossier(shown)


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="Từ cần tìm, có dấu hoặc không dấu; mã hồ sơ")],
    office: Annotated[str | None, typer.Option(help="Mã đơn vị")] = None,
    from_day: Annotated[datetime | None, typer.Option("--from", formats=DAYS, help="Nhận từ ngày")] = None,
    to_day: Annotated[datetime | None, typer.Option("--to", formats=DAYS, help="Nhận đến ngày")] = None,
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
        print_hits(found)


def day(moment: datetime | None) -> date | None:
    """The day of a date option."""
    return moment.date() if moment else None


@app.command()
def rates(
    from_day: Annotated[datetime, typer.Option("--from", formats=DAYS, help="Nhận từ ngày (gồm cả ngày này)")],
    to_day: Annotated[datetime, typer.Option("--to", formats=DAYS, help="Nhận đến ngày (gồm cả ngày này)")],
    office: Annotated[str | None, typer.Option(help="Mã đơn vị, gồm cả cấp dưới")] = None,
    by: Annotated[By, typer.Option(help="Nhóm theo")] = By.office,
    as_of: Annotated[str | None, typer.Option(help="Theo những gì đã biết lúc này; một ngày: hết ngày đó")] = None,
    view: Annotated[View, typer.Option(help="Đơn vị lúc tiếp nhận, hay hiện hành")] = View.receipt,
    form: Annotated[Format, typer.Option("--format", help="Dạng báo cáo")] = Format.table,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Ghi ra tệp")] = None,
    problems: Annotated[bool, typer.Option("--problems", help="Hồ sơ có vấn đề thay cho tỷ lệ")] = False,
) -> None:
    """Tỷ lệ số hóa. (The auditor's report.)"""
    writable(output)
    with archive():
        from records import rates as report
        from records.rates_problems import problems as find_problems

        question = report.Question(
            from_day.date(), to_day.date(), moment(as_of) or now(), office, report.By(by.value), report.View(view.value)
        )
        if problems:
            for one in find_problems(question):
                out.print(f"{one.number}  {one.office}  {one.column}: {one.reason_vi} ({one.reason_en})", markup=False, soft_wrap=True)
            return
        write_report(report.rates(question), form, output)


def moment(text: str | None) -> datetime | None:
    """A moment as people give it: ISO 8601, in Vietnam where no zone is named; a mere day means its end."""
    if text is None:
        return None
    from records.cells import VIETNAM

    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise bad(f"Không hiểu thời điểm «{text}» (ví dụ: 2026-01-31 hoặc 2026-01-31T17:00).", "Not a moment (ISO 8601).") from None
    if len(text) <= len("2026-01-31"):
        given = given.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return given if given.tzinfo else given.replace(tzinfo=VIETNAM)


def write_report(report: Report, form: Format, output: Path | None) -> None:
    """The report in the form that was asked for, to a file or to stdout."""
    from records.rates_export import as_json, write_csv, write_xlsx
    from records.rates_table import as_table

    if form is Format.xlsx:
        if output is None and sys.stdout.isatty():
            raise bad("XLSX cần một tệp: thêm -o BAO_CAO.xlsx", "XLSX needs a file: add -o REPORT.xlsx")
        book = BytesIO()
        write_xlsx(report, book)
        if output is None:
            sys.stdout.buffer.write(book.getvalue())
        else:
            output.write_bytes(book.getvalue())
        return
    text = StringIO()
    if form is Format.json:
        print_json(as_json(report), text)
    elif form is Format.csv:
        write_csv(report, text)
    else:
        Console(file=text, width=out.width if sys.stdout.isatty() else 140).print(as_table(report))
    if output is None:
        sys.stdout.write(text.getvalue())
    else:
        output.write_text(text.getvalue(), encoding="utf-8-sig" if form is Format.csv else "utf-8")


for _command in (cli_desk.retry, cli_desk.resolve, cli_desk.undo, cli_desk.explain, cli_desk.show, cli_sheets.sheets):
    app.command()(_command)


@app.command()
def doctor() -> None:
    """Kiểm tra cài đặt và chỉ cách sửa. (Check the set-up and say how to mend it.)"""
    from workers.doctor import examine

    findings = examine()
    for finding in findings:
        verdict = ("tốt ", "green") if finding.well else ("HỎNG", "red")
        say.print(Text.assemble(verdict, f" {finding.what}: {finding.detail}"), soft_wrap=True)
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
    except TyperException as error:
        complain_of_usage(error)
        code = BAD_ARGUMENTS
    except (typer.Abort, KeyboardInterrupt):
        code = 130
    except Exception:  # noqa: BLE001 - the one shell of the command line
        say.print_exception(show_locals=False)
        code = INTERNAL
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
