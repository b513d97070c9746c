"""The inline half of the discriminator: a prediction passes on only with evidence that it may be believed.

Proofs, approved rules and verified causes are no predictions and go through. A model's reason needs a
certificate, or a definition that says that calibrated confidence is enough; otherwise it is refused to
UNKNOWN, and a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ibis

from greenai.domain.reasons import UNKNOWN
from greenai.pipeline.reconcile import Reconciled

if TYPE_CHECKING:
    from greenai.definition.gate import Gate
    from greenai.engines.duckdb import DuckDBEngine

MODEL = "model"
REFUSED = "a model's prediction that nothing certifies"


@dataclass(frozen=True, slots=True)
class Predictions:
    """How many breaks had a prediction, and of how many it was accepted."""

    made: int
    accepted: int


def refused(engine: DuckDBEngine, outcome: Reconciled, gate: Gate | None) -> tuple[Reconciled, Predictions]:
    """The outcome without the predictions that may not be believed, and how many there were."""
    breaks = outcome.breaks
    predicted = breaks.method == MODEL
    made = engine.count(breaks.filter(predicted))
    if not made:
        return outcome, Predictions(0, 0)
    # Without a certificate, a definition may say that calibrated confidence above the promise is enough.
    enough = gate is not None and not gate.certified
    believed = (breaks.confidence > gate.promise).fill_null(False) if gate and enough else ibis.literal(False)
    unbelieved = predicted & ~believed
    mended = engine.materialise(
        breaks.mutate(
            reason=unbelieved.ifelse(UNKNOWN, breaks.reason),
            confidence=unbelieved.ifelse(None, breaks.confidence),
            method=unbelieved.ifelse("none", breaks.method),
            explanation=unbelieved.ifelse(REFUSED, breaks.explanation),
        )
    )
    accepted = engine.count(mended.filter(mended.method == MODEL))
    counted = mended.group_by("reason").aggregate(n=mended.count())
    rows = engine.rows(counted.order_by(counted.n.desc(), counted.reason))
    reasons = {str(reason): int(n) for reason, n in rows}
    return replace(outcome, breaks=mended, reasons=reasons), Predictions(made, accepted)
