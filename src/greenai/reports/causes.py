"""Causes in reports: what explains many breaks at once, in a sentence, with examples and exceptions."""

from __future__ import annotations

from dataclasses import dataclass

from greenai.domain.causes import Cause, Example
from greenai.domain.report import Report

MOST = 30
"""Causes that a report shows; all are in ``causes.parquet``."""


@dataclass(frozen=True, slots=True)
class CauseLine:
    """One cause as reports show it."""

    title: str
    """``notional: b = a * 100``; the expression alone where it is about whole records."""
    scope: str
    nature: str
    cause: Cause


def cause_lines(report: Report) -> list[CauseLine]:
    """The causes that explain most, first."""
    ordered = sorted(report.causes, key=lambda one: (-one.breaks, one.cause_id))
    return [
        CauseLine(
            title=f"{one.field}: {one.expression}" if one.field else one.expression,
            scope="everywhere" if one.scope == "true" else one.scope,
            nature=nature(one),
            cause=one,
        )
        for one in ordered[:MOST]
    ]


def nature(one: Cause) -> str:
    """Whether the systems legitimately differ, and whether a person made a rule of the cause."""
    said = {True: "functional", False: "non-functional", None: "not known"}[one.functional]
    return f"{said}, approved rule" if one.approved else said


def left_out(report: Report) -> str | None:
    """How many causes are not shown."""
    more = len(report.causes) - MOST
    return f"{more:,} more causes: causes.parquet of --out" if more > 0 else None


def explained(report: Report) -> int:
    """How many breaks have a cause that tells which they are."""
    return sum(one.breaks for one in report.causes if one.explains)


def example(one: Example) -> str:
    """A break in one line: its key, then both values."""
    key = ", ".join(one.key)
    if one.value_a is None and one.value_b is None:
        return key
    return f"{key}: {_shown(one.value_a)} → {_shown(one.value_b)}"


def _shown(text: str | None) -> str:
    return "null" if text is None else text
