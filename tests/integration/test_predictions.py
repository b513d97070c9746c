"""The discriminator, inline: what a model says passes on only where something certifies it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from greenai.definition.gate import Gate
from greenai.engines.duckdb import DuckDBEngine
from greenai.pipeline.predictions import Predictions, refused

BREAKS = """SELECT * FROM (VALUES
    ('1', 'FORMAT', 1.0, 'equivalence', 'same'),
    ('2', 'ROUNDING', 0.97, 'model', 'looks like it'),
    ('3', 'ROUNDING', 0.90, 'model', 'looks like it'),
    ('4', 'SCALE_ERROR', 0.99, 'cause', 'b = a * 100'),
    ('5', 'UNKNOWN', NULL, 'none', 'no idea')) t(break_id, reason, confidence, method, explanation)"""


@dataclass(frozen=True)
class Outcome:
    """As much of an outcome as the discriminator looks at."""

    breaks: Any
    reasons: Any = None


@pytest.mark.parametrize(
    ("gate", "accepted"),
    [
        (None, set()),
        (Gate(reasons={}), set()),
        (Gate(reasons={}, certified=False), {"2"}),  # exactly the promise is not enough
        (Gate(reasons={}, certified=False, promise=0.98), set()),
    ],
)
def test_predictions_need_a_certificate_or_a_definition_that_asks_for_none(
    gate: Gate | None, accepted: set[str]
) -> None:
    with DuckDBEngine() as engine:
        before: Any = Outcome(engine.materialise(engine.view(BREAKS)))
        after, counted = refused(engine, before, gate)
        rows = {row[0]: row[1:] for row in engine.rows(after.breaks)}
    assert counted == Predictions(2, len(accepted))
    for name in {"2", "3"} - accepted:
        assert rows[name][:3] == ("UNKNOWN", None, "none")
    for name in accepted:
        assert rows[name][0] == "ROUNDING"
    assert rows["1"][0] == "FORMAT"
    assert rows["4"][0] == "SCALE_ERROR"
    assert sum(after.reasons.values()) == 5


def test_without_predictions_nothing_changes() -> None:
    with DuckDBEngine() as engine:
        table = engine.materialise(engine.view(BREAKS))
        before: Any = Outcome(table.filter(table.method != "model"))
        after, counted = refused(engine, replace(before), None)
        assert counted == Predictions(0, 0)
        assert after.breaks is before.breaks
