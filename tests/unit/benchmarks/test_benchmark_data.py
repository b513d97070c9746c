"""The planted truth is the truth, and the checks against it can fail."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from benchmarks.generate import COLUMNS, KEYS, Recipe, generate
from benchmarks.verify import compare, count_faults, without_folders

ROWS = 20_000


@pytest.mark.parametrize("variant", ["mixed", "composite", "every"])
def test_the_planted_truth_agrees_with_a_naive_comparison(variant: str, tmp_path: Path) -> None:
    truth = generate(Recipe(ROWS, variant), tmp_path, csv=True)["truth"]
    for kind in ("parquet", "csv"):
        key = ", ".join(KEYS[variant])
        unequal = [f"a.{name} IS DISTINCT FROM b.{name}" for name in COLUMNS]
        counted = duckdb.execute(
            f"""SELECT count(*), count(*) FILTER ({" OR ".join(unequal)}),
                       {", ".join(f"count(*) FILTER ({one})" for one in unequal)},
                       (SELECT count(*) FROM '{tmp_path}/a.{kind}'),
                       (SELECT count(*) FROM '{tmp_path}/b.{kind}')
                FROM '{tmp_path}/a.{kind}' a JOIN '{tmp_path}/b.{kind}' b USING ({key})"""
        ).fetchone()
        assert counted is not None
        matched, different, *fields, in_a, in_b = counted
        assert truth["rows"] == {
            "a": in_a,
            "b": in_b,
            "matched": matched,
            "equal": matched - different,
            "different": different,
            "only_a": in_a - matched,
            "only_b": in_b - matched,
        }
        assert [truth["fields"][name]["different"] for name in COLUMNS] == fields
        assert different > 0
        assert in_a > matched < in_b


def test_draws_for_different_purposes_are_independent() -> None:
    recipe = Recipe(200_000)
    draws = [f"{recipe.draw(purpose)} % 10" for purpose in ("changed", "dropped from a", "first", "shuffle")]
    for one, other in [(0, 1), (0, 2), (1, 3), (2, 3)]:
        seen = duckdb.execute(
            f"SELECT count(*) FROM (SELECT range AS id FROM range({recipe.rows}))"
            f" GROUP BY {draws[one]}, {draws[other]}"
        ).fetchall()
        # Chi-squared with 99 degrees of freedom; 149 is exceeded once in a thousand seeds.
        expected = recipe.rows / 100
        assert len(seen) == 100
        assert sum((count - expected) ** 2 / expected for (count,) in seen) < 149


def test_the_same_seed_gives_the_same_tables_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("same", 7), ("other", 8)):
        generate(Recipe(1_000, seed=seed), tmp_path / name, csv=True)
    one, same, other = ((tmp_path / name / "b.csv").read_bytes() for name in ("one", "same", "other"))
    assert one == same != other


def test_a_missed_an_invented_and_a_repeated_break_are_noticed(tmp_path: Path) -> None:
    generate(Recipe(ROWS), tmp_path, csv=False)
    planted, found = str(tmp_path / "breaks.parquet"), str(tmp_path / "found.parquet")
    rows = f"SELECT key, field, kind, '1' AS value_a, '2' AS value_b FROM '{planted}' ORDER BY key, field"
    duckdb.execute(f"COPY ({rows}) TO '{found}'")
    assert set(compare(planted, found).values()) == {0}
    duckdb.execute(
        f"""COPY ((FROM ({rows}) LIMIT 1) UNION ALL (FROM ({rows}) OFFSET 1)
                 UNION ALL BY NAME (FROM ({rows}) LIMIT 1)
                 UNION ALL BY NAME SELECT '["x"]' AS key, 'c1' AS field, 'value' AS kind,
                                          'same' AS value_a, 'same' AS value_b) TO '{found}'"""
    )
    assert compare(planted, found) == {"missed": 0, "invented": 2, "with equal values": 1}
    duckdb.execute(f"COPY (FROM ({rows}) OFFSET 3) TO '{found}'")
    assert compare(planted, found) == {"missed": 3, "invented": 0, "with equal values": 0}


def test_a_wrong_count_is_named_and_an_empty_summary_is_not_right() -> None:
    truth = {"rows": {"different": 3, "only_a": 1}, "fields": {"c0": {"different": 3}}}
    assert count_faults(truth, {"rows": {"different": 3}, "fields": {"c0": {"different": 3}}}) == []
    assert count_faults(truth, {"rows": {"different": 2}}) == ["different 2 instead of 3"]
    assert count_faults(truth, {"rows": {"different": 3}, "fields": {}}) == ["c0 None instead of 3"]
    assert count_faults(truth, {"rows": {}}) == ["no number that could be checked"]


def test_published_complaints_keep_file_names_but_no_folders() -> None:
    said = 'IO Error: no file "/home/someone/data/a.parquet" at 3/4'
    assert without_folders(said) == 'IO Error: no file "a.parquet" at 3/4'
