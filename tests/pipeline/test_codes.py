"""Codes on pages: real samples, worn ones, turned ones, citizen cards, and none where there are none."""

from __future__ import annotations

import csv
import json
import time
import unicodedata
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp

from pipeline.codes import read_codes
from pipeline.limits import MAX_CODES
from pipeline.model import Code, Pixels, Symbology
from pipeline.scan import open_scan
from samples import marks

_CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
_NUMBER = "H51.20-211116-0007"
_READ = {"QRCode": Symbology.QR, "Code128": Symbology.CODE_128, "Code39": Symbology.CODE_39}


def _truth() -> list[tuple[str, int, list[tuple[str, str]]]]:
    """File, page, codes of our symbologies: every page of the corpus about whose codes something is known."""
    pages = _CORPUS / "PAGES.tsv"
    if not pages.exists():
        return []
    with pages.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = []
    for row in rows:
        if row["barcodes"] and not row["file"].startswith("nasty/"):
            codes = [(code["format"].replace(" ", ""), code["text"]) for code in json.loads(row["barcodes"])]
            found.append((row["file"], int(row["page"]), [code for code in codes if code[0] in _READ]))
    return found


@pytest.mark.parametrize(("name", "number", "codes"), _truth())
def test_codes_of_the_corpus(name: str, number: int, codes: list[tuple[str, str]]) -> None:
    with open_scan(_CORPUS / name) as scan:
        found = read_codes(scan.page(number).pixels)
    payloads = sorted(code.payload for code in found)
    assert payloads == sorted(text.replace("\r\n", "\n").strip() for _, text in codes)
    for code in found:
        expected = next(kind for kind, text in codes if text.replace("\r\n", "\n").strip() == code.payload)
        assert code.symbology is (Symbology.PATCH_T if code.payload == "PATCHT" else _READ[expected])


def test_the_corpus_holds_positives_and_negatives() -> None:
    truth = _truth()
    if not truth:
        pytest.skip("no corpus of real scans beside the project")
    assert sum(bool(codes) for _, _, codes in truth) >= 30
    assert sum(not codes for _, _, codes in truth) >= 30


def _drawn(text: str, kind: zxingcpp.BarcodeFormat, height: int, width: int) -> Pixels:
    drawn = np.asarray(zxingcpp.create_barcode(text, kind).to_image(scale=1))
    if kind is not zxingcpp.BarcodeFormat.QRCode:
        drawn = drawn[drawn.shape[0] // 2 : drawn.shape[0] // 2 + 1]
    return np.asarray(cv2.resize(drawn, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _sheet(*codes: Pixels) -> Pixels:
    """A4 at 200 dpi with lines of print, codes from the top left downwards."""
    page = np.full((2339, 1654), 250, np.uint8)
    for y in range(700, 2200, 48):
        cv2.putText(page, "Giay tiep nhan ho so va hen tra ket qua, Bo phan Mot cua", (150, y), cv2.FONT_HERSHEY_COMPLEX, 1.0, 20, 2)
    top = 100
    for code in codes:
        page[top : top + code.shape[0], 100 : 100 + code.shape[1]] = code
        top += code.shape[0] + 60
    return page


QR = _drawn(_NUMBER, zxingcpp.BarcodeFormat.QRCode, 170, 170)
CODE_128 = _drawn(_NUMBER, zxingcpp.BarcodeFormat.Code128, 90, 620)
CODE_39 = _drawn(_NUMBER, zxingcpp.BarcodeFormat.Code39, 90, 900)


def _payloads(codes: tuple[Code, ...]) -> list[tuple[Symbology, str]]:
    return [(code.symbology, code.payload) for code in codes]


@pytest.mark.parametrize("turns", range(4))
def test_all_kinds_whichever_way_the_sheet_lies(turns: int) -> None:
    page = np.ascontiguousarray(np.rot90(_sheet(QR, CODE_128, CODE_39), turns))
    assert set(_payloads(read_codes(page))) == {(Symbology.QR, _NUMBER), (Symbology.CODE_128, _NUMBER), (Symbology.CODE_39, _NUMBER)}


def test_boxes_are_where_the_codes_are() -> None:
    code = read_codes(_sheet(QR))[0]
    assert 100 <= code.box.left < code.box.right <= 271
    assert 100 <= code.box.top < code.box.bottom <= 271
    assert code.box.width > 120


def test_from_top_to_bottom() -> None:
    other = _drawn("H51.20-211116-0008", zxingcpp.BarcodeFormat.QRCode, 170, 170)
    assert [code.payload[-1] for code in read_codes(_sheet(QR, other))] == ["7", "8"]


def test_colour_pages() -> None:
    page = cv2.cvtColor(_sheet(QR), cv2.COLOR_GRAY2BGR).astype(np.uint8)
    assert _payloads(read_codes(page)) == [(Symbology.QR, _NUMBER)]


@pytest.mark.parametrize("kind", [zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.Code39])
def test_patch_t(kind: zxingcpp.BarcodeFormat) -> None:
    assert _payloads(read_codes(_sheet(_drawn("PATCHT", kind, 90, 500)))) == [(Symbology.PATCH_T, "PATCHT")]


@pytest.mark.parametrize("bar", [False, True], ids=["drawn alone", "with PATCHT in bars"])
def test_a_drawn_patch_t_is_one_code(bar: bool) -> None:
    page = _sheet(_drawn("PATCHT", zxingcpp.BarcodeFormat.Code39, 90, 500)) if bar else _sheet()
    patch = cv2.resize(marks.patch("T", 150), None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA)
    page[400 : 400 + patch.shape[0], 250 : 250 + patch.shape[1]] = patch
    assert _payloads(read_codes(page)) == [(Symbology.PATCH_T, "PATCHT")]


def test_a_drawn_patch_t_beside_another_code() -> None:
    page = _sheet(QR)
    patch = cv2.resize(marks.patch("T", 150), None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA)
    page[400 : 400 + patch.shape[0], 250 : 250 + patch.shape[1]] = patch
    assert _payloads(read_codes(page)) == [(Symbology.QR, _NUMBER), (Symbology.PATCH_T, "PATCHT")]


def test_other_symbologies_and_short_bar_codes_are_not_reported() -> None:
    for text, kind in (("12345678", zxingcpp.BarcodeFormat.ITF), ("A1", zxingcpp.BarcodeFormat.Code39)):
        assert read_codes(_sheet(_drawn(text, kind, 90, 400))) == ()
    matrix = np.asarray(zxingcpp.create_barcode(_NUMBER, zxingcpp.BarcodeFormat.DataMatrix).to_image(scale=8))
    assert read_codes(_sheet(np.asarray(matrix, np.uint8))) == ()


@pytest.mark.parametrize(
    "card", ["094012345234|123456789|Nguyễn Văn Ví Dụ|01021990|Nam|Xã Mẫu|01012022", "094012345234||Nguyễn Văn Ví Dụ|01021990"]
)
def test_citizen_cards_keep_their_secret(card: str) -> None:
    qr = np.asarray(zxingcpp.create_barcode(card, zxingcpp.BarcodeFormat.QRCode).to_image(scale=5), np.uint8)
    (code,) = read_codes(_sheet(qr))
    assert code.citizen_card
    assert code.payload == "094******234"
    assert "012345" not in repr(code)


@pytest.mark.parametrize("text", ["000.00.12.H51-211116-0007|1.001193", f"SOHOA:{_NUMBER}:TP1", "123456|7|x"])
def test_dossier_codes_are_no_citizen_cards(text: str) -> None:
    qr = np.asarray(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=5), np.uint8)
    (code,) = read_codes(_sheet(qr))
    assert (code.payload, code.citizen_card) == (text, False)


def test_payloads_are_nfc_without_control_characters() -> None:
    text = unicodedata.normalize("NFD", " Giấy hẹn\r\nsố 7‮\x1d\x00 ")
    qr = np.asarray(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=5), np.uint8)
    assert [code.payload for code in read_codes(_sheet(qr))] == ["Giấy hẹn\nsố 7"]


def test_no_more_codes_than_allowed() -> None:
    page = np.full((2400, 2400), 255, np.uint8)
    for index in range(36):
        top, left = 20 + index // 6 * 380, 20 + index % 6 * 380
        page[top : top + 250, left : left + 250] = _drawn(f"SOHOA:{index:04d}", zxingcpp.BarcodeFormat.QRCode, 250, 250)
    assert len(read_codes(page)) == MAX_CODES


def _worn(page: Pixels, seed: int) -> Pixels:
    """Uneven light, blur, noise: a worn scanner. Seeded."""
    random = np.random.default_rng(seed)
    light = np.linspace(0.6, 1.0, page.shape[1], dtype=np.float32)[None]
    blurred = cv2.GaussianBlur(page.astype(np.float32), (0, 0), random.uniform(1.0, 1.5)) * light
    return np.clip(blurred + random.normal(0, 9, page.shape), 0, 255).astype(np.uint8)


def test_the_second_attempt_reads_what_zxing_alone_does_not() -> None:
    ours = alone = 0
    for seed in range(4):
        for code in (CODE_128, QR):
            page = _worn(_sheet(code), seed)
            alone += bool(zxingcpp.read_barcodes(page))
            ours += _NUMBER in [found.payload for found in read_codes(page)]
    assert ours >= alone + 2
    assert ours >= 7


def test_an_upside_down_sheet_gets_its_second_attempt_too() -> None:
    page = np.ascontiguousarray(_worn(_sheet(CODE_128), 0)[::-1, ::-1])
    assert not zxingcpp.read_barcodes(page)
    assert _payloads(read_codes(page)) == [(Symbology.CODE_128, _NUMBER)]
    assert read_codes(page)[0].box.top > 1900


def test_a_seal_on_the_code_is_looked_through() -> None:
    seal = np.full((2339, 1654, 3), 255, np.uint8)
    cv2.circle(seal, (200, 200), 60, (40, 40, 215), 34)
    page = np.minimum(cv2.cvtColor(_sheet(QR), cv2.COLOR_GRAY2BGR).astype(np.uint8), seal)
    assert not zxingcpp.read_barcodes(page)
    assert _payloads(read_codes(page)) == [(Symbology.QR, _NUMBER)]


def test_a_destroyed_qr_is_reported_as_unreadable() -> None:
    page = _sheet(QR)
    cv2.circle(page, (205, 205), 40, 0, -1)
    (code,) = read_codes(page)
    assert (code.symbology, code.payload) == (Symbology.UNREADABLE_QR, "")
    assert code.box.left < 205 < code.box.right + 80


@pytest.mark.parametrize(
    "page",
    [
        np.full((1, 1), 255, np.uint8),
        np.full((3, 2_000), 255, np.uint8),
        np.zeros((2_339, 1_654, 3), np.uint8),
        np.random.default_rng(1).integers(0, 256, (2_339, 1_654), dtype=np.uint8),
        _sheet(),
    ],
    ids=["pixel", "sliver", "black", "noise", "print"],
)
def test_no_code_where_there_is_none(page: Pixels) -> None:
    assert read_codes(page) == ()


def test_a_page_without_a_code_is_soon_done() -> None:
    page = np.asarray(cv2.resize(_sheet(), (2480, 3508)), np.uint8)
    used = []
    for _ in range(3):
        before = time.process_time()
        read_codes(page)
        used.append(time.process_time() - before)
    assert min(used) < 0.3  # CPU seconds of all threads; about 0.09 measured
