from __future__ import annotations

from decimal import Decimal

import pytest
import yaml

from greenai.definition.loading import loads
from greenai.definition.model import ControlTotals, FixedColumn, Source
from greenai.definition.steps import NullIf, ParseDate
from greenai.definition.types import FieldType
from greenai.definition.writing import flow
from greenai.inference.definition import recon_name, write
from greenai.inference.infer import infer
from greenai.inference.model import ContextColumn, Inferred, Pair

STRING = FieldType("string")
HOSTILE = [
    'say "hi"',
    "a: b",
    "# no comment",
    "two\nlines",
    "no",
    "1",
    "null",
    "~",
    "{x}",
    "[y]",
    "*star",
    "&and",
    "- dash",
    " lead",
    "back\\slash",
    "tab\there",
    "Größe",
    "日付",
    "😀",
    "\u2028line",
    "\ufeffbom",
    "raw: x",
    "%percent",
    "!tag",
    "'single'",
    "a, b",
    "0x1F",
    "1e3",
    "=",
    "?",
]


def written(pairs, **options):
    found = Inferred(pairs=tuple(pairs), key=(pairs[0].name,), **options)
    return write(found, recon="r", location_a="a.csv", location_b="b.csv")


def test_hostile_column_names_come_back_as_they_were():
    text = written([Pair(name, name, name, STRING) for name in HOSTILE])
    definition = loads(text)
    assert [rule.a.column if rule.a else name for name, rule in definition.fields.items()] == HOSTILE
    other = yaml.safe_load(text)["fields"]
    assert [rule.get("a", name) for name, rule in other.items()] == HOSTILE


def test_a_name_that_no_field_may_have_is_changed_and_its_column_named():
    text = written(
        [
            Pair(name, name, name, STRING)
            for name in ("two\nlines", " id ", "ID", "raw:x", "\n", "greenai:key")
        ]
    )
    definition = loads(text)
    assert list(definition.fields) == ["two lines", "id", "ID_2", "raw_x", "column", "greenai_key"]
    assert [rule.a.column for rule in definition.fields.values() if rule.a] == [
        "two\nlines",
        " id ",
        "ID",
        "raw:x",
        "\n",
        "greenai:key",
    ]


@pytest.mark.parametrize("text", [*HOSTILE, "", "\x00", "\x85", "true", "Yes", "2024-01-01", "x" * 3000])
def test_a_quoted_text_is_the_same_text_to_any_reader_of_yaml(text):
    assert yaml.safe_load(flow([text])) == [text]
    assert yaml.safe_load(flow({text[:200]: text}))[text[:200]] == text


def test_equal_names_are_written_short_and_others_with_both_columns():
    text = written(
        [
            Pair("id", "id", "id", FieldType("integer")),
            Pair("Amount", "Amount", "amt", FieldType("decimal", 18, 2), how="values", overlap=0.93),
        ],
        key_evidence="unique in 3 rows of a and 3 rows of b",
    )
    assert "\n  id: {type: integer}\n" in text
    assert (
        '\n  Amount: {type: "decimal(18,2)", a: Amount, b: amt}  # paired by values, 0.93 in common' in text
    )
    assert "key: [id]  # unique in 3 rows of a and 3 rows of b" in text


def test_steps_context_notes_and_unpaired_columns_are_written():
    steps = (NullIf(values=["N/A"]), ParseDate(formats=["%d/%m/%Y"]))
    text = written(
        [Pair("day", "day", "day", FieldType("date"), steps_a=steps)],
        unpaired_a=("desk", "evil\n# x"),
        unpaired_b=("region",),
        context=(ContextColumn("desk", "a", "desk"), ContextColumn("b.region", "b", "region")),
        notes=("first line\nsecond: [",),
    )
    definition = loads(text)
    assert definition.fields["day"].a.normalise == steps
    assert '{parse_date: "%d/%m/%Y"}' in text
    assert definition.context == ("desk", "b.region")
    assert "# Note: first line second: [" in text
    assert '# Only on side a, not compared: "evil\\n# x"' in text
    assert "Only on side b" not in text


def test_options_of_the_sources_are_written():
    found = Inferred(pairs=(Pair("id", "id", "id", STRING),), key=("id",))
    text = write(
        found,
        recon="fx trades",
        location_a="data/[a] {b}.csv",
        location_b="b.csv",
        options_a={"delimiter": "\t", "header": False, "system": "front: office"},
    )
    definition = loads(text)
    assert definition.recon == "fx_trades"
    assert definition.sources.a.location == ("data/[a] {b}.csv",)
    assert (definition.sources.a.delimiter, definition.sources.a.header) == ("\t", False)
    assert definition.sources.a.system == "front: office"


@pytest.mark.parametrize(
    "options",
    [
        {
            "delimiter": "\t",
            "quote": "",
            "escape": "\\",
            "encoding": "latin-1",
            "skip_rows": 2,
            "header": False,
        },
        {"format": "csv", "columns": ["id", "a: b", "no"], "comment": "#", "delimiter": "||"},
        {"format": "fixed", "columns": [FixedColumn(name="id", start=1, length=5)], "encoding": "cp1252"},
        {"control": ControlTotals(trailer=r"^TRL;(?P<count>\d+)", sum_of="x", sum=Decimal("1E+5"))},
        {"control": {"count": 3}, "system": None},
    ],
)
def test_options_of_a_source_load_as_they_were(options):
    found = Inferred(pairs=(Pair("id", "id", "id", STRING),), key=("id",))
    text = write(found, recon="r", location_a=["a: 1.csv", "a2.csv"], location_b="b.csv", options_b=options)
    definition = loads(text)
    assert definition.sources.a.location == ("a: 1.csv", "a2.csv")
    assert definition.sources.b == Source.model_validate({"location": "b.csv", **options})


@pytest.mark.parametrize(
    ("given", "name"),
    [("trades", "trades"), ("2024 q1.csv", "recon_2024_q1_csv"), ("", "recon"), ("é" * 3, "recon")],
)
def test_any_text_becomes_the_name_of_a_recon(given, name):
    assert recon_name(given) == name


def test_what_was_inferred_from_two_tables_loads(engine, texts):
    a = {"Trade ID": ["1", "2"], "Amt": ["1.50", "2.00"], "note: #1": ["x", "y"], "desk": ["p", "p"]}
    b = {"trade_id": ["2", "1"], "amt": ["1.5", "2"], "NOTE: #1": ["x", "z"]}
    found = infer(engine, texts(a), texts(b), pair_by_values=True)
    definition = loads(write(found, recon="t", location_a="a.csv", location_b="b.csv"))
    assert definition.key == ("Trade ID",)
    assert {name: str(rule.type) for name, rule in definition.fields.items()} == {
        "Trade ID": "integer",
        "Amt": "decimal(18,2)",
        "note: #1": "string",
    }
    assert definition.fields["note: #1"].b.column == "NOTE: #1"
