"""The pages of a dossier told apart into papers, and each paper's component by its title: surely, or for a person to choose."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence import PageEvidence
from pipeline.model import Box, Code, Folio, Heading, Symbology
from pipeline.papers import SURE, UNSURE, Candidate, Checklist, Kind, Paper, candidates_of, likeness, part_papers, title_of

NUMBER, OTHER = "H51.20-251103-0007", "H51.20-251101-0003"
BIRTH = Checklist(
    "Đăng ký khai sinh",
    (
        ("TP1", "Tờ khai đăng ký khai sinh (theo mẫu)"),
        ("TP2", "Giấy chứng sinh hoặc văn bản xác nhận của người làm chứng"),
        ("TP3", "Giấy chứng nhận kết hôn"),
        ("TP4", "CCCD của người đi khai sinh"),
    ),
)
LAND = Checklist(
    "Tách thửa đất",
    (("TP1", "Đơn đề nghị tách thửa đất"), ("TP3", "Giấy chứng nhận quyền sử dụng đất")),
)
BODY = "nội dung của giấy này có đủ chữ để biết là một trang chữ " * 4


def page(
    *titles: str, codes: tuple[str, ...] = (), folio: Folio | None = None, body: str = BODY, size: float = 1.3, top: float = 0.15
) -> PageEvidence:
    headings = tuple(Heading(title, top + 0.03 * n, size, 0.01, 0.4) for n, title in enumerate(titles))
    read = tuple(Code(Symbology.QR, payload, Box(0, 0, 9, 9)) for payload in codes)
    return PageEvidence(1, codes=read, text="\n".join((*titles, body)), headings=headings, folio=folio)


def components(*pages: PageEvidence, checklist: Checklist = BIRTH) -> list[str | None]:
    return [paper.component for paper in part_papers(pages, NUMBER, checklist)]


# --- which component -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("titles", "component"),
    [
        (("TỜ KHAI ĐĂNG KÝ KHAI SINH",), "TP1"),
        (("TỜ KHAI", "ĐĂNG KÝ KHAI SINH"), "TP1"),  # over two lines
        (("TỜ KHAI",), None),  # no word may be missing
        (("TO KHAI DANG KY KHAI SINH",), "TP1"),  # marks lost by a poor scanner
        (("TỜ KHAI ĐĂNG KÝ KHAl SlNH",), "TP1"),  # letters confused
        (("TỜKHAI ĐĂNG KÝ KHAISINH",), "TP1"),  # words run together
        (("TỜ KHAI ĐĂNG KÝ KHAI TỬ",), None),  # one word is another: a neighbour's form
        (("TỜ KHAI ĐĂNG KÝ LẠI KHAI SINH",), None),  # a word too many makes another paper
        (("GIẤY CHỨNG SINH",), "TP2"),
        (("VĂN BẢN XÁC NHẬN CỦA NGƯỜI LÀM CHỨNG",), "TP2"),  # the alternative of the name
        (("GIẤY CHỨNG NHẬN KẾT HÔN",), "TP3"),
        (("GIẤY CHỨNG NHẬN",), None),
        (("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",), None),
        ((), None),
    ],
)
def test_a_title_names_its_component_with_all_its_words_or_not_at_all(titles: tuple[str, ...], component: str | None) -> None:
    assert components(page(*titles)) == [component]


def test_a_title_in_another_normal_form_is_the_same() -> None:
    assert components(page(unicodedata.normalize("NFD", "GIẤY CHỨNG SINH"))) == ["TP2"]


def test_words_in_the_running_text_are_no_title() -> None:
    small = page("Giấy chứng sinh", size=1.0)
    assert components(small) == [None]
    assert candidates_of(small, BIRTH)[0] == Candidate("TP2", 1.0)  # though a person is told of it
    assert components(page("GIẤY CHỨNG SINH", top=0.8)) == [None]


def test_what_may_be_either_is_left_to_a_person() -> None:
    twins = Checklist("X", (("TP1", "Giấy chứng sinh (bản chính)"), ("TP2", "Giấy chứng sinh (bản sao)")))
    (paper,) = part_papers((page("GIẤY CHỨNG SINH"),), NUMBER, twins)
    assert paper.component is None
    assert {one.component for one in paper.candidates} == {"TP1", "TP2"}


def test_candidates_are_the_best_first_and_only_those_worth_showing() -> None:
    found = candidates_of(page("GIẤY CHỨNG NHẬN ĐỘC THÂN"), BIRTH)
    assert found
    assert [one.likeness for one in found] == sorted((one.likeness for one in found), reverse=True)
    assert all(one.likeness <= UNSURE < SURE for one in found)
    assert candidates_of(page("HÓA ĐƠN TIỀN ĐIỆN"), BIRTH) == ()


# --- the result ----------------------------------------------------------------------------------------------------------------


def test_the_result_is_told_by_its_own_code_whatever_its_title() -> None:
    assert components(page("GIẤY KHAI SINH", codes=(NUMBER,))) == ["KQ"]
    assert components(page("GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT", codes=(f"{NUMBER}|x",)), checklist=LAND) == ["KQ"]
    assert components(page("GIẤY KHAI SINH", codes=(OTHER,))) == [None]
    assert components(page("GIẤY KHAI SINH", codes=(NUMBER,)), checklist=Checklist("X", (), needs_result=False)) == [None]


def test_a_form_filled_in_at_the_office_may_carry_the_code_too() -> None:
    assert components(page("ĐƠN ĐỀ NGHỊ TÁCH THỬA ĐẤT", codes=(NUMBER,)), checklist=LAND) == ["TP1"]


@pytest.mark.parametrize(
    ("day", "component"), [("ngày 03 tháng 11 năm 2025", "TP3"), ("ngày 04 tháng 11 năm 2025", None), ("ngày 01 tháng 10 năm 2015", "TP3")]
)
def test_a_paper_dated_after_the_receipt_was_not_handed_in(day: str, component: str | None) -> None:
    titled = page("GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT", body=f"Mỹ Thạnh, {day}\n{BODY}")
    (paper,) = part_papers((titled,), NUMBER, LAND)
    assert paper.component == component
    assert component or [one.component for one in paper.candidates] == ["TP3", "KQ"]


def test_a_form_may_be_dated_later_when_it_was_supplemented() -> None:
    assert components(page("ĐƠN ĐỀ NGHỊ TÁCH THỬA ĐẤT", body=f"ngày 09 tháng 11 năm 2025 {BODY}"), checklist=LAND) == ["TP1"]


# --- where a paper begins ------------------------------------------------------------------------------------------------------


def test_pages_without_a_beginning_go_with_the_paper_above() -> None:
    papers = part_papers((page("TỜ KHAI ĐĂNG KÝ KHAI SINH"), page(), page("GIẤY CHỨNG SINH"), page(folio=Folio(2, 2))), NUMBER, BIRTH)
    assert [(paper.pages, paper.component) for paper in papers] == [((0, 1), "TP1"), ((2, 3), "TP2")]


def test_the_list_of_what_was_handed_in_is_no_title() -> None:
    """The second page of a form names the other papers, large and in the middle of a table."""
    for listed in ("1 Giấy chứng sinh 01", "Giấy chứng nhận kết hôn"):
        second = page(body=f"{BODY}\nGiấy tờ gửi kèm theo:\nSTT Tên giấy tờ\n{listed}")
        second = replace(second, headings=(Heading(listed, 0.28, 1.2, 0.03, 0.5),))
        papers = part_papers((page("TỜ KHAI ĐĂNG KÝ KHAI SINH"), second), NUMBER, BIRTH)
        assert [(paper.pages, paper.component) for paper in papers] == [((0, 1), "TP1")]


def test_a_title_above_the_list_is_one() -> None:
    form = page("GIẤY CHỨNG NHẬN KẾT HÔN", body=f"{BODY}\nGiấy tờ gửi kèm:\nGiấy chứng sinh\nGiấy chứng nhận kết hôn")
    assert components(form) == ["TP3"]


def test_a_card_or_a_picture_is_no_part_of_the_paper_above() -> None:
    card = page(body="CĂN CƯỚC CÔNG DÂN " + BODY)
    assert [paper.pages for paper in part_papers((page("GIẤY CHỨNG SINH"), card), NUMBER, BIRTH)] == [(0,), (1,)]
    assert [paper.pages for paper in part_papers((page("GIẤY CHỨNG SINH"), page(body="ảnh")), NUMBER, BIRTH)] == [(0,), (1,)]


def test_the_office_s_own_forms_are_papers_of_one_page_and_no_component() -> None:
    receipt = page("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", codes=(NUMBER,))
    papers = part_papers((receipt, page(), page("GIẤY CHỨNG SINH")), NUMBER, BIRTH)
    assert [(paper.kind, paper.component) for paper in papers] == [(Kind.OFFICE, None), (Kind.PAPER, None), (Kind.PAPER, "TP2")]


def test_a_page_numbered_one_begins_a_paper() -> None:
    pages = tuple(page(folio=Folio(number, 2)) for number in (1, 2, 1))
    assert [paper.pages for paper in part_papers(pages, NUMBER, BIRTH)] == [(0, 1), (2,)]


TITLES = st.sampled_from(["", "TỜ KHAI ĐĂNG KÝ KHAI SINH", "GIẤY CHỨNG SINH", "GIẤY TIẾP NHẬN HỒ SƠ", "QUYẾT ĐỊNH", "Trang", "ĐƠN"])
FOLIOS = st.none() | st.builds(Folio, st.integers(1, 4), st.none())
CODES = st.sampled_from([(), (NUMBER,), (OTHER,)])
PAGES = st.lists(
    st.builds(lambda title, folio, codes: page(*filter(None, [title]), folio=folio, codes=codes), TITLES, FOLIOS, CODES), max_size=9
)


@given(pages=PAGES)
def test_every_page_is_in_one_paper_in_order(pages: list[PageEvidence]) -> None:
    papers = part_papers(pages, NUMBER, BIRTH)
    assert [place for paper in papers for place in paper.pages] == list(range(len(pages)))
    known = {code for code, _ in BIRTH.components} | {"KQ", None}
    assert {paper.component for paper in papers} <= known
    assert all(paper.pages for paper in papers)


@given(words=st.lists(st.sampled_from(["giay", "chung", "sinh", "nhan", "ket", "hon", "to", "khai", "lai", "tu"]), max_size=7))
def test_likeness_is_a_share_and_sure_only_of_the_very_words(words: list[str]) -> None:
    found = likeness(words, "Giấy chứng sinh", BIRTH)
    assert 0 <= found <= 1
    if found >= SURE:
        assert sorted(set(words)) == sorted({"giay", "chung", "sinh"})


def test_the_title_told_to_people_is_the_largest_that_stands_out() -> None:
    assert title_of(page("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "GIẤY CHỨNG SINH")) == "GIẤY CHỨNG SINH"
    assert title_of(page("Kính gửi: ai đó", size=1.0)) == ""


def test_no_checklist_no_component() -> None:
    assert part_papers((page("GIẤY CHỨNG SINH"),), NUMBER, Checklist("", (), needs_result=False)) == (Paper((0,)),)
    assert part_papers((), NUMBER, BIRTH) == ()
