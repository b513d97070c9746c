"""Placeholders in locations: what may stand in braces.

Which files a location means, relative to the definition's folder, is decided by `greenai.sources`.
"""

from __future__ import annotations

import re

from greenai.definition.problems import suggestion

PLACEHOLDER = "business_date"
_DATE_FORMAT = re.compile(r":(?=.*%)(?:%[YymbBdj]|[^%{}])+")
_BRACES = re.compile(r"\{\s*([A-Za-z_][A-Za-z_ -]*?)\s*(:[^{}]*)?\}")


def check_location(location: str) -> None:
    """Refuse what looks like the business date and is not written like it. Raises ValueError.

    Other braces are left alone, they may be part of a file's name.
    """
    for match in _BRACES.finditer(location):
        if match[0] == f"{{{PLACEHOLDER}}}":
            continue
        if match[1] == PLACEHOLDER and match[0].startswith(f"{{{PLACEHOLDER}:"):
            if not _DATE_FORMAT.fullmatch(match[2]):
                raise ValueError(
                    f"`{match[0]}`: a format is made of %Y %y %m %b %d %j and plain characters, "
                    f"e.g. {{{PLACEHOLDER}:%Y%m%d}}"
                )
            continue
        if match[1] == PLACEHOLDER:
            raise ValueError(f"`{match[0]}` is written {{{PLACEHOLDER}}}")
        if suggestion(match[1], (PLACEHOLDER, "date")):
            raise ValueError(f"`{match[0]}` is not known; the placeholder is {{{PLACEHOLDER}}}")
