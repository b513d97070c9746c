"""What a report shows, before anyone decides how: the terminal, Markdown and HTML share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from greenai.domain.breaks import Break, Reject
from greenai.domain.causes import Cause
from greenai.domain.groups import Group
from greenai.domain.runs import Stored
from greenai.domain.summary import Summary


@dataclass(frozen=True, slots=True)
class SideInfo:
    """One side as a reader knows it."""

    name: str
    """System or file name."""
    location: str


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One compared field: its type, its rule in words (``within 0.01``), and a type conflict if any."""

    name: str
    type: str
    rule: str = ""
    conflict: str | None = None
    """E.g. ``a is integer, b is string: compared as integer``."""


@dataclass(frozen=True, slots=True)
class GateInfo:
    """What the gate and the store did, beside the decisions that the summary counts."""

    failed_checks: tuple[tuple[str, int], ...] = ()
    """Rules that do not hold, each with how often."""
    holds_all: bool = False
    """Whether a check of the whole input keeps every row out."""
    stored: Mapping[str, Stored] = field(default_factory=dict)
    """What became of the rows of each golden table, by its name; empty where nothing is stored."""
    table: str | None = None
    """The golden table of the recon's records; the others of `stored` are its references."""
    repeated: int | None = None
    """The earlier run that said the same, when nothing was written."""
    suspended: tuple[str, ...] = ()
    """Causes of the approved rules that a run suspended though it stored nothing else, see `repeated`."""
    excluded: int = 0
    """Records that passed and that a resolution keeps out of the golden table."""
    later: date | None = None
    """The next later business date that was published before: golden tables show that one or a later."""


@dataclass(frozen=True, slots=True)
class Report:
    """The content of every report of one comparison or run."""

    title: str
    a: SideInfo
    b: SideInfo
    key: tuple[str, ...]
    fields: tuple[FieldInfo, ...]
    summary: Summary
    samples: dict[str, tuple[Break, ...]] = field(default_factory=dict)
    """A few breaks per field name (kind value), per whole-record kind (``only_a`` …) and of failed checks."""
    reasons: dict[str, int] = field(default_factory=dict)
    """Breaks per reason; empty in a plain diff."""
    rejects: tuple[Reject, ...] = ()
    """A few rejected rows."""
    notes: tuple[str, ...] = ()
    """What the reader should know: inferred key, type conflicts, unpaired columns."""
    definition_fingerprint: str | None = None
    business_date: str | None = None
    gate: GateInfo | None = None
    """What the gate did; None in a plain diff."""
    run: int | None = None
    """The run's number in the store."""
    causes: tuple[Cause, ...] = ()
    """What explains many breaks at once, those that explain most first."""
    groups: tuple[Group, ...] = ()
    """What nothing explains, by likeness, the largest first."""
