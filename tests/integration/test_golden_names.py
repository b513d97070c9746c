"""Hostile names, values and changes of definitions: stored safely, or refused with the place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from publishing_desk import Desk

import greenai
from greenai.errors import DefinitionError, GreenaiError, StoreError

HOSTILE = [
    "it's",
    'say "hi"',
    "semi;colon); DROP TABLE golden.trade; --",
    "per%cent %s %(x)s",
    "{} {0} {name}",
    "$body$ $1",
    "back\\slash\\",
    "select",
    "user",
    "table",
    "key",
    "decision",
    "pending",
    "count",
    "_leading",
    "_op",
    "_until",
    "_current",
    "_day",
    "_known",
    "t",
    "c",
    "Größe ÿ 日本語 🦜",
    "x" * 63,
    "ü" * 31,
    " blanks ",
    "a.b",
    "a,b",
    "[1]",
    "a/b",
]


def desk(folder: Path, url: str, **more: Any) -> Desk:
    fields = {"id": {"type": "string"}, "note": {"type": "string"}}
    return Desk(folder, url, {"key": ["id"], "fields": fields, "store": {"table": "trade"}, **more})


def test_hostile_names_of_fields_are_stored_safely(postgres_url: str, tmp_path: Path) -> None:
    fields = {name: {"type": "string"} for name in HOSTILE}
    references = {"select": {"key": ["{} {0} {name}"], "fields": ["it's", "$body$ $1"]}}
    recon = desk(
        tmp_path,
        postgres_url,
        key=['say "hi"', "select"],
        fields=fields,
        store={"table": "order", "references": references},
        gate={"checks": [{"not_null": HOSTILE}, {"unique": HOSTILE[:3]}]},
    )
    one = [f"1{name}" for name in HOSTILE]
    two = [f"2{name}" for name in HOSTILE]
    recon.run("2026-01-05", [one, two], [one, two])
    changed = [*two[:-1], "changed"]
    recon.run("2026-01-06", [changed], [changed])
    wait = [*two[:-1], "waits"]
    recon.run("2026-01-07", [changed], [wait])

    whole = recon.ask('SELECT * FROM golden."order" JOIN golden."select" USING ("{} {0} {name}")')
    assert len(whole) == 1
    assert set(changed) <= set(whole[0])
    past = recon.ask("SELECT count(*) FROM golden.order_as_of('2026-01-05')")
    assert past == [(2,)]


@pytest.mark.parametrize("name", ["_pending", "_known_from", "_Row_Hash", "ctid", "xmin", "x" * 64, "ü" * 32])
def test_names_that_no_column_can_have_are_refused_before_anything_is_read(
    name: str, postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(tmp_path, postgres_url, fields={"id": {"type": "string"}, name: {"type": "string"}})
    with pytest.raises(DefinitionError) as refused:
        recon.run("2026-01-05", [("k", "x")], [("k", "x")])
    assert name in str(refused.value) or name.casefold() in str(refused.value)
    assert recon.ask("SELECT count(*) FROM greenai.run") == [(0,)]


@pytest.mark.parametrize(
    "store",
    [
        {"table": "x" * 63},
        {"table": "a b"},
        {"table": 'a"; DROP SCHEMA golden CASCADE; --'},
        {"table": "Trade"},
        {"table": "trade", "references": {"trade_history": {"key": ["note"], "fields": ["id"]}}},
        {"table": "trade", "references": {"r": {"key": ["nothing"], "fields": ["note"]}}},
        {"table": "trade", "references": {"r": {"key": ["note"], "fields": ["id"]}}},
    ],
    ids=["long", "blank", "injection", "case", "history", "unknown", "key moved"],
)
def test_tables_that_cannot_be_are_refused(store: dict[str, Any], postgres_url: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="store"):
        desk(tmp_path, postgres_url, store=store).run("2026-01-05", [("k", "x")], [("k", "x")])


def test_values_without_a_place_wait_and_keep_nobody_else(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url, gate={"reasons": {"CHECK_FAILED": "pass"}})
    rows = [
        ("nul", "a\0b"),
        ("k\0", "x"),
        ("K" * 3000, "long"),
        ("K" * 2000, "fits"),
        ("dot", "\\."),
        ("e", ""),
        ("n", None),
    ]
    done = recon.run("2026-01-05", rows, rows)
    assert done.summary.decisions == {"passed": 0, "review": 3, "rejected": 0}
    wanted = {"K" * 2000: ("fits", False), "dot": ("\\.", False), "e": ("", False), "n": (None, False)}
    assert recon.golden() == wanted
    recon.run("2026-01-06", rows, [*rows[:-1], ("n", "now")])
    assert recon.golden() == {**wanted, "n": (None, True)}


def test_a_golden_table_has_one_owner(postgres_url: str, tmp_path: Path) -> None:
    rows = [("k", "x")]
    desk(tmp_path, postgres_url).run("2026-01-05", rows, rows)
    other = desk(tmp_path, postgres_url, recon="other")
    with pytest.raises(StoreError, match="belongs to the recon 'trades'"):
        other.run("2026-01-05", rows, rows)
    assert other.ask("SELECT state FROM greenai.run ORDER BY run_id") == [("completed",), ("failed",)]


@pytest.mark.parametrize(
    "kind", ["TABLE {} (x int)", "VIEW {} AS SELECT 1 AS x", "SEQUENCE {}", "TYPE {} AS (x int)"]
)
@pytest.mark.parametrize("name", ["trade", "trade_history"])
def test_what_others_made_in_the_schema_is_left_alone(
    kind: str, name: str, postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(tmp_path, postgres_url)
    from greenai.store.database import connect

    with connect(postgres_url) as connection:
        connection.execute(f"CREATE {kind.format('golden.' + name)}".encode())
    with pytest.raises(StoreError, match=f"'{name}' that greenai did not make"):
        recon.run("2026-01-05", [("k", "x")], [("k", "x")])


def test_a_field_that_is_added_is_a_column_that_is_added(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url)
    recon.run("2026-01-05", [("k", "x"), ("l", "x")], [("k", "x"), ("l", "x")])
    recon.definition["fields"]["more"] = {"type": "decimal(9,2)"}
    rows = [("k", "x", "1.5"), ("l", "x", None)]
    recon.run("2026-01-06", rows, rows)

    assert [row[:2] for row in recon.ask("SELECT id, more::text FROM golden.trade ORDER BY id")] == [
        ("k", "1.50"),
        ("l", None),
    ]
    assert recon.ask("SELECT id, more FROM golden.trade_as_of('2026-01-05') ORDER BY id") == [
        ("k", None),
        ("l", None),
    ]
    # A row that did not change has no new version.
    assert recon.ask("SELECT id FROM golden.trade_history WHERE _known_to IS NOT NULL") == [("k",)]


@pytest.mark.parametrize(
    "change",
    [
        {"fields": {"id": {"type": "string"}, "note": {"type": "integer"}}},
        {"fields": {"id": {"type": "string"}}},
        {"fields": {"id": {"type": "integer"}, "note": {"type": "string"}}},
        {"key": ["id", "note"]},
        {"store": {"table": "trade", "references": {"names": {"key": ["note"], "fields": ["more"]}}},
         "fields": {"id": {"type": "string"}, "note": {"type": "string"}, "more": {"type": "string"}}},
    ],
    ids=["type", "gone", "key type", "key", "reference"],
)  # fmt: skip
def test_another_layout_is_refused_and_changes_nothing(
    change: dict[str, Any], postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(tmp_path, postgres_url)
    recon.run("2026-01-05", [("1", "2")], [("1", "2")])
    before = recon.ask("SELECT t::text FROM golden.trade t")
    recon.definition.update(change)
    row = ("1", "2", "3")[: len(recon.columns)]
    with pytest.raises(GreenaiError, match="was made by a definition that differs"):
        recon.run("2026-01-06", [row], [row])
    assert recon.ask("SELECT t::text FROM golden.trade t") == before
    assert recon.ask("SELECT count(*) FROM greenai.publication") == [(1,)]


def test_dates_and_floats_do_not_depend_on_how_the_database_writes_them(
    postgres_url: str, tmp_path: Path
) -> None:
    from greenai.store.database import connect

    with connect(postgres_url, autocommit=True) as connection:
        (name,) = connection.execute("SELECT current_database()").fetchone() or ("",)
        connection.execute(f"ALTER DATABASE {name} SET datestyle = 'German, DMY'".encode())
        connection.execute(f"ALTER DATABASE {name} SET extra_float_digits = -10".encode())
    fields = {"day": {"type": "date"}, "ratio": {"type": "float"}, "note": {"type": "string"}}
    recon = desk(tmp_path, postgres_url, key=["day", "ratio"], fields=fields)
    rows = [
        ("2026-02-03", "0.1234567890123456", "x"),
        ("2026-03-02", "NaN", "y"),
        ("0001-01-01", "1e300", "z"),
    ]
    recon.run("2026-01-05", rows, rows)
    recon.run("2026-01-06", rows[:2], rows[:2])
    assert recon.ask("SELECT note FROM golden.trade ORDER BY note") == [("x",), ("y",)]
    assert recon.ask("SELECT note FROM golden.trade_history ORDER BY note") == [("z",), ("z",)]


def test_a_history_that_greenai_keeps_is_told_as_whose_it_is(postgres_url: str, tmp_path: Path) -> None:
    for side in ("a", "b"):
        (tmp_path / f"{side}.csv").write_text("id,amount\n1,10\n2,20\n", encoding="utf-8")
    for recon, table in (("first", "person"), ("second", "person_history")):
        (tmp_path / f"{recon}.yaml").write_text(
            f"recon: {recon}\nsources: {{a: {{location: a.csv}}, b: {{location: b.csv}}}}\n"
            "key: [id]\nfields: {id: {type: string}, amount: {type: 'decimal(18,2)'}}\n"
            f"store: {{table: {table}}}\n",
            encoding="utf-8",
        )
    with greenai.run(tmp_path / "first.yaml", store=postgres_url):
        pass
    with pytest.raises(StoreError, match=r"belongs to recon first, as the history of golden\.person") as told:
        greenai.run(tmp_path / "second.yaml", store=postgres_url)
    assert "drop" not in str(told.value.remedy)
