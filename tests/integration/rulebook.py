"""A recon whose causes are accepted as rules: amounts in JPY that one side has times 100."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

import face
import greenai
from greenai.api.results import Run
from greenai.domain.rules import CauseLine
from greenai.store.database import connect

Row = tuple[str, str, str, Decimal]
ROWS = 900
MONEY = "decimal(18,2)"
FIRST, SECOND, THIRD = "2026-01-05", "2026-01-06", "2026-01-07"


@dataclass
class Book:
    """A recon of amounts in three currencies, of which the back office has those in JPY times 100."""

    folder: Path
    url: str
    gate: dict[str, Any] | None = None
    context: Sequence[str] = ("currency", "desk")
    amount: str | None = MONEY
    """The type of the amounts; None: they are not compared. Another one fits the golden table no more."""

    def rows(self, day: int, *, count: int = ROWS) -> list[Row]:
        """The front office's rows: every third is in JPY."""
        return [
            (
                f"T{day}{n:05d}",
                ("JPY", "EUR", "USD")[n % 3],
                ("x", "y")[n % 2],
                Decimal(1000 + 7 * n) + Decimal("0.25"),
            )
            for n in range(count)
        ]

    def run(
        self,
        date: str,
        a: Iterable[Row],
        change: Callable[[Row], Decimal | None] | None = None,
        *,
        causes: bool | None = None,
    ) -> Run:
        """Run a day of which b has what `change` makes of a, None being no record.

        Causes are looked for on the first day, unless told.
        """
        rows = [(row, (change or scaled)(row)) for row in a]
        self.write("a", [row for row, _ in rows])
        self.write("b", [(*row[:3], value) for row, value in rows if value is not None])
        definition = {
            "recon": "book",
            "sources": {"a": {"location": "a.csv"}, "b": {"location": "b.csv"}},
            "key": ["id"],
            "fields": {
                "id": {"type": "string"},
                "currency": {"type": "string"},
                "desk": {"type": "string"},
                "amount": {"compare": {"ignore": True}} if self.amount is None else {"type": self.amount},
            },
            "context": list(self.context),
            **({"store": {"table": "trade"}} if self.amount == MONEY else {}),
            **({"gate": self.gate} if self.gate else {}),
        }
        path = self.folder / "recon.yaml"
        path.write_text(yaml.safe_dump(definition, sort_keys=False), encoding="utf-8")
        search = date == FIRST if causes is None else causes
        with greenai.run(path, business_date=date, store=self.url, causes=search) as done:
            return done

    def write(self, side: str, rows: Iterable[Row]) -> None:
        lines = ["id,currency,desk,amount", *(",".join(map(str, row)) for row in rows)]
        (self.folder / f"{side}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def scale(self) -> CauseLine:
        """The cause that the last run found."""
        (found,) = [one for one in greenai.causes("book", store=self.url) if one.family == "scale"]
        return found

    def accept(self, **given: Any) -> CauseLine:
        return greenai.accept_cause(
            self.scale().cause_id[:8], actor="ann", store=self.url, **{"resolution": "take_a", **given}
        )

    def ask(self, query: str, *given: Any) -> list[tuple[Any, ...]]:
        with connect(self.url) as connection:
            return connection.execute(query.encode(), list(given) or None).fetchall()

    def decided(self, date: str) -> dict[tuple[str, str, str], int]:
        """Breaks of a day by outcome, method and kind of rule."""
        return {
            (outcome, method, rule): n
            for outcome, method, rule, n in self.ask(
                "SELECT outcome, method, split_part(rule, ':', 1), count(*) FROM greenai.recon n,"
                " greenai.decided_at(n.recon_id, %s, 1::bigint << 62) GROUP BY 1, 2, 3",
                date,
            )
        }

    def events(self) -> list[tuple[Any, ...]]:
        return self.ask(
            "SELECT e.event, a.name, e.run_id IS NOT NULL, e.scope_size, e.exceptions"
            " FROM greenai.rule_event e JOIN greenai.actor a USING (actor_id) ORDER BY e.event_id"
        )


def scaled(row: Row) -> Decimal:
    return row[3] * 100 if row[1] == "JPY" else row[3]


def wrong(*places: str) -> Callable[[Row], Decimal]:
    """Like `scaled`, but for records in which b is off by one."""
    return lambda row: row[3] + 1 if row[0] in places else scaled(row)


def command(book: Book, *words: str) -> face.Answer:
    """Ask ``greenai causes``."""
    return face.greenai("causes", *words, "--store", book.url)
