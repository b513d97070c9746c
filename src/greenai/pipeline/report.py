"""The content of a report, from what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenai.domain.report import GateInfo, Report, SideInfo
from greenai.pipeline.reconcile import Reconciled
from greenai.pipeline.samples import samples

if TYPE_CHECKING:
    from greenai.engines.base import Engine

SHOWN_REJECTS = 10


def build_report(
    engine: Engine,
    outcome: Reconciled,
    *,
    title: str,
    a: SideInfo,
    b: SideInfo,
    fingerprint: str | None = None,
    business_date: str | None = None,
    notes: tuple[str, ...] = (),
    gate: GateInfo | None = None,
    run: int | None = None,
) -> Report:
    """Everything a report shows; looks a few breaks up in the engine."""
    return Report(
        title=title,
        a=a,
        b=b,
        key=outcome.plan.key,
        fields=outcome.plan.fields,
        summary=outcome.summary,
        samples=samples(engine, outcome, failed=gate.failed_checks if gate else ()),
        reasons=outcome.reasons,
        causes=outcome.causes,
        groups=outcome.groups,
        rejects=outcome.rejects[:SHOWN_REJECTS],
        notes=(*outcome.plan.notes, *notes, *(one.sentence for one in outcome.suspended)),
        definition_fingerprint=fingerprint,
        business_date=business_date,
        gate=gate,
        run=run,
    )
