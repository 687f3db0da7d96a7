"""Whether a PDF holds pages that its page tree does not count, so that none is left out in silence. Runs in the child process only.

PDFium believes /Count of the root of the page tree. Looking through the file for page objects costs a fraction of a millisecond
per megabyte; only where there are more than counted (also after an incremental update, which rewrites pages) the tree is walked.
Pages inside compressed object streams are not seen.
"""

from __future__ import annotations

import re
from pathlib import Path

_PAGE_OBJECT = re.compile(rb"/Type\s{0,4}/Page[^A-Za-z]")
_BLOCK = 1 << 22
_LONGEST_MATCH = 16


def uncounted_pages(path: Path, counted: int) -> int:
    """How many pages the tree of the PDF at `path` has beyond the `counted` ones."""
    if _page_objects(path, counted) <= counted:
        return 0
    from pypdf import PdfReader  # a slow import that few files need

    with path.open("rb") as file:
        try:
            reader = PdfReader(file)
            if reader.is_encrypted and not reader.decrypt(""):
                return 0
            return max(0, len(reader.pages) - counted)
        except Exception:  # noqa: BLE001 - what pypdf cannot follow PDFium may still show; then its count stands
            return 0


def _page_objects(path: Path, enough: int) -> int:
    """Page objects in plain sight in the file; counting ends once there are more than `enough`."""
    found, kept = 0, b""
    with path.open("rb") as file:
        while found <= enough and (block := file.read(_BLOCK)):
            window = kept + block
            end = 0
            for match in _PAGE_OBJECT.finditer(window):
                found += 1
                end = match.end()
            kept = window[max(end, len(window) - _LONGEST_MATCH) :]
    return found
