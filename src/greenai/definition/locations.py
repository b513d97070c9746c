"""Placeholders in locations: what may stand in braces.

Which files a location means, relative to the definition's folder, is decided by `greenai.sources`.
"""

from __future__ import annotations

import re

from greenai.definition.problems import suggestion

PLACEHOLDER = "business_date"
_BRACES = re.compile(r"\{\s*([A-Za-z_][A-Za-z_ -]*?)\s*(:[^{}]*)?\}")


def check_location(location: str) -> None:
    """Refuse what looks like the business date and is not written like it. Raises ValueError.

    Other braces are left alone, they may be part of a file's name.
    """
    for match in _BRACES.finditer(location):
        if match[0] == f"{{{PLACEHOLDER}}}":
            continue
        if match[1] == PLACEHOLDER:
            raise ValueError(f"`{match[0]}` takes no format; {{{PLACEHOLDER}}} is written like 2026-01-31")
        if suggestion(match[1], (PLACEHOLDER, "date")):
            raise ValueError(f"`{match[0]}` is not known; the placeholder is {{{PLACEHOLDER}}}")
