"""Texts as SQL literals."""

from __future__ import annotations


def quoted(text: str) -> str:
    """A text quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"
