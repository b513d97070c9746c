"""Writing a definition: it reads back as itself, and looks like what a person would write."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenai.definition import steps as s
from greenai.definition.fingerprint import fingerprint
from greenai.definition.gate import Allowed, Depends, Gate, Matches, NotNull, Range, ReasonRule, Unique
from greenai.definition.loading import loads
from greenai.definition.model import (
    Amount,
    Compare,
    ControlTotals,
    Defaults,
    Definition,
    FieldRule,
    FieldSide,
    FixedColumn,
    Source,
    Sources,
)
from greenai.definition.nodes import read_document
from greenai.definition.scalars import scalar, value
from greenai.definition.schedule import Calendar, Notify, Schedule
from greenai.definition.store import Reference, Store
from greenai.definition.types import FieldType
from greenai.definition.writing import dumps

cells = st.text(max_size=12) | st.sampled_from(
    ["null", "NO", "1", "007", "1e3", "~", "2026-01-31", "12:30", ""]
)
texts = cells.filter(bool)
names = texts.filter(
    lambda t: bool(t.strip()) and all(ord(c) >= 0x20 and not 0x7F <= ord(c) < 0xA0 for c in t)
).filter(lambda t: not set(t) & {"\u2028", "\u2029"} and not t.startswith(("raw:", "context:")))
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**12), max_value=10**12)
distances = numbers.map(abs)
step = st.one_of(
    st.sampled_from([s.Strip(), s.CollapseSpaces(), s.Upper(), s.DigitsOnly(), s.Round(), s.ParseNumber()]),
    texts.map(lambda t: s.Remove(text=t)),
    texts.map(lambda t: s.Prefix(text=t)),
    cells.map(lambda t: s.Replace.model_validate({"pattern": "^0+", "with": t.replace("\\", "")})),
    st.dictionaries(cells, st.none() | cells, min_size=1, max_size=4).map(lambda v: s.Map(values=v)),
    st.lists(cells, min_size=1, max_size=4).map(lambda v: s.NullIf(values=tuple(v))),
    st.lists(st.sampled_from(["%d/%m/%Y", "%Y%m%d"]), min_size=1).map(
        lambda v: s.ParseDate(formats=tuple(v))
    ),
    numbers.map(lambda n: s.Scale(factor=n)),
    st.integers(0, 30).map(lambda n: s.Round(digits=n)),
    st.integers(2, 9).map(lambda n: s.Substring(start=n)),
    cells.map(lambda t: s.Coalesce(value=t)),
    st.just(s.Timezone.model_validate({"from": "Asia/Tokyo"})),
    st.just(s.ParseNumber(decimal=",", group=".")),
)
steps = st.lists(step, max_size=4).map(tuple)
sides = st.none() | st.builds(FieldSide, column=texts, normalise=steps)
sides |= st.builds(FieldSide, expression=texts, normalise=steps)
compares = st.one_of(
    st.just(Compare()),
    st.builds(Compare, absolute=distances, relative=st.none() | distances),
    st.builds(Compare, days=st.integers(0, 9)),
    st.builds(Compare, ignore_case=st.just(True), similarity=st.sampled_from([None, 0.123456789, 1.0])),
)
rules = st.builds(FieldRule, a=sides, b=sides, compare=compares, authority=st.sampled_from([None, "a", "b"]))
rules |= st.just(FieldRule())
rules |= st.just(FieldRule(type=FieldType("decimal", 18, 2)))
fields = st.dictionaries(names, rules, min_size=1, max_size=5).filter(
    lambda d: len({name.casefold() for name in d}) == len(d)
)
sources = st.builds(
    Source,
    system=st.none() | texts,
    location=st.lists(texts.filter(lambda t: "{" not in t), min_size=1, max_size=2).map(tuple),
    format=st.sampled_from([None, "csv", "excel"]),
    delimiter=st.sampled_from([None, ",", "\t", "|", "\\", "'", '"']),
    quote=st.sampled_from([None, "", '"']),
    header=st.booleans(),
    sheet=st.none() | texts,
    columns=st.none() | st.lists(texts, min_size=1, max_size=3, unique=True).map(tuple),
    control=st.none() | st.builds(ControlTotals, sum_of=texts, sum=numbers),
    where=st.none() | texts,
)
definitions = st.builds(
    Definition,
    recon=st.sampled_from(["r", "on", "null", "yes", "fx_trades"]),
    description=st.none() | cells,
    sources=st.builds(Sources, a=sources, b=sources),
    fields=st.none() | fields,
    context=st.lists(texts, max_size=3, unique=True).map(tuple),
    max_rejects=st.integers(0, 10**6).map(lambda n: n / 10**6),
    defaults=st.builds(
        Defaults, normalise=steps, null_values=st.none() | st.lists(cells, max_size=3).map(tuple)
    ),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(definitions)
def test_a_definition_reads_back_as_itself(definition: Definition) -> None:
    text = dumps(definition)
    back = loads(text)
    assert back == definition
    assert list(back.fields or ()) == list(definition.fields or ())
    assert fingerprint(back) == fingerprint(definition)
    assert dumps(back) == text


@given(st.text(max_size=40))
def test_a_scalar_is_the_same_text_under_both_versions_of_yaml(text: str) -> None:
    for written in (
        f"{{k: {scalar(text)}, l: [{scalar(text)}]}}",
        f"k: {scalar(text, flow=False)}\nl:\n- {scalar(text)}",
    ):
        assert yaml.safe_load(written) == {"k": text, "l": [text]}
        assert read_document(written, source="x").data == {"k": text, "l": [text]}
    assert read_document(f"{{{scalar(text)}: x}}", source="x").data == {text: "x"}


@pytest.mark.parametrize(
    "word", ["Yes", "NO", "on", "y", "null", "~", "1", "1e3", "007", "12:30", "2026-01-31", "", "-"]
)
def test_words_that_some_yaml_takes_for_something_else_are_quoted(word: str) -> None:
    assert scalar(word) == f'"{word}"'


@pytest.mark.parametrize("word", ["trade_id", "Trade Date", "Europe/London", "decimal(18)", "a.b-c"])
def test_plain_words_stay_plain(word: str) -> None:
    assert scalar(word) == word


@pytest.mark.parametrize(
    ("given", "text"),
    [(None, "null"), (True, "true"), (Decimal("0.010"), "0.01"), (1e-7, "0.0000001"), ("a\nb", '"a\\nb"')],
)
def test_values_are_written_so_that_they_stay_what_they_are(given: Any, text: str) -> None:
    assert value(given) == text


def test_regular_expressions_stay_readable() -> None:
    assert scalar(r"^\d+'s$") == r"'^\d+''s$'"


def test_the_example_of_the_contract_reads_back(contract: str) -> None:
    definition = loads(contract)
    assert loads(dumps(definition)) == definition


def test_the_short_forms_are_used() -> None:
    definition = Definition(
        recon="trades",
        sources=Sources(a=Source(location=("a.csv",)), b=Source(location=("b1.csv", "b2.csv"), header=False)),
        key=("id",),
        fields={
            "id": FieldRule(a=FieldSide(column="ID")),
            "amount": FieldRule(
                type=FieldType("decimal", 18, 2),
                a=FieldSide(
                    column="a long name of a column", normalise=(s.Strip(), s.Scale(factor=Decimal("0.1")))
                ),
                compare=Compare(absolute=Decimal("0.010")),
            ),
        },
        amount=Amount(field="amount"),
    )
    assert dumps(definition) == (
        "recon: trades\n"
        "sources:\n"
        "  a: {location: a.csv}\n"
        "  b: {location: [b1.csv, b2.csv], header: false}\n"
        "key: [id]\n"
        "fields:\n"
        "  id: {a: ID}\n"
        "  amount:\n"
        "    type: decimal(18,2)\n"
        "    a: {column: a long name of a column, normalise: [strip, {scale: 0.1}]}\n"
        "    compare: {absolute: 0.01}\n"
        "amount: {field: amount}\n"
    )


def test_fields_without_rules_are_a_list() -> None:
    both = Sources(a=Source(location=("a",)), b=Source(location=("b",)))
    definition = Definition(
        recon="r", sources=both, key=("id",), fields={"x": FieldRule(), "id": FieldRule()}
    )
    assert dumps(definition).endswith("key: [id]\nfields: [x, id]\n")
    assert loads(dumps(definition)) == definition


def test_gate_store_schedule_and_fixed_columns_read_back() -> None:
    definition = Definition(
        recon="r",
        sources=Sources(
            a=Source(location=("a",), format="fixed", columns=(FixedColumn(name="x", start=1, length=2),)),
            b=Source(location=("b",), group={"n": "sum"}, control=ControlTotals(count=3)),
        ),
        gate=Gate(
            promise=0.8,
            certified=False,
            reasons={"TIMING": ReasonRule(policy="pass", resolution="take_b")},
            checks=(
                NotNull(fields=("x",)),
                Unique(fields=("x", "y")),
                Range(field="d", min=Range.model_validate({"field": "d", "min": "2026-01-31"}).min),
                Allowed(field="x", values=("1", "null")),
                Matches(field="x", pattern=r"^\d+$"),
                Depends(on=("x",), gives=("y",)),
            ),
        ),
        store=Store(table="t", references={"c": Reference(key=("x",), fields=("y",))}),
        schedule=Schedule(
            cron="0 6 * * *",
            timezone="Europe/London",
            calendar=Calendar(name="target", closed=("friday",), holidays=(date(2026, 12, 25),)),
            business_date=-2,
            wait_for_files="2h",
            overdue="1d",
            notify=Notify(to=("ops@example.com", "webhook:OPS"), events=("failed",)),
        ),
        engine="duckdb",
    )
    assert loads(dumps(definition)) == definition


def test_a_very_long_key_is_written_and_read() -> None:
    side = FieldSide(column="x", normalise=(s.Map(values={"k" * 3000: "v"}),))
    both = Sources(a=Source(location=("a",)), b=Source(location=("b",)))
    definition = Definition(recon="r", sources=both, fields={"\ue000" * 255: FieldRule(a=side)})
    assert loads(dumps(definition)) == definition
