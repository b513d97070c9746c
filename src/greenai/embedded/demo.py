"""A platform with a past, to look around in: people of every role, runs, breaks of all kinds, proposals.

All of it is done as people do it, through the BFF: what the demo shows is what happened.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from greenai.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

PEOPLE: Final[Mapping[str, tuple[str, str]]] = {
    "ann": ("Ann Aldous", "analyst"),
    "ben": ("Ben Brody", "analyst"),
    "cleo": ("Cleo Castell", "senior_analyst"),
    "sam": ("Sam Soto", "supervisor"),
    "tara": ("Tara Tran", "supervisor"),
    "mia": ("Mia Meyer", "manager"),
    "aldo": ("Aldo Abel", "auditor"),
    "ada": ("Ada Adler", "administrator"),
    "otto": ("Otto Olsen", "administrator"),
}
"""Who works here: name, full name, role. Two administrators, for one alone can approve nothing."""
RECON: Final = "fx_trades"
ARCHIVE: Final = "fx_trades_archive"
LARGER: Final = 5
"""Times the rows of the last date are in the run that is going on when the demo opens."""
CONNECTION: Final = "demo"
EARLIER: Final = 4
"""Business dates before the last one."""
WAITING: Final = 300.0
"""Seconds that a run may take."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the demo opens on: its address, and the password of each person, told once."""

    address: str
    recon: str
    passwords: Mapping[str, str] = field(repr=False)


def people(url: str) -> dict[str, str]:
    """Make the accounts; the password of each, which nobody has but who reads this."""
    from greenai.identity.accounts import add
    from greenai.identity.callers import Grant
    from greenai.store.database import connect

    given = {name: secrets.token_urlsafe(12) for name in PEOPLE}
    with connect(url) as connection:
        for name, (shown, role) in PEOPLE.items():
            add(
                connection,
                "demo",
                name=name,
                display_name=shown,
                password=given[name],
                grants=[Grant(role)],  # type: ignore[arg-type]
                must_change=False,
            )
    return given


def last_business_date(today: date) -> date:
    """The last working day before today."""
    return previous(today)


def previous(day: date) -> date:
    """The working day before."""
    day -= timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def dates(today: date) -> list[date]:
    """The business dates of the demo, in order."""
    found = [last_business_date(today)]
    while len(found) <= EARLIER:
        found.insert(0, previous(found[0]))
    return found


def simulate(folder: Path, days: Sequence[date], rows: int, *, recon: str) -> str:
    """Write the files of each date, the last one's the largest; the definition that names the connection."""
    from greenai.simulation.trades import simulate_trades

    for number, day in enumerate(days):
        simulate_trades(
            rows=rows if day == days[-1] else max(500, rows // 5),
            seed=7 + number,
            out=folder / recon / day.isoformat(),
            business_date=day,
        )
    text = (folder / recon / days[-1].isoformat() / "recon.yaml").read_text(encoding="utf-8")
    for side in ("front_office", "back_office"):
        text = text.replace(f'"{side}/', f'"connection://{CONNECTION}/{recon}/{{business_date}}/{side}/')
    return text.replace("recon: simulated_trades", f"recon: {recon}")


def unstored(document: str) -> str:
    """A definition without golden tables: those have one owner, which is the other recon."""
    return re.sub(r"(?ms)^store:.*?(?=^\S|\Z)", "", document)


class Desk:
    """The people of the demo at work: each signs in, and does what his role may."""

    def __init__(self, address: str, passwords: Mapping[str, str]) -> None:
        self.address = address
        self._passwords = passwords
        self._clients: dict[str, httpx.Client] = {}

    def __getitem__(self, name: str) -> httpx.Client:
        """Somebody's client."""
        import httpx

        if name not in self._clients:
            client = httpx.Client(base_url=f"{self.address}/api/v1", timeout=120, trust_env=False)
            told = client.post("/login", json={"name": name, "password": self._passwords[name]})
            client.headers["x-csrf-token"] = said(told)["csrf"]
            self._clients[name] = client
        return self._clients[name]

    def close(self) -> None:
        """Sign out."""
        for client in self._clients.values():
            client.post("/logout")
            client.close()


def said(answer: httpx.Response) -> Any:
    """What the BFF answered. Raises PlatformError with its problem when it refused."""
    if answer.is_success:
        return answer.json() if answer.content else None
    told = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    raise PlatformError(
        f"the demo was refused: {answer.request.method} {answer.request.url.path}: "
        f"{told.get('detail', answer.status_code)}",
        remedy=told.get("remedy"),
    )


@contextmanager
def at_desks(address: str, passwords: Mapping[str, str]) -> Iterator[Desk]:
    """Wait until the BFF answers, and let people in."""
    import httpx

    until = time.monotonic() + 60
    while True:
        try:
            if httpx.get(f"{address}/ready", trust_env=False).is_success:
                break
        except httpx.TransportError:
            pass
        if time.monotonic() > until:
            raise PlatformError(
                "the workstation does not answer", source=address, remedy="see greenai status"
            )
        time.sleep(0.1)
    desk = Desk(address, passwords)
    try:
        yield desk
    finally:
        desk.close()


def connect(desk: Desk, folder: Path) -> None:
    """A connection of one administrator, approved by the other."""
    described = {"folder": str(folder), "description": "Simulated front and back office"}
    said(desk["ada"].post(f"/connections/{CONNECTION}/versions", json=described))
    said(desk["otto"].post(f"/connections/{CONNECTION}/versions/1/approval", json={}))


def define(desk: Desk, recon: str, document: str, first: date) -> None:
    """A definition of one supervisor, approved by another person."""
    saved = said(desk["cleo"].post("/recons", json={"document": document, "comment": "The first version"}))
    change = said(
        desk["cleo"].post(
            f"/recons/{recon}/versions/{saved['version']}/changes",
            json={"effective_from": first.isoformat(), "comment": "Ready for production"},
        )
    )
    said(
        desk["sam"].post(
            f"/recons/{recon}/changes/{change['change']}/approval",
            json={"revision": change["revision"], "comment": "Tried on a sample"},
        )
    )


def start(desk: Desk, recon: str, day: date) -> int:
    """Ask for a run; its number."""
    asked = said(desk["cleo"].post(f"/recons/{recon}/runs", json={"business_date": day.isoformat()}))
    return int(asked["run"])


def run(desk: Desk, day: date) -> int:
    """Ask for a run, and wait for its end; its number. Raises PlatformError when it fails."""
    number = start(desk, RECON, day)
    until = time.monotonic() + WAITING
    while True:
        state = said(desk["cleo"].get(f"/recons/{RECON}/runs/{number}"))["state"]
        if state in ("awaiting_review", "completed"):
            return number
        if state in ("failed", "cancelled") or time.monotonic() > until:
            raise PlatformError(
                f"run {number} of the demo is {state}", remedy=f"greenai jobs list --run {number}"
            )
        time.sleep(0.2)


RESOLUTIONS: Final = {"only_b": "exclude", "duplicate_b": "exclude"}
"""What the demo's makers want done with what only the back office has; else the front office is right."""


def decide(desk: Desk, *, settle: bool) -> None:
    """Propose by cause; with `settle` another person approves, else the proposals wait for one."""
    right = {one["code"]: one["functional"] for one in said(desk["ann"].get("/reasons"))["items"]}
    causes = [
        one
        for one in said(desk["ann"].get(f"/recons/{RECON}/causes"))["items"]
        if one["open"] and one["explains"]
    ]
    for turn, cause in enumerate(causes[:6] if settle else causes[:4]):
        maker = desk["ann" if turn % 2 == 0 else "ben"]
        asked: dict[str, Any] = {"selection": {"cause": cause["cause_id"]}, "kind": "accept"}
        if not right[cause["reason"]]:
            resolution = RESOLUTIONS.get(cause["kind"], "take_a")
            asked |= {"kind": "override", "reason": cause["reason"], "resolution": resolution}
            asked["comment"] = "The front office is right; told the back office."
        proposal = said(maker.post(f"/recons/{RECON}/proposals", json=asked))
        number = proposal["proposal"]
        if settle:
            checked = {"version": proposal["version"], "comment": "Checked against the source."}
            said(desk["sam"].post(f"/recons/{RECON}/proposals/{number}/approve", json=checked))


def talk(desk: Desk) -> None:
    """Work is given to somebody, and spoken about."""
    found = said(desk["sam"].get(f"/recons/{RECON}/breaks", params={"state": "in_review", "limit": 12}))[
        "items"
    ]
    some = [one["break_id"] for one in found]
    if not some:
        return
    asked = {"selection": {"breaks": some}, "assignee": "ann", "comment": "Please look at these first."}
    said(desk["sam"].post(f"/recons/{RECON}/assignments", json=asked))
    place = f"/recons/{RECON}/breaks/{some[0]}/comments"
    said(desk["ann"].post(place, json={"body": "@ben is this the one you saw last week?"}))
    said(
        desk["ben"].post(
            place, json={"body": "Yes, the back office corrects it tomorrow. @ann leave it open."}
        )
    )


def open_demo(
    address: str,
    url: str,
    folder: Path,
    *,
    rows: int,
    today: date,
    told: Callable[[str], None],
) -> Opened:
    """Fill an empty platform; `folder` gets the simulated files. Takes about a minute for 20,000 rows."""
    days = dates(today)
    told(f"simulating {EARLIER + 1} business dates, and a larger one")
    document = simulate(folder, days, rows, recon=RECON)
    larger = unstored(simulate(folder, days[-1:], LARGER * rows, recon=ARCHIVE))
    given = people(url)
    with at_desks(address, given) as desk:
        told("a connection and a definition, each approved by a second person")
        connect(desk, folder)
        define(desk, RECON, document, days[0])
        for number, day in enumerate(days):
            told(f"the run of {day}")
            run(desk, day)
            if number == len(days) - 2:
                told("proposals of two makers, approved by a checker")
                decide(desk, settle=True)
        told("proposals that wait for a checker")
        decide(desk, settle=False)
        talk(desk)
        told("a larger run, which goes on while you look around")
        define(desk, ARCHIVE, larger, days[0])
        start(desk, ARCHIVE, days[-1])
    return Opened(address, RECON, given)
