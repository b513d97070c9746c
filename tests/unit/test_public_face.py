"""What `import greenai` offers is exactly what is documented, and costs nothing before it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import greenai
from greenai import errors

DOCUMENTED = [
    *("Diff", "GreenaiError", "Inference", "Run", "__version__"),
    *("accept_cause", "cause", "causes", "change_rule"),
    *("diff", "infer", "rejected", "run", "runs", "show"),
]
HEAVY = (
    "duckdb",
    "ibis",
    "pyarrow",
    "pandas",
    "polars",
    "numpy",
    "pydantic",
    "yaml",
    "sqlglot",
    "rich",
    "click",
    "psycopg",
)


def test_the_offered_names_are_the_documented_ones() -> None:
    assert greenai.__all__ == DOCUMENTED
    assert dir(greenai) == sorted(DOCUMENTED)
    for name in DOCUMENTED:
        assert getattr(greenai, name) is not None


def test_every_offered_name_says_what_it_is() -> None:
    for name in DOCUMENTED:
        if name != "__version__":
            assert getattr(greenai, name).__doc__


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'reconcile'"):
        greenai.reconcile  # noqa: B018 - reading it is the test


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter has after a statement."""
    code = f"import sys\n{statement}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    return set(done.stdout.split())


def test_importing_greenai_is_light() -> None:
    assert loaded_by("import greenai").isdisjoint(HEAVY)


def test_the_start_of_the_command_line_loads_click_only() -> None:
    loaded = loaded_by("import greenai.cli.main as m; m.commands.list_commands(None)")
    assert loaded.isdisjoint(set(HEAVY) - {"click"})


def test_every_error_of_ours_has_one_root() -> None:
    found = [value for value in vars(errors).values() if isinstance(value, type)]
    assert len(found) > 8
    assert all(issubclass(kind, greenai.GreenaiError) for kind in found)
