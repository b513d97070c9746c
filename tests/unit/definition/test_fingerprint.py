"""The fingerprint of a definition: the same for the same meaning, another for another."""

from __future__ import annotations

import subprocess
import sys

import pytest

from greenai.definition.fingerprint import fingerprint, plain_number
from greenai.definition.loading import loads

BASE = """
recon: r
sources:
  a: {location: [a.csv], format: csv}
  b: {location: b.csv}
key: [id, day]
fields:
  id: {type: string, a: {column: X, normalise: [strip, {null_if: [x, y]}]}}
  day: {type: date}
  n: {type: "decimal(9,2)", compare: {absolute: 0.010}}
context: [desk, region]
gate:
  checks: [{unique: [id, day]}, {not_null: n}]
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("recon: r\n", "# a comment\nrecon: r\ndescription: For people\n"),
        ("location: [a.csv], format: csv", "format: csv, system: front, location: a.csv"),
        ("b: {location: b.csv}", "b: {location: b.csv, header: true, skip_rows: 0}"),
        ("key: [id, day]", "max_rejects: 0.01\nkey: [id, day]\npopulation: full"),
        ("strip, {null_if: [x, y]}", "{strip: }, {null_if: {values: [y, x]}}"),
        ("absolute: 0.010", "absolute: 1e-2, ignore_case: false"),
        ("decimal(9,2)", "decimal( 9, 2 )"),
        ("  day: {type: date}\n", ""),
        ("{unique: [id, day]}, {not_null: n}", "{not_null: [n]}, {unique: [day, id]}"),
    ],
)
def test_what_means_the_same_has_the_same_fingerprint(old: str, new: str) -> None:
    text = BASE.replace(old, new)
    if new == "":  # the order of fields
        text = text.replace("context:", "  day: {type: date}\ncontext:")
    assert text != BASE
    assert fingerprint(loads(text)) == fingerprint(loads(BASE))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("recon: r\n", "recon: s\n"),
        ("a.csv", "c.csv"),
        ("format: csv", "format: csv, header: false"),
        ("key: [id, day]", "key: [day, id]"),
        ("key: [id, day]", "key: [id, day]\nmax_rejects: 0"),
        ("column: X", "column: x"),
        ("strip, {null_if: [x, y]}", "{null_if: [x, y]}, strip"),
        ("[x, y]", "[x, y, z]"),
        ("0.010", "0.011"),
        ("absolute", "relative"),
        ("decimal(9,2)", "decimal(9,3)"),
        ("n: {type", "m: {type"),
        ("[desk, region]", "[region, desk]"),
        ("{not_null: n}", "{not_null: id}"),
    ],
)
def test_what_means_something_else_has_another_fingerprint(old: str, new: str) -> None:
    assert fingerprint(loads(BASE.replace(old, new))) != fingerprint(loads(BASE))


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    program = (
        "import sys; from greenai.definition.loading import loads;"
        "from greenai.definition.fingerprint import fingerprint; print(fingerprint(loads(sys.stdin.read())))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            input=BASE,
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert answers == {fingerprint(loads(BASE))}
    assert len(answers.pop()) == 64


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.01, "0.01"), (1e-7, "0.0000001"), (100, "100"), (-0.0, "0"), (1e22, "1" + "0" * 22)],
)
def test_numbers_are_written_in_positional_digits(number: float, text: str) -> None:
    assert plain_number(number) == text
