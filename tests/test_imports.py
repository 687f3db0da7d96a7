"""The import rules of docs/architecture.md, checked on the code: one way, no circle, each dependency in its place."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = sorted(
    path
    for path in [
        *ROOT.glob("*.py"),
        *(path for package in ("pipeline", "workers", "records", "web") for path in (ROOT / package).rglob("*.py")),
    ]
    if "migrations" not in path.parts
)
BASE = {f"pipeline.{name}" for name in ("model", "errors", "limits", "text", "evidence", "boxes", "ink", "sniff", "child", "papers")}
LAYERS = {"pipeline": 0, "config": 1, "records": 2, "web": 2, "workers": 3, "watch": 4, "cli_show": 4} | {
    "cli_base": 5,
    "cli_desk": 6,
    "cli_sheets": 6,
    "cli": 7,
}
PLACES = {  # who alone may import it
    "celery": {"workers.celery_app"},
    "fpdf": {"records.sheet_paper"},
    "kombu": {"workers.celery_app"},
    "minio": {"records.store"},
    "urllib3": {"records.store"},
    "subprocess": {"pipeline.child"},
    "pydantic_settings": {"config"},
    "tesserocr": {"pipeline.ocr_tesserocr"},
    "pytesseract": {"pipeline.ocr_pytesseract"},
    "watchdog": {"watch"},
}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, *, only_at_start: bool = False) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if only_at_start else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


NAMES = {name_of(path) for path in PRODUCT}


def own(path: Path, *, only_at_start: bool = False) -> set[str]:
    return {name for name in imports(path, only_at_start=only_at_start) if name in NAMES} - {name_of(path)}


def stage(name: str) -> str:
    """`pipeline.scan_pdf` is a part of the stage `pipeline.scan`."""
    return name.split("_")[0]


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_layers_point_one_way(path: Path) -> None:
    own_layer = LAYERS[name_of(path).split(".")[0]]
    higher = {name for name in own(path) if LAYERS[name.split(".")[0]] > own_layer}
    # the supervisor of `sohoa run` holds the watcher, as the command line would
    assert higher - ({"watch"} if name_of(path) == "workers.supervise" else set()) == set()


@pytest.mark.parametrize("path", [path for path in PRODUCT if path.parent.name == "pipeline"], ids=name_of)
def test_stages_do_not_know_each_other(path: Path) -> None:
    name = name_of(path)
    if stage(name) == "pipeline.page":
        return
    foreign = {other for other in own(path) if other not in BASE and stage(other) != stage(name) and other != "pipeline"}
    assert foreign == set()


@pytest.mark.parametrize("path", [path for path in PRODUCT if path.parent.name == "pipeline"], ids=name_of)
def test_the_pipeline_is_pure(path: Path) -> None:
    roots = {name.split(".")[0] for name in imports(path)}
    assert roots & {"django", "celery", "minio", "socket", "urllib3", "logging"} == set()


@pytest.mark.parametrize(("module", "places"), PLACES.items(), ids=list(PLACES))
def test_each_dependency_has_its_place(module: str, places: set[str]) -> None:
    users = {name_of(path) for path in PRODUCT if any(name == module or name.startswith(f"{module}.") for name in imports(path))}
    assert users <= places
    assert users


def test_there_is_no_circle() -> None:
    graph = {name_of(path): own(path, only_at_start=True) for path in PRODUCT}
    order = list(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError
    assert len(order) >= len(PRODUCT)
