"""Two files that differ in known ways, and a recon of them made through the API."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx
    from workplace import Workplace

ROWS = 600
SCALED = 60
"""Notionals in JPY of which b is a hundred times a."""
MISSING = 5
"""Trades that b does not have."""
UNREADABLE = 1
"""Rows of a without a key."""
DAY = "2026-11-20"
OVER = ("awaiting_review", "completed", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class TwoFiles:
    """Where they are."""

    a: Path
    b: Path


def two_files(folder: Path, *, rows: int = ROWS) -> TwoFiles:
    """Trades of a front office and of a ledger, whose columns have other names and other dates."""
    a = ["TradeID,Notional,Ccy,TradeDate,Direction"]
    b = ["Transaction_ID,Amount,Currency,Trade_Dt,BS"]
    for number in range(rows):
        scaled = number < SCALED
        currency = "JPY" if scaled else ("USD", "EUR", "GBP")[number % 3]
        cents = 1_000_000 + 7919 * number
        day = 1 + number % 28
        side = "BUY" if (number * 7) % 11 < 5 else "SELL"
        a.append(f"T{number:05d},{cents / 100:.2f},{currency},{day:02d}/10/2026,{side}")
        if number >= rows - MISSING:
            continue
        there = cents * 100 if scaled else cents
        b.append(f"T{number:05d},{there / 100:.2f},{currency},2026-10-{day:02d},{side}")
    a.append(",5.00,USD,01/10/2026,BUY")
    paths = TwoFiles(folder / "front.csv", folder / "ledger.csv")
    paths.a.write_text("\n".join(a) + "\n")
    paths.b.write_text("\n".join(b) + "\n")
    return paths


def answered(response: httpx.Response) -> Any:
    """What the API answered; fails the test where it refused."""
    assert response.status_code < 300, response.text
    return response.json()


def made_recon(workplace: Workplace, files: TwoFiles, name: str) -> None:
    """A recon of the files that a supervisor approved: it holds from October on."""
    with closing(workplace.client("cleo")) as maker, closing(workplace.client("sam")) as checker:
        sides = {
            side: {
                "location": answered(maker.post("/uploads", files={"file": (path.name, path.read_bytes())}))[
                    "files"
                ][0]["location"]
            }
            for side, path in (("a", files.a), ("b", files.b))
        }
        found = answered(maker.post("/definitions/inference", json={**sides, "recon": name}))
        document = found["document"] + "amount: {field: Notional, currency: Ccy}\nmax_rejects: 0.1\n"
        saved = answered(maker.post("/recons", json={"document": document}))
        change = answered(
            maker.post(
                f"/recons/{name}/versions/{saved['version']}/changes", json={"effective_from": "2026-10-01"}
            )
        )
        answered(
            checker.post(
                f"/recons/{name}/changes/{change['change']}/approval", json={"revision": change["revision"]}
            )
        )


def ran(workplace: Workplace, name: str, day: str = DAY, *, seconds: float = 120) -> dict[str, Any]:
    """A run of the recon that is over, as the API tells it."""
    with closing(workplace.client("sam")) as person:
        number = answered(person.post(f"/recons/{name}/runs", json={"business_date": day}))["run"]
        until = time.monotonic() + seconds
        while True:
            found: dict[str, Any] = answered(person.get(f"/recons/{name}/runs/{number}"))
            if found["state"] in OVER:
                return found
            assert time.monotonic() < until, found
            time.sleep(0.3)
