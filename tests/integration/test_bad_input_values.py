"""Hostile cells, keys, types, names and widths: nothing rounded, cut, merged or lost; counts add up."""

from __future__ import annotations

import math
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import greenai
from face import assert_adds_up, breaks_of, rejects_of, write_csv, written
from face import greenai as command

HUGE = 10_000_000


def diffed(folder: Path, *options: object, a: str = "a.csv", b: str = "b.csv") -> list[dict[str, object]]:
    """The breaks of a diff by ``id``, once its output is known to be whole."""
    answer = command("diff", a, b, "--key", "id", "--out", "out", *options, cwd=folder)
    written(folder / "out")
    found = breaks_of(folder / "out")
    assert answer.code == (1 if found or rejects_of(folder / "out") else 0)
    return found


def cells(found: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [(one["key"], one["field"] or one["kind"], one["value_a"], one["value_b"]) for one in found]


def test_numbers_beyond_64_bits_stay_apart(tmp_path: Path) -> None:
    near = [9223372036854775807, 9223372036854775808, 18446744073709551616]
    write_csv(tmp_path / "a.csv", ["id", "n"], *[(n, n) for n in near], (1, near[2]))
    write_csv(
        tmp_path / "b.csv", ["id", "n"], *[(n, n) for n in near[:2]], (near[2] + 1, 0), (1, near[2] + 1)
    )
    found = cells(diffed(tmp_path))
    assert found == [
        (["1"], "n", str(near[2]), str(near[2] + 1)),
        ([str(near[2])], "only_a", None, None),
        ([str(near[2] + 1)], "only_b", None, None),
    ]


def test_an_integer_too_large_for_its_field_keeps_its_row_and_breaks(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ["id", "n"], (1, 5), (2, 7))
    write_csv(tmp_path / "b.csv", ["id", "n"], (1, 9223372036854775808), (2, 7))
    (tmp_path / "recon.yaml").write_text(
        "recon: big\nsources: {a: {location: a.csv}, b: {location: b.csv}}\nkey: id\n"
        "fields: {id: {type: integer}, n: {type: integer}}\namount: {field: n}\n",
        encoding="utf-8",
    )
    assert command("run", "recon.yaml", "--out", "out", cwd=tmp_path).code == 1
    summary = written(tmp_path / "out", explained=True)
    assert_adds_up(summary, 2, 2)
    (only,) = breaks_of(tmp_path / "out")
    assert (only["value_a"], only["value_b"], only["reason"]) == ("5", "9223372036854775808", "INVALID_VALUE")
    assert summary["totals"]["by_currency"] == [{"currency": None, "a": "12", "b": "7", "net": "5"}]


def test_thirty_digits_differ_in_the_last_one(tmp_path: Path) -> None:
    whole, small = "123456789012345678901234567890.12", "0.123456789012345678901234567890"
    write_csv(tmp_path / "a.csv", ["id", "n"], (1, whole), (2, small), (3, whole))
    write_csv(tmp_path / "b.csv", ["id", "n"], (1, whole[:-1] + "3"), (2, small[:-1] + "1"), (3, whole))
    assert [(one["key"], one["value_a"], one["value_b"]) for one in diffed(tmp_path)] == [
        (["1"], whole, whole[:-1] + "3"),
        (["2"], small, small[:-1] + "1"),
    ]


def test_thirty_digits_of_money_are_summed_and_tolerated_exactly(tmp_path: Path) -> None:
    money = "1234567890123456789012345678.0"
    write_csv(tmp_path / "a.csv", ["id", "n"], (1, money + "1"), (2, money + "1"), (3, money + "1"))
    write_csv(tmp_path / "b.csv", ["id", "n"], (1, money + "1"), (2, money + "2"), (3, money + "3"))
    (tmp_path / "recon.yaml").write_text(
        "recon: money\nsources: {a: {location: a.csv}, b: {location: b.csv}}\nkey: id\n"
        "fields:\n  id: {type: integer}\n  n: {type: 'decimal(30,2)', compare: {absolute: 0.01}}\n"
        "amount: {field: n}\n",
        encoding="utf-8",
    )
    assert command("run", "recon.yaml", "--out", "out", cwd=tmp_path).code == 1
    summary = written(tmp_path / "out", explained=True)
    assert summary["fields"]["n"] == {"different": 1, "within_tolerance": 1}
    assert summary["rows"]["equal"] == 2
    (total,) = summary["totals"]["by_currency"]
    assert total == {
        "currency": None,
        "a": "3703703670370370367037037034.03",
        "b": "3703703670370370367037037034.06",
        "net": "-0.03",
    }


def test_not_a_number_equals_itself_and_nothing_else(tmp_path: Path) -> None:
    numbers = [math.nan, math.nan, math.inf, -math.inf, 0.0, None]
    others = [math.nan, 1.0, -math.inf, -math.inf, -0.0, math.nan]
    for name, values in (("a", numbers), ("b", others)):
        pq.write_table(pa.table({"id": list(range(6)), "n": pa.array(values)}), tmp_path / f"{name}.parquet")
    found = cells(diffed(tmp_path, a="a.parquet", b="b.parquet"))
    assert found == [
        (["1"], "n", "NaN", "1.0"),
        (["2"], "n", "Infinity", "-Infinity"),
        (["5"], "n", None, "NaN"),
    ]
    tolerant = diffed(tmp_path, "--absolute", "n=1e50", a="a.parquet", b="b.parquet")
    assert cells(tolerant) == found


def test_an_amount_that_is_infinite_does_not_stop_the_totals(tmp_path: Path) -> None:
    for name in "ab":
        table = pa.table({"id": [1, 2], "n": pa.array([math.inf, 1.0])})
        pq.write_table(table, tmp_path / f"{name}.parquet")
    (tmp_path / "recon.yaml").write_text(
        "recon: inf\nsources: {a: {location: a.parquet}, b: {location: b.parquet}}\nkey: id\n"
        "fields: {id: {type: integer}, n: {type: float}}\namount: {field: n}\n",
        encoding="utf-8",
    )
    for form in ("text", "json", "html", "markdown"):
        assert command("run", "recon.yaml", "--format", form, cwd=tmp_path).code == 0


def test_a_cell_of_ten_megabytes_is_compared_whole_and_shown_short(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ["id", "text"], (1, "x" * HUGE), (2, "y"))
    write_csv(tmp_path / "b.csv", ["id", "text"], (1, "x" * (HUGE - 1) + "z"), (2, "y"))
    answer = command("diff", "a.csv", "b.csv", "--key", "id", cwd=tmp_path)
    assert answer.code == 1
    assert "10,000,000 characters" in answer.out
    assert len(answer.out) < 5_000
    (only,) = diffed(tmp_path, "--format", "markdown")
    assert only["value_b"] == "x" * (HUGE - 1) + "z"
    assert (tmp_path / "out" / "report.html").stat().st_size < 1_000_000


def test_a_null_key_in_parquet_is_a_reject_with_its_file(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1, None, 3], "n": [1, 2, 3]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"id": [1, None, None], "n": [1, 2, 3]}), tmp_path / "b.parquet")
    found = diffed(tmp_path, a="a.parquet", b="b.parquet")
    assert cells(found) == [(["3"], "only_a", None, None)]
    rejects = rejects_of(tmp_path / "out")
    assert [(one["side"], one["source"]) for one in rejects] == [
        ("a", "a.parquet"),
        *[("b", "b.parquet")] * 2,
    ]
    assert_adds_up(written(tmp_path / "out"), 3, 3)


def test_types_that_are_swapped_are_compared_as_text_and_told(tmp_path: Path) -> None:
    one = pa.table({"id": [1, 2], "n": [10, 20], "text": ["x", "y"]})
    other = pa.table({"id": [1, 2], "n": ["10", "zwanzig"], "text": [1.5, 2.5]})
    pq.write_table(one, tmp_path / "a.parquet")
    pq.write_table(other, tmp_path / "b.parquet")
    found = diffed(tmp_path, "--format", "json", a="a.parquet", b="b.parquet")
    assert cells(found) == [
        (["1"], "text", "x", "1.5"),
        (["2"], "n", "20", "zwanzig"),
        (["2"], "text", "y", "2.5"),
    ]
    with greenai.diff(tmp_path / "a.parquet", tmp_path / "b.parquet", key="id") as result:
        conflicts = {info.name: info.conflict for info in result.report.fields}
    assert set(conflicts) == {"n", "text"}
    assert all(conflict and "compared as" in conflict for conflict in conflicts.values())


def test_a_key_of_another_type_still_meets(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1, 2], "n": [1, 2]}), tmp_path / "a.parquet")
    write_csv(tmp_path / "b.csv", ["id", "n"], ("2", "2"), ("1", "1"))
    assert diffed(tmp_path, a="a.parquet") == []
    pq.write_table(pa.table({"id": ["1", "2"], "n": [1, 2]}), tmp_path / "b.parquet")
    assert diffed(tmp_path, a="a.parquet", b="b.parquet") == []


NAMES = [
    'with "quotes"',
    "with 'single'",
    "semi;colon",
    "comma,inside",
    "😀",
    "key:id",
    "a:id",
    "b:id",
    "n",
    "different:n",
    "within:n",
    "ordinal",
    "status",
    "fingerprint",
    "key",
    "field",
    "kind",
    "side",
    "rows",
    "count",
    "total",
    "select",
    "x" * 300,
    "new\nline",
    " blank ",
    "{business_date}",
    "%s \\ $1",
]


def test_column_names_may_be_anything(tmp_path: Path) -> None:
    header = ["id", *NAMES]
    same = [f"v{n}" for n in range(len(NAMES))]
    other = [f"w{n}" for n in range(len(NAMES))]
    write_csv(tmp_path / "a.csv", header, (1, *same), (2, *same), (3, *same), (5, *same), (5, *same))
    write_csv(tmp_path / "b.csv", header, (1, *same), (2, *other), (4, *same), (5, *other), (5, *other))
    answer = command(
        "diff", "a.csv", "b.csv", "--key", "id", "--out", "out", "--format", "json", cwd=tmp_path
    )
    assert answer.code == 1
    summary = written(tmp_path / "out")
    assert_adds_up(summary, 5, 5)
    assert summary["rows"]["duplicates_a"] == summary["rows"]["duplicates_b"] == 2
    values = [one for one in breaks_of(tmp_path / "out") if one["kind"] == "value"]
    assert len(values) == len(NAMES)
    assert {one["field"] for one in values} == set(summary["fields"])
    for form in ("text", "markdown", "html"):
        assert command("diff", "a.csv", "b.csv", "--key", "id", "--format", form, cwd=tmp_path).code == 1


@pytest.mark.parametrize("name", ["raw:n", "context:n", "greenai:n"])
def test_a_name_that_greenai_needs_is_refused_and_may_be_ignored(tmp_path: Path, name: str) -> None:
    write_csv(tmp_path / "a.csv", ["id", "n", name], (1, 2, 3))
    command("diff", "a.csv", "a.csv", "--key", "id", cwd=tmp_path).trouble(name, "rename", "--ignore")
    assert command("diff", "a.csv", "a.csv", "--key", "id", "--ignore", name, cwd=tmp_path).code == 0


def test_a_definition_made_from_any_column_names_runs(tmp_path: Path) -> None:
    header = ["id", *NAMES]
    rows = [(n, *[f"{name[:3]}{n}" for name in NAMES]) for n in range(30)]
    write_csv(tmp_path / "a.csv", header, *rows)
    write_csv(tmp_path / "b.csv", header, *rows[1:])
    definition = command("init", "a.csv", "b.csv", cwd=tmp_path)
    assert definition.code == 0
    (tmp_path / "recon.yaml").write_text(definition.out, encoding="utf-8")
    answer = command("run", "recon.yaml", "--out", "out", cwd=tmp_path)
    assert answer.code == 1, answer.err
    summary = written(tmp_path / "out", explained=True)
    assert_adds_up(summary, 30, 29)
    assert (summary["rows"]["equal"], summary["breaks"]) == (29, 1)


def test_empty_column_names_are_given_one_or_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,,x\n1,2,3\n", encoding="utf-8")
    answer = command("diff", "a.csv", "a.csv", "--key", "id", cwd=tmp_path)
    if answer.code == 2:
        answer.trouble("a.csv")
    else:
        assert "2 compared fields" in answer.out


def test_columns_that_differ_in_case_only_are_refused_by_name(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["id", "Up", "UP"], (1, 2, 3))
    command("diff", path, path, "--key", "id").trouble("a.csv", "Up", "same name")


@pytest.mark.slow
def test_five_hundred_columns_and_every_other_one_different(tmp_path: Path) -> None:
    header = ["id", *(f"c{n}" for n in range(499))]
    table = {name: [f"{name} {row}" for row in range(4)] for name in header}
    changed = table | {name: [*table[name][:3], "!"] for name in header[1::2]}
    pq.write_table(pa.table(table), tmp_path / "a.parquet")
    pq.write_table(pa.table(changed), tmp_path / "b.parquet")
    found = diffed(tmp_path, a="a.parquet", b="b.parquet")
    assert len(found) == 250
    assert_adds_up(written(tmp_path / "out"), 4, 4)


@pytest.mark.slow
def test_five_hundred_columns_of_a_csv_are_typed_and_run(tmp_path: Path) -> None:
    header = ["id", *(f"c{n}" for n in range(499))]
    rows = [[row, *(row * n for n in range(499))] for row in range(20)]
    write_csv(tmp_path / "a.csv", header, *rows)
    rows[7][300] += 1
    write_csv(tmp_path / "b.csv", header, *rows)
    fields = ", ".join(header)
    (tmp_path / "recon.yaml").write_text(
        "recon: wide\nsources: {a: {location: a.csv}, b: {location: b.csv}}\n"
        f"key: id\nfields: [{fields}]\n",
        encoding="utf-8",
    )
    assert command("run", "recon.yaml", "--out", "run", cwd=tmp_path).code == 1
    summary = written(tmp_path / "run", explained=True)
    assert_adds_up(summary, 20, 20)
    assert cells(breaks_of(tmp_path / "run")) == [(["7"], "c299", "2093", "2094")]
