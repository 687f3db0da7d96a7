"""The end of a scan file is there or not, whatever its name and whatever is wrong with the rest."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline.ending import has_ending
from tests.pipeline.scan_samples import flate_image, full_page, noise, tiff, write_pdf

KINDS = ["pdf", "TIFF", "G4", "JPEG", "PNG", "JPEG2000", "WEBP", "BMP"]


def _content(kind: str, folder: Path) -> bytes:
    if kind == "pdf":
        return write_pdf(folder / "whole.pdf", [full_page(flate_image(noise(200, 150)), 100)]).read_bytes()
    buffer = io.BytesIO()
    page = Image.fromarray(noise(200, 150))
    if kind == "G4":
        page.convert("1").save(buffer, "TIFF", compression="group4", save_all=True, append_images=[page.convert("1")] * 2)
    elif kind == "TIFF":
        page.save(buffer, kind, save_all=True, append_images=[page, page])
    else:
        page.save(buffer, kind)
    return buffer.getvalue()


def _ending(folder: Path, content: bytes) -> bool | None:
    path = folder / "file"
    path.write_bytes(content)
    return has_ending(path, len(content))


@pytest.mark.parametrize("kind", KINDS)
def test_whole_files_end_and_growing_ones_do_not(tmp_path: Path, kind: str) -> None:
    content = _content(kind, tmp_path)
    assert _ending(tmp_path, content) is True
    for part in (0.05, 0.2, 0.5, 0.8, 0.95):
        assert _ending(tmp_path, content[: int(len(content) * part)]) is False, part
    assert _ending(tmp_path, content[:-8]) is False


@pytest.mark.parametrize("kind", ["pdf", "JPEG", "PNG"])
def test_a_little_after_the_end_does_no_harm(tmp_path: Path, kind: str) -> None:
    assert _ending(tmp_path, _content(kind, tmp_path) + b"\0" * 500) is True


def test_room_kept_free_for_the_rest_is_no_end(tmp_path: Path) -> None:
    content = _content("pdf", tmp_path)
    assert _ending(tmp_path, content[:2000] + b"\0" * (len(content) - 2000)) is False


def test_unknown_formats(tmp_path: Path) -> None:
    assert _ending(tmp_path, b"") is None
    assert _ending(tmp_path, b"Kinh gui") is None


def test_big_tiff(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.fromarray(noise(200, 150)).save(buffer, "TIFF", big_tiff=True)
    content = buffer.getvalue()
    assert content[:4] == b"II+\0"
    assert _ending(tmp_path, content) is True
    assert _ending(tmp_path, content[: len(content) // 2]) is False


def test_a_loop_of_directories_ends_the_looking(tmp_path: Path) -> None:
    assert _ending(tmp_path, tiff([1, 2, 0])) is True
    assert _ending(tmp_path, tiff([*range(1, 6_000), 0])) is True


def test_it_reads_little(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.write(b"\xff\xd8\xff")
        file.truncate(1 << 31)
    assert has_ending(path, 1 << 31) is False  # reading two gigabytes would take seconds


@given(
    st.sampled_from([b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"RIFF\0\0\0\0WEBP", b"BM", b"%PDF-", b"\xff\xd8\xff"]),
    st.binary(max_size=300),
)
def test_hostile_bytes_never_raise(start: bytes, rest: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert _ending(Path(folder), start + rest) in (True, False, None)


@given(st.integers(0, 699), st.integers(0, 255))
def test_a_changed_byte_never_raises(at: int, value: int) -> None:
    content = np.frombuffer(tiff([1, 2, 3, 4, 5, -1]), np.uint8).copy()
    content[at % len(content)] = value
    with tempfile.TemporaryDirectory() as folder:
        assert _ending(Path(folder), content.tobytes()) in (True, False, None)
