"""The whole reports, byte for byte. ``GREENAI_UPDATE_GOLDEN=1`` writes them anew, for review in git."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import report_samples

from greenai.domain.report import Report
from greenai.reports import html, json, markdown, terminal

GOLDEN = Path(__file__).parents[2] / "golden" / "reports"
RENDERERS: dict[str, Callable[[Report], str]] = {
    "80.txt": lambda report: terminal.render(report, width=80, colour=False),
    "120.txt": lambda report: terminal.render(report, width=120, colour=False),
    "ansi.txt": lambda report: terminal.render(report, width=100, colour=True),
    "md": markdown.render,
    "html": html.render,
}
CASES = [
    *(
        (name, suffix)
        for name in ("trades", "nasty", "clean", "empty", "gated", "held")
        for suffix in RENDERERS
    ),
    ("trades", "json"),
    ("clean", "json"),
    ("gated", "json"),
]


@pytest.mark.parametrize(("name", "suffix"), CASES)
def test_the_report_is_what_a_reader_last_approved(name: str, suffix: str) -> None:
    report: Report = getattr(report_samples, name)()
    shown = {**RENDERERS, "json": json.render}[suffix](report)
    golden = GOLDEN / f"{name}.{suffix}"
    if os.environ.get("GREENAI_UPDATE_GOLDEN") == "1":
        golden.write_text(shown, encoding="utf-8", newline="\n")
    assert golden.read_text(encoding="utf-8") == shown
