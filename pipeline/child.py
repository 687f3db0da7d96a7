"""One child process that is asked questions over a pipe, with a deadline on every answer.

The only module that starts processes. It knows nothing of what is said: bytes go in and out. The child is started with
`subprocess`, not `multiprocessing`, so that daemonic pool workers and Celery's prefork children may have one too.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import Broken, TimedOut

PIPE_BYTES = 1 << 20  # Linux's limit for a pipe without privileges; the default of 64 KiB halves the speed
_ROOT = Path(__file__).resolve().parent.parent


class Child:
    """A running `python -m module argument...` in a session of its own, with no open file but its pipes and `keep_fd`.

    Its environment holds nothing of ours, and what it prints to standard error is dropped: text of a document may be in it.
    """

    def __init__(self, module: str, arguments: Sequence[str], keep_fd: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - the interpreter that runs us and a module of ours
            [sys.executable, "-s", "-P", "-B", "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            pass_fds=(keep_fd,),
            start_new_session=True,
            cwd="/",
            # One thread: a pool of them for every core would eat the address space the child is allowed.
            env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests = self._process.stdin
        self._answers = self._process.stdout.fileno()
        os.set_blocking(self._answers, False)
        try:
            fcntl.fcntl(self._answers, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        except PermissionError:  # the user's share of pipe memory is used up; slower, not wrong
            return

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, request: bytes) -> None:
        """Write a short request (under 4,096 bytes). Raises Broken when the child is gone."""
        try:
            self._requests.write(request)
        except BrokenPipeError:
            raise self._gone() from None

    def receive(self, size: int, deadline: float) -> bytes:
        """Exactly `size` bytes, by the `time.monotonic` value `deadline`. Raises TimedOut, or Broken when the child is gone."""
        room = bytearray(size)
        self.receive_into(memoryview(room), deadline)
        return bytes(room)

    def receive_into(self, room: memoryview, deadline: float) -> None:
        """Fill `room` by `deadline`. Raises TimedOut, or Broken when the child is gone."""
        poll = select.poll()
        poll.register(self._answers, select.POLLIN)
        filled = 0
        while filled < len(room):
            left = deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                self.kill()
                raise TimedOut("the reader gave no answer in time")
            got = os.readv(self._answers, [room[filled:]])
            if not got:
                raise self._gone()
            filled += got

    def kill(self) -> None:
        """End the child at once, whatever it is doing, and reap it. May be called again."""
        if self.alive:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._requests.close()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _gone(self) -> Broken:
        self.kill()
        status = self._process.returncode
        return Broken(f"the reader ended by signal {-status}" if status < 0 else f"the reader ended with status {status}")
