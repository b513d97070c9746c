"""Errors of a definition: place, value, what is allowed, and what was probably meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from greenai.definition.loading import loads
from greenai.definition.problems import InvalidDefinitionError, Problem, dotted
from greenai.errors import DefinitionError

Problems = Callable[[str], tuple[Problem, ...]]


def one(found: tuple[Problem, ...]) -> tuple[str, int | None, str]:
    assert len(found) == 1, found
    return dotted(found[0].path), found[0].line, f"{found[0].message} {found[0].remedy or ''}"


@pytest.mark.parametrize(
    ("text", "path", "line", "says"),
    [
        ("kye: [id]\n", "kye", 5, "Did you mean `key`?"),
        ("population: ful\n", "population", 5, "Allowed: full or flow"),
        ("fields:\n  x: {type: int}\n", "fields.x.type", 6, "did you mean integer?"),
        ("fields:\n  x:\n    type: Decimal(18,2)\n", "fields.x.type", 7, "did you mean decimal(18,2)?"),
        ("fields:\n  x: {type: decimal(18,2)}\n", "fields.x.type", 6, "needs quotes"),
        ("fields:\n  x: {type: 'decimal(39,2)'}\n", "fields.x.type", 6, "precision is 1 to 38"),
        (
            "fields:\n  x:\n    compare: {absolut: 1}\n",
            "fields.x.compare.absolut",
            7,
            "Did you mean `absolute`?",
        ),
        (
            "fields:\n  x:\n    compare:\n      absolute: -1\n",
            "fields.x.compare.absolute",
            8,
            "must be at least 0",
        ),
        (
            "fields:\n  x:\n    compare:\n      absolute: a lot\n",
            "fields.x.compare.absolute",
            8,
            "must be a number",
        ),
        ("fields:\n  x:\n    compare: {days: 1.5}\n", "fields.x.compare.days", 7, "must be a whole number"),
        ("fields:\n  x:\n    compare: {days: '1'}\n", "fields.x.compare.days", 7, "must be a whole number"),
        (
            "fields:\n  x:\n    compare: {ignore: yes}\n",
            "fields.x.compare.ignore",
            7,
            "must be true or false",
        ),
        (
            "fields:\n  x:\n    compare: {similarity: 2}\n",
            "fields.x.compare.similarity",
            7,
            "must be at most 1",
        ),
        (
            "fields:\n  x: {compare: 0.01}\n",
            "fields.x.compare",
            6,
            "must be a mapping Write it as keys and values. Allowed keys: absolute",
        ),
        ("fields:\n  x: string\n", "fields.x", 6, "like {type: decimal(18,2)}"),
        ("fields:\n  x: {a: {normalise: strip}}\n", "fields.x.a", 6, "either `column` or `expression`"),
        (
            "fields:\n  x: {a: {column: x, expression: y}}\n",
            "fields.x.a",
            6,
            "either `column` or `expression`",
        ),
        ("fields:\n  x: {a: }\n  X: {b: c}\n", "fields.X", 7, "only in case"),
        ("fields: []\n", "fields", 5, "must not be empty"),
        ("fields: [x, x]\n", "fields", 5, "listed twice"),
        ('fields: {"a\\nb": }\n', "fields.'a\\nb'", 5, "no control characters"),
        ('fields: {" ": }\n', "fields.' '", 5, "needs a name"),
        ("key: []\n", "key", 5, "must not be empty"),
        ("key: [a, a]\n", "key[1]", 5, "listed twice"),
        ("key: {a: b}\n", "key", 5, "must be a list"),
        ("key: [[a]]\n", "key[0]", 5, "must be text"),
        ("max_rejects: 2\n", "max_rejects", 5, "must be at most 1"),
        ("max_rejects: 1%\n", "max_rejects", 5, "must be a number"),
        ("max_rejects: 1e999\n", "max_rejects", 5, "at most 60 digits"),
        ("engine: spark\n", "engine", 5, "Allowed: duckdb"),
        ("matching: {}\n", "matching", 5, "unknown key"),
        ("defaults: {normalize: [strip]}\n", "defaults.normalize", 5, "Did you mean `normalise`?"),
        ("store: {table: Trade}\n", "store.table", 5, "[a-z_]"),
        (
            "store: {table: t, references: {t: {key: a, fields: b}}}\n",
            "store.references.t",
            5,
            "golden table",
        ),
        ("schedule: {cron: '0 25 * * *'}\n", "schedule.cron", 5, "'25' is not a hour"),
        ("schedule: {cron: '0 6 * * 1-5', timezone: London}\n", "schedule.timezone", 5, "Europe/London"),
        ("schedule: {cron: '0 6 30 2 *'}\n", "schedule.cron", 5, "no month has"),
        ("schedule: {cron: 0 6 * * *, calendar: london}\n", "schedule.calendar", 5, "weekends, every_day"),
        (
            "schedule: {cron: 0 6 * * *, business_date: 1}\n",
            "schedule.business_date",
            5,
            "business days back",
        ),
        ("schedule: {cron: 0 6 * * *, overdue: 90}\n", "schedule.overdue", 5, "90s, 30m, 2h or 1d"),
        (
            "schedule: {cron: 0 6 * * *, notify: ops}\n",
            "schedule.notify",
            5,
            "GREENAI_WEBHOOK_URL_NAME",
        ),
        (
            "schedule: {cron: 0 6 * * *, calendar: {holidays: [2026-02-30]}}\n",
            "schedule.calendar.holidays[0]",
            5,
            "is not a date like",
        ),
        ("gate: {promise: 1}\n", "gate.promise", 5, "must be less than 1"),
        ("gate: {reasons: {timing: pass}}\n", "gate.reasons.timing", 5, "[A-Z]"),
        ("gate: {reasons: {TIMING: ignore}}\n", "gate.reasons.TIMING", 5, "Allowed: pass, review or reject"),
        ("gate:\n  checks:\n    - {rnge: 1}\n", "gate.checks[0]", 7, "Did you mean `range`?"),
        (
            "gate:\n  checks:\n    - {range: {field: x}}\n",
            "gate.checks[0].range",
            7,
            "give `min`, `max` or both",
        ),
        (
            "gate:\n  checks:\n    - {range: {field: x, min: 2, max: 1}}\n",
            "gate.checks[0].range",
            7,
            "greater than",
        ),
        (
            "gate:\n  checks:\n    - {range: {field: x, min: 1, max: 2026-01-31}}\n",
            "gate.checks[0].range",
            7,
            "kind",
        ),
        (
            "gate:\n  checks:\n    - {pattern: {field: x, pattern: '('}}\n",
            "gate.checks[0].pattern.pattern",
            7,
            "regular",
        ),
        (
            "gate:\n  checks:\n    - {depends: {on: x, gives: x}}\n",
            "gate.checks[0].depends.gives",
            7,
            "both sides",
        ),
        ("gate:\n  checks:\n    - {depends: x}\n", "gate.checks[0].depends", 7, "keys on, gives"),
    ],
)
def test_a_problem_names_path_line_and_what_is_allowed(
    problems: Problems, text: str, path: str, line: int, says: str
) -> None:
    found = one(problems(text))
    assert found[:2] == (path, line)
    assert says in found[2]


@pytest.mark.parametrize(
    ("step", "path", "says"),
    [
        ("stripp", "", "Did you mean `strip`?"),
        ("remove", "", "Write it as {remove: …}"),
        ("5", "", "unknown step '5'"),
        ("[strip]", "", "one word"),
        ("{strip: x}", ".strip", "takes no argument"),
        ("{remove: ''}", ".remove", "must not be empty"),
        ("{remove: }", ".remove", "needs an argument"),
        ("{remove: {txt: x}}", ".remove.txt", "Did you mean `text`?"),
        ("{upper: , lower: }", "", "one word"),
        ("{round: 31}", ".round", "must be at most 30"),
        ("{scale: much}", ".scale", "must be a number"),
        ("{replace: ^0}", ".replace", "keys pattern, with"),
        ("{replace: {pattern: '(?=x)'}}", ".replace.pattern", "look-ahead"),
        ("{replace: {pattern: '(x)', with: '\\2'}}", ".replace.with", "does not have"),
        ("{map: {}}", ".map", "must not be empty"),
        ("{map: x}", ".map", "must be a mapping"),
        ("{map: {a: [b]}}", ".map.a", "must be text"),
        ("{parse_date: '%d/%m/%y/%Q'}", ".parse_date", "`%Q`, which is not a directive"),
        ("{parse_date: dd/mm/yyyy}", ".parse_date", "no year"),
        ("{parse_date: ['%Y-%m-%d', '%Y-%m-%d %H:%M']}", ".parse_date[1]", "use parse_timestamp"),
        ("{parse_number: {decimal: ',', group: ','}}", ".parse_number", "must differ"),
        ("{timezone: {from: Mars, to: UTC}}", ".timezone.from", "not the name of a time zone"),
        ("{timezone: Europe/London}", ".timezone", "keys from, to"),
        ("timezone", "", "are the same"),
        ("{substring: {start: 0}}", ".substring.start", "must be at least 1"),
        ("{coalesce: }", ".coalesce", "needs an argument"),
    ],
)
def test_a_wrong_step_says_what_a_right_one_looks_like(
    problems: Problems, step: str, path: str, says: str
) -> None:
    found = one(problems(f"fields:\n  x:\n    a:\n      column: c\n      normalise:\n        - {step}\n"))
    assert found[0] == f"fields.x.a.normalise[0]{path}"
    assert found[1] == 10
    assert says in found[2]


@pytest.mark.parametrize(
    ("source", "path", "says"),
    [
        ("{location: []}", ".location", "must not be empty"),
        ("{location: ''}", ".location", "must not be empty"),
        ("{system: x}", "", "`location` is missing"),
        ("{locaton: x}", ".locaton", "Did you mean `location`?"),
        ("{location: x, format: xls}", ".format", "Allowed: csv, parquet"),
        ("{location: x, encoding: utf-9}", ".encoding", "not a known encoding"),
        ("{location: x, encoding: base64}", ".encoding", "not a known encoding"),
        ("{location: x, delimiter: ''}", ".delimiter", "must not be empty"),
        ("{location: x, quote: ab}", ".quote", "no more characters than 1"),
        ("{location: x, header: no}", ".header", "must be true or false"),
        ("{location: x, skip_rows: -1}", ".skip_rows", "must be at least 0"),
        ("{location: 'x_{busines_date}.csv'}", ".location", "the placeholder is {business_date}"),
        ("{location: 'x_{business_date}.csv', where: ''}", ".where", "must not be empty"),
        ("{location: x, format: fixed}", "", "needs `columns`"),
        (
            "{location: x, columns: [{name: a, start: 0, length: 1}]}",
            ".columns[0].start",
            "must be at least 1",
        ),
        (
            "{location: x, columns: [{name: a, strat: 1, length: 1}]}",
            ".columns[0].strat",
            "Did you mean `start`?",
        ),
        ("{location: x, columns: [a, {name: b}]}", ".columns", "either names only"),
        ("{location: x, columns: [a, a]}", ".columns", "used twice"),
        ("{location: x, control: {}}", ".control", "nothing to check"),
        ("{location: x, control: {trailer: '^T'}}", ".control.trailer", "no group `count` or `sum`"),
        ("{location: x, control: {trailer: '(?P<sum>.)'}}", ".control", "`sum_of` is missing"),
        ("{location: x, group: {x: avg}}", ".group.x", "Allowed: sum, count, min, max or first"),
    ],
)
def test_a_wrong_source_is_named_by_its_side(source: str, path: str, says: str) -> None:
    with pytest.raises(InvalidDefinitionError) as caught:
        loads(f"recon: r\nsources:\n  a: {source}\n  b: {{location: b}}\n")
    found = one(caught.value.problems)
    assert found[:2] == (f"sources.a{path}", 3)
    assert says in found[2]


def test_several_problems_are_told_at_once_in_the_order_of_lines() -> None:
    with pytest.raises(DefinitionError) as caught:
        loads("recon: 1x\nsources:\n  a: {location: x, format: cvs}\nkey: {}\nfoo: 1\n", source="r.yaml")
    text = str(caught.value)
    assert text.startswith("r.yaml: 5 problems\n  line 1, recon: ")
    assert [text.index(word) for word in ("line 3, sources.a.format", "line 4, key", "line 5, foo")]
    assert "`b` is missing" in text
    assert caught.value.line == 1
    assert caught.value.column == "recon"


def test_no_more_than_ten_problems_are_listed() -> None:
    with pytest.raises(InvalidDefinitionError) as caught:
        loads("\n".join(f"foo{n}: 1" for n in range(20)))
    assert len(caught.value.problems) == 22
    assert str(caught.value).endswith("… and 12 more")


def test_a_single_problem_reads_as_one_message(problems: Problems) -> None:
    with pytest.raises(DefinitionError) as caught:
        loads("recon: r\nsources: {a: {location: a}, b: {location: b}}\nmax_rejects: 7\n", source="r.yaml")
    assert str(caught.value) == "r.yaml, line 3, max_rejects: must be at most 1 (value '7')"


@pytest.mark.parametrize(
    "place", ["{table: NAME}", "{table: t, references: {NAME: {key: [x], fields: [y]}}}"]
)
def test_the_name_of_a_table_leaves_room_for_that_of_its_history(place: str) -> None:
    def load(length: int) -> None:
        store = place.replace("NAME", "t" * length)
        loads(
            f"recon: r\nsources: {{a: {{location: a}}, b: {{location: b}}}}\nstore: {store}\n",
            source="x.yaml",
        )

    load(55)
    with pytest.raises(DefinitionError, match="at most 55 characters, this one 56: its history is called"):
        load(56)
