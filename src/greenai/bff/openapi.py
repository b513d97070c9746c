"""The OpenAPI document, without a server: ``python -m greenai.bff.openapi > openapi.json``."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

from greenai.bff.main import create_app
from greenai.bff.routers import GROUPS
from greenai.settings import Settings


def document() -> dict[str, Any]:
    """The document of all routes, whatever the environment says."""
    return create_app(replace(Settings(), bff=frozenset(GROUPS))).openapi()


if __name__ == "__main__":
    json.dump(document(), sys.stdout, indent=1, sort_keys=True)
    sys.stdout.write("\n")
