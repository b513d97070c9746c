"""The reference page of the definition and the model say the same."""

from __future__ import annotations

import re
from pathlib import Path

from greenai.definition.gate import CHECKS, Gate
from greenai.definition.loading import loads
from greenai.definition.model import Compare, Definition, FieldRule, Source
from greenai.definition.schedule import Calendar, Notify, Schedule
from greenai.definition.steps import STEPS

PAGE = (Path(__file__).parents[3] / "docs" / "definition.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_examples_are_definitions() -> None:
    example, platform, schedule = BLOCKS
    definition = loads(example + platform)
    assert definition.gate is not None
    assert len(definition.gate.checks) == len(CHECKS)
    assert loads(example + schedule).schedule is not None


def test_every_step_written_on_the_page_is_one() -> None:
    table = PAGE.split("## Normalisation steps")[1].split("\n\nRegular")[0]
    written = [
        code
        for row in re.findall(r"^\| (`.*?) \| ", table, re.MULTILINE)
        for code in re.findall("`(.*?)`", row)
    ]
    head = (
        "recon: r\nsources: {a: {location: a}, b: {location: b}}\nfields:\n  x: {a: {column: x, normalise: ["
    )
    side = (loads(f"{head}{', '.join(written)}]}}}}\n").fields or {})["x"].a
    assert side is not None
    assert {step.name for step in side.normalise} == set(STEPS)


def test_every_key_is_on_the_page() -> None:
    for part in (Definition, Source, FieldRule, Compare, Gate, Schedule, Calendar, Notify):
        for key in part.written_keys():
            assert re.search(rf"`{key}[`:]|^ *{key}:", PAGE, re.MULTILINE), (part.__name__, key)
