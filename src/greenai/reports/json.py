"""The report as one JSON document: what ``summary.json`` says, and what a reader would be shown."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from greenai.domain.breaks import Break
from greenai.domain.report import GateInfo, Report
from greenai.reports import content, gate


def render(report: Report) -> str:
    """One JSON document in ASCII, always valid: no NaN, decimals and dates as text.

    The keys of ``summary.json`` stand at the top; beside them ``title``, ``business_date``,
    ``definition_fingerprint``, ``sides``, ``key``, ``field_info``, ``breaks_sample``,
    ``rejects_sample``, ``reasons``, ``notes`` and ``clean``, and of a run ``run`` and ``gate``. Values of
    breaks are complete.
    """
    return json.dumps(_plain(as_dict(report)), indent=2, allow_nan=False, ensure_ascii=True) + "\n"


def as_dict(report: Report) -> dict[str, Any]:
    """The document before it is written."""
    return {
        "title": report.title,
        "business_date": report.business_date,
        "definition_fingerprint": report.definition_fingerprint,
        "sides": {
            side: {"name": info.name, "location": info.location}
            for side, info in (("a", report.a), ("b", report.b))
        },
        "key": list(report.key),
        "clean": content.is_clean(report),
        **report.summary.as_dict(),
        **({} if report.gate is None else {"run": report.run, "gate": _gate(report, report.gate)}),
        "field_info": [
            {"name": info.name, "type": info.type, "rule": info.rule, "conflict": info.conflict}
            for info in report.fields
        ],
        "reasons": {line.reason: line.breaks for line in content.reason_lines(report)},
        "breaks_sample": [_break(one) for group in content.sample_groups(report) for one in group.breaks],
        "rejects_sample": [
            {
                "side": reject.side,
                "source": reject.source,
                "line": reject.line,
                "raw": reject.raw,
                "why": reject.why,
            }
            for reject in report.rejects
        ],
        "notes": list(report.notes),
    }


def _gate(report: Report, info: GateInfo) -> dict[str, Any]:
    """What the gate held and the store holds, beside the decisions that the summary counts."""
    return {
        "passed": gate.passed(report),
        "holds_all": info.holds_all,
        "failed_checks": [
            {
                "rule": line.rule,
                "failures": line.failures,
                "example": None if line.example is None else _break(line.example),
            }
            for line in gate.check_lines(report)
        ],
        "table": info.table,
        "stored": {table: stored.as_dict() for table, stored in info.stored.items()},
        "repeated": info.repeated,
        "excluded": info.excluded,
        "later_date": None if info.later is None else info.later.isoformat(),
    }


def _break(one: Break) -> dict[str, Any]:
    """A break under the names of ``breaks.parquet``; what a plain diff does not know is left out."""
    document: dict[str, Any] = {
        "key": list(one.key),
        "field": one.field,
        "kind": one.kind,
        "value_a": one.value_a,
        "value_b": one.value_b,
    }
    known = {
        name: said
        for name in ("reason", "decision", "resolution", "rule", "explanation")
        if (said := getattr(one, name)) is not None
    }
    return document | known


def _plain(value: Any) -> Any:
    """Only what JSON knows. Not a number and infinity become null, as JSON has no word for them."""
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str | int | bool) or value is None else str(value)
