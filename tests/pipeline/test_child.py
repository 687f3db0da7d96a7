"""A child process that answers, keeps silent, or ends."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.child import Child
from pipeline.errors import Broken, TimedOut

SILENT = ("timeit", ["-n1", "-r1", "__import__('time').sleep(60)"])
ECHO = ("timeit", ["-n1", "-r1", "import sys", "for line in sys.stdin.buffer: sys.stdout.buffer.write(line), sys.stdout.flush()"])


@pytest.fixture
def fd(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "file").write_bytes(b"x")
    opened = os.open(tmp_path / "file", os.O_RDONLY)
    yield opened
    os.close(opened)


def test_questions_are_answered(fd: int) -> None:
    child = Child(*ECHO, keep_fd=fd)
    for question in (b"1\n", b"a longer one\n"):
        child.send(question)
        assert child.receive(len(question), time.monotonic() + 20) == question
    assert child.alive
    child.kill()
    assert not child.alive


def test_silence_has_an_end(fd: int) -> None:
    child = Child(*SILENT, keep_fd=fd)
    begun = time.monotonic()
    with pytest.raises(TimedOut):
        child.receive(1, begun + 0.3)
    assert 0.3 <= time.monotonic() - begun < 10
    assert not child.alive


def test_a_child_that_ends_in_the_middle_of_an_answer(fd: int) -> None:
    child = Child("this", [], keep_fd=fd)  # prints under 1,000 bytes
    with pytest.raises(Broken, match="status 0"):
        child.receive(100_000, time.monotonic() + 20)
    assert not child.alive


def test_a_question_to_a_child_that_is_gone(fd: int) -> None:
    child = Child(*SILENT, keep_fd=fd)
    os.kill(child._process.pid, 9)
    child._process.wait()
    with pytest.raises(Broken, match="signal 9"):
        child.send(b"1\n")


def test_killing_twice(fd: int) -> None:
    child = Child(*SILENT, keep_fd=fd)
    child.kill()
    child.kill()
    assert not child.alive
