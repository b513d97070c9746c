"""Shares of the machine for the processes of a platform."""

from __future__ import annotations

from greenai.embedded.shares import LEAST, PLATFORM, machine_memory, memory_share


def test_all_engines_together_stay_below_the_machine() -> None:
    total = 16_000_000_000
    for engines in (1, 4, 8):
        assert int(memory_share(engines, total).removesuffix("MB")) * 1_000_000 * engines <= total * PLATFORM


def test_an_engine_has_what_it_gets_along_with() -> None:
    assert memory_share(64, 2_000_000_000) == f"{LEAST // 1_000_000}MB"


def test_the_machine_has_memory() -> None:
    assert machine_memory() > 100_000_000
