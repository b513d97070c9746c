"""What a person sees of a break: characters that differ, fields that agree, what reasons are worth."""

from __future__ import annotations

import random

import pytest

from greenai.pipeline.break_detail import LONGEST, Span, cells, spans, worth


def told(text: str, found: tuple[Span, ...]) -> list[str]:
    return [text[one.start : one.end] for one in found]


@pytest.mark.parametrize(
    ("one", "other", "in_one", "in_other"),
    [
        ("same", "same", [], []),
        ("1000.50", "1000.05", ["0"], ["0"]),
        ("SMITH LTD", "SMITH LIMITED", [], ["IMI", "E"]),
        ("abc", "", ["abc"], []),
        (None, "abc", [], ["abc"]),
        ("", None, [], []),
        ("2026-01-02", "2026-02-01", ["1", "2"], ["2", "1"]),
    ],
)
def test_characters_that_differ(one: str, other: str, in_one: list[str], in_other: list[str]) -> None:
    a, b = spans(one, other)
    assert told(one or "", a) == in_one
    assert told(other or "", b) == in_other


@pytest.mark.parametrize("length", [5, 40, LONGEST + 7])
def test_without_the_spans_both_texts_are_the_same(length: int) -> None:
    chance = random.Random(length)
    for _ in range(50):
        one = "".join(chance.choices("ab1é😀", k=chance.randint(0, length)))
        other = list(one)
        for _ in range(chance.randint(0, 4)):
            place = chance.randint(0, len(other))
            other[place : place + chance.randint(0, 2)] = chance.choices("xyz", k=chance.randint(0, 3))
        changed = "".join(other)
        a, b = spans(one, changed)
        assert cut(one, a) == cut(changed, b)
        assert bool(a or b) == (one != changed)


def cut(text: str, found: tuple[Span, ...]) -> str:
    """The text without the spans."""
    for span in reversed(found):
        text = text[: span.start] + text[span.end :]
    return text


def test_fields_agree_differ_or_are_tolerated() -> None:
    row_a = {"id": "1", "amount": "10.00", "rate": "1.1", "note": "x", "greenai:currency": "EUR"}
    row_b = {"id": "1", "amount": "10.01", "rate": "??", "note": "y", "greenai:unreadable": ["rate"]}
    found = {one.field: one.agreement for one in cells(row_a, row_b, None, ["note"])}
    assert found == {"id": "agrees", "amount": "tolerated", "rate": "unreadable", "note": "differs"}
    assert {one.agreement for one in cells(row_a, None, None, [])} == {"one_side"}
    assert cells(None, None, None, []) == []


def test_what_a_reason_is_worth_depends_on_how_it_was_found() -> None:
    assert worth("equivalence", None)[0] == "proof"
    assert worth("cause", (812, 3)) == ("cause", "a cause that explains 812 breaks, with 3 exceptions")
    assert worth("rule", (5, 0))[0] == "rule"
    assert worth("none", None)[0] == "nothing"
