"""Every option of `greenai diff` does what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from face import assert_adds_up, breaks_of, write_csv, written
from face import greenai as command

A = (
    ("T1", "Anna", "100.00", "2024-01-31", "2024-01-31 10:00:00", "x"),
    ("T2", "Bob", "200.00", "2024-02-29", "2024-02-29 10:00:00", "y"),
    ("T3", "Cara", "300.00", "2024-03-31", "2024-03-31 10:00:00", "n/a"),
    ("T4", "Dan", "400.00", "2024-04-30", "2024-04-30 10:00:00", "z"),
)
B = (
    ("T1", "ANNA", "100.01", "2024-02-01", "2024-01-31 10:00:01", "x"),
    ("T2", "Bob", "200.02", "2024-03-02", "2024-02-29 10:00:02.5", "y"),
    ("T3", "Cara", "300.00", "2024-03-31", "2024-03-31 10:00:00", ""),
    ("T5", "Eve", "500.00", "2024-05-31", "2024-05-31 10:00:00", "z"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_csv(tmp_path / "a.csv", ["Trade ID", "name", "amount", "day", "at", "note"], *A)
    write_csv(tmp_path / "b.csv", ["trade_id", "name", "amount", "day", "at", "remark"], *B)
    return tmp_path


def differing(folder: Path, *options: object) -> dict[str, int]:
    """The fields that differ and in how many pairs, once everything adds up."""
    answer = command(
        "diff",
        "a.csv",
        "b.csv",
        "--key",
        "trade_id",
        "--out",
        "out",
        "--format",
        "json",
        *options,
        cwd=folder,
    )
    assert answer.code == 1, answer
    summary = written(folder / "out")
    assert_adds_up(summary, 4, 4)
    assert summary["fields"] == answer.document["fields"]
    return {name: field["different"] for name, field in summary["fields"].items() if field["different"]}


def within(folder: Path, field: str) -> int:
    found: int = written(folder / "out")["fields"][field]["within_tolerance"]
    return found


def test_columns_pair_without_regard_to_case_and_blanks(folder: Path) -> None:
    assert differing(folder) == {"name": 1, "amount": 2, "day": 2, "at": 2}


def test_map_pairs_columns_of_other_names(folder: Path) -> None:
    assert differing(folder, "--map", "note=remark") == {"name": 1, "amount": 2, "day": 2, "at": 2, "note": 1}


def test_only_compares_nothing_else(folder: Path) -> None:
    assert differing(folder, "--only", "name,day") == {"name": 1, "day": 2}
    assert sorted(written(folder / "out")["fields"]) == ["day", "name"]
    assert differing(folder, "--only", "name", "--only", "day") == {"name": 1, "day": 2}


def test_ignore_leaves_columns_out(folder: Path) -> None:
    assert differing(folder, "--ignore", "name", "--ignore", "day") == {"amount": 2, "at": 2}


def test_absolute_is_inclusive_and_per_field(folder: Path) -> None:
    assert differing(folder, "--absolute", "amount=0.01") == {"name": 1, "amount": 1, "day": 2, "at": 2}
    assert within(folder, "amount") == 1
    assert "amount" not in differing(folder, "--absolute", "amount=0.02")


def test_relative_is_measured_against_the_larger_value(folder: Path) -> None:
    # 0.01 of 100.01 and 0.02 of 200.02 are 9.99900…e-5; of the smaller value it would be 1e-4.
    assert "amount" not in differing(folder, "--relative", "amount=9.9991e-5")
    assert differing(folder, "--relative", "amount=9.999e-5")["amount"] == 2


def test_absolute_and_relative_together_either_suffices(folder: Path) -> None:
    options = ("--absolute", "amount=0.01", "--relative", "amount=9.9991e-5")
    assert "amount" not in differing(folder, *options)


def test_days_are_calendar_days(folder: Path) -> None:
    assert differing(folder, "--days", "day=1")["day"] == 1
    assert "day" not in differing(folder, "--days", "day=2")


def test_seconds_may_have_a_fraction(folder: Path) -> None:
    assert differing(folder, "--seconds", "at=1")["at"] == 1
    assert differing(folder, "--seconds", "at=2.4")["at"] == 1
    assert "at" not in differing(folder, "--seconds", "at=2.5")


def test_ignore_case_holds_for_text(folder: Path) -> None:
    assert "name" not in differing(folder, "--ignore-case")
    assert within(folder, "name") == 1


def test_null_names_the_texts_that_mean_null(folder: Path) -> None:
    mapped = ("--map", "note=remark", "--only", "note")
    assert differing(folder, *mapped) == {"note": 1}
    # An empty cell of a csv stays null beside what is given.
    assert differing(folder, *mapped, "--null", "n/a") == {}
    assert differing(folder, *mapped, "--null", "other") == {"note": 1}


@pytest.mark.parametrize(
    "options",
    [
        ("--exact",),
        ("--memory", "100MB"),
        ("--threads", "1"),
        ("--engine", "duckdb"),
        ("--memory", "1.5 GiB"),
    ],
    ids=" ".join,
)
def test_engine_options_change_nothing_in_the_result(folder: Path, options: tuple[str, ...]) -> None:
    assert differing(folder, *options) == {"name": 1, "amount": 2, "day": 2, "at": 2}


def test_too_little_memory_is_success_or_a_clear_error(folder: Path) -> None:
    rows = [(n, "text" * 20, n * 7) for n in range(20_000)]
    write_csv(folder / "big.csv", ["id", "text", "n"], *rows)
    for memory in ("1MB", "10MB"):
        answer = command("diff", "big.csv", "big.csv", "--key", "id", "--memory", memory, cwd=folder)
        assert answer.code in (0, 2)
        if answer.code:
            answer.trouble("memory", "--memory")


def test_a_key_of_two_columns_is_given_either_way(folder: Path) -> None:
    write_csv(folder / "k.csv", ["desk", "no", "n"], ("x", 1, 5), ("x", 2, 5), ("y", 1, 5))
    for options in (("--key", "desk,no"), ("--key", "desk", "--key", "no"), ()):
        answer = command("diff", "k.csv", "k.csv", *options, "--format", "json", cwd=folder)
        assert answer.code == 0
        assert answer.document["key"] == ["desk", "no"]


def test_globs_and_several_files_are_one_side(folder: Path) -> None:
    header = ["trade_id", "name"]
    for n, row in enumerate(A):
        write_csv(folder / f"part_{n}.csv", header, row[:2])
    write_csv(folder / "whole.csv", header, *(row[:2] for row in A))
    assert command("diff", "part_*.csv", "whole.csv", "--key", "trade_id", cwd=folder).code == 0


def test_output_has_the_columns_of_the_contract_and_sorted_breaks(folder: Path) -> None:
    differing(folder)
    found = breaks_of(folder / "out")
    assert [(one["key"][0], one["kind"], one["field"]) for one in found] == [
        ("T1", "value", "amount"),
        ("T1", "value", "at"),
        ("T1", "value", "day"),
        ("T1", "value", "name"),
        ("T2", "value", "amount"),
        ("T2", "value", "at"),
        ("T2", "value", "day"),
        ("T4", "only_a", None),
        ("T5", "only_b", None),
    ]
    assert (found[1]["value_a"], found[1]["value_b"]) == ("2024-01-31 10:00:00", "2024-01-31 10:00:01")
    assert written(folder / "out")["rows"] == {
        "a": 4,
        "b": 4,
        "matched": 3,
        "equal": 1,
        "different": 2,
        "only_a": 1,
        "only_b": 1,
        "duplicates_a": 0,
        "duplicates_b": 0,
        "rejected_a": 0,
        "rejected_b": 0,
    }


def test_swapping_the_sides_mirrors_everything(folder: Path) -> None:
    there = command("diff", "a.csv", "b.csv", "--key", "trade_id", "--out", "there", cwd=folder)
    back = command("diff", "b.csv", "a.csv", "--key", "trade_id", "--out", "back", cwd=folder)
    assert there.code == back.code == 1
    mirror = {"only_a": "only_b", "only_b": "only_a", "value": "value"}
    assert [
        (b["key"], mirror[b["kind"]], b["value_a"], b["value_b"]) for b in breaks_of(folder / "there")
    ] == [(b["key"], b["kind"], b["value_b"], b["value_a"]) for b in breaks_of(folder / "back")]


WRONG = {
    "--key": "trade_i",
    "--only": "amout",
    "--ignore": "amout",
    "--map": "amout=amount",
    "--absolute": "amout=1",
    "--relative": "amout=1",
    "--days": "dya=1",
    "--seconds": "att=1",
}


@pytest.mark.parametrize("option", WRONG)
def test_an_unknown_column_is_guessed_in_every_option(folder: Path, option: str) -> None:
    answer = command("diff", "a.csv", "b.csv", option, WRONG[option], cwd=folder)
    answer.trouble(WRONG[option].split("=")[0], "did you mean")


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (("--absolute", "amount"), ("--absolute", "amount=0.01")),
        (("--absolute", "amount=much"), ("--absolute", "'much'", "number")),
        (("--absolute", "amount=-1"), ("--absolute", "'-1'", "zero or more")),
        (("--absolute", "amount=nan"), ("--absolute", "number")),
        (("--relative", "amount=1e999999"), ("amount", "relative")),
        (("--days", "day=1.5"), ("day", "whole", "1.5")),
        (("--days", "amount=1"), ("amount", "days")),
        (("--seconds", "day=1"), ("day", "seconds", "timestamp")),
        (("--absolute", "name=1"), ("name", "string", "numeric")),
        (("--absolute", "trade_id=1", "--key", "trade_id"), ("trade_id", "key", "exactly")),
        (("--ignore", "trade_id", "--key", "trade_id"), ("Trade ID", "key", "--ignore")),
        (("--memory", "lots"), ("--memory", "'lots'", "2GB")),
        (("--memory", "-1GB"), ("--memory", "2GB")),
        (("--threads", "0"), ("--threads",)),
        (("--engine", "abacus"), ("--engine", "duckdb")),
        (("--format", "pdf"), ("--format", "markdown")),
        (("--keys", "x"), ("--keys", "--key")),
        (("--map", "amount=nothing"), ("side b", "'nothing'")),
    ],
    ids=lambda value: " ".join(value) if value and value[0].startswith("--") else "",
)
def test_an_option_that_makes_no_sense_is_told(
    folder: Path, options: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    command("diff", "a.csv", "b.csv", *options, cwd=folder).trouble(*parts)


@pytest.mark.parametrize(
    ("left", "right", "sentence"),
    [
        ((1,), (1,), "Both sides are equal: 1 row, 1 compared field"),
        ((1,), (2,), "The only matched pair differs."),
        ((1,), (1, 2), "The only matched pair is equal; 1 only in b."),
        ((1, 2), (1, 3), "1 of 2 matched pairs differs (50.00 %)"),
    ],
)
def test_the_verdict_is_one_right_sentence(
    tmp_path: Path, left: tuple[int, ...], right: tuple[int, ...], sentence: str
) -> None:
    write_csv(tmp_path / "a.csv", ["id", "n"], *enumerate(left))
    write_csv(tmp_path / "b.csv", ["id", "n"], *enumerate(right))
    assert sentence in command("diff", "a.csv", "b.csv", "--key", "id", cwd=tmp_path).out
