"""How many threads may be asked for, by whatever way."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import greenai
from face import greenai as command
from greenai.errors import UsageError
from greenai.settings import MOST_THREADS, read_settings, thread_count

NONSENSE = ["", "0", "-1", "1025", "1000000", "4.0", "four", " 4", "²", "9" * 5000]


@pytest.mark.parametrize("given", NONSENSE)
def test_nonsense_in_the_environment_is_refused_by_name(given: str) -> None:
    with pytest.raises(UsageError, match="GREENAI_THREADS is not a whole number from 1 to 1,024"):
        read_settings({"GREENAI_THREADS": given})


@pytest.mark.parametrize("given", [0, -4, MOST_THREADS + 1, True, 2.0, Decimal("1E+3")])
def test_nonsense_in_a_call_is_refused(given: int) -> None:
    with pytest.raises(UsageError, match="threads is not a whole number"):
        greenai.diff("a.csv", "b.csv", key="id", threads=given)


@pytest.mark.parametrize("given", [1, 4, MOST_THREADS])
def test_every_number_of_threads_up_to_the_bound_is_taken(given: int) -> None:
    assert thread_count(given, "threads") == given
    assert read_settings({"GREENAI_THREADS": str(given)}).threads == given


def test_nothing_said_leaves_the_number_to_the_engine() -> None:
    assert read_settings({}).threads is None


def test_the_option_has_the_same_bound(tmp_path: Path) -> None:
    answer = command("diff", "a.csv", "b.csv", "--threads", str(MOST_THREADS + 1), cwd=tmp_path)
    answer.trouble("--threads", "1025", "1024")
