"""What the outside sees of an archive after a sample day, and how it compares with the truth of that day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from samples.truth import DayTruth, FileTruth, PageTruth


def differences(status: dict[str, Any], truth: DayTruth) -> list[str]:
    """Each page or file that did not become what it had to, as a line to read. Texts and skew are measured elsewhere."""
    scans = {scan["path"]: scan for scan in status["scans"]}
    found = []
    for file in truth.files:
        own = [scans[path] for path in sorted(scans) if path == file.path or path.startswith(f"{file.path}/")]
        found += [f"{file.path}: {line}" for line in _file(own, file)]
    return found


def _file(scans: list[dict[str, Any]], file: FileTruth) -> Iterable[str]:
    if not scans:
        yield "is not there"
        return
    if file.end == "duplicate":
        if scans[0]["reason"] != "Duplicate" or scans[0]["pages"]:
            yield f"should be a duplicate, is {scans[0]['state']} {scans[0]['reason']}"
        return
    if file.end != scans[0]["state"]:
        yield f"should be {file.end} {file.reason}, is {scans[0]['state']} {scans[0]['reason']}"
    pages = [page for scan in scans for page in scan["pages"]]
    if len(pages) != len(file.pages):
        yield f"should have {len(file.pages)} pages, has {len(pages)}"
        return
    for should, page in zip(file.pages, pages, strict=True):
        yield from (f"page {should.source_page} ({should.kind}, {should.scanner}): {line}" for line in _page(should, page))
    yield from _grouping(file.pages, pages)


def _page(should: PageTruth, page: dict[str, Any]) -> Iterable[str]:
    expected = (should.disposition, should.dossier, should.component)
    if (page["disposition"], page["dossier"], page["component"]) != expected:
        yield f"should be {expected}, is {(page['disposition'], page['dossier'], page['component'], page['reason'])}"
    if should.disposition in ("attached", "parked") and page["rotation"] != should.rotation:
        yield f"should be turned by {should.rotation}, was by {page['rotation']}"


def _grouping(should: Iterable[PageTruth], pages: list[dict[str, Any]]) -> Iterable[str]:
    pairs = {(one.document, page["document"]) for one, page in zip(should, pages, strict=True) if one.disposition == "attached"}
    if len({one for one, _ in pairs}) != len(pairs) or len({two for _, two in pairs}) != len(pairs):
        yield f"documents are cut elsewhere: {sorted(pairs, key=str)}"


def essence(status: dict[str, Any], dossiers: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The catalogue without what differs between two runs by nature: ids, times, hashes of PDFs that hold their date."""
    names: dict[str, str] = {}
    scans = []
    for scan in sorted(status["scans"], key=lambda scan: str(scan["path"])):
        pages = []
        for page in scan["pages"]:
            document = names.setdefault(page["document"], f"document {len(names)}") if page["document"] else None
            pages.append({**page, "document": document})
        scans.append({key: scan[key] for key in ("path", "sha256", "state", "reason")} | {"pages": pages})
    return {
        "scans": scans,
        "dossiers": [
            {key: dossier[key] for key in ("dossier", "procedure", "office", "received", "components", "complete")}
            | {"documents": sorted((str(d["component"]), d["pages"], d["pdfa"], d["original"]) for d in dossier["documents"])}
            | {"events": sorted(event["kind"] for event in dossier["events"])}
            for dossier in sorted(dossiers, key=lambda dossier: str(dossier["dossier"]))
        ],
    }
