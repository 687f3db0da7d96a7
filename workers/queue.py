"""The queue seam: `send(step, id)`. A hint only; the catalogue is the truth and the reconciler re-sends what was lost."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Step(StrEnum):
    """The steps of a scan's way that run on workers, in order."""

    OPEN = "open"  # a scan: count its pages
    READ = "read"  # a page
    ASSEMBLE = "assemble"  # a batch: which pages make which document of which dossier
    BUNDLE = "bundle"  # a document: PDF/A, attached and indexed


class Queue(Protocol):
    """Names the next thing to do to whoever does it."""

    def send(self, step: Step, row_id: str) -> None:
        """Ask for a step on the row with this id (as text, JSON-safe). Called after the commit that made it necessary. Raises QueueDown."""
