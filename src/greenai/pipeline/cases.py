"""A decision that is being made: what it is about, and what the store says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenai.definition.model import Definition
from greenai.store.queries import queries

if TYPE_CHECKING:
    import psycopg

    from greenai.engines.duckdb import DuckDBEngine


@dataclass(frozen=True, slots=True)
class Case:
    """What is reviewed: a run's date, its definition, its open publication, and where things are kept."""

    connection: psycopg.Connection[Any]
    engine: DuckDBEngine
    recon_id: int
    business_date: date
    definition: Definition
    publication_id: int
    next_date: date | None
    folder: Path

    def ask(self, name: str, **more: object) -> list[tuple[Any, ...]]:
        """The rows of a query of ``review.sql``."""
        given = {
            "recon": self.recon_id,
            "day": self.business_date,
            "publication": self.publication_id,
            "next": self.next_date,
        }
        cursor = self.connection.execute(queries("review")[name], {**given, **more})
        return cursor.fetchall() if cursor.description else []

    def whole(self) -> list[str]:
        """The records that are the whole input, one for each version of the key."""
        return [str(record_id) for (record_id,) in self.ask("whole")]
