"""A small sample of `make conformance`: PDFs of `sohoa ocr` as veraPDF, Poppler, PDFium and pdf.js see them."""

from __future__ import annotations

import operator
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from samples import cast, files, presets
from samples.papers import paper
from samples.scanner import scan
from tests.conformance import drawn, layers, pdfjs, proof, verapdf

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="apt-get install poppler-utils")


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> proof.Made:
    """A drawn page that was scanned aslant."""
    folder = tmp_path_factory.mktemp("placed")
    source = folder / "in.pdf"
    source.write_bytes(files.pdf([scan(drawn.page()[0].image, presets.GOOD, 2, angle=1.3)]))
    return proof.made("placed", source, folder)


@pytest.fixture(scope="module")
def bitonal(tmp_path_factory: pytest.TempPathFactory) -> proof.Made:
    """A form as a G4 TIFF."""
    folder = tmp_path_factory.mktemp("bitonal")
    source = folder / "in.tif"
    dossier = cast.assemble(np.random.default_rng(3), date(2025, 11, 3)).vinh_loc[0]
    source.write_bytes(files.tiff([scan(paper(dossier, "TP1")[0].image, presets.GOOD, 3)]))
    return proof.made("bitonal", source, folder)


def test_words_stand_where_they_were_drawn(placed: proof.Made) -> None:
    assert proof.misplaced(placed.pdf, 0, drawn.page()[1]) == []


def test_misplaced_words_are_noticed(placed: proof.Made) -> None:
    _, words = drawn.page()
    moved = [layers.Placed(word.text, word.left + 2, word.top, word.right + 2, word.bottom) for word in words]
    assert len(proof.misplaced(placed.pdf, 0, moved)) == len(words)
    assert proof.misplaced(placed.pdf, 0, words[1:])


def test_all_readers_find_what_was_recognised(placed: proof.Made, bitonal: proof.Made) -> None:
    assert sum(map(operator.eq, placed.texts[0].split(), drawn.WORDS)) > 0.95 * len(drawn.WORDS)
    assert "TỜ KHAI" in bitonal.texts[0]
    for verdict in proof.proved([placed, bitonal]):
        assert verdict.good, verdict


def test_other_words_or_another_order_are_noticed() -> None:
    assert proof.differences(["hộ tịch\nxã"], ["hộ  tịch xã\n"]) == 0
    assert proof.differences(["hộ tịch"], ["hộtịch"]) == 2
    assert proof.differences(["hộ tịch"], ["tịch hộ"]) == 2
    assert proof.differences(["hộ tịch"], ["tịch hộ"], ordered=False) == 0
    assert proof.differences(["hộ tịch"], ["hô\u0323 ti\u0323ch"]) == 2
    assert proof.differences(["hộ tịch"], ["hộ tịch", "thừa"]) == 1
    assert proof.differences(["hộ tịch", "xã"], ["hộ tịch"]) == 1


def test_verapdf_was_asked(placed: proof.Made) -> None:
    if (absent := verapdf.missing()) is not None:
        pytest.skip(absent)
    names = [str(placed.pdf), str(Path(__file__))]
    assert verapdf.verdicts(names, verapdf.told(names)) == [True, False]


def test_pdfjs_was_asked(placed: proof.Made) -> None:
    if (absent := pdfjs.missing()) is not None:
        pytest.skip(absent)
    ((text,),) = pdfjs.texts([placed.pdf])
    assert text.split() == placed.texts[0].split()
