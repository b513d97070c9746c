"""The BFF on a loopback port, in this process, over a real PostgreSQL and Redis; and people who sign in.

::

    def test_something(desk):            # the fixture of conftest.py
        ann = desk.person("ann", "analyst")
        answer = ann.get("/recons")
"""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import httpx
import uvicorn

from greenai.bff.main import PREFIX, create_app
from greenai.settings import Settings, read_settings

if TYPE_CHECKING:
    from greenai.identity.permissions import Role

PASSWORD = "correct horse battery staple 9"


@dataclass
class Desk:
    """A running BFF. `client()` is nobody; `person(...)` has an account, and is signed in."""

    url: str
    settings: Settings
    _clients: list[httpx.Client] = field(default_factory=list)

    def client(self, **more: Any) -> httpx.Client:
        """A client of the API that is not signed in; paths begin after ``/api/v1``."""
        made = httpx.Client(base_url=f"{self.url}{PREFIX}", timeout=60, trust_env=False, **more)
        self._clients.append(made)
        return made

    def person(self, name: str, *roles: str, recons: list[str] | None = None) -> httpx.Client:
        """Make an account with roles, for all recons or for some, and sign in as it."""
        from greenai.identity.accounts import add
        from greenai.identity.callers import Grant
        from greenai.store.database import connect

        assert self.settings.database_url is not None
        where = None if recons is None else frozenset(recons)
        grants = [Grant(cast("Role", role), where) for role in roles]
        with connect(self.settings.database_url) as connection:
            add(connection, "test", name=name, password=PASSWORD, grants=grants, must_change=False)
        return self.signed_in(name)

    def signed_in(self, name: str, password: str = PASSWORD) -> httpx.Client:
        """A client that signed in; it sends the CSRF token by itself."""
        made = self.client()
        answer = made.post("/login", json={"name": name, "password": password})
        assert answer.status_code == 200, answer.text
        made.headers["x-csrf-token"] = answer.json()["csrf"]
        return made

    def close(self) -> None:
        """Close the clients."""
        for one in self._clients:
            one.close()


@contextmanager
def open_desk(url: str, redis_url: str, folder: Path, **more: Any) -> Iterator[Desk]:
    """Serve the BFF on a free port; `more` are settings."""
    settings = replace(
        read_settings({"GREENAI_HOME": str(folder / "home")}),
        **{
            "database_url": url,
            "redis_url": redis_url,
            "workspace": folder / "workspace",
            "rate_limit": 0,
            "bff_port": free_port(),
            **more,
        },
    )
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings),
            host="127.0.0.1",
            port=settings.bff_port,
            log_config=None,
            access_log=False,
            server_header=False,
        )
    )
    thread = threading.Thread(target=server.run, name=f"bff-{secrets.token_hex(2)}", daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "the BFF ended"
        assert time.monotonic() < until, "the BFF did not start"
        time.sleep(0.01)
    desk = Desk(f"http://127.0.0.1:{settings.bff_port}", settings)
    try:
        yield desk
    finally:
        desk.close()
        server.should_exit = True
        thread.join(timeout=20)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
