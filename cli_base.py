"""What every command needs: the clock, the archive, who acts, and the one place where failures become sentences and exit codes."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli_show import complain
from pipeline.errors import NoSpace, SohoaError, exit_code

if TYPE_CHECKING:
    from config import Config

BAD_ARGUMENTS, SOME_REFUSED, UNREACHABLE, INTERNAL = 1, 2, 4, 15

Json = Annotated[bool, typer.Option("--json", help="Một tài liệu JSON trên stdout (one JSON document)")]


def now() -> datetime:
    """The clock of the command line; everything below takes the time as an argument."""
    return datetime.now(UTC)


def fail(error: SohoaError) -> typer.Exit:
    """Say what failed and what to do, in Vietnamese and English; the exit code is that of the failure."""
    complain(f"{error.code}: {error.vi}\n  {error.en}")
    if error.detail:
        complain(f"  ({error.detail})")
    return typer.Exit(exit_code(error))


def bad(vi: str, en: str) -> typer.Exit:
    """A bad argument."""
    complain(f"{vi}\n  {en}")
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
        complain(str(error))
        raise typer.Exit(BAD_ARGUMENTS) from None
    except OSError as error:
        if error.errno == errno.EPIPE:  # whoever reads our output has seen enough
            raise
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise fail(NoSpace(str(error.filename or ""))) from None
        complain(f"Không đọc hoặc ghi được {error.filename}: {error.strerror}\n  Cannot read or write {error.filename}: {error.strerror}")
        raise typer.Exit(UNREACHABLE) from None


def writable(*targets: Path | None, source: Path | None = None) -> None:
    """Stop before any work is done where an output could not be written, or would replace the input or another output."""
    named = [path for path in targets if path is not None]
    for path in named:
        folder = path.absolute().parent
        if path.is_dir() or not folder.is_dir():
            raise bad(
                f"Không ghi được {path}: không có thư mục này, hoặc đó là một thư mục.",
                f"Cannot write {path}: no such folder, or it is one.",
            )
        if not os.access(path if path.exists() else folder, os.W_OK):
            raise bad(f"Không có quyền ghi {path}.", f"No right to write {path}.")
    files = [*named, *([source] if source is not None else [])]
    same = source is not None and any(path.exists() and path.samefile(source) for path in named)
    if same or len({path.resolve() for path in files}) < len(files):
        raise bad("Tệp ra không được trùng tệp vào hay trùng nhau.", "The outputs must differ from the input and from each other.")


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


def actor() -> str:
    """Who acts, for the events."""
    return f"cli:{os.environ.get('USER') or os.getuid()}"[:60]
