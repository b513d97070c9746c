"""Comparison rules in words."""

from __future__ import annotations

from greenai.definition.model import Compare


def rule_in_words(rule: Compare) -> str:
    """E.g. ``within 0.01 or 1e-6 of the larger``; empty for exact comparison."""
    parts = []
    limits = []
    if rule.absolute is not None:
        limits.append(f"{rule.absolute}")
    if rule.relative is not None:
        limits.append(f"{rule.relative} of the larger")
    if rule.days is not None:
        limits.append(f"{rule.days} day{'s' if rule.days != 1 else ''}")
    if rule.seconds is not None:
        limits.append(f"{rule.seconds} s")
    if limits:
        parts.append("within " + " or ".join(limits))
    if rule.ignore_case:
        parts.append("ignoring case")
    if rule.similarity is not None:
        parts.append(f"similarity at least {rule.similarity}")
    return ", ".join(parts)
