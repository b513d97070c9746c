from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
import time

import pytest
import report_samples
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from greenai.domain.breaks import Break
from greenai.domain.report import FieldInfo, Report, SideInfo
from greenai.domain.summary import FieldCounts, RowCounts, Summary
from greenai.reports import terminal

STYLE = re.compile(r"\x1b\[[0-9;]*m")


def one_break(a: str | None, b: str | None, *, name: str = "name", key: str = "1") -> Report:
    return Report(
        title=name,
        a=SideInfo(name, name),
        b=SideInfo(name, "b"),
        key=("id",),
        fields=(FieldInfo(name, "string"),),
        summary=Summary(
            rows=RowCounts(a=2, b=2, matched=2, equal=1, different=1, only_a=0, only_b=0),
            fields={name: FieldCounts(1, 0)},
            breaks=1,
        ),
        samples={name: (Break((key,), "value", name, a, b),)},
    )


@pytest.mark.parametrize("name", ["trades", "nasty", "clean", "empty", "gated", "held"])
@pytest.mark.parametrize("width", [1, 7, 20, 39, 40, 60, 80, 100, 120, 200])
@pytest.mark.parametrize("colour", [True, False])
def test_no_line_is_wider_than_the_terminal(name: str, width: int, colour: bool) -> None:
    shown = terminal.render(getattr(report_samples, name)(), width=width, colour=colour)
    assert max(cell_len(STYLE.sub("", line)) for line in shown.split("\n")) <= width


@given(st.text(max_size=40), st.text(max_size=40), st.text(min_size=1, max_size=12), st.integers(20, 90))
@settings(deadline=None)
def test_no_value_can_damage_a_terminal(a: str, b: str, name: str, width: int) -> None:
    shown = terminal.render(one_break(a, b, name=name, key=a), width=width, colour=False)
    lines = shown.split("\n")
    assert all(line.isprintable() for line in lines)
    assert max(map(cell_len, lines)) <= width
    assert terminal.render(one_break(a, b, name=name, key=a), width=width, colour=True).count("\x1b") % 2 == 0


@pytest.mark.parametrize("name", ["trades", "nasty", "clean", "empty", "gated", "held"])
def test_colour_changes_nothing_but_marks(name: str) -> None:
    report = getattr(report_samples, name)()
    plain = terminal.render(report, width=100, colour=False)
    coloured = STYLE.sub("", terminal.render(report, width=100, colour=True))
    without_carets = [line.rstrip() for line in plain.split("\n") if not re.fullmatch(r" *[ ^]*\^ *…?", line)]
    assert [line.rstrip() for line in coloured.split("\n")] == without_carets


def test_carets_stand_below_the_changed_characters() -> None:
    for a, b in (("abcXdef", "abcYdef"), ("東京X", "東京Y"), ("e\u0301X", "e\u0301Y"), ("12.5", "13.5")):
        lines = terminal.render(one_break(a, b), width=80, colour=False).split("\n")
        place = next(number for number, line in enumerate(lines) if "^" in line)
        carets, values = lines[place], lines[place - 1]
        changed = [cell_len(carets[: found.start()]) for found in re.finditer(r"\^+", carets)]
        different = [position for position in range(min(len(a), len(b))) if a[position] != b[position]]
        expected = [
            cell_len(values[: values.index(text)]) + cell_len(text[: different[0]]) for text in (a, b)
        ]
        assert changed == expected


def test_marks_survive_without_colour() -> None:
    assert "^" in terminal.render(one_break("a", "b"), width=80, colour=False)
    assert "\x1b" not in terminal.render(one_break("\x1b[2J", "b"), width=80, colour=False)
    coloured = terminal.render(one_break("a", "b"), width=80, colour=True)
    assert "\x1b[1;7;36ma\x1b[0m" in coloured
    assert "^" not in coloured


def test_a_long_value_is_shortened_around_its_first_change() -> None:
    start = "begin " * 2_000
    shown = terminal.render(one_break(start + "NEW" + start, start + "OLD" + start), width=80, colour=False)
    assert "NEW" in shown
    assert "OLD" in shown
    assert "24,003 characters" in shown
    assert len(shown) < 2_000


def test_a_clean_result_is_one_friendly_line() -> None:
    shown = terminal.render(report_samples.clean(), width=100, colour=False)
    assert "✓ Both sides are equal: 50,000 rows, 2 compared fields, not one difference." in shown
    assert "Rows\n" not in shown


def test_tolerated_values_are_not_called_equal() -> None:
    clean = report_samples.clean()
    summary = dataclasses.replace(clean.summary, fields={"price": FieldCounts(0, 1_200)})
    shown = terminal.render(dataclasses.replace(clean, summary=summary), width=100, colour=False)
    assert "Both sides agree" in shown
    assert "1,200 values only within tolerance" in shown


def test_two_empty_sides_are_not_called_equal() -> None:
    shown = terminal.render(report_samples.empty(), width=100, colour=False)
    assert "nothing to compare" in shown
    assert "equal" not in shown


def test_the_rows_that_are_shown_add_up() -> None:
    shown = terminal.render(report_samples.trades(), width=100, colour=False)
    block = shown[shown.index("Rows\n") : shown.index("Totals")]
    found = {
        words[0]: int(words[1].replace(",", ""))
        for line in block.split("\n")
        if len(words := re.split(r"\s{2,}", line.strip())) > 2
    }
    assert found["matched"] + found["only on this side"] + found["duplicates"] == found["rows"] == 1_000_000
    assert found["equal"] + found["different"] == found["matched"]


def test_five_hundred_fields_stay_readable_and_quick() -> None:
    names = [f"field_{number:03}" for number in range(500)]
    report = Report(
        title="wide",
        a=SideInfo("a", "a"),
        b=SideInfo("b", "b"),
        key=("id",),
        fields=tuple(FieldInfo(name, "string") for name in names),
        summary=Summary(
            rows=RowCounts(a=10, b=10, matched=10, equal=0, different=10, only_a=0, only_b=0),
            fields={name: FieldCounts(10, 0) for name in names},
            breaks=5_000,
        ),
        samples={
            name: tuple(Break((str(n),), "value", name, "left", "right") for n in range(5)) for name in names
        },
    )
    began = time.perf_counter()
    shown = terminal.render(report, width=100, colour=True)
    assert time.perf_counter() - began < 0.5
    assert "476 more differ" in shown
    assert shown.count("\n") < 400


def test_rendering_needs_no_heavy_library() -> None:
    code = (
        "import sys; from greenai.reports import terminal, html, markdown, json; import greenai.cli.progress;"
        "print([m for m in ('rich', 'duckdb', 'ibis', 'pyarrow', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
