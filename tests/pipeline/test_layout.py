"""Reading order, on words laid out by hand."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pipeline.boxes import line_of
from pipeline.layout import in_reading_order
from pipeline.model import Box, Line, Word, Words

LETTER, HEIGHT, PITCH = 16, 32, 44  # pixels: width of a letter, height and distance of lines at 200 dpi


def line(left: int, row: float, text: str, confidence: float = 0.9) -> list[Word]:
    """Words of one line at a row of text."""
    words: list[Word] = []
    top = round(100 + row * PITCH)
    for part in text.split():
        words.append(Word(part, Box(left, top, left + LETTER * len(part), top + HEIGHT), confidence))
        left += LETTER * (len(part) + 1)
    return words


def page(*lines: list[Word], rows: int = 50) -> Words:
    """Lines as the engine found them: those of one row joined where they are given as one list."""
    return Words(1654, 100 + rows * PITCH, tuple(line_of(words) for words in lines))


BODY = [line(200, 6 + n, "Căn cứ Luật Hộ tịch và đề nghị của công chức tư pháp hộ tịch xã Tân Lộc") for n in range(8)]


def test_a_letterhead_is_read_left_block_first() -> None:
    words = page(
        line(200, 0, "UBND HUYỆN TÂN AN") + line(800, 0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        line(240, 1, "ỦY BAN NHÂN DÂN") + line(950, 1.2, "Độc lập - Tự do - Hạnh phúc"),
        line(260, 2, "Số: 12/UBND"),
        line(900, 2.6, "Tân An, ngày 03 tháng 11 năm 2025"),
        *BODY,
    )
    assert in_reading_order(words).text.splitlines()[:7] == [
        "UBND HUYỆN TÂN AN",
        "ỦY BAN NHÂN DÂN",
        "Số: 12/UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Tân An, ngày 03 tháng 11 năm 2025",
        "Căn cứ Luật Hộ tịch và đề nghị của công chức tư pháp hộ tịch xã Tân Lộc",
    ]


def signature() -> list[list[Word]]:
    return [
        line(200, 16, "Nơi nhận:") + line(950, 16, "TM. ỦY BAN NHÂN DÂN"),
        line(200, 17, "- Như trên;") + line(1050, 17, "CHỦ TỊCH"),
        line(200, 18, "- Lưu: VT."),
        line(1020, 22, "Trần Văn Mẫu"),
    ]


def test_recipients_are_read_before_the_signature() -> None:
    read = in_reading_order(page(*BODY, *signature())).text.splitlines()
    assert read[8:] == ["Nơi nhận:", "- Như trên;", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Trần Văn Mẫu"]


def test_strokes_of_a_pen_stand_in_nobodys_way() -> None:
    stroke = line(700, 17, "/ ¿ _", confidence=0.2)
    read = in_reading_order(page(*BODY, *signature(), stroke)).text.splitlines()
    assert [text for text in read if "CHỦ" in text or "Như" in text] == ["- Như trên;", "CHỦ TỊCH"] or "- Như trên; / ¿ _" in read


def table() -> list[list[Word]]:
    return [
        line(200, 0, "Tên giấy tờ") + line(1100, 0, "Số bản"),
        line(200, 1, "Tờ khai") + line(1120, 1, "01"),
        line(200, 2, "Giấy chứng sinh") + line(1120, 2, "02"),
    ]


POSTS = tuple(Box(x, 90, x + 3, 100 + 3 * PITCH) for x in (180, 1000, 1300))


def test_a_ruled_table_is_read_across() -> None:
    read = in_reading_order(page(*table(), *BODY), POSTS).text.splitlines()
    assert read[:3] == ["Tên giấy tờ Số bản", "Tờ khai 01", "Giấy chứng sinh 02"]


def test_a_table_of_many_columns_is_read_across_without_rules() -> None:
    rows = [line(200, n, "STT") + line(500, n, "Họ tên") + line(900, n, "Năm sinh") + line(1300, n, "Ghi chú") for n in range(4)]
    assert in_reading_order(page(*rows, *BODY)).text.splitlines()[0] == "STT Họ tên Năm sinh Ghi chú"


def test_fields_of_a_form_are_read_across() -> None:
    fields = [line(200, 20 + n, "Họ tên: Lê Mẫu") + line(1000, 20 + n, "Dân tộc: Kinh") for n in range(3)]
    after = [line(200, 24 + n, "Tôi cam đoan những lời khai trên đây là đúng sự thật và chịu trách nhiệm") for n in range(6)]
    read = in_reading_order(page(*BODY, *fields, *after)).text.splitlines()
    assert read[8:11] == ["Họ tên: Lê Mẫu Dân tộc: Kinh"] * 3


def test_columns_of_running_text_are_read_one_after_the_other() -> None:
    left = [line(100, n, f"cột trái dòng thứ {n:02} đầy") for n in range(10)]
    right = [line(700, n, f"cột phải dòng thứ {n:02} đầy") for n in range(10)]
    middle = [one + other for one, other in zip(left, right, strict=True)]
    title = [line(200, -2 + n, "Công báo của Hội đồng nhân dân và Ủy ban nhân dân tỉnh in hai cột mỗi trang") for n in range(2)]
    after = [line(200, 20 + n, "Công báo của Hội đồng nhân dân và Ủy ban nhân dân tỉnh in hai cột mỗi trang") for n in range(6)]
    read = in_reading_order(page(*title, *middle, *after)).text.splitlines()
    assert read[2:12] == [f"cột trái dòng thứ {n:02} đầy" for n in range(10)]


def test_rows_found_out_of_order_are_put_in_order() -> None:
    assert in_reading_order(page(*reversed(BODY))) == in_reading_order(page(*BODY))


def test_a_line_torn_in_two_is_joined() -> None:
    whole = line(200, 3, "Căn cứ Luật Hộ tịch ngày 20 tháng 11 năm 2014")
    read = in_reading_order(page(whole[5:], whole[:5], *BODY))
    assert read.text.splitlines()[0] == "Căn cứ Luật Hộ tịch ngày 20 tháng 11 năm 2014"


def test_nothing_stays_nothing() -> None:
    assert in_reading_order(Words(10, 10)) == Words(10, 10)


boxes = st.builds(
    lambda left, top, width, height: Box(left, top, left + width, top + height),
    st.integers(0, 1500),
    st.integers(0, 2200),
    st.integers(1, 400),
    st.integers(1, 120),
)
words = st.builds(Word, st.text("aÂđ.", min_size=1, max_size=4), boxes, st.floats(0, 1))
lines: st.SearchStrategy[Line] = st.lists(words, min_size=1, max_size=6).map(line_of)


@given(st.lists(lines, max_size=12), st.lists(boxes, max_size=3))
def test_no_word_is_lost_or_doubled(found: list[Line], rules: list[Box]) -> None:
    given_words = Words(2000, 2400, tuple(found))
    assert Counter(in_reading_order(given_words, tuple(rules))) == Counter(given_words)
