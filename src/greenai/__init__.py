"""greenai: open, self-hosted data reconciliation.

``greenai.diff(a, b, key=...)`` compares two tables, ``greenai.infer(a, b)`` proposes a definition,
``greenai.run(definition)`` runs one; ``greenai.runs()``, ``greenai.show(run)`` and
``greenai.rejected(run)`` tell what the store knows, ``greenai.causes(recon)`` and ``greenai.cause(id)`` what
it knows of causes; ``greenai.accept_cause`` makes a rule of one, ``greenai.change_rule`` suspends, resumes or
withdraws it. Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greenai.version import __version__

if TYPE_CHECKING:
    from greenai.api import (
        Diff,
        Inference,
        Run,
        accept_cause,
        cause,
        causes,
        change_rule,
        diff,
        infer,
        rejected,
        run,
        runs,
        show,
    )
    from greenai.errors import GreenaiError

__all__ = [
    "Diff",
    "GreenaiError",
    "Inference",
    "Run",
    "__version__",
    "accept_cause",
    "cause",
    "causes",
    "change_rule",
    "diff",
    "infer",
    "rejected",
    "run",
    "runs",
    "show",
]


def __getattr__(name: str) -> Any:
    if name == "GreenaiError":
        from greenai.errors import GreenaiError

        return GreenaiError
    if name in __all__:
        from greenai import api

        return getattr(api, name)
    raise AttributeError(f"module 'greenai' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
