from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from greenai.reports import words
from greenai.reports.text import cells, fit, fit_left, pad, visible, wrap


@given(st.text())
def test_visible_text_holds_no_character_that_acts_on_a_screen(text: str) -> None:
    shown = visible(text)
    assert {unicodedata.category(character)[0] for character in shown.replace(" ", "")}.isdisjoint("CZ")
    shown.encode("utf-8")


@pytest.mark.parametrize("code", [0xA0, 0xAD, 0x200B, 0x2028, 0x202E, 0x2800, 0x3164, 0xFEFF])
def test_what_cannot_be_seen_is_named(code: int) -> None:
    assert visible(f"a{chr(code)}b") == f"a‹U+{code:04X}›b"


@given(st.text(), st.text())
def test_different_texts_stay_different_when_made_visible(a: str, b: str) -> None:
    assert (visible(a) == visible(b)) == (a == b)


# Spacing marks are a letter of their own on some screens and none on others; we leave them room.
@given(st.text(st.characters(exclude_categories=["Mc"])))
def test_cells_agree_with_an_independent_count(text: str) -> None:
    shown = visible(text)
    assert cells(shown) == cell_len(shown)


@given(st.text(), st.integers(0, 20))
def test_fitted_text_is_never_wider_than_asked(text: str, width: int) -> None:
    shown = visible(text)
    assert cells(fit(shown, width)) <= width
    assert cells(fit_left(shown, width)) <= width
    assert cells(pad(shown, width)) == width
    assert cells(pad(shown, width, ">")) == width


@given(st.text(), st.integers(2, 30))
def test_wrapped_text_keeps_every_word_and_its_width(text: str, width: int) -> None:
    shown = visible(text)
    lines = wrap(shown, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(shown.split())


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 10, "0 %"),
        (10, 10, "100 %"),
        (1, 3, "33.33 %"),
        (2, 3, "66.67 %"),
        (1, 10_000_000, "<0.01 %"),
        (9_999_999, 10_000_000, ">99.99 %"),
        (9_999, 10_000, "99.99 %"),
        (5, 0, ""),
    ],
)
def test_a_share_never_rounds_something_to_nothing(part: int, whole: int, said: str) -> None:
    assert words.percent(part, whole) == said


@pytest.mark.parametrize(
    ("took", "said"),
    [(0.0001, "<1 ms"), (0.0994, "99 ms"), (0.0999, "0.10 s"), (1.005, "1.00 s"), (59.9, "59.9 s"),
     (59.96, "1 min 00 s"), (61, "1 min 01 s"), (3_725, "1 h 02 min")],
)  # fmt: skip
def test_a_duration_reads_as_people_say_it(took: float, said: str) -> None:
    assert words.seconds(took) == said
