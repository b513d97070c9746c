"""The published JSON Schema says the same as the model, on documents as they are written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from greenai.definition.gate import CHECKS
from greenai.definition.loading import loads
from greenai.definition.model import Definition
from greenai.definition.nodes import read_document
from greenai.definition.schema import json_schema
from greenai.definition.steps import STEPS
from greenai.definition.written import Plain
from greenai.errors import DefinitionError

HEAD = "recon: r\nsources: {a: {location: a}, b: {location: b}}\n"
GOOD = [
    "",
    "key: id\nfields: [id, x]\ncontext: desk\n",
    "key: [id]\nfields: {id: , x: {}}\n",
    "fields:\n  x:\n    type: decimal( 18 , 2 )\n    a: 2026\n    b: {column: x, normalise: strip}\n",
    "fields:\n  x: {a: {expression: a + b, normalise: [strip, {strip: }, round, {round: 2}]}}\n"
    "  y: {a: {column: y, normalise: [{round: {digits: 2}}]}}\n",
    "fields:\n  x: {a: {column: x, normalise: [{map: {1: 01, a: ~}}, {null_if: [NULL, 0]}, {null_if: 0}]}}\n",
    "fields:\n  x: {a: {column: x, normalise: {parse_date: ['%Y-%m-%d', '%d/%m/%Y']}}}\n",
    "fields:\n  x: {a: {column: x, normalise: [{replace: {pattern: x}}, {scale: '0.1'}, {scale: -1e-3}]}}\n",
    "fields:\n  x: {compare: {absolute: 0, relative: '1e-6'}, authority: a}\n  y: {compare: {days: 1}}\n",
    "defaults: {null_values: [NULL, 0, ~, ''], normalise: strip}\nmax_rejects: 0\npopulation: flow\n",
    "description:\nkey:\nfields:\ncontext:\ndefaults:\npopulation:\n",
    "gate: {promise: 0.9, certified: false, reasons: {TIMING: pass, X: {resolution: exclude}}}\n",
    "gate:\n  checks: [{not_null: id}, {range: {field: d, min: 2026-01-31}}]\n",
    "gate:\n  checks: [{allowed: {field: x, values: [1, ~]}}]\n",
    "gate:\n  checks: [{freshness: {field: d, days: 3}}, {row_count: {within: 0.2}}]\n",
    "gate:\n  checks: [{row_count: {within: '0.2', min: 0, max: 10}}, {row_count: {min: 1}}]\n",
    "store: {table: t, references: {c: {key: a, fields: [b]}}}\n",
    "schedule: {cron: 0 6 * * *}\nengine: duckdb\n",
    "schedule: {cron: 0 6 * * *, calendar: target, business_date: today, notify: ops@example.com}\n",
    "schedule: {cron: 0 6 * * *, calendar: {holidays: 2026-12-25, closed: [friday]}, business_date: -2}\n",
    "schedule: {cron: 0 6 * * *, wait_for_files: 90s, overdue: 2h, notify: ['webhook:OPS', a@b]}\n",
    "schedule: {cron: 0 6 * * *, notify: {to: a@b, events: [failed, completed]}, overdue: }\n",
]
BAD = [
    "keys: id\n",
    "key: []\n",
    "key: {a: b}\n",
    "key: [~]\n",
    "context: [null]\n",
    "fields: []\n",
    "fields: [x, x]\n",
    "fields: {x: string}\n",
    "fields: {x: {type: int}}\n",
    "fields: {x: {type: 5}}\n",
    "fields: {x: {a: []}}\n",
    "fields: {x: {a: {column: x, normalise: [stripp]}}}\n",
    "fields: {x: {a: {column: x, normalise: [remove]}}}\n",
    "fields: {x: {a: {column: x, normalise: [{remove: }]}}}\n",
    "fields: {x: {a: {column: x, normalise: [{strip: 5}]}}}\n",
    "fields: {x: {a: {column: x, normalise: [{strip: , upper: }]}}}\n",
    "fields: {x: {a: {column: x, normalise: [{round: 31}]}}}\n",
    "fields: {x: {a: {column: x, normalise: [{map: {}}]}}}\n",
    "fields: {x: {a: {column: x, normalise: [{substring: {start: 0}}]}}}\n",
    "fields: {x: {compare: {absolute: -1}}}\n",
    "fields: {x: {compare: {absolute: '-1'}}}\n",
    "fields: {x: {compare: {days: 1.5}}}\n",
    "fields: {x: {compare: {days: '1'}}}\n",
    "fields: {x: {compare: {ignore: yes}}}\n",
    "fields: {x: {compare: {similarity: 0}}}\n",
    "fields: {x: {compare: 1}}\n",
    "max_rejects: 2\n",
    "max_rejects: '0.5'\n",
    "population: none\n",
    "context: [[a]]\n",
    "gate: {promise: 1}\n",
    "gate: {reasons: {timing: pass}}\n",
    "gate: {checks: [not_null]}\n",
    "gate: {checks: [row_count]}\n",
    "gate: {checks: [{row_count: }]}\n",
    "gate: {checks: [{row_count: {}}]}\n",
    "gate: {checks: [{row_count: {within: -0.1}}]}\n",
    "gate: {checks: [{row_count: {min: 1.5}}]}\n",
    "gate: {checks: [{freshness: {field: d}}]}\n",
    "gate: {checks: [{freshness: {field: d, days: -1}}]}\n",
    "store: {table: T}\n",
    "store: {}\n",
    "schedule: {timezone: UTC}\n",
    "schedule: {cron: 0 6 * * *, calendar: london}\n",
    "schedule: {cron: 0 6 * * *, calendar: {closed: [freitag]}}\n",
    "schedule: {cron: 0 6 * * *, business_date: 1}\n",
    "schedule: {cron: 0 6 * * *, business_date: tomorrow}\n",
    "schedule: {cron: 0 6 * * *, wait_for_files: 30}\n",
    "schedule: {cron: 0 6 * * *, overdue: 2 h}\n",
    "schedule: {cron: 0 6 * * *, notify: {to: 'webhook:ops'}}\n",
    "schedule: {cron: 0 6 * * *, notify: {to: a@b, events: [broken]}}\n",
    "schedule: {cron: 0 6 * * *, notify: {events: [failed]}}\n",
    "engine: spark\n",
]
SOURCES_GOOD = [
    "{location: [a, b]}",
    "{location: 2026}",
    "{location: x, sheet: 2026, header: false, skip_rows: 2, columns: [a, 1]}",
    "{location: x, format: fixed, columns: [{name: a, start: 1, length: 2}]}",
    "{location: x, control: {sum_of: n, sum: -1.50}, group: {n: sum}}",
]
SOURCES_BAD = [
    "{}",
    "{location: }",
    "{location: []}",
    "{location: ''}",
    "{location: x, header: no}",
    "{location: x, skip_rows: -1}",
    "{location: x, format: xls}",
    "{location: x, quote: ab}",
    "{location: x, delimiter: ''}",
    "{location: x, columns: [{name: a, start: 0, length: 1}]}",
    "{location: x, group: {n: avg}}",
    "{location: x, group: {}}",
]


def as_an_editor_reads(value: Any) -> Any:
    """The document as JSON: what the core schema takes unquoted scalars for."""
    if isinstance(value, dict):
        return {key: as_an_editor_reads(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_an_editor_reads(one) for one in value]
    if isinstance(value, Plain):
        return {
            "null": lambda: None,
            "bool": lambda: value.lower() == "true",
            "int": lambda: int(value),
            "float": lambda: float(value),
        }[value.kind]()
    return value


def schema_accepts(text: str) -> bool:
    jsonschema = pytest.importorskip("jsonschema")
    document = as_an_editor_reads(read_document(text, source="x").data)
    return bool(jsonschema.Draft202012Validator(json_schema()).is_valid(document))


def model_accepts(text: str) -> bool:
    try:
        loads(text)
    except DefinitionError:
        return False
    return True


@pytest.mark.parametrize("text", GOOD)
def test_schema_and_model_accept_what_is_good(text: str) -> None:
    assert model_accepts(HEAD + text)
    assert schema_accepts(HEAD + text)


@pytest.mark.parametrize("text", BAD)
def test_schema_and_model_refuse_what_is_bad(text: str) -> None:
    assert not model_accepts(HEAD + text)
    assert not schema_accepts(HEAD + text)


@pytest.mark.parametrize("source", [*SOURCES_GOOD, *SOURCES_BAD])
def test_schema_and_model_agree_on_sources(source: str) -> None:
    text = f"recon: r\nsources: {{a: {source}, b: {{location: b}}}}\n"
    assert model_accepts(text) == schema_accepts(text) == (source in SOURCES_GOOD)


def test_the_example_of_the_contract_fits_the_schema(contract: str) -> None:
    assert schema_accepts(contract)


def test_the_schema_is_valid_and_is_json() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_key_and_word_of_the_model_has_help() -> None:
    schema = json_schema()
    assert set(schema["properties"]) == set(Definition.written_keys())
    for part in (
        schema,
        *(schema["$defs"][name] for name in ("Source", "FieldSide", "FieldRule", "Compare", "Gate")),
    ):
        assert all(entry.get("description") for entry in part["properties"].values())
    for name, words in (("Step", STEPS), ("Check", CHECKS)):
        described = schema["$defs"][name]["anyOf"][-1]["properties"]
        assert set(described) == set(words)
        assert all(entry["description"] for entry in described.values())


def test_the_schema_uses_only_words_of_json_schema() -> None:
    known = {
        "$schema",
        "$id",
        "$ref",
        "$defs",
        "title",
        "description",
        "type",
        "properties",
        "required",
        "default",
    }
    known |= {
        "additionalProperties",
        "items",
        "anyOf",
        "enum",
        "const",
        "pattern",
        "uniqueItems",
        "patternProperties",
    }
    known |= {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"}
    known |= {"minItems", "maxItems", "minProperties", "maxProperties", "propertyNames"}

    def words(schema: Any) -> set[str]:
        if isinstance(schema, list):
            return {word for one in schema for word in words(one)}
        if not isinstance(schema, dict):
            return set()
        named = {"properties", "$defs", "patternProperties"} & set(schema)
        below = [one for key in named for one in schema[key].values()]
        below += [one for key, one in schema.items() if key not in named and key != "default"]
        return set(schema) | words(below)

    assert words(json_schema()) <= known
