"""Whether another definition may let breaks pass that wait now. Pure, and rather too careful."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from greenai.definition.differences import changed_paths

if TYPE_CHECKING:
    from greenai.definition.model import Definition
    from greenai.definition.problems import Path

Made = tuple[str, str | None, str]
"""Kind, field and reason of a break."""
HARMLESS: Final = frozenset(
    {"description", "schedule", "amount", "age", "context", "store", "recon", "engine"}
)
"""Parts of a definition that neither find breaks nor decide about them."""


def may_let_pass(before: Definition | None, after: Definition, made: Collection[Made]) -> bool:
    """Whether what differs between two definitions may let one of some breaks pass, or not be found at all.

    Without a definition before, all of the one after is new. What bears on every break counts for each.
    """
    if before is None:
        return bool(made)
    keys = {*(before.key or ()), *(after.key or ())}
    return any(bears_on(path, after, keys, one) for path in changed_paths(before, after) for one in made)


def bears_on(path: Path, after: Definition, keys: Collection[str], made: Made) -> bool:
    """Whether a change at a path of the document may let a break pass."""
    kind, field, reason = made
    if path[0] in HARMLESS or path[-1] == "system":
        return False
    if path[0] == "fields" and len(path) > 1:
        # A check may be about any field; a record is found by its key.
        return path[1] in keys or kind == "check" or path[1] == field
    if path[:2] == ("gate", "checks"):
        return kind == "check"
    if path[:2] == ("gate", "reasons") and len(path) > 2:
        rule = after.gate.reasons.get(str(path[2])) if after.gate is not None else None
        return path[2] == reason and rule is not None and rule.policy == "pass"
    return True
