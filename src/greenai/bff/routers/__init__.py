"""The routes by group: identity and audit; recon and operations. A router is one noun."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

    from fastapi import APIRouter

IDENTITY: Final[tuple[str, ...]] = ("login", "me", "users", "roles", "api_keys", "oidc", "audit")
"""Modules of identity and audit, each with a `router`."""
RECON: Final[tuple[str, ...]] = (
    "recons",
    "versions",
    "definitions",
    "connections",
    "uploads",
    "runs",
    "progress",
    "schedules",
    "jobs",
    "notices",
    "exports",
    "breaks",
    "causes",
    "facets",
    "proposals",
    "rule_proposals",
    "groups",
    "comments",
    "policies",
    "reasons",
    "statistics",
    "views",
    "assignments",
)
"""Modules of recon and operations, each with a `router`."""
GROUPS: Final = {"identity": IDENTITY, "recon": RECON}


def routers(groups: Collection[str]) -> list[APIRouter]:
    """The routers of some groups, in order."""
    return [
        import_module(f"{__name__}.{name}").router
        for group, names in GROUPS.items()
        if group in groups
        for name in names
    ]
