"""A platform as `greenai up` makes it, with people of every role, for tests in a browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PASSWORD = "correct horse battery staple 9"
PEOPLE: Mapping[str, str] = {
    "ann": "analyst",
    "ben": "analyst",
    "cleo": "senior_analyst",
    "sam": "supervisor",
    "tom": "supervisor",
    "mia": "manager",
    "aud": "auditor",
    "ada": "administrator",
    "ada2": "administrator",
}
"""Who works here, and as what."""
FRESH = 600.0
"""Seconds after which somebody signs in again, for sessions end when nothing is done in them for long."""


@dataclass
class Workplace:
    """A running platform: where it is, and how people get in."""

    home: Path
    address: str
    _storage: dict[str, tuple[float, Any]] = field(default_factory=dict)

    def greenai(self, *arguments: object, codes: tuple[int, ...] = (0,)) -> str:
        """What a command of greenai prints here."""
        return greenai(self.home, *arguments, codes=codes)

    def client(self, name: str) -> httpx.Client:
        """A client of the API that is signed in as somebody."""
        made = httpx.Client(base_url=f"{self.address}/api/v1", timeout=60, trust_env=False)
        answer = made.post("/login", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        made.headers["x-csrf-token"] = answer.json()["csrf"]
        return made

    def storage(self, browser: Browser, name: str) -> Any:
        """The cookies of somebody who signed in on the page; those of a while ago are used again."""
        if name not in self._storage or time.monotonic() - self._storage[name][0] > FRESH:
            context = browser.new_context(base_url=self.address)
            page = context.new_page()
            page.goto("/")
            page.get_by_label("Name").fill(name)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("navigation").first.wait_for()
            self._storage[name] = (time.monotonic(), context.storage_state())
            context.close()
        return self._storage[name][1]


def greenai(home: Path, *arguments: object, codes: tuple[int, ...] = (0,)) -> str:
    """What a command of greenai prints with a home of its own."""
    environment = {**os.environ, "GREENAI_HOME": str(home), "GREENAI_BFF_PORT": "0", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "greenai", *map(str, arguments)],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode in codes, done.stdout + done.stderr
    return done.stdout


@contextmanager
def open_workplace() -> Iterator[Workplace]:
    """Bring a platform up, add its people, and take it down afterwards."""
    from greenai.embedded.postgres import running_url, stop_postgres
    from greenai.identity.accounts import add
    from greenai.identity.callers import Grant
    from greenai.store.database import connect

    folder = Path(tempfile.mkdtemp(prefix="greenai-test-"))
    folder.chmod(0o755)
    home = folder / "home"
    try:
        greenai(home, "up", "--detach", "--ingest", 1, "--diff", 1, "--attribution", 1, "--worker", 1)
        address = json.loads(greenai(home, "status", "--format", "json"))["address"]
        url = running_url(home)
        assert url is not None
        with connect(url) as connection:
            for name, role in PEOPLE.items():
                add(connection, "test", name=name, password=PASSWORD, grants=[Grant(role)], must_change=False)  # type: ignore[arg-type]
        await_ready(address)
        yield Workplace(home, address)
    finally:
        greenai(home, "down", codes=(0, 1))
        stop_postgres(home)
        shutil.rmtree(folder, ignore_errors=True)


def await_ready(address: str, *, seconds: float = 60) -> None:
    """Wait until the BFF answers."""
    until = time.monotonic() + seconds
    while True:
        try:
            if httpx.get(f"{address}/ready", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < until, "the BFF does not answer"
        time.sleep(0.1)
