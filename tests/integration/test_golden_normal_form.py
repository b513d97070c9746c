"""Golden tables are in third normal form: looked for in the data and the catalogue of a live database."""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path
from typing import Any

import psycopg
import pytest
from publishing_desk import Desk

from greenai.errors import DefinitionError
from greenai.store.database import connect

DAY = "2026-01-05"


def transitive(connection: psycopg.Connection[Any], schema: str) -> list[tuple[str, tuple[str, ...], str]]:
    """Table, columns and column where up to two non-key columns determine another in all rows.

    Only what the data can show counts: some of the determining values stand in several rows, and the
    column that they determine is not the same everywhere. Columns of greenai's own are left out.
    """
    found = []
    for table, columns, key in connection.execute(
        """SELECT c.relname, array_agg(a.attname ORDER BY a.attnum), coalesce(max(k.names), '{}')
           FROM pg_class c
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           LEFT JOIN LATERAL (
               SELECT array_agg(ka.attname) AS names FROM pg_constraint p
               JOIN pg_attribute ka ON ka.attrelid = p.conrelid AND ka.attnum = ANY(p.conkey)
               WHERE p.conrelid = c.oid AND p.contype = 'p') k ON true
           WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r'
           GROUP BY c.relname""",
        [schema],
    ).fetchall():
        if table.endswith("_history"):
            continue  # the same columns, under the dates of the table that it belongs to
        others = [name for name in columns if name not in key and not name.startswith("_")]
        for size in (1, 2):
            for left in combinations(others, size):
                for right in others:
                    smaller = any((table, one, right) in found for one in combinations(left, 1))
                    if (
                        right not in left
                        and not smaller
                        and determines(connection, schema, table, left, right)
                    ):
                        found.append((table, left, right))
    return found


def determines(
    connection: psycopg.Connection[Any], schema: str, table: str, left: tuple[str, ...], right: str
) -> bool:
    quoted = ", ".join(f'"{name}"' for name in left)
    known = " AND ".join(f'"{name}" IS NOT NULL' for name in left)
    query = f"""
        SELECT coalesce(max(values), 0) <= 1 AND coalesce(max(rows), 0) > 1 AND count(DISTINCT least) > 1
        FROM (SELECT count(*) AS rows, min("{right}"::text) AS least,
                     count(DISTINCT "{right}")
                     + (count(*) FILTER (WHERE "{right}" IS NULL) > 0)::int AS values
              FROM "{schema}"."{table}" WHERE {known} GROUP BY {quoted}) one"""
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return bool(row[0])


FIELDS = {
    name: {"type": "string"}
    for name in ("id", "desk", "desk_name", "region", "region_name", "party", "branch", "contact", "side")
}
REFERENCES = {
    "desks": {"key": ["desk"], "fields": ["desk_name", "region"]},
    "regions": {"key": ["region"], "fields": ["region_name"]},
    "branches": {"key": ["party", "branch"], "fields": ["contact"]},
}


def rows(n: int = 400) -> list[tuple[str | None, ...]]:
    """Trades with desks of regions and branches of parties, some of them without."""
    chance = random.Random(3)
    desks = [f"d{i}" for i in range(12)]
    region = {desk: chance.choice(["EU", "US", "AP"]) for desk in desks}
    names = {"EU": "Europe", "US": "America", "AP": "Asia"}
    called = {desk: f"Desk {i // 2}" for i, desk in enumerate(desks)}
    contact = {(p, b): chance.choice("uvw") for p in "PQR" for b in "123"}
    found = []
    for i in range(n):
        desk = chance.choice(desks)
        party, branch = chance.choice([*"PQR", None]), chance.choice([*"123", None])
        found.append((
            str(i), desk, called[desk], region[desk], names[region[desk]],
            party, branch, contact.get((party, branch)), chance.choice(["BUY", "SELL"]),
        ))  # fmt: skip
    return found


def desk(folder: Path, url: str, references: dict[str, Any]) -> Desk:
    store = {"table": "trade", "references": references}
    return Desk(folder, url, {"key": ["id"], "fields": FIELDS, "store": store})


def test_references_leave_no_transitive_dependency(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url, REFERENCES)
    recon.run(DAY, rows(), rows())
    with connect(postgres_url) as connection:
        assert transitive(connection, "golden") == []
        keys = connection.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text, pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype = 'f' AND connamespace = 'golden'::regnamespace ORDER BY 1, 2"
        ).fetchall()
    assert keys == [
        ("golden.desks", "golden.regions", "FOREIGN KEY (region) REFERENCES golden.regions(region)"),
        (
            "golden.trade",
            "golden.branches",
            "FOREIGN KEY (party, branch) REFERENCES golden.branches(party, branch)",
        ),
        ("golden.trade", "golden.desks", "FOREIGN KEY (desk) REFERENCES golden.desks(desk)"),
    ]
    whole = recon.ask(
        "SELECT t.id, t.desk, d.desk_name, d.region, r.region_name, t.party, t.branch, b.contact, t.side"
        " FROM golden.trade t LEFT JOIN golden.desks d USING (desk) LEFT JOIN golden.regions r USING (region)"
        " LEFT JOIN golden.branches b USING (party, branch)"
    )
    assert sorted(whole, key=str) == sorted(rows(), key=str)


def test_what_is_not_normal_is_found(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url, {"desks": REFERENCES["desks"]})
    recon.run(DAY, rows(), rows())
    with connect(postgres_url) as connection:
        found = transitive(connection, "golden")
    assert ("trade", ("party", "branch"), "contact") in found
    assert ("trade", ("desk",), "region_name") in found


def test_a_denormalised_table_is_found(postgres_url: str) -> None:
    with connect(postgres_url) as connection:
        connection.execute("CREATE TABLE golden.flat (id int PRIMARY KEY, desk text, region text, side text)")
        connection.execute(
            "INSERT INTO golden.flat SELECT i, 'd' || mod(i, 7), 'r' || mod(i, 7) / 3, mod(i, 2)::text"
            " FROM generate_series(1, 200) i"
        )
        assert transitive(connection, "golden") == [("flat", ("desk",), "region")]


@pytest.mark.parametrize(
    ("field", "other", "says"),
    [
        ("desk_name", "other", "desk_name is 'other', but 'Desk 0' also goes with desk 'd0'"),
        ("region", None, "region is null, but"),
        ("region_name", "other", "region_name is 'other', but 'Europe' also goes with region 'EU'"),
        ("contact", "other", "contact is 'other', but"),
    ],
)
def test_references_that_contradict_each_other_wait(
    field: str, other: str | None, says: str, postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(tmp_path, postgres_url, REFERENCES)
    names = list(FIELDS)
    base = [
        ("1", "d0", "Desk 0", "EU", "Europe", "P", "1", "u", "BUY"),
        ("2", "d0", "Desk 0", "EU", "Europe", "P", "1", "u", "BUY"),
        ("3", "d1", "Desk 0", "US", "America", "Q", "1", "u", "BUY"),
    ]
    recon.run(DAY, base, base)
    changed = [tuple(other if names[i] == field else v for i, v in enumerate(base[0])), *base[1:]]
    done = recon.run("2026-01-06", changed, changed)
    assert (done.summary.records or {})["review"] == 2
    told = [
        text for (text,) in recon.ask("SELECT explanation FROM greenai.attribution WHERE method = 'check'")
    ]
    assert any(text.startswith(says) for text in told)
    pending = {key: row[-1] for key, row in recon.golden().items()}
    assert pending == {"1": True, "2": True, "3": False}
    recon.run("2026-01-07", base, base)
    assert not any(row[-1] for row in recon.golden().values())


def test_a_part_of_a_reference_without_its_key_waits(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url, REFERENCES)
    lone = [
        ("1", "d0", "Desk 0", "EU", "Europe", "P", None, "u", "BUY"),
        ("2", "d0", "Desk 0", "EU", "Europe", "P", None, None, "BUY"),
        ("3", None, None, None, None, None, None, None, None),
    ]
    recon.run(DAY, lone, lone)
    assert set(recon.golden()) == {"2", "3"}
    (told,) = recon.ask("SELECT explanation FROM greenai.attribution")
    assert told == ("contact: it depends on party, branch, which is null",)


def test_references_in_a_circle_are_refused(postgres_url: str, tmp_path: Path) -> None:
    circle = {
        "desks": {"key": ["desk"], "fields": ["region"]},
        "regions": {"key": ["region"], "fields": ["desk"]},
    }
    with pytest.raises(DefinitionError, match=r"circle|no table holds"):
        desk(tmp_path, postgres_url, circle).run(DAY, rows(3), rows(3))
