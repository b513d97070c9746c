"""What greenai is held against: no mining, scopes alone, transformations alone.

- *no mining*: the breaks of a field are one group, as a report shows them.
- *sliceline*: the slices of context in which a field differs most (Sagadeeva and Boehm, SIGMOD 2021), by the
  package of that name in an environment of its own. It has no word for what happens to a value.
- *transformations only*: greenai without any context, so that a rule holds everywhere or nowhere.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.attribution.mining import fields_of, keys_as_text, links_of
from benchmarks.environments import python_of
from greenai.attribution.causes import mine
from greenai.comparison.result import Comparison
from greenai.engines.duckdb import DuckDBEngine
from greenai.pipeline.ingest import Sides

SCRIPT = Path(__file__).parents[1] / "contenders" / "sliceline_scopes.py"
Key = tuple[str, str | None, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Breaks that belong together by one approach; family and reason are ``none`` where it has no words."""

    field: str | None
    family: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Approach:
    """One baseline: the group of every break it puts in one, and what that cost."""

    name: str
    ids: dict[Key, str]
    groups: dict[str, Group]
    seconds: float
    cpu: float


def approaches(
    engine: DuckDBEngine, sides: Sides, comparison: Comparison, folder: Path
) -> Iterator[Approach]:
    """Every baseline on one comparison."""
    yield without_mining(engine, comparison)
    yield slices_alone(engine, sides, comparison, folder)
    yield transformations_alone(engine, sides, comparison)


def without_mining(engine: DuckDBEngine, comparison: Comparison) -> Approach:
    """One group for each field, and for each kind of whole-record break."""
    begin, spent = perf_counter(), process_time()
    ids = {
        (key, field, kind): field or kind
        for key, field, kind in engine.rows(comparison.breaks.select("key", "field", "kind"))
    }
    fields = {name: name if name in comparison.fields else None for name in ids.values()}
    groups = {name: Group(field, "none", "none", name) for name, field in fields.items()}
    return Approach("no mining", ids, groups, perf_counter() - begin, process_time() - spent)


def transformations_alone(engine: DuckDBEngine, sides: Sides, comparison: Comparison) -> Approach:
    """greenai's transformations with no context to tell where they hold."""
    begin, spent = perf_counter(), process_time()
    cells, around = fields_of(engine, sides, comparison)
    bare = [replace(one, context=()) for one in cells]
    found = mine(engine, bare, around)
    groups = {
        one.cause_id: Group(one.field, one.family, one.reason, f"{one.expression} where {one.scope}")
        for one in found.causes
    }
    ids = links_of(engine, comparison, (found,))
    return Approach("transformations only", ids, groups, perf_counter() - begin, process_time() - spent)


def slices_alone(engine: DuckDBEngine, sides: Sides, comparison: Comparison, folder: Path) -> Approach:
    """The slices of sliceline for every field, the best first."""
    interpreter = python_of("sliceline")
    begin = perf_counter()
    cells, around = fields_of(engine, sides, comparison)
    context = cells[0].context if cells else ()
    names = [f"context:{name}" for name in context]
    ids: dict[Key, str] = {}
    groups: dict[str, Group] = {}
    cpu = 0.0
    rows = engine.arrow(around.table.select(*[f"key:{name}" for name in comparison.key], *names))
    keys = list(zip(*(rows[f"key:{name}"].to_pylist() for name in comparison.key), strict=True))
    codes, values = encoded([rows[name].to_pylist() for name in names])
    for one in cells:
        broken = set(engine.rows(one.table.select(*[f"key:{name}" for name in one.key])))
        flags = array("b", (key in broken for key in keys))
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            for name, data in (("codes", codes), ("flags", flags)):
                with (Path(scratch) / name).open("wb") as out:
                    data.tofile(out)
            asked = [interpreter, SCRIPT, scratch, str(len(names))]
            done = subprocess.run(asked, check=True, capture_output=True, text=True)
        answer = json.loads(done.stdout)
        cpu += answer["cpu"]
        identities = keys_as_text(engine, comparison, one.field)
        for number, chosen in enumerate(answer["slices"]):
            words = " and ".join(
                f"{context[at]} = {values[at][code]!r}" for at, code in enumerate(chosen) if code is not None
            )
            identity = f"{one.field} {number}"
            groups[identity] = Group(one.field, "none", "none", words)
            for place, key in enumerate(keys):
                if key in broken and all(
                    code is None or codes[place * len(names) + at] == code for at, code in enumerate(chosen)
                ):
                    ids.setdefault((identities[key], one.field, "value"), identity)
    return Approach("sliceline scopes only", ids, groups, perf_counter() - begin, cpu)


def encoded(columns: Sequence[Sequence[object]]) -> tuple[array[int], list[list[object]]]:
    """Columns as codes from 1, row by row, and the values of each column by their codes."""
    values: list[list[object]] = []
    coded = []
    for column in columns:
        known = {value: code for code, value in enumerate(dict.fromkeys(column), start=1)}
        values.append([None, *known])
        coded.append([known[value] for value in column])
    return array("i", (code for row in zip(*coded, strict=True) for code in row)), values
