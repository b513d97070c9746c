"""A definition as text, with comments that say why: what `greenai init` prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from greenai.definition.writing import flow
from greenai.fields.plan import RESERVED
from greenai.inference.model import Inferred, Pair, Side

WIDTH = 100
LONGEST_NAME = 200


def write(
    inferred: Inferred,
    *,
    recon: str,
    location_a: str | Sequence[str],
    location_b: str | Sequence[str],
    options_a: Mapping[str, Any] | None = None,
    options_b: Mapping[str, Any] | None = None,
) -> str:
    """The YAML of a definition that runs as it is.

    A location may be several. `options_a` and `options_b` are further keys of the sources (system,
    format, delimiter, columns, …), those that are None left out. A `recon` that is no name becomes one.
    """
    sources: dict[Side, dict[str, Any]] = {
        "a": _source(location_a, options_a or {}),
        "b": _source(location_b, options_b or {}),
    }
    return "\n".join(_lines(inferred, recon_name(recon), sources)) + "\n"


def comment(text: str) -> str:
    """A sentence as a comment: one line, nothing unprintable."""
    return "# " + "".join(c if c.isprintable() else " " for c in text)


def recon_name(text: str) -> str:
    """A text made into the name of a recon: letters, digits and underscores, at most 63."""
    name = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:63]
    return name if re.match(r"[A-Za-z_]", name) else f"recon_{name}"[:63].rstrip("_")


def _source(location: str | Sequence[str], options: Mapping[str, Any]) -> dict[str, Any]:
    return {"location": location} | {name: value for name, value in options.items() if value is not None}


def _lines(inferred: Inferred, recon: str, sources: Mapping[Side, Mapping[str, Any]]) -> Iterator[str]:
    names = field_names(inferred.pairs)
    yield comment("Inferred by greenai from both sources: read it, then keep it. Run it with `greenai run`.")
    for note in inferred.notes:
        yield comment(f"Note: {note}")
    yield f"recon: {flow(recon)}"
    yield "sources:"
    for side, source in sources.items():
        yield f"  {side}: {flow(source)}"
    key = f"key: {flow([names[name] for name in inferred.key])}"
    yield f"{key}  {comment(inferred.key_evidence)}" if inferred.key_evidence else key
    yield "fields:"
    for pair in inferred.pairs:
        yield from _field(names[pair.name], pair)
    yield from _unpaired(inferred)
    if inferred.context:
        yield comment("Carried for explanations, not compared: few different values.")
        yield f"context: {flow([column.name for column in inferred.context])}"


def field_names(pairs: Sequence[Pair]) -> dict[str, str]:
    """The field's name in the definition for each pair: its own, made fit where it is not allowed."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for pair in pairs:
        name = "".join(c if c.isprintable() else " " for c in pair.name).strip()[:LONGEST_NAME]
        if name.startswith(RESERVED):
            name = name.replace(":", "_", 1)
        stem = name = name or "column"
        number = 2
        while name.casefold() in taken:
            name, number = f"{stem}_{number}", number + 1
        taken.add(name.casefold())
        names[pair.name] = name
    return names


def _field(name: str, pair: Pair) -> Iterator[str]:
    rule: dict[str, Any] = {"type": str(pair.type)}
    for side, column, steps in (
        ("a", pair.column_a, pair.steps_a),
        ("b", pair.column_b, pair.steps_b),
    ):
        if steps:
            rule[side] = {"column": column, "normalise": steps}
        elif not pair.column_a == pair.column_b == name or pair.steps_a or pair.steps_b:
            rule[side] = column
    why = _why(pair)
    short = f"  {flow(name)}: {flow(rule)}"
    if not (pair.steps_a or pair.steps_b) and len(short) <= WIDTH:
        yield f"{short}  {comment(why)}" if why else short
        return
    yield f"  {flow(name)}:" + (f"  {comment(why)}" if why else "")
    for part, value in rule.items():
        yield f"    {part}: {flow(value)}"


def _why(pair: Pair) -> str:
    reasons = []
    if pair.overlap is not None:
        reasons.append(f"paired by values, {pair.overlap:.2f} in common")
    if pair.conflict:
        reasons.append(pair.conflict)
    return "; ".join(reasons)


def _unpaired(inferred: Inferred) -> Iterator[str]:
    for side, columns in (("a", inferred.unpaired_a), ("b", inferred.unpaired_b)):
        carried = {column.column for column in inferred.context if column.side == side}
        left = [column for column in columns if column not in carried]
        if left:
            yield comment(f"Only on side {side}, not compared: " + ", ".join(map(flow, left)))
