"""A recon with breaks of all kinds on a platform of its own, set up as people do it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from workplace import FRESH

from greenai.embedded import demo

if TYPE_CHECKING:
    import httpx
    from workplace import Workplace

ROWS = 2_500
OPEN = {"state": ["in_review", "returned"]}
"""What waits for a maker: what the workstation shows unless told otherwise."""
CALLED = {"otto": "ada2"}
"""What the demo's people are called here, where the names differ."""


class Desk(demo.Desk):
    """The people of the workplace, doing what those of the demo do."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace.address, {})
        self._workplace = workplace
        self._since: dict[str, float] = {}

    def __getitem__(self, name: str) -> httpx.Client:
        name = CALLED.get(name, name)
        # Whoever did nothing for long is signed out, and the tests may take longer than that.
        if name not in self._clients or time.monotonic() - self._since[name] > FRESH:
            self._clients[name] = self._workplace.client(name)
            self._since[name] = time.monotonic()
        return self._clients[name]


@dataclass(frozen=True)
class Filled:
    """What was set up: its recon, its run, and people's clients of the API."""

    recon: str
    day: date
    run: int
    desk: Desk

    def ask(self, name: str, path: str, **parameters: object) -> Any:
        """What the API tells somebody about the recon."""
        answer = self.desk[name].get(f"/recons/{self.recon}{path}", params=parameters)
        return demo.said(answer)

    def breaks(self, **parameters: object) -> list[Any]:
        """The first open breaks of a filter."""
        found: list[Any] = self.ask("ann", "/breaks", **OPEN, **parameters)["items"]
        return found

    def count(self, **parameters: object) -> int:
        """How many open breaks a filter has."""
        return int(self.ask("ann", "/breaks/count", **OPEN, **parameters)["count"])

    def causes(self) -> list[Any]:
        """Causes that have open breaks and may be accepted as they are, the largest first."""
        right = {
            one["code"]: one["functional"] for one in demo.said(self.desk["ann"].get("/reasons"))["items"]
        }
        found = [
            one
            for one in self.ask("ann", "/causes")["items"]
            if one["open"] and one["explains"] and right[one["reason"]]
        ]
        return sorted(found, key=lambda one: -one["open"])

    def proposals(self, **parameters: object) -> list[Any]:
        """Proposals, the newest first."""
        found: list[Any] = self.ask("sam", "/proposals", **parameters)["items"]
        return found

    def decide(self, maker: str, breaks: list[str], *, kind: str = "accept", **wish: object) -> int:
        """A proposal about some breaks that as many as need to have approved, and that is applied."""
        path = f"/recons/{self.recon}/proposals"
        body = {"selection": {"breaks": breaks}, "kind": kind, "comment": "agreed by telephone", **wish}
        made = demo.said(self.desk[maker].post(path, json=body))
        number = int(made["proposal"])
        for checker in ("sam", "tom"):
            if made["state"] == "proposed":
                seen = {"version": made["version"]}
                made = demo.said(self.desk[checker].post(f"{path}/{number}/approve", json=seen))
        until = time.monotonic() + 60
        while self.ask("sam", f"/proposals/{number}")["state"] != "applied":
            assert time.monotonic() < until, "the approved proposal is not applied"
            time.sleep(0.2)
        return number

    def clear(self) -> None:
        """Take back what waits for a checker, so that its breaks are open again."""
        for one in self.proposals(state="proposed", limit=500):
            path = f"/recons/{one['recon']}/proposals/{one['proposal']}/withdraw"
            demo.said(self.desk[one["maker"]].post(path, json={"version": one["version"]}))


def fill(workplace: Workplace) -> Filled:
    """Simulate trades, have them connected and defined by two persons each, and run them."""
    day = date(2026, 11, 19)
    files = workplace.home.parent / "files"
    desk = Desk(workplace)
    demo.connect(desk, files)
    demo.define(desk, demo.RECON, demo.simulate(files, [day], ROWS, recon=demo.RECON), day)
    return Filled(demo.RECON, day, demo.run(desk, day), desk)
