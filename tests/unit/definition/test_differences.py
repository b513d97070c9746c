"""The difference of two definitions, field by field."""

from __future__ import annotations

import pytest

from greenai.definition.differences import differences, same_meaning
from greenai.definition.loading import loads

BASE = """recon: fx
description: old words
sources: {a: {system: x, location: a.csv}, b: {location: b.csv}}
key: [id]
fields:
  id: {type: string}
  amount: {type: "decimal(18,2)"}
gate: {checks: [{not_null: [id]}, {unique: [id]}]}
"""


def told(before: str, after: str) -> list[tuple[str, str, str | None, str | None, bool]]:
    found = differences(loads(before), loads(after))
    return [(one.path, one.kind, one.before, one.after, one.meaning) for one in found]


def test_equal_definitions_have_none_however_they_are_written() -> None:
    other = BASE.replace("key: [id]", "key: id").replace('"decimal(18,2)"', "'decimal(18, 2)'")
    assert told(BASE, other) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("old words", "new words", ("description", "changed", "old words", "new words", False)),
        ("system: x", "system: z", ("sources.a.system", "changed", "x", "z", False)),
        ("b.csv", "c.csv", ("sources.b.location", "changed", "b.csv", "c.csv", True)),
        ("key: [id]", "key: [id, amount]", ("key", "changed", "[id]", "[id, amount]", True)),
        (
            '{type: "decimal(18,2)"}',
            '{type: "decimal(18,2)", compare: {absolute: 0.05}}',
            ("fields.amount.compare", "added", None, "{absolute: 0.05}", True),
        ),
        (", {unique: [id]}", "", ("gate.checks[1]", "removed", "{unique: [id]}", None, True)),
    ],
)
def test_a_change_is_told_at_its_place(old: str, new: str, found: tuple[object, ...]) -> None:
    changed = BASE.replace(old, new)
    assert told(BASE, changed) == [found]
    assert same_meaning(loads(BASE), loads(changed)) is not found[4]


def test_swapping_both_mirrors_the_difference() -> None:
    other = BASE.replace("  amount:", "  price:").replace("old words", "new words")
    mirror = {"added": "removed", "removed": "added", "changed": "changed"}
    there, back = told(BASE, other), told(other, BASE)
    assert sorted((path, mirror[kind], after, before) for path, kind, before, after, _ in there) == sorted(
        (path, kind, before, after) for path, kind, before, after, _ in back
    )


def test_the_order_of_checks_is_no_difference() -> None:
    turned = BASE.replace("[{not_null: [id]}, {unique: [id]}]", "[{unique: [id]}, {not_null: [id]}]")
    assert told(BASE, turned) == []


def test_fields_as_a_list_are_the_fields_without_rules() -> None:
    names = (
        "recon: fx\nsources: {a: {location: a.csv}, b: {location: b.csv}}\nkey: [id]\nfields: [id, amount]\n"
    )
    typed = names.replace("[id, amount]", "{id: {}, amount: {type: integer}}")
    assert told(names, typed) == [("fields.amount.type", "added", None, "integer", True)]
