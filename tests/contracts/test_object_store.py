"""What every object store keeps: one contract for the folder and for S3 (a real SeaweedFS)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import Config
from pipeline.errors import FixityMismatch, NotStored, StoreDown
from records.store import FolderStore, ObjectStore, Stored, store_of
from tests.servers import S3


def written(folder: Path, content: bytes) -> tuple[Path, str]:
    path = folder / uuid.uuid4().hex
    path.write_bytes(content)
    return path, hashlib.sha256(content).hexdigest()


class ObjectStoreContract:
    """Mixed into a class per implementation, which gives the fixture `store`."""

    def test_gives_back_what_was_put(self, store: ObjectStore, tmp_path: Path) -> None:
        for content in (b"", b"a", b"\x00\xff" * 300_000):
            source, sha256 = written(tmp_path, content)
            key = f"originals/{sha256}"
            assert store.put(key, source, sha256) == Stored(key, len(content))
            assert store.stat(key) == Stored(key, len(content))
            store.get(key, tmp_path / "back", sha256)
            assert (tmp_path / "back").read_bytes() == content

    def test_the_same_key_again_is_overwritten_whole(self, store: ObjectStore, tmp_path: Path) -> None:
        for content in (b"long and first", b"short"):
            source, sha256 = written(tmp_path, content)
            store.put("work/again.json", source, sha256)
        store.get("work/again.json", tmp_path / "back", sha256)
        assert (tmp_path / "back").read_bytes() == b"short"

    def test_refuses_a_source_that_is_not_what_was_promised(self, store: ObjectStore, tmp_path: Path) -> None:
        source, _ = written(tmp_path, b"other bytes")
        with pytest.raises(FixityMismatch):
            store.put("originals/x", source, "0" * 64)
        assert store.stat("originals/x") is None

    def test_says_when_the_bytes_are_not_the_expected_ones(self, store: ObjectStore, tmp_path: Path) -> None:
        source, sha256 = written(tmp_path, b"kept")
        store.put("originals/y", source, sha256)
        with pytest.raises(FixityMismatch):
            store.get("originals/y", tmp_path / "back", "0" * 64)
        assert not (tmp_path / "back").exists()

    def test_says_when_there_is_nothing(self, store: ObjectStore, tmp_path: Path) -> None:
        assert store.stat("originals/none") is None
        with pytest.raises(NotStored):
            store.get("originals/none", tmp_path / "back", None)
        assert not (tmp_path / "back").exists()
        store.delete("originals/none")

    def test_lists_by_key_and_never_a_longer_name(self, store: ObjectStore, tmp_path: Path) -> None:
        for key in ("aip1/b.pdf", "aip1/a/c.pdf", "aip10/d.pdf"):
            source, sha256 = written(tmp_path, key.encode())
            store.put(key, source, sha256)
        assert [found.key for found in store.list("aip1")] == ["aip1/a/c.pdf", "aip1/b.pdf"]
        assert [found.key for found in store.list("aip1/b.pdf")] == ["aip1/b.pdf"]
        assert {found.key for found in store.list("")} >= {"aip1/b.pdf", "aip10/d.pdf"}

    def test_deletes_exactly_one_key(self, store: ObjectStore, tmp_path: Path) -> None:
        for key in ("del/1", "del/10"):
            source, sha256 = written(tmp_path, key.encode())
            store.put(key, source, sha256)
        store.delete("del/1")
        assert [found.key for found in store.list("del")] == ["del/10"]

    @pytest.mark.parametrize("key", ["", "/etc/passwd", "../x", "a/../b", "a//b", "a b", "khai sinh", "a\n", ".incoming/x"])
    def test_takes_no_foreign_names(self, store: ObjectStore, tmp_path: Path, key: str) -> None:
        source, sha256 = written(tmp_path, b"x")
        with pytest.raises(ValueError, match="not an object key"):
            store.put(key, source, sha256)


class TestFolder(ObjectStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> ObjectStore:
        return FolderStore(tmp_path / "store")

    def test_finds_a_flipped_bit(self, tmp_path: Path) -> None:
        store = FolderStore(tmp_path / "store")
        source, sha256 = written(tmp_path, b"fixity")
        store.put("originals/z", source, sha256)
        kept = tmp_path / "store" / "originals" / "z"
        kept.chmod(0o600)
        kept.write_bytes(b"fixitz")
        with pytest.raises(FixityMismatch):
            store.get("originals/z", tmp_path / "back", sha256)

    def test_leaves_nothing_half_written(self, tmp_path: Path) -> None:
        store = FolderStore(tmp_path / "store")
        source, _ = written(tmp_path, b"x")
        with pytest.raises(FixityMismatch):
            store.put("a/b", source, "1" * 64)
        assert [path for path in (tmp_path / "store").rglob("*") if path.is_file()] == []


@pytest.mark.servers
class TestS3(ObjectStoreContract):
    @pytest.fixture
    def store(self, seaweedfs: S3, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
        for name, value in seaweedfs.environment(f"bucket-{uuid.uuid4().hex[:12]}").items():
            monkeypatch.setenv(name, value)
        yield store_of(Config())

    def test_a_store_that_is_away_is_said_to_be_down(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in S3("127.0.0.1:9").environment("away").items():
            monkeypatch.setenv(name, value)
        with pytest.raises(StoreDown):
            store_of(Config())
