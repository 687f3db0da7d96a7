"""The same sample day through {local pool, SQLite, folder} and {Celery, PostgreSQL, S3}: as the truth says, and the same catalogue."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from samples.day import make_day
from samples.truth import DayTruth
from tests.contracts.test_queue import celery_worker
from tests.end_to_end.archive import SOHOA, Archive
from tests.end_to_end.catalogue_of import differences, essence
from tests.servers import S3, PostgreSQL


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("day")


@pytest.fixture(scope="module")
def truth(day: Path) -> DayTruth:
    return make_day(day, size="small")


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, day: Path, truth: DayTruth) -> Archive:
    """The day worked off by `sohoa run --once` on one machine."""
    archive = Archive(tmp_path_factory.mktemp("local"))
    archive.load(day)
    archive.drop(day)
    done = archive.run("run", "--once")
    assert done.returncode == 2, done.stdout + done.stderr  # the encrypted file was refused
    return archive


@pytest.fixture(scope="module")
def province(
    tmp_path_factory: pytest.TempPathFactory, day: Path, truth: DayTruth, redis: str, postgresql: PostgreSQL, seaweedfs: S3
) -> Iterator[Archive]:
    """The day worked off by a Celery worker over PostgreSQL and S3."""
    home = tmp_path_factory.mktemp("province")
    queue = {"SOHOA_QUEUE__KIND": "celery", "SOHOA_QUEUE__BROKER": redis}
    archive = Archive(home, {**postgresql.database("province").environment, **seaweedfs.environment("province"), **queue})
    archive.load(day)
    archive.drop(day)
    with celery_worker(redis, tmp_path_factory.mktemp("celery"), archive.environment):
        done = archive.run("run", "--once")
        assert done.returncode == 2, done.stdout + done.stderr
        yield archive


def test_every_page_became_what_it_had_to(local: Archive, truth: DayTruth) -> None:
    assert differences(local.status(), truth) == []


def test_pages_in_are_pages_accounted_for(local: Archive, truth: DayTruth) -> None:
    pages = [page for scan in local.status()["scans"] for page in scan["pages"]]
    assert len(pages) == len(truth.pages)
    assert {page["disposition"] for page in pages} == {"attached", "blank", "separator", "parked"}


def test_both_ways_end_in_the_same_catalogue(local: Archive, province: Archive) -> None:
    one, two = local.status(), province.status()
    assert essence(one, local.dossiers(one)) == essence(two, province.dossiers(two))


def test_marks_or_none_find_the_certificate(local: Archive, province: Archive) -> None:
    for archive in (local, province):
        bare, marked = archive.json("search", "giay khai sinh", "--json"), archive.json("search", "Giấy khai sinh", "--json")
        assert bare["total"] >= marked["total"] >= 1
        assert "<mark>" in marked["hits"][0]["snippet"]


def test_the_rates_balance_and_are_the_same(local: Archive, province: Archive) -> None:
    asked = (
        "rates",
        "--from",
        "2025-01-01",
        "--to",
        "2026-12-31",
        "--by",
        "office",
        "--format",
        "json",
        "--as-of",
        "2030-01-01T00:00:00+07:00",
    )
    one, two = local.json(*asked), province.json(*asked)
    assert one["rows"] == two["rows"]
    assert one["rows"][0]["group"] == "*"
    assert one["rows"][0]["K1"]["num"] >= 4
    for row in one["rows"]:
        assert row["received"] == sum(row[key] for key in ("early", "on_time", "late", "open_in_time", "open_overdue", "stopped"))


def test_the_note_tells_the_clerk(local: Archive) -> None:
    note = (local.inbox / "H51.20" / "_ket-qua" / "scan0001.pdf.txt").read_text(encoding="utf-8")
    assert "XONG" in note
    assert "đã gắn vào H51.20-" in note
    assert "thiếu:" in note
    assert not [path for path in local.inbox.rglob("*") if path.is_file() and "_ket-qua" not in path.parts and path.name != ".watcher.lock"]


def test_the_pdf_of_a_dossier_is_searchable(local: Archive) -> None:
    status = local.status()
    for dossier in local.dossiers(status):
        for document in dossier["documents"]:
            pdf = pypdfium2.PdfDocument(local.home / "store" / document["key"])
            assert len(pdf) == document["pages"]
            texts = [page.get_textpage().get_text_bounded() for page in pdf]
            pdf.close()
            assert any(len(text) > 50 for text in texts)
            for original in document["original"]:
                assert (local.home / "store" / original).is_file()


def test_killing_the_workers_and_starting_again_ends_the_same(local: Archive, tmp_path: Path, day: Path, truth: DayTruth) -> None:
    archive = Archive(tmp_path, {"SOHOA_QUEUE__LEASE_SECONDS": "10"})
    archive.load(day)
    archive.drop(day)
    with subprocess.Popen(
        ["setsid", str(SOHOA), "run", "--once"], env=archive.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        until = time.monotonic() + 60
        while read_pages(archive) < 3 and time.monotonic() < until:
            time.sleep(0.5)
        subprocess.run(["pkill", "-KILL", "-s", str(process.pid)], check=False)
    assert process.returncode != 0
    assert archive.run("run", "--once").returncode in (0, 2)
    one, two = local.status(), archive.status()
    assert essence(two, archive.dossiers(two)) == essence(one, local.dossiers(one))


def read_pages(archive: Archive) -> int:
    """Pages read so far, asked of the catalogue's file from outside."""
    import sqlite3

    with sqlite3.connect(f"file:{archive.home / 'sohoa.sqlite3'}?mode=ro", uri=True) as database:
        (count,) = database.execute("SELECT COUNT(*) FROM records_page WHERE state = 'read'").fetchone()
    database.close()
    return int(count)


def test_what_is_resolved_by_hand_is_attached(local: Archive) -> None:
    (parked,) = [scan for scan in local.status()["scans"] if scan["reason"] == "UnknownDossier"]
    dossier = next(page["dossier"] for scan in local.status()["scans"] for page in scan["pages"] if page["dossier"])
    assert local.run("resolve", parked["id"][:8], "--dossier", "H51.20-250101-9999").returncode == 2
    done = local.run("resolve", parked["id"][:8], "--dossier", dossier)
    assert done.returncode == 0, done.stderr
    (after,) = [scan for scan in local.status()["scans"] if scan["id"] == parked["id"]]
    assert after["state"] == "done"
    assert {page["dossier"] for page in after["pages"]} == {dossier}
    kinds = [event["kind"] for event in local.json("dossier", dossier, "--json")["events"]]
    assert "document.resolved" in kinds


def test_json_is_one_document_of_the_documented_shape(local: Archive) -> None:
    schemas = Path(__file__).resolve().parents[2].parent / "shared" / "schemas"
    if not schemas.is_dir():
        pytest.skip("no schemas beside the project")
    from jsonschema import Draft202012Validator

    dossier = next(page["dossier"] for scan in local.status()["scans"] for page in scan["pages"] if page["dossier"])
    asked: dict[str, tuple[str, ...]] = {
        "status": ("status", "--pages", "--json"),
        "dossier": ("dossier", dossier, "--json"),
        "search": ("search", "khai sinh", "--json"),
        "rates": ("rates", "--from", "2025-01-01", "--to", "2025-12-31", "--format", "json"),
    }
    for name, arguments in asked.items():
        document: Any = local.json(*arguments)
        schema = json.loads((schemas / f"{name}.schema.json").read_text(encoding="utf-8"))
        assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
