"""The other commands: `init`, `check`, `run`, `schema`, `simulate`, and what `greenai` says of itself."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from face import assert_adds_up, breaks_of, rejects_of, write_csv, written
from face import greenai as command

RECON = """\
recon: trades
sources:
  a: {system: front, location: "front_{business_date}.csv"}
  b: {system: back, location: back.csv}
key: [id]
fields:
  id: {type: string, a: {column: TradeID, normalise: [strip, upper]}, b: id}
  amount: {type: "decimal(18,2)", a: {column: Amt, normalise: [parse_number]}, compare: {absolute: 0.01}}
  day: {type: date, a: {column: day, normalise: [{parse_date: "%d/%m/%Y"}]}}
  name: {type: string}
amount: {field: amount, currency: ccy}
context: [ccy, source_file]
max_rejects: 0.5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_csv(
        tmp_path / "front_2026-11-19.csv",
        ["TradeID", "Amt", "day", "name", "ccy"],
        (" t1 ", "1,000.00", "19/11/2026", "ACME  Ltd", "EUR"),
        ("T2", "(5.50)", "18/11/2026", "Bolt", "EUR"),
        ("T3", "oops", "17/11/2026", "Core", "USD"),
        ("", "1", "17/11/2026", "Nobody", "USD"),
    )
    write_csv(
        tmp_path / "back.csv",
        ["id", "amount", "day", "name"],
        ("T1", "1000.01", "2026-11-19", "ACME Ltd"),
        ("T2", "-5.50", "2026-11-18", "Bolt"),
        ("T3", "7.00", "2026-11-17", "Core"),
        ("T4", "8.00", "2026-11-17", "Dune"),
    )
    (tmp_path / "recon.yaml").write_text(RECON, encoding="utf-8")
    return tmp_path


DATE = ("--business-date", "2026-11-19")


def test_run_normalises_compares_and_gives_reasons(folder: Path) -> None:
    answer = command(
        "run", "recon.yaml", *DATE, "--store", "none", "--out", "out", "--format", "json", cwd=folder
    )
    assert answer.code == 1
    summary = written(folder / "out", explained=True)
    assert_adds_up(summary, 4, 4)
    assert summary["rows"] == {
        "a": 3,
        "b": 4,
        "matched": 3,
        "equal": 1,
        "different": 2,
        "only_a": 0,
        "only_b": 1,
        "duplicates_a": 0,
        "duplicates_b": 0,
        "rejected_a": 1,
        "rejected_b": 0,
    }
    assert summary["fields"]["amount"] == {"different": 1, "within_tolerance": 1}
    found = [
        (b["key"], b["field"], b["value_a"], b["value_b"], b["reason"]) for b in breaks_of(folder / "out")
    ]
    assert found == [
        (["T1"], "name", "ACME  Ltd", "ACME Ltd", "FORMAT"),
        (["T3"], "amount", "oops", "7.00", "INVALID_VALUE"),
        (["T4"], None, None, None, "MISSING_RECORD"),
    ]
    (reject,) = rejects_of(folder / "out")
    assert (reject["side"], reject["source"]) == ("a", "front_2026-11-19.csv")
    document = answer.document
    assert document["business_date"] == "2026-11-19"
    assert document["reasons"] == {"FORMAT": 1, "INVALID_VALUE": 1, "MISSING_RECORD": 1}
    assert len(document["definition_fingerprint"]) == 64
    # Only side a knows currencies; the rows of side b have that of the record with their key.
    assert summary["totals"]["by_currency"] == [
        {"currency": "EUR", "a": "994.50", "b": "994.51", "net": "-0.01"},
        {"currency": "USD", "a": "0", "b": "7.00", "net": "-7.00"},
        {"currency": None, "a": "0", "b": "8.00", "net": "-8.00"},
    ]


def test_run_without_the_date_its_location_needs_says_so(folder: Path) -> None:
    for verb in ("run", "check"):
        command(verb, "recon.yaml", cwd=folder).trouble("business_date", "--business-date")


@pytest.mark.parametrize("date", ["19.11.2026", "2026-02-30", "yesterday", ""])
def test_a_business_date_that_is_none_is_told(folder: Path, date: str) -> None:
    for verb in ("run", "check"):
        command(verb, "recon.yaml", "--business-date", date, cwd=folder).trouble(
            "business date", "2026-11-19"
        )


def test_run_names_what_a_store_can_be(folder: Path) -> None:
    command("run", "recon.yaml", "--store", "mysql://x", cwd=folder).trouble("--store", "none")


def test_locations_are_relative_to_the_definition(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert command("run", folder / "recon.yaml", *DATE, cwd=elsewhere).code == 1
    assert list(elsewhere.iterdir()) == []


def test_check_reaches_the_sources_and_lists_what_is_compared(folder: Path) -> None:
    answer = command("check", "recon.yaml", *DATE, cwd=folder)
    assert answer.code == 0
    assert answer.out.splitlines() == [
        "recon.yaml: can run, 3 fields compared by id",
        "  amount: decimal(18,2), within 0.01",
        "  day: date",
        "  name: string",
    ]


def test_check_finds_a_missing_file_and_a_wrong_column(folder: Path) -> None:
    command("check", "recon.yaml", "--business-date", "2026-11-20", cwd=folder).trouble(
        "front_2026-11-20.csv"
    )
    (folder / "recon.yaml").write_text(RECON.replace("column: Amt", "column: Amount"), encoding="utf-8")
    command("check", "recon.yaml", *DATE, cwd=folder).trouble("front_2026-11-19.csv", "'Amount'", "'Amt'")


def test_check_reads_no_rows(folder: Path) -> None:
    # Rows that `run` stops at are no matter to `check`.
    with (folder / "back.csv").open("a", encoding="utf-8") as file:
        file.write("ragged\n" * 100)
    assert command("check", "recon.yaml", *DATE, cwd=folder).code == 0
    command("run", "recon.yaml", *DATE, cwd=folder).trouble("back.csv, line 6", "max_rejects")


def test_every_mistake_in_a_definition_has_its_line(folder: Path) -> None:
    wrong = RECON.replace("absolute", "absolut").replace("type: date", "type: dat")
    (folder / "recon.yaml").write_text(wrong, encoding="utf-8")
    for verb in ("check", "run"):
        command(verb, "recon.yaml", *DATE, cwd=folder).trouble(
            "recon.yaml", "line 8", "absolut", "line 9", "dat"
        )


@pytest.mark.parametrize("name", ["nowhere.yaml", ".", "back.csv"])
def test_what_is_no_definition_is_told(folder: Path, name: str) -> None:
    for verb in ("check", "run"):
        command(verb, name, cwd=folder).trouble(name)


def test_a_tolerance_that_does_not_fit_an_inferred_type_is_told(folder: Path) -> None:
    text = "recon: x\nsources: {a: {location: back.csv}, b: {location: back.csv}}\nkey: id\n"
    text += "fields: {id: {}, name: {compare: {days: 1}}, amount: {compare: {absolute: 1}}}\n"
    (folder / "x.yaml").write_text(text, encoding="utf-8")
    command("check", "x.yaml", cwd=folder).trouble("name", "string", "days")


def test_a_definition_without_fields_compares_what_both_share(folder: Path) -> None:
    (folder / "x.yaml").write_text(
        "recon: x\nsources: {a: {location: back.csv}, b: {location: back.csv}}\n", encoding="utf-8"
    )
    answer = command("run", "x.yaml", "--format", "json", cwd=folder)
    assert (answer.code, answer.document["key"]) == (0, ["id"])
    assert sorted(answer.document["fields"]) == ["amount", "day", "name"]


def test_what_init_prints_runs_as_it_is(folder: Path) -> None:
    write_csv(
        folder / "left.csv",
        ["Trade ID", "Amount", "Booked", "Desk"],
        *[(f"T{n}", f"{n}.50", f"2026-01-{n:02d}", "fx" if n % 2 else "rates") for n in range(1, 29)],
    )
    write_csv(
        folder / "right.csv",
        ["trade_id", "amount", "booked"],
        *[(f"T{n}", f"{n}.5", f"2026-01-{n:02d}") for n in range(2, 29)],
    )
    printed = command("init", "left.csv", "right.csv", "--recon", "my recon", cwd=folder)
    assert printed.code == 0
    assert printed.err == ""
    read = yaml.safe_load(printed.out)
    assert (read["recon"], read["context"]) == ("my_recon", ["Desk"])
    (folder / "init.yaml").write_text(printed.out, encoding="utf-8")
    assert command("check", "init.yaml", cwd=folder).code == 0
    answer = command("run", "init.yaml", "--out", "out", cwd=folder)
    assert answer.code == 1
    summary = written(folder / "out", explained=True)
    assert_adds_up(summary, 28, 27)
    assert (summary["rows"]["equal"], summary["rows"]["only_a"]) == (27, 1)


def test_schema_is_a_schema_that_takes_the_definition(folder: Path) -> None:
    answer = command("schema")
    assert answer.code == 0
    jsonschema.Draft202012Validator.check_schema(answer.document)
    jsonschema.validate(yaml.safe_load(RECON), answer.document)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(RECON.replace("recon: trades", "recn: trades")), answer.document)


def test_a_simulated_recon_runs_and_finds_its_truth(tmp_path: Path) -> None:
    options = ("--rows", 3_000, "--seed", 5, "--business-date", "2026-03-02")
    made = command("simulate", "trades", *options, "--out", tmp_path / "trades")
    assert made.code == 0
    assert "recon.yaml" in made.out
    truth = json.loads((tmp_path / "trades" / "truth.json").read_text(encoding="utf-8"))
    answer = command("run", tmp_path / "trades" / "recon.yaml", "--out", tmp_path / "out", "--format", "json")
    assert answer.code == 1, answer.err
    summary = written(tmp_path / "out", explained=True)
    assert summary["rows"] == truth["rows"]
    assert summary["fields"] == truth["fields"]
    again = command("simulate", "trades", *options, "--out", tmp_path / "again")
    assert again.code == 0
    for path in sorted((tmp_path / "trades").rglob("*.csv")):
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(tmp_path / "trades")).read_bytes()


def test_simulate_does_not_overwrite_what_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious", encoding="utf-8")
    command("simulate", "trades", "--rows", 100, "--out", tmp_path).trouble(str(tmp_path))
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "precious"
    command("simulate", "trades", "--rows", 1, "--out", tmp_path / "x").trouble("--rows")
    command("simulate", "trades").trouble("--out")


def test_help_names_every_command_and_option() -> None:
    overview = command("--help")
    assert overview.code == 0
    for name in ("diff", "init", "check", "run", "simulate", "schema"):
        assert name in overview.out
        assert command(name, "--help").code == 0
    options = command("diff", "-h").out
    for option in (
        *(
            "--key",
            "--map",
            "--only",
            "--ignore",
            "--absolute",
            "--relative",
            "--ignore-case",
            "--null",
            "--exact",
        ),
        *("--memory", "--format", "--out", "--engine"),
    ):
        assert option in options
    for option in ("--business-date", "--out", "--store", "--format"):
        assert option in command("run", "-h").out


def test_a_command_that_does_not_exist_is_guessed() -> None:
    command("dif", "a", "b").trouble("'dif'", "Did you mean 'diff'?")
    command("reconcile").trouble("'reconcile'", "There are: diff, init")
    command("diff", "a").trouble("Missing argument 'B'")


def test_a_repeated_key_does_not_repeat_its_amount(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ["id", "n"], (1, 10), (2, 20))
    write_csv(tmp_path / "b.csv", ["id", "n", "ccy"], (1, 10, "EUR"), (1, 10, "EUR"), (2, 20, "USD"))
    (tmp_path / "recon.yaml").write_text(
        "recon: x\nsources: {a: {location: a.csv}, b: {location: b.csv}}\nkey: id\n"
        "fields: {id: {type: integer}, n: {type: integer}}\n"
        "amount: {field: n, currency: ccy}\ncontext: ccy\n",
        encoding="utf-8",
    )
    assert command("run", "recon.yaml", "--out", "out", cwd=tmp_path).code == 1
    assert written(tmp_path / "out", explained=True)["totals"]["by_currency"] == [
        {"currency": "EUR", "a": "10", "b": "20", "net": "-10"},
        {"currency": "USD", "a": "20", "b": "20", "net": "0"},
    ]
