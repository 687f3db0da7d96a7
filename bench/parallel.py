"""The same work on many cases, in one process or several, each of one thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

import cv2

Case = TypeVar("Case")
Result = TypeVar("Result")


def each(work: Callable[[Case], Result], cases: Sequence[Case], jobs: int) -> list[Result]:
    """What `work` makes of each case, in their order; cases that share a drawing should stand together."""
    if jobs == 1:
        _one_thread()
        return [work(case) for case in cases]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_one_thread) as pool:
        return list(pool.map(work, cases, chunksize=max(1, min(24, len(cases) // (2 * jobs)))))


def _one_thread() -> None:
    cv2.setNumThreads(1)
