"""Open records of earlier dates, as the store knows them: for the next comparison, and by their age."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import ibis
import ibis.expr.datatypes as dt
from psycopg import sql

from greenai.errors import StaleError
from greenai.fields.render import json_key
from greenai.store.breaks import record_id
from greenai.store.copying import copy_in, copy_out
from greenai.store.queries import queries

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import psycopg

    from greenai.engines.duckdb import DuckDBEngine

    Connection = psycopg.Connection[Any]

Side = Literal["a", "b"]
RECORD: Final = "record_id"
TEXT, RAW = "text:", "raw:"
"""How the columns of `open_rows` begin: a field's text, and what stood there if it could not be read."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is known of a recon on the eve of a business date."""

    connection: Connection
    engine: DuckDBEngine
    recon_id: int
    business_date: date
    folder: Path
    """For temporary files."""

    def known(self) -> int:
        """The last publication of a run for an earlier date, 0 where there is none."""
        return int(self._one("known"))

    def insist(self, known: int) -> None:
        """Refuse to publish what was compared with records of earlier dates that a run changed meanwhile.

        Needs the recon's lock; raises StaleError.
        """
        if self.known() != known:
            raise StaleError(
                "an earlier date was published while the run went on: its open records are others now",
                stage="compare",
            )

    def open_rows(self, side: Side, key_version: int, fields: Sequence[str], mark: str) -> ir.Table:
        """The rows of records that stand on one side only since an earlier date and wait for a decision.

        Columns: ``record_id``, and of every field its ``text:`` and ``raw:``. `mark` is the member of a
        row that names its unreadable fields.
        """
        cells: dict[str, sql.Composed] = {}
        for name in fields:
            words = {"mark": sql.Literal(mark), "name": sql.Literal(name)}
            unreadable = sql.SQL("coalesce(v.given -> {mark} ? {name}, false)").format(**words)
            text = sql.SQL("v.given ->> {name}").format(**words)
            cells[TEXT + name] = sql.SQL("CASE WHEN NOT {} THEN {} END").format(unreadable, text)
            cells[RAW + name] = sql.SQL("CASE WHEN {} THEN {} END").format(unreadable, text)
        return self._out(
            "open_rows",
            [RECORD, *cells],
            fields=sql.SQL(", ").join(cells.values()),
            kind=sql.Literal(f"only_{side}"),
            side=sql.Identifier(f"row_{side}"),
            key_version=sql.Literal(key_version),
        )

    def told(self, sides: Mapping[Side, ir.Table], key: Sequence[str], key_version: int) -> ir.Table:
        """Records with a present break that a comparison saw: ``record_id``, ``on_a``, ``on_b``.

        `sides` are all rows that were compared. Needs the recon's lock.
        """
        broken = self._out("broken", [RECORD], there=True)
        parts = []
        for side, rows in sides.items():
            identities = rows.select(**{RECORD: record_id(json_key([rows[n] for n in key]), key_version)})
            parts.append(
                identities.semi_join(broken, RECORD).mutate(
                    on_a=ibis.literal(side == "a"), on_b=ibis.literal(side == "b")
                )
            )
        seen = ibis.union(*parts)
        by_record = seen.group_by(RECORD).aggregate(on_a=seen.on_a.any(), on_b=seen.on_b.any())
        # Whether the whole input holds, every run tells.
        whole = broken.filter(broken[RECORD] == record_id(ibis.literal("[]"), key_version))
        every = whole.mutate(on_a=ibis.literal(True), on_b=ibis.literal(True))
        found = self.engine.materialise(by_record.union(every))
        self.engine.drop(broken)
        return found

    def first_seen(self, breaks: ir.Table) -> ir.Table:
        """Breaks (of ``break_id``) that were present on an earlier date: ``break_id``, ``first_seen``."""
        self.connection.execute("DROP TABLE IF EXISTS pg_temp.aged_break")
        self.connection.execute("CREATE TEMP TABLE aged_break (break_id uuid NOT NULL) ON COMMIT DROP")
        if self.known():
            copy_in(self.connection, self.engine, breaks.select("break_id"), sql.SQL("pg_temp.aged_break"))
            self.connection.execute("ANALYZE pg_temp.aged_break")
        return self._out("first_seen", ["break_id", "first_seen"], kinds={"first_seen": dt.date})

    def _out(
        self,
        name: str,
        columns: Iterable[str],
        *,
        there: bool = False,
        kinds: Mapping[str, dt.DataType] | None = None,
        **given: sql.Composable,
    ) -> ir.Table:
        """The rows of a query. `there`: about the day as it was published before, not about its eve."""
        words = {"recon": sql.Literal(self.recon_id), "day": sql.Literal(self.business_date)}
        newest, named = self._one("newest"), queries("carrying")
        latest = newest is None or newest < self.business_date or (there and newest == self.business_date)
        which = "present_now" if latest else "present_there" if there else "present_then"
        present = sql.SQL(named[which]).format(**words)
        query = sql.SQL(named[name]).format(present=present, **words, **given)
        schema = ibis.schema({column: (kinds or {}).get(column, dt.string) for column in columns})
        return copy_out(self.connection, self.engine, query, schema, self.folder)

    def _one(self, name: str) -> Any:
        given = {"recon": self.recon_id, "day": self.business_date}
        row = self.connection.execute(queries("carrying")[name], given).fetchone()
        assert row is not None
        return row[0]
