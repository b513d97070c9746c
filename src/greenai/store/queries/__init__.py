"""SQL of the store, in files: each query has a name, a sentence of purpose and its parameters.

::

    -- name --
    -- What it does.
    SELECT … WHERE recon_id = %(recon)s;
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import LiteralString, cast

_NAME = re.compile(r"^-- (\w+) --$", re.MULTILINE)


@cache
def queries(stem: str) -> dict[str, LiteralString]:
    """The queries of one file, by name, in order: ``queries("breaks")["held"]``."""
    text = files(__package__).joinpath(f"{stem}.sql").read_text(encoding="utf-8")
    _, *parts = _NAME.split(text)
    names, bodies = parts[::2], parts[1::2]
    assert len(set(names)) == len(names), f"{stem}.sql names a query twice"
    return dict(zip(names, (cast("LiteralString", body.strip()) for body in bodies), strict=True))
