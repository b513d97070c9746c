"""A recon with real files and a real store: write both sides, run a day, look at what stands there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

import greenai
from greenai.api.results import Run
from greenai.store.database import connect

Rows = Iterable[Sequence[Any]]


@dataclass
class Desk:
    """A definition with the sides ``a.parquet`` and ``b.parquet`` in a folder, and a store."""

    folder: Path
    url: str
    definition: dict[str, Any]

    def write(self, side: str, rows: Rows) -> None:
        """Write a side as texts, so that an empty one and null differ."""
        cells = list(zip(*map(list, rows), strict=True)) or [()] * len(self.columns)
        table = pa.table({n: pa.array(c, pa.string()) for n, c in zip(self.columns, cells, strict=True)})
        pq.write_table(table, self.folder / f"{side}.parquet")

    @property
    def columns(self) -> list[str]:
        return list(self.definition["fields"])

    def run(self, day: str, a: Rows | None = None, b: Rows | None = None) -> Run:
        """Run a day with these sides; sides left out are those of the last time."""
        if a is not None:
            self.write("a", a)
        if b is not None:
            self.write("b", b)
        whole = {
            "recon": "trades",
            "sources": {"a": {"location": "a.parquet"}, "b": {"location": "b.parquet"}},
            **self.definition,
        }
        path = self.folder / "recon.yaml"
        path.write_text(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), encoding="utf-8")
        # What causes say of a handful of rows is not the matter here.
        with greenai.run(path, business_date=day, store=self.url, causes=False) as done:
            return done

    def ask(self, query: str, *given: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with connect(self.url) as connection:
            return connection.execute(query.encode(), list(given) or None).fetchall()

    def golden(self, table: str = "trade") -> dict[Any, tuple[Any, ...]]:
        """The fields and the mark of each row of a golden table, by its first column."""
        columns = [
            name
            for (name,) in self.ask(
                "SELECT attname FROM pg_attribute WHERE attrelid = format('golden.%%I', %s::text)::regclass"
                " AND attnum > 0 AND attname NOT IN ('_business_from', '_known_from', '_publication',"
                " '_row_hash') ORDER BY attnum",
                table,
            )
        ]
        listed = ", ".join('"' + name.replace('"', '""') + '"' for name in columns)
        quoted = table.replace('"', '""')
        return {row[0]: row[1:] for row in self.ask(f'SELECT {listed} FROM golden."{quoted}"')}

    def breaks(self, day: str) -> dict[str, list[tuple[str, str, str]]]:
        """By key text: break id, kind and outcome of the breaks that are present on a day."""
        found: dict[str, list[tuple[str, str, str]]] = {}
        for key, one, kind, outcome in self.ask(
            "SELECT r.key, d.break_id::text, d.kind, d.outcome FROM greenai.recon n,"
            " greenai.decided_at(n.recon_id, %s, 1::bigint << 62) d"
            " JOIN greenai.record r USING (record_id) ORDER BY r.key, d.kind, d.field, d.break_id",
            day,
        ):
            found.setdefault("|".join(key), []).append((one, kind, outcome))
        return found

    def everything(self) -> dict[str, list[str]]:
        """All rows of all tables of both schemas, to see whether anything was written."""
        tables = self.ask(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname IN ('greenai', 'golden') AND c.relkind IN ('r', 'p')"
        )
        return {
            f"{schema}.{name}": sorted(
                row for (row,) in self.ask(f'SELECT (t.*)::text || xmin FROM "{schema}"."{name}" t')
            )
            for schema, name in tables
        }
