"""Reasons of a store: which one a cause has is told by a table that can be edited."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import greenai
from face import greenai as command
from greenai import api
from greenai.attribution.reasons import DEFAULT_REASONS, digest
from greenai.store import reasons
from greenai.store.database import connect


@pytest.fixture
def recon(tmp_path: Path) -> Path:
    """Amounts in JPY are a hundred times larger in b."""
    draw = random.Random(8)
    a, b = ["id,ccy,amount"], ["id,ccy,amount"]
    for number in range(1_000):
        currency, amount = draw.choice(("JPY", "EUR", "USD")), draw.randrange(100, 10**6)
        a.append(f"{number},{currency},{amount}")
        b.append(f"{number},{currency},{amount * 100 if currency == 'JPY' else amount}")
    (tmp_path / "a.csv").write_text("\n".join(a) + "\n")
    (tmp_path / "b.csv").write_text("\n".join(b) + "\n")
    (tmp_path / "recon.yaml").write_text(
        "recon: scaled\nsources: {a: {location: a.csv}, b: {location: b.csv}}\nkey: [id]\n"
        "fields: {id: {type: integer}, amount: {type: integer}}\ncontext: [ccy]\n"
    )
    return tmp_path / "recon.yaml"


def run(recon: Path, url: str) -> tuple[int | None, dict[str, int], bool | None]:
    with greenai.run(recon, business_date="2026-01-05", store=url) as found:
        (cause,) = found.summary.as_dict()["causes"]
        return found.run_id, dict(found.report.reasons), cause["functional"]


def test_a_new_store_has_the_table_that_greenai_ships(postgres_url: str) -> None:
    with connect(postgres_url) as connection:
        held = reasons.mapping(connection, 1)
    assert digest(held) is None
    assert len(held) == len(DEFAULT_REASONS)


def test_a_rule_of_a_store_gives_the_reason_and_makes_another_run(recon: Path, postgres_url: str) -> None:
    first = run(recon, postgres_url)
    assert first[1].keys() == {"SCALE_ERROR"}
    assert first[2] is False
    assert run(recon, postgres_url)[0] == first[0], "the same again is the same run"
    api.add_reason("MINOR_UNITS", "Cents in b", functional=True, store=postgres_url)
    api.set_reason("MINOR_UNITS", family="scale", column="ccy", store=postgres_url)
    second = run(recon, postgres_url)
    assert second[1].keys() == {"MINOR_UNITS"}
    assert second[2] is True
    assert second[0] != first[0]
    api.unset_reason(family="scale", column="ccy", store=postgres_url)
    third = run(recon, postgres_url)
    assert third[1].keys() == {"SCALE_ERROR"}
    assert third[0] != second[0]


def test_a_rule_for_another_field_or_recon_does_not_count(recon: Path, postgres_url: str) -> None:
    first = run(recon, postgres_url)
    api.set_reason("TIMING", family="scale", field="price", store=postgres_url)
    assert run(recon, postgres_url)[1].keys() == {"SCALE_ERROR"}
    api.set_reason("TIMING", family="scale", recon="scaled", store=postgres_url)
    assert run(recon, postgres_url)[1].keys() == {"TIMING"}
    assert first[1].keys() == {"SCALE_ERROR"}


@pytest.mark.parametrize(
    ("policy", "outcome"), [("pass", "passed"), ("review", "review"), ("reject", "rejected")]
)
def test_a_policy_may_name_a_reason_of_the_store(
    recon: Path, postgres_url: str, policy: str, outcome: str
) -> None:
    api.add_reason("MINOR_UNITS", "Cents in b", functional=True, store=postgres_url)
    api.set_reason("MINOR_UNITS", family="scale", column="ccy", store=postgres_url)
    written = recon.read_text()
    recon.write_text(
        f"{written}gate: {{reasons: {{MINOR_UNITS: {{policy: {policy}, resolution: take_b}}}}}}\n"
        "store: {table: scaled}\n"
    )
    with greenai.run(recon, business_date="2026-01-05", store=postgres_url) as found:
        told = found.summary.as_dict()
        assert found.report.reasons.keys() == {"MINOR_UNITS"}
    breaks = told["breaks"]
    assert breaks > 100
    assert {word: n for word, n in told["decisions"].items() if n} == {outcome: breaks}
    with connect(postgres_url) as connection:
        (stored,) = connection.execute("SELECT count(*) FROM golden.scaled").fetchone() or (None,)
    assert stored == (1_000 if policy == "pass" else 1_000 - breaks)


def test_what_sql_changes_counts_too(recon: Path, postgres_url: str) -> None:
    run(recon, postgres_url)
    with connect(postgres_url) as connection:
        connection.execute("UPDATE greenai.reason_rule SET reason_code = 'FORMAT' WHERE family = 'scale'")
        connection.commit()
    assert run(recon, postgres_url)[1].keys() == {"FORMAT"}


def test_the_command_lists_adds_and_sets(postgres_url: str) -> None:
    at = ("--store", postgres_url, "--format", "json")
    added = command("reasons", "add", "NETTING", "--name", "Netted in b", "--functional", *at)
    assert {"reason": "NETTING", "name": "Netted in b", "functional": True} in json.loads(added.out)[
        "reasons"
    ]
    command("reasons", "set", "NETTING", "--family", "scale", "--field", "amount", *at)
    listed = json.loads(command("reasons", "list", *at).out)
    rule = {"reason": "NETTING", "kind": "value", "family": "scale", "field": "amount", "column": None,
            "whole": None, "recon": None}  # fmt: skip
    assert listed["rules"][0] == rule
    shown = command("reasons", "list", "--store", postgres_url).out
    assert "NETTING" in shown
    assert "scale of amount" in shown
    gone = json.loads(command("reasons", "unset", "--family", "scale", "--field", "amount", *at).out)
    assert rule not in gone["rules"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "netting", "--name", "x"), "capital letters"),
        (("add", "FORMAT", "--name", "x"), "already"),
        (("set", "NOBODY", "--family", "scale"), "no such reason"),
        (("set", "FORMAT", "--family", "scala"), "no such family"),
        (("set", "FORMAT", "--recon", "nobody"), "no such recon"),
        (("set", "FORMAT", "--family", "scale", "--kind", "only_a"), "no family"),
        (("unset", "--field", "nothing"), "no such rule"),
        (("list", "--recon", "nobody"), "no such recon"),
    ],
)
def test_what_cannot_be_is_said_in_words(postgres_url: str, arguments: tuple[str, ...], said: str) -> None:
    done = command("reasons", *arguments, "--store", postgres_url)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_code_that_only_a_definition_names_is_told_so_and_can_become_a_reason(postgres_url: str) -> None:
    with connect(postgres_url) as connection:
        connection.execute("INSERT INTO greenai.reason (reason_code, name) VALUES ('NETING', 'NETING')")
        connection.commit()
    at = ("--store", postgres_url)
    assert "named by a definition only" in command("reasons", "list", *at).out
    listed = json.loads(command("reasons", "list", *at, "--format", "json").out)["reasons"]
    assert {"reason": "NETING", "name": None, "functional": None} in listed
    added = command("reasons", "add", "NETING", "--name", "Netted in b", "--functional", *at)
    assert added.code == 0
    assert "Netted in b" in added.out
    assert "named by a definition only" not in added.out
    assert command("reasons", "add", "NETING", "--name", "Again", *at).code == 2
