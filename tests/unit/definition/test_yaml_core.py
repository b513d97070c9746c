"""YAML as the definition reads it: the core schema of 1.2, with places, without traps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenai.definition.nodes import Place, read_document, scalar_kind
from greenai.definition.problems import InvalidDefinitionError


def data(text: str) -> object:
    return read_document(text, source="x.yaml").data


def wrong(text: str) -> InvalidDefinitionError:
    with pytest.raises(InvalidDefinitionError) as caught:
        data(text)
    return caught.value


@pytest.mark.parametrize(
    "word",
    [
        "no",
        "NO",
        "on",
        "off",
        "yes",
        "Y",
        "y",
        "N",
        "2026-01-31",
        "12:30",
        "1_000",
        "007",
        "0x1F",
        "0o7",
        "1.2.3",
        ".",
        "-",
        "+",
        "e5",
        ".inf",
        ".nan",
        "=",
        "TRue",
        "nULL",
        "١٢",
    ],
)
def test_only_null_true_false_and_numbers_are_not_text(word: str) -> None:
    assert scalar_kind(word) is None


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        *[(word, "null") for word in ("", "~", "null", "NULL")],
        *[(word, "bool") for word in ("true", "False", "TRUE")],
        *[(word, "int") for word in ("0", "-12", "+3")],
        *[(word, "float") for word in ("0.01", "1e-6", ".5", "12.")],
    ],
)
def test_the_core_schema_is_followed(word: str, kind: str) -> None:
    assert scalar_kind(word) == kind


def test_quoted_scalars_are_text_and_unquoted_ones_keep_theirs() -> None:
    read = data("{a: '1', b: 0.10, c: \"null\", d: !!str 5}")
    assert read == {"a": "1", "b": "0.10", "c": "null", "d": "5"}
    assert isinstance(read, dict)
    assert [type(value).__name__ for value in read.values()] == ["str", "Plain", "str", "str"]


def test_keys_are_text_as_written() -> None:
    assert data("{1: a, true: b, NO: c, 2026-01-31: d, ~: e}") == {
        "1": "a",
        "true": "b",
        "NO": "c",
        "2026-01-31": "d",
        "~": "e",
    }


def test_every_key_and_item_has_its_place() -> None:
    document = read_document("a: 1\nb:\n  - x\n  - c: 2\n", source="x.yaml")
    assert document.places[("b", 1, "c")] == Place(4, 5)
    assert document.places[("b", 0)] == Place(3, 5)
    assert document.line(("b", 0, "nothing")) == 3


def test_a_repeated_key_is_refused_with_both_lines() -> None:
    error = wrong("a: 1\nb: {c: 1,\n c: 2}\n")
    assert (error.line, error.column) == (3, "b.c")
    assert "first on line 2" in str(error)


def test_anchors_and_aliases_work() -> None:
    assert data("{a: &x [1, {b: 2}], c: *x, &k key: 1, d: *k }") == {
        "a": ["1", {"b": "2"}],
        "c": ["1", {"b": "2"}],
        "key": "1",
        "d": "key",
    }


def test_a_billion_laughs_are_cut_short() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert "aliases" in str(wrong("\n".join(lines)))


@pytest.mark.parametrize("text", ["a: &a [*a]", "a: &a {b: *a}", "a: *nowhere"])
def test_an_alias_must_stand_for_something_complete(text: str) -> None:
    assert "stands for nothing" in str(wrong(text))


@pytest.mark.parametrize(
    "text", ["a: !!python/object:os.system x", "a: !!int 5", "a: !own {b: 1}", "a: !!set {b}"]
)
def test_tags_are_refused(text: str) -> None:
    assert "tag" in str(wrong(text))


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "~"])
def test_an_empty_document_is_named_as_such(text: str) -> None:
    assert "is empty" in str(wrong(text))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [\n", 3),
        ("a: b: c\n", 1),
        ("a:\n\tb: 1\n", 2),
        ("a: 'x\n", 2),
        ("a: @x\n", 1),
        ("a: \x07\n", 1),
    ],
)
def test_a_syntax_error_names_line_and_column(text: str, line: int) -> None:
    error = wrong(text)
    assert error.line == line
    assert "column" in str(error)


def test_tabs_and_two_documents_and_lists_get_their_remedy() -> None:
    assert "blanks, not with tabs" in str(wrong("a:\n\tb: 1\n"))
    assert "second document" in str(wrong("a: 1\n---\nb: 2\n"))
    assert "not a mapping" in str(wrong("- a\n"))
    assert "a key is a text" in str(wrong("{[a]: b}"))


def test_depth_is_bounded() -> None:
    assert "levels deep" in str(wrong("a: " + "[" * 2000))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_message(text: str) -> None:
    try:
        document = read_document(text, source="x.yaml")
    except InvalidDefinitionError as error:
        message = str(error)
    else:
        message = "x.yaml" if isinstance(document.data, dict) else ""
    assert message.startswith("x.yaml")
