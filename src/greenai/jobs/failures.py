"""What becomes of a job whose work failed: tried again later, or given up at once where that is of no use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from greenai.domain.jobs import Claim
from greenai.errors import (
    DefinitionError,
    FieldError,
    GreenaiError,
    KeyFieldError,
    SourceError,
    UsageError,
)

HOPELESS: Final = (DefinitionError, FieldError, KeyFieldError, SourceError, UsageError)
"""What is the same at every attempt, until a person mends a file or a definition."""
LONGEST: Final = 60.0
"""Seconds between two attempts at most."""
MEND: Final = "mend what is named, then `greenai jobs retry {job}`"
UNFORESEEN: Final = "this is a fault of greenai: see the log of the engine, then `greenai jobs retry {job}`"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt failed, what to do, and after how many seconds to try again (None: not at all)."""

    error: str
    remedy: str
    delay: float | None


def failure(claim: Claim, error: Exception) -> Failure:
    """What to make of an error at one attempt."""
    if isinstance(error, GreenaiError):
        place = f"{error.place}: " if error.place else ""
        said, remedy = f"{place}{error.message}", error.remedy or MEND.format(job=claim.job_id)
    else:
        said = f"{type(error).__name__}: {error}"
        remedy = UNFORESEEN.format(job=claim.job_id)
    over = claim.last or isinstance(error, HOPELESS)
    return Failure(said, remedy, None if over else min(2.0**claim.attempt, LONGEST))
