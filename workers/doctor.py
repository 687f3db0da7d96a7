"""Checks the set-up of this machine, one thing at a time, and says how to mend what is wrong."""

from __future__ import annotations

import shutil
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from config import BadConfiguration, Config, load_config
from pipeline.errors import DatabaseDown, NoSpace, QueueDown, SohoaError, Violated, exit_code
from pipeline.ocr import open_engines

_LOW_DISK_BYTES = 2 * 1024**3


class BrokenChain(Violated):
    vi = "Chuỗi sự kiện bị đứt: có người đã sửa sổ sự kiện. Hãy giữ nguyên hiện trạng và báo người vận hành."
    en = "The event chain is broken: the events were tampered with. Leave everything as it is and tell the operator."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    what: str
    well: bool
    detail: str
    cure: str = ""
    exit_code: int = 0


def examine() -> list[Finding]:
    """Every check, in the order in which things depend on each other; stops where nothing further can be told."""
    findings = [_python()]
    try:
        config = load_config()
    except BadConfiguration as error:
        return [
            *findings,
            Finding(
                "cấu hình (configuration)", well=False, detail=str(error), cure="Sửa config.yaml hoặc biến môi trường SOHOA_*", exit_code=1
            ),
        ]
    findings.append(Finding("cấu hình (configuration)", well=True, detail=f"home {config.home}"))
    checks: tuple[tuple[str, Callable[[Config], str]], ...] = (
        ("nhận dạng chữ (OCR)", _engine),
        ("phông chữ của tờ phân cách (fonts of separator sheets)", _fonts),
        ("cơ sở dữ liệu (database)", _database),
        ("kho lưu trữ (store)", _store),
        ("hộp thư (inbox)", _inbox),
        ("hàng đợi (queue)", _queue),
        ("đĩa (disk)", _disk),
    )
    return findings + [_checked(what, check, config) for what, check in checks]


def _checked(what: str, check: Callable[[Config], str], config: Config) -> Finding:
    try:
        return Finding(what, well=True, detail=check(config))
    except SohoaError as error:
        return Finding(what, well=False, detail=f"{error.vi} ({error.en})", cure=error.detail, exit_code=exit_code(error))
    except OSError as error:
        return Finding(
            what,
            well=False,
            detail=f"{type(error).__name__}: {error.strerror}",
            cure=f"Kiểm tra quyền ghi của {error.filename}",
            exit_code=4,
        )


def _python() -> Finding:
    well = sys.version_info >= (3, 11)
    cure = "" if well else "apt install python3.11 python3.11-venv"
    return Finding("Python", well, sys.version.split()[0], cure, 0 if well else 3)


def _engine(config: Config) -> str:
    return open_engines(config.read.settings()).version


def _fonts(config: Config) -> str:
    from records.sheet_paper import require_fonts

    return require_fonts()


def _database(config: Config) -> str:
    from records.setup import open_catalogue

    open_catalogue()
    from django.db import connection
    from django.db.utils import Error

    from records.events import first_broken_link

    try:
        broken = first_broken_link()
    except Error as error:
        raise DatabaseDown(type(error).__name__) from error
    if broken is not None:
        raise BrokenChain(f"event {broken.pk}")
    return f"{connection.vendor}, chuỗi sự kiện nguyên vẹn (event chain holds)"


def _store(config: Config) -> str:
    from records.store import sha256_of, store_of

    store = store_of(config)
    config.work.mkdir(parents=True, exist_ok=True)
    probe = config.work / f"doctor-{uuid.uuid4().hex}"
    key = f"work/{probe.name}"
    try:
        probe.write_bytes(key.encode())
        store.put(key, probe, sha256_of(probe))
        store.delete(key)
    finally:
        probe.unlink(missing_ok=True)
    return f"{config.store.kind}, ghi và đọc lại được (written and read back)"


def _inbox(config: Config) -> str:
    config.inbox.mkdir(parents=True, exist_ok=True)
    probe = config.inbox / f".doctor-{uuid.uuid4().hex}"
    probe.touch()
    probe.unlink()
    return str(config.inbox)


def _queue(config: Config) -> str:
    if config.queue.kind == "local":
        return f"{config.processes} tiến trình trên máy này (processes)"
    from workers.celery_app import listening

    heard = listening()
    if not heard:
        raise QueueDown("celery -A workers worker")
    return f"Celery, {heard} máy xử lý đang nghe (workers listening)"


def _disk(config: Config) -> str:
    config.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(config.home).free
    if free < _LOW_DISK_BYTES:
        raise NoSpace(f"{free // 1024**2} MB")
    return f"còn {free // 1024**3} GB (free)"
