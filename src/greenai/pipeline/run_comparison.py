"""Two runs of one recon beside each other: their numbers, inputs, versions, and what became of breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from greenai.domain.runs import StoredRun
from greenai.store import reading, run_pages

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Two runs; `numbers` are those of both by name, `totals` net differences by currency, exact."""

    a: StoredRun
    b: StoredRun
    numbers: dict[str, tuple[int | None, int | None]]
    totals: dict[str | None, tuple[str | None, str | None]]
    breaks: run_pages.Beside | None

    @property
    def same_version(self) -> bool:
        """Whether both ran one version."""
        return self.a.line.version == self.b.line.version

    @property
    def same_inputs(self) -> bool:
        """Whether both read the same contents."""
        read = [[(one.side, one.content_hash) for one in run.inputs] for run in (self.a, self.b)]
        return bool(read[0]) and read[0] == read[1]


def compared_runs(connection: Connection, run_a: int, run_b: int) -> RunComparison:
    """One run beside another of its recon. Raises UsageError for one that is not there."""
    a, b = reading.run(connection, run_a), reading.run(connection, run_b)
    both = numbers(a), numbers(b)
    names = dict.fromkeys((*both[0], *both[1]))
    nets = [{one.currency: str(one.net) for one in run.totals} for run in (a, b)]
    currencies = dict.fromkeys((*nets[0], *nets[1]))
    return RunComparison(
        a,
        b,
        {name: (both[0].get(name), both[1].get(name)) for name in names},
        {currency: (nets[0].get(currency), nets[1].get(currency)) for currency in currencies},
        run_pages.beside(connection, run_a, run_b),
    )


def numbers(run: StoredRun) -> dict[str, int]:
    """The numbers of a run by dotted names; of one that is not published there are none."""
    if run.rows is None:
        return {}
    groups: dict[str, dict[str, int]] = {
        "rows": run.rows.as_dict(),
        "decisions": run.decisions.as_dict(),
        "records": run.records.as_dict(),
        "passed_by": run.passed_by,
        "reasons": run.reasons,
        "fields": {name: counts.different for name, counts in run.fields.items()},
    }
    found = {f"{group}.{name}": number for group, held in groups.items() for name, number in held.items()}
    return {"breaks": run.breaks, **found}
