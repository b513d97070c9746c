"""A desk with something of everything in it, and somebody of each role, to be asked what it should refuse."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import redis
from bffdesk import Desk, open_desk
from databases import databases
from fastapi.routing import APIRoute
from proposaldesk import DAY, Bench, opened, sides

import greenai
from greenai.bff.routers import GROUPS
from greenai.identity.permissions import RIGHTS, ROLES
from greenai.store.database import connect

SECRET = "secret_trades"
"""A recon that nobody of `trades` alone may see."""
WITHOUT_LOGIN = frozenset(
    {
        *(("GET", "/login"), ("POST", "/login"), ("POST", "/logout")),
        *(("GET", "/oidc/login"), ("GET", "/oidc/callback")),
    }
)
"""Routes that ask nobody for a name: they are how one gets in and out."""
OF_ONESELF = frozenset(
    {("GET", "/me"), ("PUT", "/me/password"), ("GET", "/me/preferences"), ("PUT", "/me/preferences")}
)
"""Routes for which somebody has to be signed in, and no more."""
OF_EVERYBODY = frozenset(
    {
        *("audit_event", "audit_link", "audit_head", "idempotency", "user_preference", "saved_view"),
        *("user_account", "comment_mention", "api_key", "api_key_permission"),
    }
)
"""Tables that people without a right to decide write in too: their own sessions, views, keys, marks."""


@dataclass
class Room:
    """A filled desk: recon `trades` with a run, proposals, comments and work; another one, `SECRET`."""

    desk: Desk
    bench: Bench
    people: dict[str, httpx.Client] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)

    def person(self, role: str) -> httpx.Client:
        """The one of this role, signed in."""
        if role not in self.people:
            made = self.program() if role == "service" else self.desk.person(f"some_{role}", role)
            self.people[role] = made
        return self.people[role]

    def program(self) -> httpx.Client:
        """A program with a key for all that a service may."""
        given = {"name": "etl", "kind": "program", "roles": [{"role": "service"}]}
        done(self.person("administrator").post("/users", json=given))
        return self.keyed("administrator", owner="etl", permissions=sorted(RIGHTS["service"]))

    def keyed(self, role: str, *, permissions: list[str], **more: Any) -> httpx.Client:
        """A client with an API key that the one of this role made."""
        until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        wanted = {"name": "key", "permissions": permissions, "expires_at": until, **more}
        key = done(self.person(role).post("/api-keys", json=wanted))["key"]
        return self.desk.client(headers={"authorization": f"Bearer {key}"})

    def headers(self, role: str) -> dict[str, str]:
        """What the one of this role sends with each request."""
        return sent_by(self.person(role))

    def digest(self, without: frozenset[str] = OF_EVERYBODY) -> dict[str, str]:
        """A digest of the rows of each table of both schemas, but for some."""
        with connect(self.bench.url) as connection:
            tables = connection.execute(
                "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname IN ('greenai', 'golden') AND c.relkind = 'r'"
            ).fetchall()
            found = {}
            for schema, name in tables:
                if name in without:
                    continue
                rows = connection.execute(
                    f"SELECT coalesce(string_agg(row::text, chr(10) ORDER BY row::text), '')"
                    f' FROM "{schema}"."{name}" row'.encode()
                ).fetchone()
                assert rows is not None
                found[name] = hashlib.sha256(str(rows[0]).encode()).hexdigest()
        return found


class Known(dict[str, Any]):
    """What there is, by the names of path parameters; another one is 1."""

    def __missing__(self, name: str) -> str:
        return "1"


def sent_by(client: httpx.Client) -> dict[str, str]:
    """What a client sends of who it is."""
    if "authorization" in client.headers:
        return {"authorization": client.headers["authorization"]}
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return {"cookie": cookies, "x-csrf-token": client.headers["x-csrf-token"]}


@contextmanager
def opened_room(server: str, template: str, redis_url: str, folder: Path, **more: Any) -> Iterator[Room]:
    """A room over a database of its own, for all tests of a module; `more` are settings."""
    with redis.Redis.from_url(redis_url) as known:
        known.flushall()
    made = databases(server, template)
    url = next(made)()
    with open_desk(url, redis_url, folder, **more) as desk:
        yield filled(desk, url, folder)
    made.close()


def filled(desk: Desk, url: str, folder: Path) -> Room:
    """Run both recons, and let people leave something of everything."""
    (folder / "trades").mkdir()
    (folder / "other").mkdir()
    bench = opened(folder / "trades", url)
    a, b = sides(40, lambda i: i < 24)
    # A cause of its own: one side writes the currency in small letters.
    b = [
        (key, amount, "eur" if 24 <= i < 34 else currency, note)
        for i, (key, amount, currency, note) in enumerate(b)
    ]
    ran(bench, a, b)
    other = opened(folder / "other", url, recon=SECRET, store={"table": "secret_trade"})
    # Two of its keys are those of the first one: such records and breaks have the same identities there.
    a, b = sides(12)
    a, b = ([(key if i < 2 else f"s{key}", *rest) for i, (key, *rest) in enumerate(one)] for one in (a, b))
    other.desk.run(DAY, a, b)
    room = Room(desk, bench)
    furnish(room)
    return room


def ran(bench: Bench, a: list[Any], b: list[Any]) -> None:
    """A run that looks for causes."""
    bench.desk.run(DAY, a, b)
    with greenai.run(bench.desk.folder / "recon.yaml", business_date=DAY, store=bench.url):
        pass


def furnish(room: Room) -> None:
    """Proposals, comments, assignments, groups, views, keys and uploads, made as people make them."""
    supervisor, analyst = room.person("supervisor"), room.person("analyst")
    manager, administrator = room.person("manager"), room.person("administrator")
    everybody = [room.person(role) for role in ROLES]
    assert len(everybody) == len(ROLES)
    mine, theirs = breaks_of(room, "trades"), breaks_of(room, SECRET)
    room.known["shared"] = sorted(set(mine) & set(theirs))
    mine, secret = ([x for x in one if x not in room.known["shared"]] for one in (mine, theirs))
    wish = {"kind": "override", "resolution": "take_b"}
    room.known |= {"recon": "trades", "break": mine[0], "user": "victim", "breaks": mine, "secret": secret}
    done(supervisor.post("/groups", json={"name": "desk", "members": ["some_analyst"]}))
    done(analyst.post(f"/recons/trades/breaks/{mine[0]}/comments", json={"body": "@some_supervisor late"}))
    done(supervisor.post(f"/recons/{SECRET}/breaks/{secret[0]}/comments", json={"body": "secret words"}))
    for recon, which in (("trades", mine), (SECRET, secret)):
        made = supervisor.post(
            f"/recons/{recon}/proposals", json={**wish, "selection": {"breaks": which[:2]}}
        )
        room.known["proposal" if recon == "trades" else "secret_proposal"] = done(made)["proposal"]
        given = {"selection": {"breaks": which[2:4]}, "assignee": "some_supervisor"}
        made = manager.post(f"/recons/{recon}/assignments", json=given)
        room.known["assignment" if recon == "trades" else "secret_assignment"] = done(made)["assignment"]
        view = {"recon": recon, "name": "all", "document": {}, "shared": True}
        made = supervisor.post("/views", json=view)
        room.known["view" if recon == "trades" else "secret_view"] = done(made)["view"]
    runs = dict(
        room.bench.ask(
            "SELECT name, min(run_id) FROM greenai.run JOIN greenai.recon USING (recon_id) GROUP BY 1"
        )
    )
    room.known |= {"run": runs["trades"], "secret_run": runs[SECRET]}
    causes = room.bench.ask("SELECT replace(cause_id::text, '-', '') FROM greenai.cause ORDER BY 1")
    room.known["cause"] = causes[0][0] if causes else "0" * 32
    sent = analyst.post("/uploads", files={"file": ("a.csv", b"id,amount\n1,2\n")})
    room.known["upload"] = done(sent)["upload"]
    victim = {"name": "victim", "password": "a battery of victims 77", "roles": [{"role": "analyst"}]}
    done(administrator.post("/users", json=victim))
    proposed = {"folder": str(room.bench.desk.folder)}
    done(administrator.post("/connections/feeds/versions", json=proposed))
    room.known |= {
        "name": "feeds",
        "version": 1,
        "change": 1,
        "group": "desk",
        "key": 1,
        "job": 1,
        "notice": 1,
    }


def breaks_of(room: Room, recon: str) -> list[str]:
    """The breaks of a recon's amounts, by key."""
    rows = room.bench.ask(
        "SELECT replace(break_id::text, '-', '') FROM greenai.present_break"
        " JOIN greenai.recon USING (recon_id) WHERE name = %s AND field = 'amount' ORDER BY key_text",
        recon,
    )
    return [row[0] for row in rows]


def done(answer: httpx.Response) -> Any:
    """The document of an answer that is no refusal."""
    assert answer.status_code < 300, answer.text
    return answer.json()


def routes() -> Iterator[tuple[str, str, str | None]]:
    """Method, path below `/api/v1` and permission of each route; None: it asks for none."""
    for names in GROUPS.values():
        for name in names:
            yield from _routes(import_module(f"greenai.bff.routers.{name}").router.routes)


def _routes(given: Any) -> Iterator[tuple[str, str, str | None]]:
    for one in given:
        if isinstance(one, APIRoute):
            insisted = [getattr(each.dependency, "permission", None) for each in one.dependencies]
            needed = [each for each in insisted if each is not None]
            assert len(needed) <= 1, one.path
            for method in one.methods:
                yield method, one.path, needed[0] if needed else None
        else:
            yield from _routes(one.original_router.routes)
