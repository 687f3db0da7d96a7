"""The command line on bad input and in a bad world: exit codes, sentences in two languages, JSON and nothing else on stdout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pypdf import PdfWriter

import cli
from config import load_config
from pipeline.errors import BY_CODE
from tests.drops import OFFICE, scan_file

SOHOA = Path(sys.executable).with_name("sohoa")
DEAD_PORT = "1"  # nobody listens there


def sohoa(*arguments: str | Path, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it, in an empty folder unless something was put there."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("SOHOA_", "DJANGO_"))}
    quick = {"SOHOA_WATCH__SETTLE_SECONDS": "0.2", "SOHOA_WATCH__INCOMPLETE_SECONDS": "0.5", "SOHOA_QUEUE__PROCESSES": "1"}
    return subprocess.run(
        [SOHOA, *map(str, arguments)],
        env={**clean, **quick, "SOHOA_LOG__LEVEL": "error", **settings},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def in_two_languages(text: str) -> bool:
    """Whether there is a Vietnamese line, and one without a Vietnamese letter."""
    lines = [line for line in text.splitlines() if any(letter.isalpha() for letter in line)]
    return any(not line.isascii() for line in lines) and any(line.isascii() for line in lines)


# --- arguments -----------------------------------------------------------------------------------------------------------------

BAD_ARGUMENTS = [
    ["nonsense"],
    ["rates"],
    ["rates", "--from", "x", "--to", "y"],
    ["rates", "--from", "2025-02-01", "--to", "2025-01-01"],
    ["rates", "--from", "2025-01-01", "--to", "2025-01-31", "--by", "colour"],
    ["rates", "--from", "2025-01-01", "--to", "2025-01-31", "--as-of", "yesterday"],
    ["rates", "--from", "2025-01-01", "--to", "2025-01-31", "-o", "/nonexistent/report.csv"],
    ["search"],
    ["search", "x", "--limit", "0"],
    ["status", "--bogus"],
    ["load"],
    ["load", "--offices", "/nonexistent.csv"],
    ["ocr"],
    ["ocr", "/nonexistent.pdf", "out.pdf"],
    ["ocr", "/", "out.pdf"],
    ["resolve", "zz", "--dossier", "H51.20-260301-0001"],
    ["retry", "zz"],
]


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("arguments", BAD_ARGUMENTS, ids=" ".join)
def test_bad_arguments_are_told_in_two_languages(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["sohoa", *arguments])
    with pytest.raises(SystemExit) as left:
        cli.main()
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert left.value.code == 1
    assert in_two_languages(err), err
    assert out == ""


def test_without_a_command_there_is_help(tmp_path: Path) -> None:
    done = sohoa(cwd=tmp_path)
    assert "doctor" in done.stdout + done.stderr
    assert done.returncode in (0, 1)
    assert sohoa("--help", cwd=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("catalogue")
def test_a_bug_is_15_with_its_traceback_and_no_values(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object, **__: object) -> None:
        secret = "Nguyễn Thị " + "Thử"
        raise KeyError(len(secret))

    monkeypatch.setattr("records.status.status", broken)
    monkeypatch.setattr(sys, "argv", ["sohoa", "status"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 15
    out, err = capsys.readouterr()
    assert "KeyError" in err
    assert "Nguyễn Thị Thử" not in err
    assert out == ""


# --- configuration -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["a: [1", "- 1", "watch: {setle_seconds: 1}"])
def test_a_bad_configuration_is_a_bad_argument(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.yaml").write_text(content)
    done = sohoa("status", "--json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert "ấu hình" in done.stderr or "YAML" in done.stderr


def test_secrets_are_told_to_nobody(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("database: {kind: postgresql, password: hunter2, port: 1}\nstore: {s3: {secret_key: hunter2}}\n")
    for arguments in (["doctor"], ["run", "--once"]):
        done = sohoa("--config", "bad.yaml", *arguments, cwd=tmp_path, SOHOA_LOG__LEVEL="debug")
        assert done.returncode == 4
        assert "hunter2" not in done.stdout + done.stderr


# --- a bad world -------------------------------------------------------------------------------------------------------------------


def test_a_database_that_is_away_is_4(tmp_path: Path) -> None:
    away = {"SOHOA_DATABASE__KIND": "postgresql", "SOHOA_DATABASE__PORT": DEAD_PORT}
    done = sohoa("status", "--json", cwd=tmp_path, **away)
    assert (done.returncode, done.stdout) == (4, "")
    assert BY_CODE["DatabaseDown"].vi in done.stderr
    assert BY_CODE["DatabaseDown"].en in done.stderr


def test_a_database_that_is_none_is_4(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "sohoa.sqlite3").write_bytes(b"this is no database, however long it may be\n" * 100)
    done = sohoa("status", cwd=tmp_path)
    assert done.returncode == 4
    assert BY_CODE["DatabaseDown"].vi in done.stderr


def test_a_store_that_is_away_is_4(tmp_path: Path) -> None:
    away = {"SOHOA_STORE__KIND": "s3", "SOHOA_STORE__S3__ENDPOINT": f"127.0.0.1:{DEAD_PORT}", "SOHOA_STORE__S3__SECURE": "false"}
    done = sohoa("run", "--once", cwd=tmp_path, SOHOA_STORE__S3__ACCESS_KEY="a", SOHOA_STORE__S3__SECRET_KEY="b", **away)
    assert done.returncode == 4
    assert BY_CODE["StoreDown"].vi in done.stderr


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = sohoa("status", cwd=tmp_path, SOHOA_HOME=str(tmp_path / "file" / "home"))
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert in_two_languages(done.stderr)


@pytest.mark.parametrize("arguments", [["run", "--once"], ["doctor"]])
def test_a_missing_language_is_3_and_says_how_to_install_it(tmp_path: Path, arguments: list[str]) -> None:
    done = sohoa(*arguments, cwd=tmp_path, SOHOA_READ__LANGUAGE="xyz")
    assert done.returncode == 3
    assert "tesseract-ocr-xyz" in done.stderr


def test_doctor_finds_all_well_and_leaves_nothing(tmp_path: Path) -> None:
    done = sohoa("doctor", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "HỎNG" not in done.stderr
    for what in ("Python", "OCR", "database", "store", "inbox", "queue", "disk"):
        assert what in done.stderr
    assert not list((tmp_path / "var").rglob("*doctor*"))


def test_doctor_finds_what_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "store").touch()
    done = sohoa("doctor", cwd=tmp_path)
    assert done.returncode == 4
    assert "HỎNG kho lưu trữ" in done.stderr
    assert "tốt  nhận dạng chữ" in done.stderr


# --- work ----------------------------------------------------------------------------------------------------------------------------


def test_run_once_refuses_some_and_says_so(tmp_path: Path) -> None:
    office = tmp_path / "var" / "inbox" / OFFICE
    scan_file(office / "good.png")
    (office / "empty.pdf").write_bytes(b"")
    (office / "link.pdf").symlink_to("/etc/hostname")
    done = sohoa("run", "--once", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    for reason in ("Empty", "NotAFile", "NoCode"):
        assert BY_CODE[reason].vi in done.stdout
        assert BY_CODE[reason].en in done.stdout
    status = sohoa("status", "--pages", "--json", cwd=tmp_path)
    assert status.returncode == 0
    assert {scan["path"]: scan["reason"] for scan in json.loads(status.stdout)["scans"]} == {
        f"{OFFICE}/empty.pdf": "Empty",
        f"{OFFICE}/good.png": "NoCode",
        f"{OFFICE}/link.pdf": "NotAFile",
    }
    again = sohoa("run", "--once", cwd=tmp_path)
    assert again.returncode == 0  # nothing new was refused
    unknown = sohoa("dossier", "H51.20-260301-0001", "--json", cwd=tmp_path)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert in_two_languages(unknown.stderr)


def encrypted(path: Path) -> Path:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("bí mật", algorithm="RC4-128")
    writer.write(path)
    return path


def test_ocr_needs_neither_database_nor_configuration(tmp_path: Path) -> None:
    scan_file(tmp_path / "in.png")
    (tmp_path / "config.yaml").write_text("not: [a configuration")
    away = {"SOHOA_DATABASE__KIND": "postgresql", "SOHOA_DATABASE__PORT": DEAD_PORT, "SOHOA_HOME": "/proc/nowhere"}
    done = sohoa("ocr", "in.png", "out.pdf", "--json", "-", "--sidecar", "out.txt", cwd=tmp_path, **away)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["pages_in"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.yaml", "in.png", "out.pdf", "out.txt"]


def test_ocr_exit_codes(tmp_path: Path) -> None:
    encrypted(tmp_path / "locked.pdf")
    (tmp_path / "text.pdf").write_text("đây chỉ là chữ, không phải bản quét")
    for name, code, reason in (("locked.pdf", 8, "Encrypted"), ("text.pdf", 2, "UnknownFormat")):
        done = sohoa("ocr", name, "out.pdf", "--json", "-", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (code, "")
        assert BY_CODE[reason].vi in done.stderr
        assert BY_CODE[reason].en in done.stderr
    assert not (tmp_path / "out.pdf").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["in.png", "in.png"],
        ["in.png", "link.png"],
        ["in.png", "out.pdf", "--json", "in.png"],
        ["in.png", "out.pdf", "--sidecar", "in.png"],
        ["in.png", "out.pdf", "--sidecar", "out.pdf"],
        ["in.png", "folder"],
        ["in.png", "none/out.pdf"],
        ["in.png", "out.pdf", "--json", "none/report.json"],
        ["in.png", "out.pdf", "--jobs", "0"],
    ],
    ids=" ".join,
)
def test_ocr_never_writes_over_its_input_nor_starts_what_it_cannot_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    content = scan_file(tmp_path / "in.png").read_bytes()
    (tmp_path / "link.png").symlink_to("in.png")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["sohoa", "ocr", *arguments])
    begun = time.monotonic()
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 1
    assert time.monotonic() - begun < 1
    assert in_two_languages(capsys.readouterr().err)
    assert (tmp_path / "in.png").read_bytes() == content
    assert not (tmp_path / "out.pdf").exists()


def test_a_reader_that_has_seen_enough_is_no_failure_to_explain(tmp_path: Path) -> None:
    command = f"{SOHOA} --help | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr


def test_the_watcher_alone_says_what_is_wrong(tmp_path: Path) -> None:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("SOHOA_", "DJANGO_"))}
    for content, code, said in (
        ("watch: {setle_seconds: 1}", 1, "setle_seconds"),
        (f"database: {{kind: postgresql, port: {DEAD_PORT}}}", 4, BY_CODE["DatabaseDown"].vi),
    ):
        (tmp_path / "config.yaml").write_text(content)
        command = [sys.executable, str(Path(cli.__file__).with_name("watch.py"))]
        done = subprocess.run(command, env=clean, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == code
        assert "Traceback" not in done.stderr
        assert said in done.stderr


def test_the_configuration_of_the_tests_is_untouched() -> None:
    assert load_config().home == Path(os.environ["SOHOA_HOME"])
