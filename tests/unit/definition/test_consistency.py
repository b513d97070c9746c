"""What must hold between the parts of a definition."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from greenai.definition.loading import loads
from greenai.definition.model import Definition
from greenai.definition.problems import InvalidDefinitionError, Problem, dotted

Problems = Callable[[str], tuple[Problem, ...]]
Read = Callable[[str], Definition]
FIELDS = 'fields:\n  id: {type: string}\n  n: {type: "decimal(9,2)"}\n  day: {type: date}\n  free: {}\n'


@pytest.mark.parametrize(
    ("text", "path", "says"),
    [
        ("key: [idd]\n", "key[0]", "Did you mean `id`? Fields: id, n, day, free."),
        ("amount: {field: day}\n", "amount.field", "'day' is of type date"),
        ("amount: {field: nn}\n", "amount.field", "unknown field 'nn'"),
        ("amount: {field: n, currency: ccy}\n", "amount.currency", "Add it to `context: [ccy]`"),
        ("context: [x, x]\n", "context[1]", "listed twice"),
    ],
)
def test_names_must_be_declared_where_fields_is_a_mapping(
    problems: Problems, text: str, path: str, says: str
) -> None:
    (problem,) = problems(FIELDS + text)
    assert dotted(problem.path) == path
    assert says in f"{problem.message} {problem.remedy}"


@pytest.mark.parametrize(
    "text",
    [
        "key: [id]\namount: {field: n}\n",
        "amount: {field: free}\n",
        "amount: {field: n, currency: b.ccy}\ncontext: [b.ccy]\n",
        "amount: {field: n, currency: id}\n",
    ],
)
def test_declared_names_fit(read: Read, text: str) -> None:
    read(FIELDS + text)


def test_without_fields_names_are_checked_against_the_sources_later(read: Read) -> None:
    assert read("key: [id]\namount: {field: n, currency: c}\n").key == ("id",)


@pytest.mark.parametrize(
    ("kind", "compare", "fits"),
    [
        ("date", "{days: 1}", True),
        ("timestamp", "{days: 1, seconds: 5}", True),
        ("timestamp", "{seconds: 0.5}", True),
        ("integer", "{absolute: 1, relative: 0.1}", True),
        ("float", "{relative: 1e-9}", True),
        ("string", "{ignore_case: true, similarity: 0.9}", True),
        ("boolean", "{ignore: true}", True),
        ("date", "{seconds: 1}", False),
        ("date", "{absolute: 1}", False),
        ("string", "{relative: 0.1}", False),
        ("integer", "{ignore_case: true}", False),
        ("float", "{similarity: 0.9}", False),
        ("boolean", "{days: 0}", False),
    ],
)
def test_a_comparison_fits_the_type(kind: str, compare: str, fits: bool) -> None:
    sides = "recon: r\nsources: {a: {location: a}, b: {location: b}}\n"
    text = f"{sides}fields:\n  x: {{type: {kind}, compare: {compare}}}"
    if fits:
        loads(text)
        return
    with pytest.raises(InvalidDefinitionError, match=f"does not fit type {kind}"):
        loads(text)


def test_comparisons_that_fit_no_type_together_are_refused_without_a_type(problems: Problems) -> None:
    (problem,) = problems("fields:\n  x: {compare: {days: 1, absolute: 2}}\n")
    assert problem.message == "`absolute` and `days` fit no type together"


def test_a_field_of_the_key_has_no_tolerance(problems: Problems) -> None:
    (problem,) = problems("key: [x]\nfields:\n  x: {compare: {absolute: 1}}\n")
    assert dotted(problem.path) == "fields.x.compare"


def test_groups_name_fields_outside_of_the_key() -> None:
    with pytest.raises(InvalidDefinitionError) as caught:
        loads(
            "recon: r\nsources:\n  a: {location: a, group: {n: sum, m: max, id: count}}\n  b: {location: b}\n"
            "key: id\nfields: {id: , n: }\n"
        )
    assert [dotted(one.path) for one in caught.value.problems] == ["sources.a.group.m", "sources.a.group.id"]


def test_a_stored_field_has_a_name_that_fits_a_database(read: Read, problems: Problems) -> None:
    name = "ä" * 40
    assert read(f"fields: [{name}]\n").fields
    (problem,) = problems(f"fields: [{name}]\nstore: {{table: t}}\n")
    assert "at most 63 bytes" in problem.message


@pytest.mark.parametrize("name", ["raw:x", "context:x", "x" * 256, "a\\u2028b"])
def test_some_names_are_refused(problems: Problems, name: str) -> None:
    (problem,) = problems(f'fields:\n  "{name}": {{type: string}}\n')
    assert "a field's name" in problem.message
