from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from greenai.reports.changes import Spans, mark
from greenai.reports.excerpts import alone, pair, width_of

TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="ab0. -,\u0301é", max_size=30),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
    st.dates().map(str),
    st.integers().map(lambda number: f"{number:,}"),
)


def outside(text: str, spans: Spans) -> str:
    kept, position = [], 0
    for start, end in spans:
        kept.append(text[position:start])
        position = end
    return "".join([*kept, text[position:]])


def marked(text: str, spans: Spans) -> str:
    shown, position = "", 0
    for start, end in spans:
        shown += text[position:start] + "[" + text[start:end] + "]"
        position = end
    return shown + text[position:]


@given(TEXTS, TEXTS)
@example("1250.00", "125000.00")
@example("cafe\u0301", "cafe")
@example("a\u0301", "b\u0301")
@example("\u0301", "")
def test_outside_the_spans_both_texts_are_equal(a: str, b: str) -> None:
    spans_a, spans_b = mark(a, b)
    assert outside(a, spans_a) == outside(b, spans_b)


@given(TEXTS, TEXTS)
def test_spans_are_empty_exactly_when_the_texts_are_equal(a: str, b: str) -> None:
    assert mark(a, a) == ((), ())
    spans_a, spans_b = mark(a, b)
    assert (spans_a == ()) == (spans_b == ()) == (a == b)


@given(TEXTS, TEXTS)
def test_spans_ascend_do_not_touch_and_belong_together(a: str, b: str) -> None:
    spans_a, spans_b = mark(a, b)
    assert len(spans_a) == len(spans_b)
    for text, spans in ((a, spans_a), (b, spans_b)):
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(edges)
        assert all(0 <= edge <= len(text) for edge in edges)
    for (start_a, end_a), (start_b, end_b) in zip(spans_a, spans_b, strict=True):
        assert end_a > start_a or end_b > start_b


@given(TEXTS, TEXTS, st.text(min_size=1, max_size=5))
def test_a_common_beginning_is_never_marked_in_text(a: str, b: str, word: str) -> None:
    start = f"x {word} "
    spans_a, spans_b = mark(start + "/" + a + "!", start + "/" + b + "?")
    assert min(spans_a[0][0], spans_b[0][0]) >= len(start)


@pytest.mark.parametrize(
    ("a", "b", "shown_a", "shown_b"),
    [
        ("1250.00", "125000.00", "[125]0.00", "[12500]0.00"),
        ("1.5", "1.50", "1.5[]", "1.5[0]"),
        ("-7", "7", "[-]7", "[]7"),
        ("1,250.00", "1,350.00", "1,[2]50.00", "1,[3]50.00"),
        ("9.99", "10.00", "[9.99]", "[10.00]"),
        ("2026-11-19", "2026-11-20", "2026-11-[19]", "2026-11-[20]"),
        ("2026-11-19", "2026-12-19", "2026-1[1]-19", "2026-1[2]-19"),
        ("TRD2024001", "TRD2024010", "TRD20240[01]", "TRD20240[10]"),
        ("Deutsche Bank AG", "Deutsche Bank A.G.", "Deutsche Bank A[G]", "Deutsche Bank A[.G.]"),
        ("ACME LTD ", "ACME LTD", "ACME LTD[ ]", "ACME LTD[]"),
        ("Acme Limited", "Bolt Company", "[Acme Limited]", "[Bolt Company]"),
        ("cafe\u0301", "cafe", "caf[e\u0301]", "caf[e]"),
        ("", "x", "[]", "[x]"),
    ],
)
def test_a_reader_would_mark_the_same(a: str, b: str, shown_a: str, shown_b: str) -> None:
    spans_a, spans_b = mark(a, b)
    assert (marked(a, spans_a), marked(b, spans_b)) == (shown_a, shown_b)


def test_ten_megabytes_are_marked_at_once() -> None:
    half = "x" * 5_000_000
    began = time.perf_counter()
    spans_a, spans_b = mark(half + "1" + half, half + "22" + half)
    assert time.perf_counter() - began < 0.5
    assert spans_a == ((5_000_000, 5_000_001),)
    assert spans_b == ((5_000_000, 5_000_002),)


@pytest.mark.parametrize("size", [190, 400, 19_000, 300_000])
@pytest.mark.parametrize("alphabet", ["ab", "a b", "abcdefgh"])
def test_the_cost_is_bounded_for_texts_without_anything_in_common(size: int, alphabet: str) -> None:
    a = (alphabet * size)[:size]
    b = (alphabet[::-1] * size)[:size]
    began = time.perf_counter()
    mark("(" + a + ")", "[" + b + "]")
    assert time.perf_counter() - began < 1.0


@given(TEXTS, TEXTS, st.integers(1, 40))
def test_a_pair_never_takes_more_cells_than_it_may(a: str, b: str, width: int) -> None:
    for pieces, value in zip(pair(a, b, width), (a, b), strict=True):
        if value:
            assert width_of(pieces) <= max(width, 16)


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40), st.integers(16, 40))
def test_a_cut_value_still_shows_that_something_changed(a: str, b: str, width: int) -> None:
    start = "the same beginning of both values, longer than the room there is"
    if a != b:
        pieces = [piece for shown in pair(start + a, start + b, width) for piece in shown]
        assert any(piece.kind == "changed" for piece in pieces)


def test_null_empty_and_their_names_are_told_apart() -> None:
    shown = ["".join(piece.text for piece in alone(value, 40)) for value in (None, "", "‹null›", "null", " ")]
    assert len(set(shown)) == len(shown)
    assert shown[:2] == ["‹null›", "‹empty›"]
