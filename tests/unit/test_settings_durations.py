"""Times in the environment."""

from __future__ import annotations

import pytest

from greenai.errors import UsageError
from greenai.settings import read_settings


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("90s", 90.0), ("30m", 1800.0), ("2 H", 7200.0), ("0", None), ("0s", None), ("", 6 * 3600.0)],
)
def test_a_stage_may_take_as_long_as_the_environment_says(given: str, seconds: float | None) -> None:
    assert read_settings({"GREENAI_STAGE_LIMIT": given}).stage_limit == seconds


@pytest.mark.parametrize("given", ["90", "-5s", "1.5h", "6 hours", "h", "٣s", "99999999s"])
def test_what_is_no_time_is_refused_with_how_to_write_one(given: str) -> None:
    with pytest.raises(UsageError, match="GREENAI_STAGE_LIMIT is not a time"):
        read_settings({"GREENAI_STAGE_LIMIT": given})
