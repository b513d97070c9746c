"""A run of one process that freezes in the middle of its publication keeps its recon from nobody."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

import greenai
from greenai.errors import StoreError
from greenai.pipeline import publish, stored_run
from greenai.store import copying

RECON = (
    "recon: trades\nsources: {a: {location: a.csv}, b: {location: b.csv}}\nkey: [id]\n"
    "fields: {id: {type: string}, amount: {type: 'decimal(18,2)'}}\n"
)


def test_a_frozen_publication_loses_its_session_and_others_go_on(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("id,amount\n1,2.00\n")
    (tmp_path / "b.csv").write_text("id,amount\n1,2.50\n")
    (tmp_path / "recon.yaml").write_text(RECON)
    real = publish.publish

    def slowly(*given: Any) -> Any:
        done = real(*given)
        time.sleep(1)
        return done

    monkeypatch.setattr(stored_run, "publish", slowly)
    monkeypatch.setattr(copying, "FROZEN", "200ms")
    with pytest.raises(StoreError, match="idle-in-transaction"):
        greenai.run(tmp_path / "recon.yaml", business_date="2026-01-06", store=postgres_url)
    monkeypatch.undo()
    with greenai.run(tmp_path / "recon.yaml", business_date="2026-01-06", store=postgres_url) as run:
        assert run.summary.breaks == 1
    assert [(one.run, one.state) for one in greenai.runs(store=postgres_url)] == [
        (2, "awaiting_review"),
        (1, "failed"),
    ]
