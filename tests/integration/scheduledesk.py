"""A scheduled recon, and a scheduler that looks when a test says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from greenai.definition.loading import loads
from greenai.pipeline import due_runs
from greenai.pipeline.registering import register
from greenai.pipeline.submission import submit

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""A Friday."""
THURSDAY = date(2026, 11, 19)
DEFINITION = """
recon: trades
sources: {{a: {{location: "a_{{business_date}}.csv"}}, b: {{location: "b_{{business_date}}.csv"}}}}
key: [id]
fields: {{id: {{type: string}}, amount: {{type: "decimal(18,2)"}}}}
schedule: {{cron: "{cron}", notify: {{to: [ops@example.com, "webhook:OPS"],
            events: [missed_file, overdue, failed, review_needed, completed]}}, overdue: 2h{more}}}
"""


@dataclass
class Desk:
    """A scheduled recon, and a scheduler that looks when it is told to."""

    url: str
    folder: Path
    connection: Any
    watch: due_runs.Watch = field(default_factory=due_runs.Watch)

    def register(self, cron: str = "0 6 * * 1-5", more: str = "") -> bool:
        definition = loads(DEFINITION.format(cron=cron, more=more), source="test")
        return register(self.connection, definition, folder=self.folder, actor="ann")

    def back_to(self, moment: datetime) -> None:
        """As if it had been registered long ago and nobody had looked since a moment."""
        self.connection.execute("UPDATE greenai.schedule SET seen_until = %s", [moment])
        self.connection.execute(
            "ALTER TABLE greenai.due DISABLE TRIGGER ALL; UPDATE greenai.schedule_version "
            "SET registered_at = '2026-01-01'; ALTER TABLE greenai.due ENABLE TRIGGER ALL"
        )

    def look(self, at: datetime = NOW) -> list[str]:
        return [
            one.what
            for part in (
                due_runs.note_due(self.connection, self.watch, at),
                due_runs.submit_arrived(self.connection, self.watch, at, submit),
                due_runs.tell_ends(self.connection, self.watch, at),
            )
            for one in part
        ]

    def write(self, day: date, sides: str = "ab") -> None:
        for side in sides:
            (self.folder / f"{side}_{day}.csv").write_text("id,amount\n1,2.50\n", encoding="utf-8")

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.connection.execute(sql).fetchall()
        return found

    def dues(self) -> list[tuple[Any, ...]]:
        return self.ask("SELECT business_date, state FROM greenai.due ORDER BY business_date, due_id")
