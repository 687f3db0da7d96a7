"""The configuration: typed, closed, and it keeps its secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import BadConfiguration, Config, load_config

Written = Callable[[str | bytes], Config]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    """Read a configuration file with this content."""

    def read(content: str | bytes) -> Config:
        file = tmp_path / "config.yaml"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        monkeypatch.setenv("SOHOA_CONFIG", str(file))
        load_config.cache_clear()
        return load_config()

    kept = load_config()
    yield read
    monkeypatch.undo()
    load_config.cache_clear()
    assert load_config() == kept


def test_an_empty_file_is_all_defaults(written: Written) -> None:
    assert written("").watch.settle_seconds == 5.0
    assert written("").store.kind == "folder"


def test_the_environment_wins(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_WATCH__SETTLE_SECONDS", "7")
    config = written("watch: {settle_seconds: 9, rescan_seconds: 3}")
    assert (config.watch.settle_seconds, config.watch.rescan_seconds) == (7.0, 3.0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("watsch: {}", "watsch"),
        ("watch: {settle: 1}", "watch.settle"),
        ("read: {ocr_dpi: 10}", "read.ocr_dpi"),
        ("read: {engine: magic}", "read.engine"),
        ("watch: {settle_seconds: .nan}", "watch.settle_seconds"),
        ("watch: 5", "watch"),
        ("a: [1", "YAML"),
        ("- 1", "tên: giá trị"),
        ("hello", "tên: giá trị"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence(written: Written, content: str | bytes, said: str) -> None:
    with pytest.raises(BadConfiguration, match=said) as refused:
        written(content)
    assert "(" in str(refused.value)  # Vietnamese, and English in brackets


def test_a_missing_file_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOHOA_CONFIG", str(tmp_path / "none.yaml"))
    load_config.cache_clear()
    with pytest.raises(BadConfiguration, match=r"none\.yaml"):
        load_config()
    monkeypatch.undo()


def test_secrets_print_as_stars(written: Written) -> None:
    config = written("store: {s3: {secret_key: hunter2}}\ndatabase: {password: hunter2}\nqueue: {broker: 'redis://:hunter2@127.0.0.1/0'}")
    for text in (repr(config), str(config), config.model_dump_json(), repr(config.store.s3), f"{config.queue.broker}"):
        assert "hunter2" not in text
    assert config.database.password.get_secret_value() == "hunter2"


def test_a_wrong_secret_is_not_quoted(written: Written) -> None:
    with pytest.raises(BadConfiguration) as refused:
        written("store: {s3: {secret_key: [hunter2]}}")
    assert "hunter2" not in str(refused.value)


def test_nothing_can_be_changed_afterwards(written: Written) -> None:
    from pydantic import ValidationError

    with pytest.raises(ValidationError):
        written("").watch.settle_seconds = 1.0  # type: ignore[misc]


def test_everything_lies_under_home_unless_it_is_named(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_HOME", "/srv/sohoa")
    config = written("watch: {inbox: /srv/scans}")
    assert config.inbox == Path("/srv/scans")
    assert {config.work, config.store_folder, config.sqlite_file.parent / "x"} == {
        Path("/srv/sohoa/work"),
        Path("/srv/sohoa/store"),
        Path("/srv/sohoa/x"),
    }
