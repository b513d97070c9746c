"""Printing a result in the format that was asked for."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from greenai.api import Result
    from greenai.settings import Settings

NARROWEST, WIDEST = 60, 200


def show(result: Result, form: str, settings: Settings) -> None:
    """Write the report to standard output."""
    if form == "json":
        from greenai.reports import json

        text = json.render(result.report)
    elif form == "markdown":
        text = result.to_markdown()
    elif form == "html":
        text = result.to_html()
    else:
        from greenai.reports import terminal

        colour = settings.colour if settings.colour is not None else sys.stdout.isatty()
        width = shutil.get_terminal_size((100, 24)).columns
        text = terminal.render(result.report, width=max(NARROWEST, min(width, WIDEST)), colour=colour)
    # Bytes, because the terminal's encoding may not know every character of the data.
    stream = sys.stdout.buffer
    stream.write(text.encode(sys.stdout.encoding or "utf-8", "backslashreplace"))
    if not text.endswith("\n"):
        stream.write(b"\n")
    stream.flush()
