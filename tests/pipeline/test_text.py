"""Vietnamese text: what is the same writing, what is a syllable, what is masked, what is a dossier number."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import (
    DossierNumber,
    find_numbers,
    find_numbers_in_ocr,
    fold,
    is_legible,
    is_syllable,
    mask_identity,
    new_tone_style,
    nfc,
    number_key,
    parse_number,
)

_OLD_STYLE = st.from_regex(r"\A[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-HJ-NP-Z][0-9]{2}\Z")
_NEW_STYLE = st.from_regex(r"\A[A-HJ-NP-Z][0-9]{2}(\.[0-9]{1,5}){0,4}\Z")

_GOOD = """Nguyễn khuỷu hòa hoà thúy thuý quý già gì gìn giếng giết nghiêng ký quốc quýt quỳnh khuya yêu tiến hoàn ngoằn được giấy quét
gạch thuở người chuyên Đắk Kạn ơi ừ ủy uỷ hộ tịch quầy xuôi KHAI SINH rượu buýt oách"""
_BAD = "lịnk ưung trich cế ngiêng tíên hòàn mườii đuợc qúy gìa iêu kâ nghà zùm tập1 xã, ö scan quyet ghà fax gê hộp̀"


@st.composite
def numbers(draw: st.DrawFn) -> str:
    agency = draw(_OLD_STYLE | _NEW_STYLE)
    day = draw(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
    return f"{agency}-{day:%y%m%d}-{draw(st.integers(1, 999_999)):04d}"


class TestFold:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("Đường Nguyễn Huệ", "duong nguyen hue"),
            ("ĐẶNG THỊ ƠN, ở Trà Ôn", "dang thi on, o tra on"),
            ("70 m² – thửa số 5", "70 m2   thua so 5"),
            ("ấẩẫậầ ắẳẵặằ ợ ự ỵ", "aaaaa aaaaa o u y"),
        ],
    )
    def test_marks_and_d_with_stroke_go(self, text: str, folded: str) -> None:
        assert fold(text) == folded
        assert fold(unicodedata.normalize("NFD", text)) == folded

    @given(st.text())
    def test_is_ascii_lower_and_final(self, text: str) -> None:
        folded = fold(text)
        assert folded.isascii()
        assert folded == folded.lower()
        assert fold(folded) == folded


class TestToneStyle:
    @pytest.mark.parametrize(
        ("old", "new"),
        [("hòa", "hoà"), ("Khỏe", "Khoẻ"), ("thúy", "thuý"), ("HÒA", "HOÀ"), ("Thủy, lũy", "Thuỷ, luỹ"), ("ủy ban", "uỷ ban")],
    )
    def test_open_rimes_take_the_new_style(self, old: str, new: str) -> None:
        assert new_tone_style(old) == new
        assert new_tone_style(unicodedata.normalize("NFD", old)) == new
        assert new_tone_style(new) == new

    @pytest.mark.parametrize("word", ["quý", "quỳ", "già", "của", "mùa", "hoàn", "huỳnh", "toán", "thoải", "hỏi", "khuỷu"])
    def test_everything_else_is_left_alone(self, word: str) -> None:
        assert new_tone_style(word) == word

    @given(st.text(alphabet="qQhHoòóỏõọuùúủũụyaeàáảiý nĐ\u0300\u0301"))
    def test_does_not_alter_what_is_folded(self, text: str) -> None:
        assert fold(new_tone_style(text)) == fold(text)
        assert nfc(new_tone_style(text)) == new_tone_style(text)


class TestSyllables:
    @pytest.mark.parametrize("word", _GOOD.split())
    def test_vietnamese(self, word: str) -> None:
        assert is_syllable(word)
        assert is_syllable(unicodedata.normalize("NFD", word))

    @pytest.mark.parametrize("word", _BAD.split())
    def test_not_vietnamese(self, word: str) -> None:
        assert not is_syllable(word)

    @pytest.mark.parametrize("word", ["", " ", "-", "12"])
    def test_no_letters(self, word: str) -> None:
        assert not is_syllable(word)

    @given(st.text(max_size=12))
    def test_any_text_is_answered(self, text: str) -> None:
        assert isinstance(is_syllable(text), bool)


class TestMasking:
    @pytest.mark.parametrize(
        ("text", "masked"),
        [
            ("CCCD số 094085001234 cấp ngày", "CCCD số 094******234 cấp ngày"),
            ("094 085 001 234", "094 *** *** 234"),
            ("CMND 271123456.", "CMND 271***456."),
            ("điện thoại 0912345678, hồ sơ H51.20-211116-0007", "điện thoại 0912345678, hồ sơ H51.20-211116-0007"),
        ],
    )
    def test_identity_numbers(self, text: str, masked: str) -> None:
        assert mask_identity(text) == masked

    @given(st.text(alphabet="0123456789 .,aạ"))
    def test_keeps_the_length_and_leaves_no_such_number(self, text: str) -> None:
        masked = mask_identity(text)
        assert len(masked) == len(text)
        assert mask_identity(masked) == masked
        assert not re.search(r"(?<!\d)(\d{9}|\d{12})(?!\d)", masked)


class TestStrictNumbers:
    @pytest.mark.parametrize(
        ("text", "agency", "day", "sequence"),
        [
            ("000.00.15.H41-240531-0001", "000.00.15.H41", date(2024, 5, 31), 1),
            ("H50.20-240531-0012", "H50.20", date(2024, 5, 31), 12),
            ("H55.242-250701-000003", "H55.242", date(2025, 7, 1), 3),
            ("G22-991231-9999", "G22", date(2099, 12, 31), 9999),
        ],
    )
    def test_parts(self, text: str, agency: str, day: date, sequence: int) -> None:
        assert parse_number(text) == DossierNumber(text, agency, day, sequence)

    @pytest.mark.parametrize(
        "text",
        [
            "000.00.15.H41-240230-0001",  # 30 February
            "000.00.15.H41-240531-0000",
            "000.00.15.H41-240531-001",
            "000.00.15.H41-240531-0000001",
            "O00.00.15.H41-240531-0001",
            "O41-240531-0001",  # no level code begins with O or I
            "h51.20-240531-0001",
            " H51.20-240531-0001",
            "H51.20-240531-0001\n",
            "H51.20-２４0531-0001",
            "H51.20.1.2.3.4-240531-0001",
            "",
        ],
    )
    def test_refuses(self, text: str) -> None:
        assert parse_number(text) is None

    @given(numbers())
    def test_what_is_built_is_parsed_and_found(self, text: str) -> None:
        number = parse_number(text)
        assert number is not None
        assert number.text == text == f"{number.agency}-{number.date:%y%m%d}-{number.sequence:04d}"
        assert find_numbers(f"1.001193|{text}|ông Nguyễn Văn Mẫu") == (number,)
        assert find_numbers_in_ocr(f"Mã hồ sơ: {text}.") == (number,)

    @given(st.text())
    def test_any_text_is_answered(self, text: str) -> None:
        assert parse_number(text) is None
        assert find_numbers_in_ocr(text) == ()


class TestNumbersInLongerText:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("SOHOA:H51.20-211116-0007:KQ", ["H51.20-211116-0007"]),
            ("https://mau.vn/tra-cuu?ma=000.00.15.H41-240531-0001&x=1", ["000.00.15.H41-240531-0001"]),
            ("H51.20-211116-0007__KQ.pdf", ["H51.20-211116-0007"]),
            ("H51.20-211116-0007.pdf", ["H51.20-211116-0007"]),
            ("H51.20-211116-0007;H51.20-211116-0008;H51.20-211116-0007", ["H51.20-211116-0007", "H51.20-211116-0008"]),
            ("00.15.H41-240531-0001", []),  # the tail of a longer code is another office's number
            ("AH51.20-211116-0007", []),
            ("H51.20-211116-00071234", []),
            ("H51.20-211116-0007-0008", []),
            ("H51.20-211116-0007A", []),
            ("H51.20-210230-0007", []),
        ],
    )
    def test_find_numbers(self, text: str, found: list[str]) -> None:
        assert [number.text for number in find_numbers(text)] == found


class TestNumbersInOcr:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("O00.00.l5.H41–24053l-00O1", ["000.00.15.H41-240531-0001"]),
            ("000,00.15.H41 - 240531 - 0001", ["000.00.15.H41-240531-0001"]),
            ("Mã hồ sơ: H51. 20 — 2l1116-OO07,", ["H51.20-211116-0007"]),
            ("Số H5l.2O-211116-0007.\nNgày", ["H51.20-211116-0007"]),
            ("H51.20-211116-0007 và H51.2O-211l16-0007", ["H51.20-211116-0007"]),
            ("B00.0.0.l-211116-0007", ["B00.0.0.1-211116-0007"]),  # B is a level here
            ("H51.DT-211116-0007", ["H51.DT-211116-0007"]),  # a group of letters is left as it is
            ("000.00.SB.H41-240531-0001", ["000.00.58.H41-240531-0001"]),  # but not in the old style, which has digits there
            ("00.15.H41-240531-0001", []),
            ("15. H41-240531-0001", []),
            ("000.00.15.H41-240230-0001", []),
            ("Số: 15/QĐ-UBND ngày 31/05/2024", []),
        ],
    )
    def test_repair(self, text: str, found: list[str]) -> None:
        assert [number.text for number in find_numbers_in_ocr(text)] == found

    @given(numbers(), st.data())
    def test_look_alikes_of_digits_are_repaired(self, text: str, data: st.DataObject) -> None:
        agency, rest = text[:3], text[3:]  # a level code keeps its letter
        alike = {"0": "OQ", "1": "l", "5": "S", "8": "B", "2": "Z"}
        digits = [place for place, letter in enumerate(rest) if letter in alike and place >= rest.rindex("-", 0, rest.rindex("-"))]
        place = data.draw(st.sampled_from(digits)) if digits else None
        if place is not None:
            rest = rest[:place] + data.draw(st.sampled_from(alike[rest[place]])) + rest[place + 1 :]
        assert [number.text for number in find_numbers_in_ocr(agency + rest)] == [text]


class TestNumberKey:
    @pytest.mark.parametrize(
        ("typed", "number"),
        [
            ("000001 5H41 240531 0001", "000.00.15.H41-240531-0001"),
            ("H51.20/251103/0007", "H51.20-251103-0007"),
            ("h51.20 – 251103 – 0007", "H51.20-251103-0007"),
        ],
    )
    def test_any_punctuation(self, typed: str, number: str) -> None:
        assert number_key(typed) == number_key(number)

    @given(numbers())
    def test_is_plain(self, text: str) -> None:
        key = number_key(text)
        assert key.isalnum()
        assert number_key(key) == key == number_key(" ".join(text.lower()))


@pytest.mark.parametrize(
    ("text", "legible"),
    [
        ("Họ, chữ đệm, tên người yêu cầu: Lê Mỹ Yến. Nơi cư trú: số 292, ấp Bình Thạnh, xã Lộc Điền", True),
        ("'Ápu ÁpIB ua4) ut jÈ pui 200 ØS oU Du Bupd oS oj BUD.] tỊU1) nn2 p1) UDNu bo F312 0p 308N tIm", False),
        ("Họ và tên", False),
        ("", False),
        ("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", True),
    ],
)
def test_a_page_that_was_read_is_told_from_one_that_was_guessed_at(text: str, legible: bool) -> None:
    assert is_legible(text) is legible
