"""Bad bytes in a file: a named reject, a visible break, or exit 2 with a remedy; the counts add up.

Every case goes through `greenai diff`, `greenai.diff` and `greenai run`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import greenai
from face import assert_adds_up, breaks_of, rejects_of, written
from face import greenai as command

HEADER = "id,name,amount,day\n"
GOOD = HEADER + "1,Anna,10.00,2024-01-01\n2,Bob,20.50,2024-01-02\n3,Cara,30.00,2024-01-03\n"
DEFINITION = """\
recon: bad
sources:
  a: {location: a.csv}
  b: {location: b.csv}
key: [id]
max_rejects: 1
fields:
  id: {type: string}
  name: {type: string}
  amount: {type: "decimal(38,4)"}
  day: {type: date}
"""


@dataclass(frozen=True)
class Case:
    """Side b is bad, side a is `GOOD`. What `diff` and `run` must find, and how many rows b has."""

    b: str | bytes
    lines: int
    rows: Mapping[str, int]
    breaks: tuple[tuple[str, str, str | None, str | None], ...] = ()
    """Key, field or kind, value_a, value_b."""
    rejects: tuple[tuple[int | None, str], ...] = ()
    """Line, part of the reason."""
    run_breaks: tuple[tuple[str, str, str | None, str | None], ...] | None = None
    run_reasons: tuple[str, ...] = field(default=())


ONLY_2 = (("2", "only_a", None, None),)
CASES = {
    "ragged rows": Case(
        HEADER + "1,Anna,10.00,2024-01-01\n2,Bob,20.50\n3,Cara,30.00,2024-01-03,more\n",
        3,
        {"matched": 1, "equal": 1, "only_a": 2, "rejected_b": 2},
        breaks=(*ONLY_2, ("3", "only_a", None, None)),
        rejects=((3, "too few cells: 3 instead of 4"), (4, "too many cells: 5 instead of 4")),
    ),
    "wrong encoding": Case(
        GOOD.replace("Bob", "Bjö").encode("latin-1"),
        3,
        {"matched": 2, "equal": 2, "only_a": 1, "rejected_b": 1},
        breaks=ONLY_2,
        rejects=((3, "0xF6"),),
    ),
    "byte order mark": Case(b"\xef\xbb\xbf" + GOOD.encode(), 3, {"matched": 3, "equal": 3}),
    "embedded newline": Case(
        GOOD.replace("Bob", '"B\nob"'),
        3,
        {"matched": 3, "equal": 2, "different": 1},
        breaks=(("2", "name", "Bob", "B\nob"),),
    ),
    "mixed dates": Case(
        GOOD.replace("2024-01-01", "01/01/2024").replace("2024-01-03", "Jan 3 2024"),
        3,
        {"matched": 3, "equal": 1, "different": 2},
        breaks=(("1", "day", "2024-01-01", "01/01/2024"), ("3", "day", "2024-01-03", "Jan 3 2024")),
        run_reasons=("INVALID_VALUE", "INVALID_VALUE"),
    ),
    "repeated header": Case(
        GOOD.replace("2,Bob", HEADER + "2,Bob"),
        4,
        {"matched": 3, "equal": 3, "rejected_b": 1},
        rejects=((3, "repeated header"),),
    ),
    "NUL byte": Case(
        GOOD.replace("Bob", "B\0ob"),
        3,
        {"matched": 3, "equal": 2, "different": 1},
        breaks=(("2", "name", "Bob", "B\0ob"),),
    ),
    "null key": Case(
        GOOD.replace("2,Bob", ",Bob"),
        3,
        {"matched": 2, "equal": 2, "only_a": 1, "rejected_b": 1},
        breaks=ONLY_2,
        rejects=((None, "key field id is null"),),
    ),
    "not a number and infinity": Case(
        GOOD.replace("10.00", "NaN").replace("20.50", "inf").replace("30.00", "-Infinity"),
        3,
        {"matched": 3, "equal": 0, "different": 3},
        breaks=(
            ("1", "amount", "10.0", "NaN"),
            ("2", "amount", "20.5", "Infinity"),
            ("3", "amount", "30.0", "-Infinity"),
        ),
        run_breaks=(
            ("1", "amount", "10.0000", "NaN"),
            ("2", "amount", "20.5000", "inf"),
            ("3", "amount", "30.0000", "-Infinity"),
        ),
        run_reasons=("INVALID_VALUE",) * 3,
    ),
    "header only": Case(
        HEADER,
        0,
        {"a": 3, "b": 0, "only_a": 3},
        breaks=(("1", "only_a", None, None), *ONLY_2, ("3", "only_a", None, None)),
    ),
    "types swapped": Case(
        HEADER + "2024-01-01,1,abc,x\n2024-01-02,2,def,y\n2024-01-03,3,ghi,z\n",
        3,
        {"only_a": 3, "only_b": 3},
        breaks=tuple((key, "only_a", None, None) for key in "123")
        + tuple((f"2024-01-0{n}", "only_b", None, None) for n in (1, 2, 3)),
    ),
    "no overlap of keys": Case(
        HEADER + "11,Anna,10.00,2024-01-01\n",
        1,
        {"only_a": 3, "only_b": 1},
        breaks=(
            ("1", "only_a", None, None),
            ("11", "only_b", None, None),
            *ONLY_2,
            ("3", "only_a", None, None),
        ),
    ),
    "no newline at the end, DOS line ends": Case(
        GOOD.replace("\n", "\r\n").removesuffix("\r\n"), 3, {"matched": 3, "equal": 3}
    ),
    "every row different": Case(
        GOOD.replace("Anna", "").replace("Bob", "bob").replace("Cara", "Cara "),
        3,
        {"matched": 3, "different": 3},
        breaks=(("1", "name", "Anna", None), ("2", "name", "Bob", "bob"), ("3", "name", "Cara", "Cara ")),
    ),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    found = CASES[request.param]
    (tmp_path / "a.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(found.b.encode() if isinstance(found.b, str) else found.b)
    (tmp_path / "recon.yaml").write_text(DEFINITION, encoding="utf-8")
    return found


def hold(case: Case, summary: Mapping[str, Any]) -> None:
    """The counts are those of the case, and add up."""
    assert_adds_up(summary, 3, case.lines)
    assert case.rows.items() <= summary["rows"].items(), summary["rows"]


def found_breaks(folder: Path) -> list[tuple[str, str, str | None, str | None]]:
    return [
        (one["key"][0], one["field"] or one["kind"], one["value_a"], one["value_b"])
        for one in breaks_of(folder)
    ]


def hold_rejects(case: Case, rejects: list[dict[str, Any]]) -> None:
    assert [one["line"] for one in rejects] == [line for line, _ in case.rejects]
    for one, (_, why) in zip(rejects, case.rejects, strict=True):
        assert (one["side"], one["source"]) == ("b", "b.csv")
        assert why in one["why"]
        assert one["raw"]


def test_bad_input_is_named_by_diff(case: Case, tmp_path: Path) -> None:
    out = tmp_path / "out"
    answer = command("diff", "a.csv", "b.csv", "--key", "id", "--out", out, "--format", "json", cwd=tmp_path)
    summary = written(out)
    hold(case, summary)
    assert answer.code == (1 if case.breaks or case.rejects else 0)
    assert answer.document["rows"] == summary["rows"]
    assert answer.err == ""
    assert found_breaks(out) == sorted(case.breaks)
    hold_rejects(case, rejects_of(out))


@pytest.mark.parametrize("case", [name for name in CASES if CASES[name].rejects], indirect=True)
def test_rejects_are_at_hand_in_the_library(case: Case, tmp_path: Path) -> None:
    with greenai.diff(tmp_path / "a.csv", tmp_path / "b.csv", key="id") as result:
        hold(case, result.summary.as_dict())
        assert not result.equal
        assert result.breaks.num_rows == len(case.breaks)
        hold_rejects(case, result.rejects.to_pylist())


def test_bad_input_is_named_by_run(case: Case, tmp_path: Path) -> None:
    out = tmp_path / "out"
    answer = command("run", tmp_path / "recon.yaml", "--store", "none", "--out", out, "--format", "json")
    summary = written(out, explained=True)
    hold(case, summary)
    assert answer.code == (1 if case.breaks or case.rejects else 0)
    assert found_breaks(out) == sorted(case.run_breaks if case.run_breaks is not None else case.breaks)
    hold_rejects(case, rejects_of(out))
    if case.run_reasons:
        assert tuple(one["reason"] for one in breaks_of(out)) == case.run_reasons


def test_a_run_stops_where_more_rows_are_rejected_than_allowed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.csv").write_text(GOOD + "4,Dan\n", encoding="utf-8")
    recon = tmp_path / "recon.yaml"
    recon.write_text(DEFINITION.replace("max_rejects: 1", "max_rejects: 0.24"), encoding="utf-8")
    out = tmp_path / "out"
    command("run", recon, "--out", out).trouble(
        "b.csv, line 5", "1 of 4 rows", "25.0%", "max_rejects", "4,Dan"
    )
    assert not out.exists()
    recon.write_text(DEFINITION.replace("max_rejects: 1", "max_rejects: 0.25"), encoding="utf-8")
    assert command("run", recon, "--out", out).code == 1
    assert_adds_up(written(out, explained=True), 3, 4)
