"""The catalogue of the tests: an own, empty home for the whole run; every test starts with empty tables. Servers start once, if asked."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_HOME = tempfile.TemporaryDirectory(prefix="sohoa-tests-")
os.environ["SOHOA_HOME"] = _HOME.name
os.environ["OMP_THREAD_LIMIT"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "web.settings"
os.environ.pop("SOHOA_CONFIG", None)

import django  # noqa: E402 - the environment comes first

django.setup()

from tests import servers  # noqa: E402


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The real scans beside the project; tests that need them are skipped where they are not."""
    path = Path(__file__).resolve().parents[1].parent / "shared" / "corpus"
    if not path.is_dir():
        pytest.skip("no corpus of real scans beside the project")
    return path


@pytest.fixture(scope="session")
def _catalogue_file() -> None:
    from records.setup import open_catalogue

    open_catalogue()


@pytest.fixture
def catalogue(_catalogue_file: None) -> Iterator[None]:
    """An empty catalogue (SQLite) to work on."""
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False)
    yield
    from django.db import connections

    connections.close_all()


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real Redis."""
    with servers.redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.PostgreSQL]:
    """A real PostgreSQL."""
    with servers.postgresql(tmp_path_factory.mktemp("postgresql")) as server:
        yield server


@pytest.fixture(scope="session")
def seaweedfs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.S3]:
    """A real SeaweedFS with its S3 gateway."""
    with servers.seaweedfs(tmp_path_factory.mktemp("seaweedfs")) as server:
        yield server
