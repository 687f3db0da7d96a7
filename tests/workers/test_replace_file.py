"""A file takes its name complete, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.replace_file import replacing


def test_the_name_is_taken_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / ("ư" * 120 + ".pdf")  # near the longest name there can be
    target.write_text("old")
    with replacing(target) as part:
        part.file.write(b"new")
        assert target.read_text() == "old"
        assert part.path.parent == tmp_path
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_leaves_all_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "made.pdf"
    target.write_text("old")
    with pytest.raises(KeyboardInterrupt), replacing(target) as part:
        part.file.write(b"half")
        raise KeyboardInterrupt
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_symbolic_link_keeps_pointing(tmp_path: Path) -> None:
    target, link = tmp_path / "made.pdf", tmp_path / "link.pdf"
    target.write_text("old")
    link.symlink_to(target)
    with replacing(link) as part:
        part.file.write(b"new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_rights_are_those_of_any_new_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    with replacing(tmp_path / "made.pdf"):
        pass
    assert (tmp_path / "made.pdf").stat().st_mode == plain.stat().st_mode
