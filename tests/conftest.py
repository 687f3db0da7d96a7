"""The catalogue of the tests: an own, empty home for the whole run; every test starts with empty tables."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import pytest

_HOME = tempfile.TemporaryDirectory(prefix="sohoa-tests-")
os.environ["SOHOA_HOME"] = _HOME.name
os.environ["OMP_THREAD_LIMIT"] = "1"
os.environ.pop("SOHOA_CONFIG", None)


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
