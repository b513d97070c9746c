"""Reasons, and which of them causes have, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from greenai.reports.canvas import Canvas
from greenai.reports.tables import table
from greenai.reports.text import fit, visible

if TYPE_CHECKING:
    from greenai.domain.reasons import Reason, ReasonRule

NATURES = {True: "functional", False: "non-functional", None: "not known"}
_NAME = 44


def render_reasons(found: tuple[Sequence[Reason], Sequence[ReasonRule]], *, width: int, colour: bool) -> str:
    """A table of reasons, and one of the rules in the order in which they are asked."""
    reasons, rules = found
    canvas = Canvas(width, colour=colour)
    canvas.line(("Reasons", "title"))
    table(
        canvas,
        ("", "", ""),
        [
            (
                ("  " + one.code, "strong"),
                (fit(visible(one.name), _NAME), "") if one.added else ("named by a definition only", "warn"),
                (NATURES[one.functional], "dim"),
            )
            for one in reasons
        ],
        right=set(),
    )
    canvas.heading("Which reason a cause has", (", the first that fits", "dim"))
    table(
        canvas,
        ("", "", ""),
        [
            (("  " + one.reason, "strong"), (visible(terms(one)), ""), (visible(of(one)), "dim"))
            for one in rules
        ],
        right=set(),
    )
    return canvas.text()


def terms(rule: ReasonRule) -> str:
    """``scale of notional, where the scope speaks of desk``: what causes a rule is about."""
    words = rule.kind if rule.kind != "value" else rule.family or "any family"
    if rule.field is not None:
        words += f" of {rule.field}"
    if rule.column is not None:
        words += f", scope by {rule.column}"
    if rule.whole is not None:
        words += ", the whole scope" if rule.whole else ", part of the scope"
    return words


def of(rule: ReasonRule) -> str:
    """The recon that a rule is for."""
    return "" if rule.recon is None else f"in {rule.recon}"
