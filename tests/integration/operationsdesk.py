"""People who operate recons over HTTP: feeds in a folder, a connection to it, a definition that holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from bffdesk import Desk
from jobshop import work_off

TODAY = date(2026, 11, 20)
DEFINITION = """recon: fx_trades
description: Front office against the ledger
sources:
  a: {system: front, location: "connection://feeds/front_{business_date}.csv"}
  b: {system: back, location: "connection://feeds/back_{business_date}.csv"}
key: [id]
fields:
  id: {type: string}
  amount: {type: "decimal(18,2)"}
  currency: {type: string}
amount: {field: amount, currency: currency}
gate: {authority: a}
store: {table: fx_trade}
"""
OTHER = DEFINITION.replace(
    'amount: {type: "decimal(18,2)"}', 'amount: {type: "decimal(18,2)", compare: {absolute: 0.05}}'
)


def feed(folder: Path, day: date, rows: int = 20, *, broken: int = 3) -> None:
    """Write both files of a date; some amounts differ, one currency is written in small letters."""
    folder.mkdir(parents=True, exist_ok=True)
    for side in ("front", "back"):
        lines = ["id,amount,currency"]
        for number in range(rows):
            off = 0.01 if side == "back" and number < broken else 0
            currency = "chf" if side == "back" and number == rows - 1 else "CHF"
            lines.append(f"T{number},{100 + number + off:.2f},{currency}")
        (folder / f"{side}_{day}.csv").write_text("\n".join(lines) + "\n")


@dataclass
class Staff:
    """Everybody who has a part in it."""

    desk: Desk
    ann: httpx.Client
    """Writes definitions and starts runs."""
    ben: httpx.Client
    """Approves them."""
    ada: httpx.Client
    """Administers."""
    abe: httpx.Client
    """Administers, too."""
    feeds: Path

    @classmethod
    def come(cls, desk: Desk, feeds: Path) -> Staff:
        """Everybody has an account and is signed in."""
        return cls(
            desk,
            desk.person("ann", "senior_analyst"),
            desk.person("ben", "supervisor"),
            desk.person("ada", "administrator"),
            desk.person("abe", "administrator"),
            feeds,
        )

    def connect(self, name: str = "feeds", folder: Path | None = None) -> None:
        """Propose a connection to the feeds and have it approved."""
        made = self.ada.post(f"/connections/{name}/versions", json={"folder": str(folder or self.feeds)})
        assert made.status_code == 201, made.text
        version = made.json()["proposed_version"]
        done = self.abe.post(f"/connections/{name}/versions/{version}/approval", json={})
        assert done.status_code == 200, done.text

    def lead(self, document: str = DEFINITION, since: str = "2026-01-01") -> int:
        """Save a definition and have it hold from a date on; returns its version."""
        known = self.ann.get("/recons/fx_trades").status_code == 200
        saved = self.ann.post(
            "/recons/fx_trades/versions" if known else "/recons", json={"document": document}
        )
        assert saved.status_code == 201, saved.text
        version = int(saved.json()["version"])
        proposed = self.ann.post(
            f"/recons/fx_trades/versions/{version}/changes", json={"effective_from": since}
        )
        assert proposed.status_code == 201, proposed.text
        change = proposed.json()
        approved = self.ben.post(
            f"/recons/fx_trades/changes/{change['change']}/approval", json={"revision": change["revision"]}
        )
        assert approved.status_code == 200, approved.text
        assert approved.json()["state"] == "activated"
        return version

    def run(self, day: date = TODAY) -> dict[str, Any]:
        """Start a run and have it worked off; returns it."""
        started = self.ann.post("/recons/fx_trades/runs", json={"business_date": day.isoformat()})
        assert started.status_code == 202, started.text
        self.work_off()
        shown = self.ann.get(f"/recons/fx_trades/runs/{started.json()['run']}")
        assert shown.status_code == 200, shown.text
        return dict(shown.json())

    def work_off(self) -> None:
        """Let the engines do what waits."""
        settings = self.desk.settings
        assert settings.database_url is not None
        assert settings.workspace is not None
        work_off(settings.database_url, settings.workspace)
