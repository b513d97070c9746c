"""What becomes of a job whose work failed."""

from __future__ import annotations

from itertools import pairwise

import pytest

from greenai.domain.jobs import STAGES, Claim, after
from greenai.errors import DefinitionError, EngineError, MissingSourceError, StoreError, WorkspaceError
from greenai.jobs.failures import LONGEST, failure


def claim(attempt: int = 1, most: int = 5) -> Claim:
    return Claim(7, "diff", "compare", 3, {}, 11, attempt, most, 100, 0)


def test_what_only_a_person_can_mend_is_given_up_at_once() -> None:
    for error in (
        MissingSourceError("the file is gone", source="a.csv"),
        DefinitionError("no key", source="r.yaml", line=3),
    ):
        found = failure(claim(), error)
        assert found.delay is None
        assert str(error.source) in found.error
        assert "jobs retry 7" in found.remedy


@pytest.mark.parametrize(
    "error", [StoreError("gone"), EngineError("memory"), WorkspaceError("full"), KeyError("x")]
)
def test_other_trouble_is_tried_again_with_more_and_more_patience(error: Exception) -> None:
    delays = [failure(claim(attempt, 20), error).delay for attempt in range(1, 12)]
    assert delays[0] == 2.0
    assert all(a is not None and b is not None and a <= b for a, b in pairwise(delays))
    assert delays[-1] == LONGEST
    assert failure(claim(5), error).delay is None


def test_a_fault_of_ours_is_called_one() -> None:
    assert "KeyError" in failure(claim(5), KeyError("x")).error
    assert "a fault of greenai" in failure(claim(5), KeyError("x")).remedy


def test_each_stage_has_the_next_one() -> None:
    names = list(STAGES)
    assert [after(name) for name in names] == [*names[1:], None]
