"""What the tests of the definition share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from greenai.definition.loading import loads
from greenai.definition.model import Definition
from greenai.definition.problems import InvalidDefinitionError, Problem

HEAD = "recon: trades\nsources:\n  a: {location: a.csv}\n  b: {location: b.csv}\n"


@pytest.fixture(scope="session")
def contract() -> str:
    """The example of the contract, as it stands there."""
    return (Path(__file__).parent / "contract_example.yaml").read_text(encoding="utf-8")


@pytest.fixture
def read() -> Callable[[str], Definition]:
    """Read a definition of which only the part after the sources is given (from line 5 on)."""
    return lambda text: loads(HEAD + text, source="trades.yaml")


@pytest.fixture
def problems() -> Callable[[str], tuple[Problem, ...]]:
    """The problems of a definition of which only the part after the sources is given."""

    def find(text: str) -> tuple[Problem, ...]:
        with pytest.raises(InvalidDefinitionError) as caught:
            loads(HEAD + text, source="trades.yaml")
        return caught.value.problems

    return find
