"""Regular expressions: what RE2 takes is taken, what it does not take is refused by name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenai.definition.patterns import check_pattern, check_replacement

TAKEN = [
    "",
    r"\d+",
    r"^0+(\d)$",
    r"(?i)abc",
    r"a(?i)b",
    r"(?s-i:a)",
    r"(?P<x>a)",
    r"\pL\p{Greek}\P{Lu}",
    r"[[:alpha:][:^digit:]]",
    r"[^]a]",
    r"[\d-z]",
    r"[a&&b~~c||d[]",
    r"\Qa.b(\E",
    r"\Aa\z",
    r"a{2,}",
    r"a{,3}",
    r"{x}",
    r"a*?",
    r"\x41\x{1F600}",
    r"\C",
    r"\0",
    r"(?:a+)+$",
    "é+",
    r"[a-]",
]
REFUSED = [
    (r"(?=a)", "look-ahead"),
    (r"a(?!b)", "look-ahead"),
    (r"(?<=a)b", "look-behind"),
    (r"(?<!a)b", "look-behind"),
    (r"(a)\1", "backreference"),
    (r"(?P<x>a)(?P=x)", "backreference"),
    (r"(?>a)", "atomic group"),
    (r"(a)(?(1)b)", "condition"),
    (r"(?#note)", "comment"),
    (r"(?<x>a)", r"\(\?P<name>"),
    (r"a++", r"a?`\+\+`"),
    (r"a**", "RE2 does not have"),
    (r"a{2}*", "RE2 does not have"),
    (r"a{1001}", "at most 1000"),
    (r"a{2,1}", "not a regular expression"),
    (r"a\Z", r"write \\z"),
    (r"\u0041", "RE2 does not have"),
    (r"\é", "RE2 does not have"),
    (r"[\b]", "in brackets"),
    (r"\pQ", "no category Q"),
    (r"\x{110000}", "beyond the last"),
    (r"[[:foo:]]", "not a class"),
    (r"[z-a]", "not a regular expression"),
    ("[a", "never closed"),
    ("(", "not a regular expression"),
    ("*a", "not a regular expression"),
    ("a\\", "single backslash"),
    ("(?i", "does not know"),
]


@pytest.mark.parametrize("pattern", TAKEN)
def test_a_pattern_of_re2_is_taken(pattern: str) -> None:
    check_pattern(pattern)


@pytest.mark.parametrize(("pattern", "says"), REFUSED)
def test_what_re2_does_not_have_is_refused_by_name(pattern: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check_pattern(pattern)


@pytest.mark.parametrize("pattern", [*TAKEN, *(pattern for pattern, _ in REFUSED)])
def test_the_engine_agrees(pattern: str) -> None:
    import duckdb

    try:
        check_pattern(pattern)
        here = True
    except ValueError:
        here = False
    with duckdb.connect() as connection:
        try:
            connection.execute("SELECT regexp_replace('aaa', ?, '')", [pattern]).fetchall()
            there = True
        except duckdb.Error:
            there = False
    assert here == there


def test_groups_are_known() -> None:
    assert check_pattern(r"^T;(?P<count>\d+);(?P<sum>[\d.]+)").groupindex.keys() == {"count", "sum"}


@settings(max_examples=300)
@given(st.text(alphabet=r"ab()[]{}\?*+^$|-:,<>=!PQpdiE09.", max_size=14))
def test_any_text_is_taken_or_refused_with_a_message(text: str) -> None:
    try:
        pattern = check_pattern(text)
    except ValueError as error:
        refused = str(error)
        assert refused
    else:
        assert pattern.groups >= 0


@pytest.mark.parametrize("text", ["", r"\1-\2", r"\0", "\\\\", "$1"])
def test_a_replacement_names_groups_that_exist(text: str) -> None:
    check_replacement(text, 2)


@pytest.mark.parametrize(
    ("text", "says"), [(r"\3", "does not have"), (r"\n", "not a group"), ("a\\", "not a group")]
)
def test_a_wrong_replacement_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check_replacement(text, 2)
