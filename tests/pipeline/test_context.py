"""Marks are chosen by context; nothing else is ever changed. All sentences are invented."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.boxes import line_of
from pipeline.context import choose_marks, load_context
from pipeline.context_marks import confusion, marks_of
from pipeline.context_tokens import NUMBER, OTHER, old_tone_style, token_of
from pipeline.model import Box, Word, Words
from pipeline.text import fold, is_syllable, new_tone_style, nfc


def page(*lines: str, confidence: float = 0.9) -> Words:
    """A page of such lines, every word as sure."""
    return Words(
        2000,
        3000,
        tuple(
            line_of(
                [Word(word, Box(60 * n, 40 * number, 60 * n + 50, 40 * number + 30), confidence) for n, word in enumerate(line.split(), 1)]
            )
            for number, line in enumerate(lines, 1)
        ),
    )


def chosen(*lines: str, confidence: float = 0.9) -> str:
    return choose_marks(page(*lines, confidence=confidence), load_context()).text


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("ỦY BAN NHÂN DÂN THÀNH PHÓ", "ỦY BAN NHÂN DÂN THÀNH PHỐ"),
        ("Ủy ban nhân dân xã đã tố chức kiếm tra.", "Ủy ban nhân dân xã đã tổ chức kiểm tra."),
        ("Công tác phòng, chống (địch bệnh) được triến khai, kịp thời.", "Công tác phòng, chống (dịch bệnh) được triển khai, kịp thời."),
        ("Thủ tục chuyến mục đích sử dụng đất.", "Thủ tục chuyển mục đích sử dụng đất."),
        ("CỌNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ],
)
def test_marks_that_the_neighbours_contradict_are_mended(read: str, meant: str) -> None:
    assert chosen(read) == meant


def test_a_line_runs_on_into_the_next() -> None:
    assert chosen("Người dân nộp hồ sơ tại ủy ban nhân dân thành", "phó nơi thường trú.").endswith("phố nơi thường trú.")


@pytest.mark.parametrize(
    "text",
    [
        "Ủy ban nhân dân xã tiếp nhận hồ sơ và trả kết quả cho người dân.",
        "Bà Lê Thị Thúy và ông Trần Văn Thủy cùng ký vào biên bản.",
        "Ông Tạ Phúc Hoán nộp đơn đề nghị cấp lại giấy khai sinh.",
        "Mã hồ sơ H41.12-240531-0001, Quyết định số 15/2024/QĐ-UBND, điểm đ) khoản 2.",
        "Email: chi.tiet@example.vn; Ban quan ly du an; SĐT 0912 345 678",
        "This is to certify that Mr Nguyen Van An has been a student here.",
    ],
)
def test_what_is_right_stays(text: str) -> None:
    assert chosen(text, confidence=0.96) == text


@pytest.mark.parametrize(
    ("read", "style"),
    [
        ("Hoà giải ở cơ sở, xoá đăng ký, thuỷ lợi. Tố chức hoạ động hoá trang", "old"),
        ("Cộng hoà xã hội, khoẻ mạnh, thuỷ lợi.", "new"),
        ("Cộng hòa xã hội, khỏe mạnh, thủy lợi.", "old"),
    ],
)
def test_the_style_of_tones_is_the_pages_own(read: str, style: str) -> None:
    before, after = page(read), choose_marks(page(read), load_context())
    for old, new in zip(before, after, strict=True):
        if new_tone_style(old.text) == new_tone_style(new.text):
            assert old.text == new.text
    mended = chosen(
        f"{read} Nước cộng hoa xã hội chủ nghĩa Việt Nam.".replace("hoa xã", "họa xã" if style == "old" and "òa" in read else "hoạ xã")
    )
    assert ("cộng hòa xã hội chủ nghĩa" in mended) is ("òa" in read)
    assert ("cộng hoà xã hội chủ nghĩa" in mended) is ("òa" not in read)


def test_what_was_read_first_is_kept() -> None:
    after = choose_marks(page("THÀNH PHÓ HÀ NỘI", confidence=0.5), load_context())
    assert [(word.text, word.raw) for word in after] == [("THÀNH", None), ("PHỐ", "PHÓ"), ("HÀ", None), ("NỘI", None)]


def test_a_second_time_keeps_the_first_reading() -> None:
    once = page("THÀNH PHÓ HÀ NỘI")
    mended_before = replace(once, lines=(line_of([replace(word, raw="PH0") if word.text == "PHÓ" else word for word in once]),))
    assert [word.raw for word in choose_marks(mended_before, load_context())] == [None, "PH0", None, None]


def test_a_sure_engine_is_believed_sooner() -> None:
    line = "Bà con trong bán làng"
    texts = {confidence: chosen(line, confidence=confidence) for confidence in (0.3, 0.99)}
    assert texts[0.3] == "Bà con trong bản làng"
    assert texts[0.99] == line


def test_an_empty_page() -> None:
    empty = Words(100, 100)
    assert choose_marks(empty, load_context()) is empty


_SIGNS = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyAĐÔƠƯ" + "àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ" + "ÁẤẾỐỘ0159.,;:()/-–_\"'öðÐøßﬁ½İ"
)
_WORDS = st.one_of(
    st.text(_SIGNS, min_size=1, max_size=7),
    st.sampled_from(
        [
            "thành",
            "phó",
            "PHÓ",
            "tố",
            "chức",
            "kiếm",
            "tra",
            "địch",
            "bệnh,",
            "(khân",
            "cấp)",
            "Thúy",
            "hoá",
            "hòa",
            "đ)",
            "2024",
            "QĐ-UBND",
        ]
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(_WORDS, min_size=1, max_size=9), max_size=5), st.floats(0, 1))
def test_only_marks_of_syllables_ever_change(lines: list[list[str]], confidence: float) -> None:
    before = page(*(nfc(" ".join(line)) for line in lines), confidence=confidence)
    after = choose_marks(before, load_context())
    assert (after.width, after.height, len(after.lines)) == (before.width, before.height, len(before.lines))
    for old, new in zip(before, after, strict=True):
        assert (new.box, new.confidence) == (old.box, old.confidence)
        assert new.raw == (None if new.text == old.text else old.text)
        if new.text != old.text:
            here, there = token_of(old.text), token_of(new.text)
            assert (there.lead, there.tail) == (here.lead, here.tail)
            assert fold(there.core) == fold(here.core)
            assert [letter.isupper() for letter in there.core] == [letter.isupper() for letter in here.core]
            assert here.core.isalpha()
            assert is_syllable(there.core)
            assert new.text == nfc(new.text)


@given(st.text(min_size=1, max_size=20).filter(lambda text: not any(sign.isspace() for sign in text)))
def test_a_token_is_all_of_its_text(text: str) -> None:
    token = token_of(text)
    assert token.lead + token.core + token.tail == nfc(text)


@pytest.mark.parametrize(
    ("text", "kind", "ends"),
    [("12/2024/NĐ-CP;", NUMBER, True), ("QĐ-UBND", OTHER, False), ("đ)", OTHER, False), ("(khẩn,", None, False), ("cấp.", None, True)],
)
def test_what_a_token_is(text: str, kind: int | None, ends: bool) -> None:
    token = token_of(text)
    assert (token.kind, token.ends_sentence) == (kind, ends)


@pytest.mark.parametrize("word", ["hoà", "khoẻ", "thuỷ", "hoạ", "thuý"])
def test_the_old_style_of_tones_undoes_the_new(word: str) -> None:
    assert old_tone_style(word) != word
    assert new_tone_style(old_tone_style(word)) == word


@pytest.mark.parametrize("word", ["quý", "toán", "thuế", "hoàn", "ngoài", "quà"])
def test_both_styles_write_closed_rimes_alike(word: str) -> None:
    assert old_tone_style(word) == word


def test_the_hook_above_a_circumflex_is_lost_most_easily() -> None:
    assert confusion("kiếm", "kiểm") > confusion("kiềm", "kiểm")
    assert confusion("tố", "tổ") > confusion("tá", "tả")
    assert confusion("câp", "cấp") > confusion("cấp", "câp")
    assert confusion("cấp", "cấp") == 0


def test_marks_of_a_syllable() -> None:
    assert marks_of("được").shapes == (4, 3, 3, 0)
    assert marks_of("được").carrier == "ơ"
    assert marks_of("ban").carrier == ""


def test_a_full_page_takes_little_time() -> None:
    lines = ["Ủy ban nhân dân thành phó đã tố chức kiếm tra việc tiếp nhận và trả kết quả hồ sơ"] * 55
    words, context = page(*lines), load_context()
    started = time.process_time()
    after = choose_marks(words, context)
    assert time.process_time() - started < 0.5
    assert sum(word.raw is not None for word in after) == 3 * 55


def test_the_table_is_small_and_loads_fast() -> None:
    load_context.cache_clear()
    started = time.process_time()
    context = load_context()
    assert time.process_time() - started < 0.5
    assert context is load_context()
    assert 3000 < len(context.table.syllables) < 8000
    assert all(is_syllable(syllable) for syllable in context.table.syllables)
