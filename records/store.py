"""The object store: put, get, stat, list and delete by key, SHA-256 verified both ways.

Two implementations, a folder and S3 (through the `minio` client), pass one contract test. `put` returns only when the bytes were
read back and are the ones that were given. Keys hold nothing personal. Back-end errors become StoreDown, NoSpace, NotStored or
FixityMismatch here.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError

from config import Config, load_config
from pipeline.errors import FixityMismatch, NoSpace, NotStored, StoreDown

_CHUNK = 1024 * 1024
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")


@dataclass(frozen=True, slots=True)
class Stored:
    """An object in the store."""

    key: str
    size: int  # bytes


class ObjectStore(Protocol):
    """Where originals, access PDFs and what is needed on the way are kept."""

    def put(self, key: str, source: Path, sha256: str) -> Stored:
        """Store the bytes of `source` under `key`, read them back and compare; the same key again is overwritten whole.

        Raises FixityMismatch when `source` is not what `sha256` says or the store gives back something else; StoreDown; NoSpace.
        """

    def get(self, key: str, target: Path, sha256: str | None) -> None:
        """Write the object to `target`; with `sha256` None the caller proves the bytes by itself.

        Raises NotStored, FixityMismatch (no target is left then), StoreDown, NoSpace.
        """

    def stat(self, key: str) -> Stored | None:
        """The object, or None where there is none."""

    def list(self, prefix: str) -> Iterator[Stored]:
        """The objects whose key is `prefix` or lies below it, by key. `ab` does not list `abc`."""

    def delete(self, key: str) -> None:
        """Remove exactly this key; nothing happens where there is none."""


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=1)
def open_store() -> ObjectStore:
    """The store that the configuration names, one per process."""
    return store_of(load_config())


def store_of(config: Config) -> ObjectStore:
    """The store that a configuration names."""
    return FolderStore(config.store_folder) if config.store.kind == "folder" else S3Store(config)


def checked(key: str) -> str:
    """The key, if it is one: letters, digits, `._-` and `/` between names. Raises ValueError."""
    if len(key) > 500 or not _KEY.fullmatch(key):
        raise ValueError(f"not an object key: {key[:80]!r}")
    return key


class FolderStore:
    """Objects as files below one folder of a local disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / ".incoming"

    def put(self, key: str, source: Path, sha256: str) -> Stored:
        target = self._folder / checked(key)
        with _as_ours():
            self._incoming.mkdir(parents=True, exist_ok=True)
            incoming = self._incoming / uuid.uuid4().hex
            try:
                size = _copy(source, incoming, sha256)
                incoming.chmod(0o440)
                target.parent.mkdir(parents=True, exist_ok=True)
                incoming.replace(target)
            finally:
                incoming.unlink(missing_ok=True)
            _sync_folder(target.parent)
            if sha256_of(target) != sha256:
                raise FixityMismatch(f"read back of {key}")
        return Stored(key, size)

    def get(self, key: str, target: Path, sha256: str | None) -> None:
        source = self._folder / checked(key)
        with _as_ours():
            if not source.is_file():
                raise NotStored(key)
            target.unlink(missing_ok=True)
            try:
                os.link(source, target)  # the same disk: no second copy
            except OSError:
                shutil.copyfile(source, target)
            if sha256 is not None and sha256_of(target) != sha256:
                target.unlink()
                raise FixityMismatch(key)

    def stat(self, key: str) -> Stored | None:
        path = self._folder / checked(key)
        with _as_ours():
            return Stored(key, path.stat().st_size) if path.is_file() else None

    def list(self, prefix: str) -> Iterator[Stored]:
        top = self._folder / checked(prefix) if prefix else self._folder
        with _as_ours():
            found = [top] if top.is_file() else [path for path in top.rglob("*") if path.is_file() and self._incoming not in path.parents]
            keys = sorted(path.relative_to(self._folder).as_posix() for path in found)
        yield from (Stored(key, (self._folder / key).stat().st_size) for key in keys)

    def delete(self, key: str) -> None:
        with _as_ours():
            (self._folder / checked(key)).unlink(missing_ok=True)


class S3Store:
    """Objects in one bucket of an S3 service. A bucket that is missing is made."""

    def __init__(self, config: Config) -> None:
        section = config.store.s3
        http = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=5, read=60), retries=urllib3.Retry(total=2, backoff_factor=0.3), maxsize=10
        )
        self._bucket = section.bucket
        self._client = Minio(
            section.endpoint,
            access_key=section.access_key,
            secret_key=section.secret_key.get_secret_value(),
            secure=section.secure,
            region=section.region,
            http_client=http,
        )
        with _as_ours():
            if not self._client.bucket_exists(bucket_name=self._bucket):
                self._client.make_bucket(bucket_name=self._bucket)

    def put(self, key: str, source: Path, sha256: str) -> Stored:
        checked(key)
        with _as_ours():
            if sha256_of(source) != sha256:
                raise FixityMismatch(f"source of {key}")
            self._client.fput_object(bucket_name=self._bucket, object_name=key, file_path=str(source), metadata={"sha256": sha256})
            digest = hashlib.sha256()
            size = self._stream(key, digest.update)
        if digest.hexdigest() != sha256:
            raise FixityMismatch(f"read back of {key}")
        return Stored(key, size)

    def get(self, key: str, target: Path, sha256: str | None) -> None:
        checked(key)
        digest = hashlib.sha256()
        with _as_ours(), target.open("wb") as file:

            def take(chunk: bytes) -> None:
                digest.update(chunk)
                file.write(chunk)

            try:
                self._stream(key, take)
            except BaseException:
                target.unlink(missing_ok=True)
                raise
        if sha256 is not None and digest.hexdigest() != sha256:
            target.unlink()
            raise FixityMismatch(key)

    def stat(self, key: str) -> Stored | None:
        with _as_ours():
            try:
                found = self._client.stat_object(bucket_name=self._bucket, object_name=checked(key))
            except S3Error as error:
                if error.code in _ABSENT:
                    return None
                raise
        return Stored(key, found.size or 0)

    def list(self, prefix: str) -> Iterator[Stored]:
        if prefix and (own := self.stat(prefix)):
            yield own
        below = f"{checked(prefix)}/" if prefix else ""
        with _as_ours():
            for found in self._client.list_objects(bucket_name=self._bucket, prefix=below, recursive=True):
                yield Stored(str(found.object_name), found.size or 0)

    def delete(self, key: str) -> None:
        with _as_ours():
            self._client.remove_object(bucket_name=self._bucket, object_name=checked(key))

    def _stream(self, key: str, take: Any) -> int:
        """Hand the object's bytes over chunk by chunk; returns how many there were."""
        try:
            response = self._client.get_object(bucket_name=self._bucket, object_name=key)
        except S3Error as error:
            if error.code in _ABSENT:
                raise NotStored(key) from None
            raise
        size = 0
        try:
            for chunk in response.stream(_CHUNK):
                size += len(chunk)
                take(chunk)
        finally:
            response.close()
            response.release_conn()
        return size


_ABSENT = {"NoSuchKey", "NoSuchObject", "NotFound", "404"}


def _copy(source: Path, target: Path, sha256: str) -> int:
    """Copy to a new file on disk, hashing on the way; returns its size. Raises FixityMismatch."""
    digest = hashlib.sha256()
    size = 0
    with source.open("rb") as reader, target.open("xb") as writer:
        while chunk := reader.read(_CHUNK):
            digest.update(chunk)
            size += writer.write(chunk)
        _sync(writer)
    if digest.hexdigest() != sha256:
        raise FixityMismatch(f"{source.name[:20]} changed while it was stored")
    return size


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _as_ours() -> Iterator[None]:
    """Turn the back end's failures into ours."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace(os.strerror(error.errno)) from error
        raise StoreDown(type(error).__name__) from error
    except (MinioException, HTTPError) as error:
        code = getattr(error, "code", "")
        raise StoreDown(f"{type(error).__name__} {code}".strip()) from error
