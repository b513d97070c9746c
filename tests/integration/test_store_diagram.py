"""The entity diagram is what the live schema says, and so is the one in the documentation.

``GREENAI_UPDATE_GOLDEN=1`` writes that one anew, for review in git.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from face import greenai as command
from greenai.store.database import connect
from greenai.store.diagram import mermaid, tables

DOCUMENT = Path(__file__).parents[2] / "docs" / "store.md"


def test_the_documented_diagram_is_that_of_the_live_schema(postgres_url: str) -> None:
    with connect(postgres_url) as connection:
        drawn = mermaid(connection)
    before, rest = DOCUMENT.read_text(encoding="utf-8").split("```mermaid\n")
    documented, after = rest.split("```", 1)
    if os.environ.get("GREENAI_UPDATE_GOLDEN") == "1":
        DOCUMENT.write_text(f"{before}```mermaid\n{drawn}```{after}", encoding="utf-8")
        documented = drawn
    assert documented == drawn, "GREENAI_UPDATE_GOLDEN=1 writes it anew: see CONTRIBUTING.md"


COUNTERS = ("present_tally", "cause_tally", "holder_tally")
"""Sums in many rows, so that writers need not wait: a thing has several until a run adds them."""


def test_a_command_prints_it(postgres_url: str) -> None:
    with connect(postgres_url) as connection:
        assert command("db", "diagram", "--store", postgres_url).out == mermaid(connection)


def test_every_table_and_view_has_a_comment_and_every_table_a_key(postgres_url: str) -> None:
    with connect(postgres_url) as connection:
        found = tables(connection)
    assert len(found) > 20
    for table in found:
        assert table.comment, table.name
        assert table.kind == "v" or table.primary or table.unique or table.name in COUNTERS, table.name


def test_partitions_are_not_tables_of_their_own(postgres_url: str, new_database: Any) -> None:
    with connect(postgres_url) as connection:
        before = mermaid(connection)
        connection.execute("INSERT INTO greenai.recon (name) VALUES ('r')")
        connection.execute("SELECT greenai.ensure_partitions(1, '2026-01-01')")
        assert mermaid(connection) == before
