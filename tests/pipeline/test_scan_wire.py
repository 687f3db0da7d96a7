"""A child that was taken over may say anything."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import errors, scan_wire

GOOD: dict[str, object] = {"height": 3, "width": 2, "channels": 3, "dpi": 300.0, "bitonal": False, "notes": [], "text": 0}


def test_round_trip() -> None:
    header = scan_wire.PageHeader(3, 2, 1, dpi=300.0, bitonal=True, notes=("reduced", "truncated"), text=9)
    encoded = scan_wire.encode(header)
    assert scan_wire.header_length(encoded[:4]) == len(encoded) - 4
    assert scan_wire.page_header(encoded[4:]) == header
    assert header.size == 6
    assert scan_wire.opened(scan_wire.encode(scan_wire.Opened(7))[4:]).pages == 7


@pytest.mark.parametrize(
    "change",
    [
        {"height": 0},
        {"height": -1},
        {"height": 30_001},
        {"width": "2"},
        {"width": True},
        {"height": 29_000, "width": 29_000},
        {"channels": 2},
        {"channels": 4},
        {"dpi": float("nan")},
        {"dpi": float("inf")},
        {"dpi": 0.0},
        {"dpi": 300},
        {"dpi": None},
        {"text": -1},
        {"text": 2_000_000},
        {"text": None},
    ],
)
def test_headers_that_make_no_sense(change: dict[str, object]) -> None:
    scan_wire.page_header(json.dumps(GOOD).encode())
    with pytest.raises(errors.Broken):
        scan_wire.page_header(json.dumps(GOOD | change).encode())


def test_only_known_notes_pass() -> None:
    header = scan_wire.page_header(json.dumps(GOOD | {"notes": ["reduced", "<script>", 7, "truncated"]}).encode())
    assert header.notes == ("reduced", "truncated")


@pytest.mark.parametrize("code", ["Encrypted", "TooManyPages", "Broken"])
def test_failures_keep_their_class(code: str) -> None:
    with pytest.raises(errors.Refused) as caught:
        scan_wire.opened(scan_wire.encode(scan_wire.Failure(code, "x"))[4:])
    assert caught.value.code == code


@pytest.mark.parametrize("code", ["SohoaError", "StoreDown", "NoSpace", "SystemExit", ""])
def test_a_child_cannot_raise_what_is_not_about_its_file(code: str) -> None:
    with pytest.raises(errors.Broken):
        scan_wire.opened(scan_wire.encode(scan_wire.Failure(code, "x"))[4:])


def test_the_detail_is_short_and_plain() -> None:
    with pytest.raises(errors.Broken) as caught:
        scan_wire.opened(json.dumps({"error": "Broken", "detail": "a\n\x1b[31mb" + "c" * 900}).encode())
    assert caught.value.detail.startswith("a[31mb")
    assert len(caught.value.detail) <= 200


@given(st.binary(min_size=4, max_size=4))
def test_lengths_are_bounded(untrusted: bytes) -> None:
    try:
        assert 2 <= scan_wire.header_length(untrusted) <= scan_wire.MAX_HEADER
    except errors.Broken:
        assert not 2 <= int.from_bytes(untrusted, "big") <= scan_wire.MAX_HEADER


@given(st.binary(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(lambda v: json.dumps(v).encode()))
def test_any_bytes_are_an_answer_or_broken(untrusted: bytes) -> None:
    for check in (scan_wire.opened, scan_wire.page_header):
        with pytest.raises(errors.Broken):
            check(untrusted)
