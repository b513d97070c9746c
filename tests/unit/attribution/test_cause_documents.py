"""A cause is written as a document and read back: the same rule, which explains the same cells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from cellshop import MONEY, cells_from, held
from hypothesis import given
from hypothesis import strategies as st

from greenai.attribution.cells import Cells
from greenai.attribution.compositions import Composed
from greenai.attribution.documents import TRANSFORMATIONS, Recipe, identity, load
from greenai.attribution.predicates import Between, Equals, OneOf, Predicate
from greenai.attribution.transformations.base import Mirrored, Transformation
from greenai.attribution.transformations.value_map import value_map
from greenai.calendars import target
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import StoreError

T = TRANSFORMATIONS
NOON = datetime(2026, 7, 1, 12)
DAYS = [date(2026, 3, 30) + timedelta(n) for n in range(12)]
MONEYS = [Decimal(100 * n + 7).scaleb(-2) for n in range(1, 13)]
TEXTS = [
    "ab c",
    " Ab",
    "0012",
    "1,234.50",
    "2026-01-02",
    "Ärger",
    "C",
    "x 12 kg",
    "",
    "EUR",
    "abcdefgh",
    "00a",
]

NUMBERS: list[Transformation] = [
    T["scale"](factor=Decimal("1E+2")),
    T["scale"](factor=Decimal("1.19"), divide=True),
    T["sign"](),
    T["offset"](plus=Decimal("-2.5")),
    T["affine"](factor=Decimal("1.05"), plus=Decimal(3)),
    T["rounding"](places=1, mode="half_even"),
    T["number_truncation"](places=0),
    T["reference_multiply"](column="b:rate", divide=True),
    T["reciprocal"](within=0),
    T["default"](value=Decimal(0)),
    T["sentinel"](value=Decimal(9)),
    T["frozen"](value=Decimal("1.07")),
    T["blank"](),
    T["parsed_number"](mark=",", group=".", before="EUR", behind=" kg"),
    T["field_swap"](field="rate", both=True),
    T["lag"](group=("context:desk",), order="cell"),
    T["typo"](way="transposition"),
    Mirrored(T["reference_multiply"](column="a:rate")),
    Composed(T["scale"](factor=Decimal(100)), T["rounding"](places=0)),
]
STRINGS: list[Transformation] = [
    T["whitespace"](way="widen", width=2),
    T["case"](way="title"),
    T["padding"](width=6, fill="0", end="right"),
    T["unpadding"](fill="0"),
    T["affix"](prefix="it's ", suffix='"', prefix_off="a", suffix_off="c"),
    T["rewritten_number"](behind=" kg"),
    T["bare_number"](),
    T["rewritten_date"](source="%Y-%m-%d", to="%d.%m.%Y"),
    T["text_truncation"](length=3, end="right", trimmed=False),
    T["encoding"](way="latin1"),
    value_map([("C", "CONFIRMED"), ("EUR", "978"), ("", "NONE")]),
]
DATES: list[Transformation] = [
    T["date_shift"](days=-1, months=2),
    T["business_day_shift"](days=2),
    T["business_day_shift"](days=-3, calendar=target(range(2026, 2027))),
    T["day_month_swap"](),
    T["parsed_date"](format="%d/%m/%Y"),
    T["sentinel"](value=date(1900, 1, 1)),
]
MOMENTS: list[Transformation] = [
    T["time_shift"](microseconds=3_600_000_000),
    T["zone_shift"](source="America/New_York", to="Europe/London"),
    T["time_truncation"](unit="m"),
    T["frozen"](value=NOON),
]
ALL = [*NUMBERS, *STRINGS, *DATES, *MOMENTS]


def parts(one: Transformation) -> Iterator[Transformation]:
    """A transformation and what it is made of."""
    yield one
    for name in ("of", "first", "second"):
        if hasattr(one, name):
            yield from parts(getattr(one, name))


def again(one: Transformation) -> Transformation:
    """What comes back of a transformation by way of the store, which keeps JSON in an order of its own."""
    text = Recipe("value", "x", one, Predicate()).document()
    stored = json.dumps(dict(reversed(json.loads(text).items())))
    back = load(stored)
    assert back.document() == text
    assert back.transformation is not None
    return back.transformation


def test_every_transformation_is_tried() -> None:
    made = {type(part) for one in ALL for part in parts(one)}
    assert made == set(TRANSFORMATIONS.values())
    # A class with slots is made twice, so names tell.
    known = {one.__qualname__ for one in TRANSFORMATIONS.values()}
    assert {one.__qualname__ for one in subclasses(Transformation)} == known


def subclasses(kind: type) -> Iterator[type]:
    """All classes below one, but those that have such below them."""
    below = [one for one in kind.__subclasses__() if one.__module__.startswith("greenai.")]
    for one in below:
        yield one
        yield from subclasses(one)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.describe())
def test_a_transformation_comes_back_as_it_was(one: Transformation) -> None:
    back = again(one)
    assert back == one
    assert (back.describe(), back.family, back.bits) == (one.describe(), one.family, one.bits)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.describe())
def test_what_comes_back_explains_the_same_cells(engine: DuckDBEngine, one: Transformation) -> None:
    cells = cells_for(engine, one)
    found = held(engine, cells, one)
    assert held(engine, cells, again(one)) == found
    # Of half of the cells b is what the transformation says.
    assert any(found)


def cells_for(engine: DuckDBEngine, one: Transformation) -> Cells:
    """Cells of the right type, in the even ones of which b is T(a) where T says anything."""
    values: list[Any]
    kind: pa.DataType
    if one in NUMBERS:
        values, kind = list(MONEYS), MONEY
    elif one in STRINGS:
        values, kind = list(TEXTS), pa.string()
    elif one in DATES:
        values, kind = list(DAYS), pa.date32()
    else:
        values, kind = [NOON + timedelta(minutes=17 * n) for n in range(12)], pa.timestamp("us")
    raw: list[str | None] = [None] * 12
    a: list[Any] = list(values)
    if one.family in ("numeric_format", "date_format") and one not in STRINGS:
        a = [None] * 12
        raw = [f"EUR{n}.000,25 kg" if one in NUMBERS else f"{n + 1:02}/02/2026" for n in range(12)]
    if type(one) is T["default"]:
        a = [None, *values[1:]]
    rate = [Decimal(n + 2) for n in range(12)]
    others: Any = {
        side: (list(reversed(values)) if type(one) is T["field_swap"] else rate, MONEY)
        for side in ("a:rate", "b:rate")
    }
    context = {"desk": ["x", "y"] * 6}

    def made(b: list[Any], a: list[Any] = a) -> Cells:
        return cells_from(engine, a, b, type=kind, raw_a=raw, others=others, context=context)

    if type(one) is Mirrored:
        # b tells a.
        says = applied_to(engine, made(list(values), list(values)), one.of)
        return made(list(values), [says[n] if n % 2 == 0 else values[n] for n in range(12)])
    if type(one) is T["typo"]:
        return made([Decimal("1.70"), *values[1:]])
    if type(one) is T["field_swap"]:
        others["b:rate"] = (list(a), MONEY)
    if type(one) is T["blank"]:
        return made([None if n % 2 == 0 else values[n] for n in range(12)])
    if type(one) is T["rewritten_number"]:
        return made(
            ["12" if text == "x 12 kg" else text for text in values],
            ["12 kg" if text == "x 12 kg" else text for text in values],
        )
    says = applied_to(engine, made(list(values)), one)
    return made([says[n] if n % 2 == 0 or says[n] is not None else values[n] for n in range(12)])


def applied_to(engine: DuckDBEngine, cells: Cells, one: Transformation) -> list[Any]:
    rows = engine.rows(cells.table.select("cell", value=one.apply(cells.table)).order_by("cell"))
    return [row[1] for row in rows]


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.text(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False, allow_infinity=False, places=4),
    st.dates(),
    st.datetimes(),
)
CONDITIONS = st.one_of(
    st.builds(Equals, st.text(min_size=1), SCALARS),
    st.builds(OneOf, st.text(min_size=1), st.lists(SCALARS, max_size=4).map(tuple)),
    st.builds(Between, st.text(min_size=1), SCALARS, SCALARS, st.booleans()),
)


@given(st.lists(CONDITIONS, max_size=3))
def test_a_scope_comes_back_as_it_was_with_the_types_of_its_values(conditions: list[Any]) -> None:
    scope = Predicate(tuple(conditions))
    recipe = Recipe("only_a", None, None, scope)
    back = load(recipe.document())
    assert back == recipe
    for one, other in zip(back.scope.conditions, conditions, strict=True):
        mine, yours = ([getattr(c, n) for n in c.__slots__] for c in (one, other))
        assert list(map(type, mine)) == list(map(type, yours))


def test_equal_numbers_written_otherwise_are_one_cause_and_other_maps_are_others() -> None:
    def known(one: Transformation) -> str:
        return identity(Recipe("value", "x", one, Predicate()).document())

    assert known(T["scale"](factor=Decimal("1E+2"))) == known(T["scale"](factor=Decimal("100.00")))
    entries = [(f"k{n}", f"v{n}") for n in range(9)]
    one, other = value_map(entries), value_map([*entries[:8], ("k8", "w")])
    assert known(one) != known(other)


@pytest.mark.parametrize(
    "document",
    [
        "{}",
        '{"kind":"value","field":"x","transformation":{"later":{}},"scope":[]}',
        '{"kind":"value","field":"x","transformation":{"scale":{"factor":{"decimal":"x"}}},"scope":[]}',
        '{"kind":"value","field":"x","transformation":{"scale":{"nothing":1}},"scope":[]}',
        '{"kind":"value","field":"x","transformation":null,"scope":[{"like":{"column":"c"}}]}',
    ],
)
def test_a_document_of_another_program_is_refused(document: str) -> None:
    with pytest.raises(StoreError, match="does not know"):
        load(document)
