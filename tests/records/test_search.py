"""Search over the catalogue. One class for every database: it runs on the one that is configured (SQLite unless said otherwise)."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records import search as catalogue_search
from records import search_postgres, search_sqlite
from records.models import Batch, Document, Dossier, DossierFact, Office, Page, Scan
from records.search import SearchQuery, SearchResult, index_document, refresh_dossiers, remove_document, search

_AT = datetime(2025, 11, 3, 1, 30, tzinfo=UTC)
_HOSTILE = [
    "",
    "   ",
    "?!.,;:-_()[]{}*&|^~",
    '"',
    '""',
    '"khai',
    'khai" sinh "',
    "NEAR(khai sinh)",
    "khai OR",
    "AND AND NOT",
    "body:khai",
    "khai*",
    "^khai",
    "khai + sinh",
    "'; DROP TABLE records_page; --",
    "%s %(a)s %%",
    "\\'\\\\",
    "\0",
    "\ud800 khai \udfff",
    "khai\u0301\u0323\u0301",
    "a " * 5_000,
    "ơ" * 10_000,
    '"' * 10_000,
    "(" * 10_000,
    "⑴ ½ ﬁ ŉ ǅ İ ß 日本 ق",
    "000.00.15.H41-240531-",
]


def register(
    number: str, applicant: str = "", subject: str = "", procedure: str = "1.001193", office: str = "H51.20", **more: object
) -> DossierFact:
    dossier = Dossier.objects.create(number=number)
    values: dict[str, object] = {"receiving": office, "executing": office, "received_at": _AT, "identity_number": ""} | more
    return DossierFact.objects.create(
        dossier=dossier, procedure=procedure, channel=1, status="DANG_XU_LY", applicant=applicant, subject=subject, known_from=_AT, **values
    )


def attach(dossier: Dossier, *texts: str) -> Document:
    """An attached and indexed document with one page a text."""
    batch = Batch.objects.create(name="scan0001.pdf", received_at=_AT)
    scan = Scan.objects.create(batch=batch, path="H51.20/scan0001.pdf", received_at=_AT)
    document = Document.objects.create(
        batch=batch, state=Document.State.ATTACHED, dossier=dossier, component="TP1", page_count=len(texts), created_at=_AT
    )
    for number, text in enumerate(texts, start=1):
        Page.objects.create(scan=scan, number=number, state="read", text=text, document=document, page_in_document=number)
    with transaction.atomic():
        assert index_document(document) == len(texts)
    return document


def found(words: str, **filters: object) -> list[tuple[str, int]]:
    """Number and page of each hit, best first."""
    result = search(SearchQuery(words, **filters))  # type: ignore[arg-type]
    assert result.total >= len(result.hits)
    return [(hit.dossier, hit.page) for hit in result.hits]


def pages(result: SearchResult) -> list[int]:
    return [hit.page for hit in result.hits]


@pytest.mark.usefixtures("catalogue")
class TestWords:
    def test_an_empty_catalogue_has_no_hits(self) -> None:
        assert search(SearchQuery("khai sinh")).hits == ()

    def test_marks_as_typed_come_first_and_folded_ones_follow(self) -> None:
        fact = register("H51.20-251103-0001")
        attach(fact.dossier, "khai sinh, khải sinh", "khái sinh khái sinh khái sinh", "không có gì", "KHAI SINH cho trẻ")
        assert sorted(pages(search(SearchQuery("khái sinh")))) == [1, 2, 4]
        assert pages(search(SearchQuery("khái sinh")))[0] == 2
        assert pages(search(SearchQuery("khải sinh")))[0] == 1
        first, second, _ = search(SearchQuery("khái sinh")).hits
        assert first.score > 1 > second.score > 0

    def test_without_marks_every_writing_is_found(self) -> None:
        fact = register("H51.20-251103-0001")
        attach(fact.dossier, "Nguyễn Huệ", "Hộ tịch", "ủy ban")
        assert found("nguyen hue") == [("H51.20-251103-0001", 1)]
        assert found("ho tich") == [("H51.20-251103-0001", 2)]
        assert found("UY BAN") == [("H51.20-251103-0001", 3)]

    @pytest.mark.parametrize("typed", ["Đường", "đường", "duong", "dường", "ĐƯỜNG"])
    def test_d_with_stroke(self, typed: str) -> None:
        attach(register("H51.20-251103-0001").dossier, "số nhà 5 Đường Lê Lợi")
        assert found(typed) == [("H51.20-251103-0001", 1)]

    @pytest.mark.parametrize(("printed", "typed"), [("hòa giải", "hoà giải"), ("uỷ quyền", "ủy quyền"), ("THÚY", "thuý")])
    def test_both_styles_of_tone_are_one_exact_writing(self, printed: str, typed: str) -> None:
        attach(register("H51.20-251103-0001").dossier, printed)
        (hit,) = search(SearchQuery(typed)).hits
        assert hit.score > 1
        assert hit.snippet == f"<mark>{printed}</mark>"

    def test_decomposed_text_is_the_same_text(self) -> None:
        attach(register("H51.20-251103-0001").dossier, unicodedata.normalize("NFD", "Trích lục hộ tịch"))
        (hit,) = search(SearchQuery(unicodedata.normalize("NFD", "hộ tịch"))).hits
        assert hit.score > 1
        assert hit.snippet == "Trích lục <mark>hộ tịch</mark>"

    def test_all_words_are_needed(self) -> None:
        attach(register("H51.20-251103-0001").dossier, "tờ khai đăng ký", "giấy khai sinh")
        assert found("khai ký") == [("H51.20-251103-0001", 1)]
        assert found("khai hôn") == []

    def test_words_side_by_side_weigh_more_than_words_apart(self) -> None:
        attach(register("H51.20-251103-0001").dossier, "sinh ra ở xã khai hoang", "giấy khai sinh bản sao", "sinh sau khi khai")
        assert pages(search(SearchQuery("khai sinh")))[0] == 2

    def test_equal_pages_are_ordered_the_same_every_time(self) -> None:
        attach(register("H51.20-251103-0001").dossier, *["giấy khai sinh"] * 5)
        assert pages(search(SearchQuery("khai sinh"))) == [5, 4, 3, 2, 1]

    def test_limit_bounds_hits_not_the_total(self) -> None:
        attach(register("H51.20-251103-0001").dossier, *["giấy khai sinh"] * 7)
        for limit in (0, 3, 100):
            result = search(SearchQuery("khai sinh", limit=limit))
            assert result.total == 7
            assert len(result.hits) == min(limit, 7)
        assert search(SearchQuery("khai sinh", limit=-1)).hits == ()


@pytest.mark.usefixtures("catalogue")
class TestPhrases:
    def test_words_of_a_phrase_stand_side_by_side(self) -> None:
        attach(register("H51.20-251103-0001").dossier, "giấy khai sinh", "sinh khai", "khai báo ngày sinh")
        assert found('"khai sinh"') == [("H51.20-251103-0001", 1)]
        assert found("“khai sinh”") == [("H51.20-251103-0001", 1)]

    def test_pairs_of_a_long_phrase_are_not_enough(self) -> None:
        attach(register("H51.20-251103-0001").dossier, "ủy ban nhân dân", "ủy ban và ban nhân sự của nhân dân", "uy ban nhan dan")
        result = search(SearchQuery('"ủy ban nhân dân"'))
        assert pages(result) == [1, 3]
        assert result.total == 2

    def test_a_phrase_and_a_word(self) -> None:
        attach(register("H51.20-251103-0001").dossier, "giấy khai sinh bản sao", "giấy khai sinh bản chính")
        assert found('"khai sinh" sao') == [("H51.20-251103-0001", 1)]

    def test_an_open_quote_is_a_blank(self) -> None:
        attach(register("H51.20-251103-0001").dossier, "sinh ra rồi khai")
        assert found('"khai sinh') == [("H51.20-251103-0001", 1)]

    @pytest.mark.parametrize("typed", ["15/QĐ-UBND", "15/qd-ubnd", "1.001193", "05/01/2024"])
    def test_a_code_is_a_phrase(self, typed: str) -> None:
        attach(
            register("H51.20-251103-0001", procedure="x").dossier,
            "Số: 15/QĐ-UBND, mã 1.001193, 05/01/2024",
            "UBND, 15 QĐ, 001193 và 1; 2024 01 05",
        )
        assert found(typed) == [("H51.20-251103-0001", 1)]


@pytest.mark.usefixtures("catalogue")
class TestNumbersAndFields:
    @pytest.mark.parametrize(
        "typed",
        [
            "000.00.15.H41-240531-0001",
            "000001 5H41 240531 0001",
            "000.00.15.h41/240531/0001",
            "0000015H412405310001",
            "000.00.15.H41-240531",
            "000.00.15.H41 – 240531 – 00",
            '"000.00.15.H41-240531-0001"',
            "000.00.15.H41-240531-0001 mẫu",
        ],
    )
    def test_a_number_in_any_punctuation_or_its_beginning(self, typed: str) -> None:
        attach(register("000.00.15.H41-240531-0001", applicant="Trần Thị Mẫu").dossier, "trang một", "trang hai")
        attach(register("000.00.15.H41-240601-0001").dossier, "trang một")
        attach(register("H51.20-240531-0001").dossier, "trang một")
        assert sorted(found(typed)) == [("000.00.15.H41-240531-0001", 1), ("000.00.15.H41-240531-0001", 2)]

    def test_a_number_printed_on_a_page_of_another_dossier(self) -> None:
        attach(register("H51.20-251103-0002").dossier, "kèm theo hồ sơ H51.2O – 251103 - 0OO1.", "trang khác")
        assert found("H51.20-251103-0001") == [("H51.20-251103-0002", 1)]

    def test_applicant_and_subject_find_every_page_but_weigh_less(self) -> None:
        attach(register("H51.20-251103-0001", "Nguyễn Văn Mẫu", "Cấp bản sao trích lục khai tử").dossier, "trang đầu", "trang sau")
        attach(register("H51.20-251103-0002").dossier, "ông Nguyễn Văn Mẫu ký tên, xin cấp bản sao trích lục khai tử")
        assert found("nguyễn văn mẫu")[0] == ("H51.20-251103-0002", 1)
        assert sorted(found("nguyen van mau")) == [("H51.20-251103-0001", 1), ("H51.20-251103-0001", 2), ("H51.20-251103-0002", 1)]
        assert len(found('"trích lục khai tử"')) == 3
        assert found("mẫu trang đầu") == [("H51.20-251103-0001", 1)]
        assert [hit.snippet for hit in search(SearchQuery("mau dau")).hits] == ["trang <mark>đầu</mark>"]

    def test_a_field_hit_shows_the_beginning_of_the_page(self) -> None:
        attach(register("H51.20-251103-0001", "Lê Thị Ví Dụ").dossier, " ".join(f"chữ{number}" for number in range(100)))
        (hit,) = search(SearchQuery("ví dụ")).hits
        assert hit.snippet.startswith("chữ0 chữ1 ")
        assert hit.snippet.endswith(" …")
        assert "<mark>" not in hit.snippet

    def test_a_phrase_does_not_reach_from_field_to_page(self) -> None:
        attach(register("H51.20-251103-0001", subject="xin cấp", identity_number="").dossier, "lại giấy phép mới")
        assert found('"cấp lại giấy"') == []
        assert found('"cấp lại"') == []

    def test_identity_numbers_are_found_and_masked(self) -> None:
        attach(register("H51.20-251103-0001", identity_number="094085001234").dossier, "không có số")
        attach(register("H51.20-251103-0002").dossier, "CCCD số 094085001234 cấp", "CCCD số 094 085 001 234 cấp", "CCCD 094085001235")
        expected = [("H51.20-251103-0001", 1), ("H51.20-251103-0002", 1), ("H51.20-251103-0002", 2)]
        for typed in ("094085001234", "094 085 001 234", '"094.085.001.234"'):
            assert sorted(found(typed)) == expected
            snippets = " ".join(hit.snippet for hit in search(SearchQuery(typed)).hits)
            assert "<mark>094******234</mark>" in snippets
            assert "<mark>094 *** *** 234</mark>" in snippets
            assert "085" not in snippets
        assert found("094085") == []  # no guessing one's way along a number


@pytest.mark.usefixtures("catalogue")
class TestFilters:
    def test_office_means_receiving_or_executing_and_what_is_below(self) -> None:
        for code, parent in (("H51", ""), ("H51.20", "H51"), ("H51.20.1", "H51.20"), ("H53", ""), ("H52", "H52")):
            Office.objects.create(code=code, name=code, level="XA", parent=parent, known_from=_AT)
        attach(register("H51.20-251103-0001", office="H51.20").dossier, "khai sinh")
        attach(register("H51.20-251103-0002", office="H53", receiving="H51.20.1").dossier, "khai sinh")
        attach(register("H51.20-251103-0003", office="H53").dossier, "khai sinh")
        both = [("H51.20-251103-0001", 1), ("H51.20-251103-0002", 1)]
        assert sorted(found("khai sinh", office="H51")) == sorted(found("khai sinh", office="H51.20")) == both
        assert found("khai sinh", office="H51.20.1") == [("H51.20-251103-0002", 1)]
        assert len(found("khai sinh", office="H53")) == 2
        assert found("khai sinh", office="H52") == found("khai sinh", office="\0\ud800") == []
        assert len(found("khai sinh", office="")) == 3
        assert search(SearchQuery("khai sinh", office="H51")).total == 2

    def test_days_of_receipt_are_vietnamese_days_both_included(self) -> None:
        attach(register("H51.20-251103-0001", received_at=datetime(2025, 11, 2, 17, 0, tzinfo=UTC)).dossier, "khai sinh")  # 3 November
        attach(register("H51.20-251103-0002", received_at=datetime(2025, 11, 3, 16, 59, tzinfo=UTC)).dossier, "khai sinh")
        attach(register("H51.20-251104-0003", received_at=datetime(2025, 11, 3, 17, 0, tzinfo=UTC)).dossier, "khai sinh")
        attach(register("H51.20-251103-0004", received_at=None).dossier, "khai sinh")
        day = date(2025, 11, 3)
        assert [number[-4:] for number, _ in sorted(found("khai", from_day=day, to_day=day))] == ["0001", "0002"]
        assert [number[-4:] for number, _ in sorted(found("khai", from_day=date(2025, 11, 4)))] == ["0003"]
        assert found("khai", to_day=date(2025, 11, 2)) == found("khai", from_day=date(2025, 12, 1), to_day=day) == []
        assert len(found("khai")) == 4
        assert len(found("khai", from_day=date.min, to_day=date.max)) == 3

    def test_procedure(self) -> None:
        attach(register("H51.20-251103-0001", procedure="1.001193").dossier, "khái sinh")
        attach(register("H51.20-251103-0002", procedure="2.000720").dossier, "khái sinh")
        assert found("khái sinh", procedure="2.000720") == [("H51.20-251103-0002", 1)]
        assert found("khai sinh", procedure="1.001193", office="H51.20", to_day=date(2025, 11, 3)) == [("H51.20-251103-0001", 1)]

    def test_filters_ask_the_register_as_it_stands(self) -> None:
        fact = register("H51.20-251103-0001", procedure="1.001193")
        attach(fact.dossier, "khai sinh")
        DossierFact.objects.filter(pk=fact.pk).update(known_to=_AT)
        fact.pk, fact.procedure = None, "2.000720"
        fact.save()
        assert found("khai sinh", procedure="1.001193") == []
        assert found("khai sinh", procedure="2.000720") == [("H51.20-251103-0001", 1)]


@pytest.mark.usefixtures("catalogue")
class TestSnippets:
    def test_is_safe_html(self) -> None:
        attach(register("H51.20-251103-0001").dossier, '<script>alert("1")</script> & khai <mark>sinh</mark>')
        (hit,) = search(SearchQuery("khai")).hits
        assert "&lt;script&gt;" in hit.snippet
        assert hit.snippet.endswith(" &amp; <mark>khai</mark> &lt;mark&gt;sinh&lt;/mark&gt;")
        assert re.findall(r"<[^>]*>", hit.snippet) == ["<mark>", "</mark>"]

    def test_shows_where_most_of_the_query_stands(self) -> None:
        far = " ".join(["và"] * 100)
        attach(register("H51.20-251103-0001").dossier, f"khai {far} giấy\n\n  khai   sinh của {far}")
        (hit,) = search(SearchQuery("khai sinh")).hits
        assert "giấy <mark>khai sinh</mark> của" in hit.snippet
        assert hit.snippet.startswith("… và")
        assert hit.snippet.endswith("và …")

    def test_marks_the_number_however_it_was_printed(self) -> None:
        attach(register("H51.20-251103-0001").dossier, "Mã hồ sơ: H51.20-251103-0001 (bản chính)")
        (hit,) = search(SearchQuery("H5120 251103 0001")).hits
        assert hit.snippet == "Mã hồ sơ: <mark>H51.20-251103-0001</mark> (bản chính)"


@pytest.mark.usefixtures("catalogue")
class TestIndexing:
    def test_indexing_again_changes_nothing(self) -> None:
        document = attach(register("H51.20-251103-0001").dossier, "khai sinh", "hộ tịch")
        with transaction.atomic():
            index_document(document)
        assert found("khai sinh") == [("H51.20-251103-0001", 1)]
        assert search(SearchQuery("khai sinh")).total == 1

    def test_removed_is_gone_and_its_neighbour_stays(self) -> None:
        dossier = register("H51.20-251103-0001", "Nguyễn Văn Mẫu").dossier
        first, _ = attach(dossier, "khai sinh"), attach(dossier, "khai sinh")
        with transaction.atomic():
            assert remove_document(first) == 1
            assert remove_document(first) == 0
        assert search(SearchQuery("khai sinh")).total == search(SearchQuery("mẫu")).total == 1

    def test_a_rolled_back_attachment_is_not_found(self) -> None:
        document = attach(register("H51.20-251103-0001").dossier, "khai sinh")
        with transaction.atomic():
            remove_document(document)
            transaction.set_rollback(True)
        assert search(SearchQuery("khai sinh")).total == 1

    def test_a_moved_document_is_its_new_dossiers(self) -> None:
        document = attach(register("H51.20-251103-0001").dossier, "khai sinh")
        document.dossier = register("H51.20-251103-0002", "Lê Thị Ví Dụ").dossier
        document.save()
        with transaction.atomic():
            index_document(document)
        assert found("khai sinh") == found("ví dụ") == [("H51.20-251103-0002", 1)]

    def test_a_corrected_text_replaces_the_old_one(self) -> None:
        document = attach(register("H51.20-251103-0001").dossier, "khai sinh")
        document.pages.update(text="hộ tịch")
        with transaction.atomic():
            index_document(document)
        assert found("khai") == []
        assert found("hộ tịch") == [("H51.20-251103-0001", 1)]

    def test_a_dossier_the_register_does_not_know_yet(self) -> None:
        attach(Dossier.objects.create(number="H51.20-251103-0001"), "khai sinh")
        assert found("khai") == found("H51.20-251103") == [("H51.20-251103-0001", 1)]
        assert found("khai", office="H51.20") == []

    def test_a_changed_register_row_is_searched_as_it_says_now(self) -> None:
        fact = register("H51.20-251103-0001", "Nguyễn Văn Sai")
        other = register("H51.20-251103-0002", "Trần Thị Mẫu")
        attach(fact.dossier, "trang đầu", "trang sau")
        attach(other.dossier, "trang đầu")
        DossierFact.objects.filter(pk=fact.pk).update(applicant="Nguyễn Văn Đúng")
        with transaction.atomic():
            assert refresh_dossiers([fact.dossier_id, other.dossier_id]) == 1
            assert refresh_dossiers([fact.dossier_id, other.dossier_id]) == 0
        assert found("nguyễn văn sai") == []
        assert sorted(found("nguyễn văn đúng")) == [("H51.20-251103-0001", 1), ("H51.20-251103-0001", 2)]
        assert found("trang mẫu") == [("H51.20-251103-0002", 1)]

    def test_a_page_of_nothing_and_a_page_of_noise(self) -> None:
        attach(register("H51.20-251103-0001").dossier, "", "…\t|||\n¬", "' \" \\ % NULL ⑴ ½ ﬁ ŉ 日本 " + "x" * 5000, "từ " * 30_000)
        assert found("日本") == [("H51.20-251103-0001", 3)]
        assert sorted(pages(search(SearchQuery("H51.20-251103-0001")))) == [1, 2, 3, 4]

    def test_the_index_does_not_outlive_its_pages(self) -> None:
        attach(register("H51.20-251103-0001", "Nguyễn Văn Mẫu").dossier, "khai sinh")
        call_command("flush", verbosity=0, interactive=False)
        attach(register("H51.20-251103-0002").dossier, "hộ tịch")
        assert found("khai") == found("mẫu") == []
        assert found("hộ") == [("H51.20-251103-0002", 1)]


@pytest.mark.usefixtures("catalogue")
class TestManyMatches:
    def test_all_are_counted_and_the_newest_ranked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        backend = search_sqlite if connection.vendor == "sqlite" else search_postgres
        monkeypatch.setattr(backend, "RANKED", 4)
        monkeypatch.setattr(catalogue_search, "RANKED", 4)
        for number in range(1, 4):
            attach(register(f"H51.20-251103-000{number}").dossier, *["khái sinh khái sinh" if number == 1 else "khái sinh"] * 3)
        result = search(SearchQuery("khái sinh"))
        assert result.total == 9
        assert [hit.dossier[-1] for hit in result.hits] == ["3", "3", "3", "2"]


def _indexed_once(texts: Sequence[str]) -> None:
    attach(register(f"H51.20-251103-{uuid.uuid4().int % 10**6:06d}", "Nguyễn Văn Mẫu").dossier, *texts)


@pytest.mark.usefixtures("catalogue")
class TestHostileQueries:
    def test_never_raises(self) -> None:
        _indexed_once(["khai sinh near or and not body"])
        for typed in _HOSTILE:
            assert search(SearchQuery(typed)).total in (0, 1)
            assert search(SearchQuery(f'"{typed}" khái', office=typed[:100], procedure=typed[:100])).total in (0, 1)

    def test_what_says_nothing_finds_nothing(self) -> None:
        _indexed_once(["khai sinh"])
        for typed in ("", " ", "?!*", '"', "\0", '" "'):
            assert search(SearchQuery(typed)).total == 0, typed

    def test_operators_are_words(self) -> None:
        _indexed_once(["khai sinh near or and not body", "khai", "sinh"])
        for typed in ("NEAR", "OR", "khai OR sinh", "not body", "KHAI* sinh"):
            assert search(SearchQuery(typed)).total == 1, typed

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(max_size=60), st.text(max_size=200))
    def test_any_query_over_any_page(self, typed: str, text: str) -> None:
        storable = text.replace("\0", " ").encode("utf-8", "ignore").decode()
        _indexed_once([storable])
        for words in (typed, f'"{typed}', storable[:50]):
            for hit in search(SearchQuery(words)).hits:
                assert re.sub(r"</?mark>", "", hit.snippet).count("<") == 0
