"""API keys: what they may, when they end, and what is kept of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from bffdesk import Desk

from greenai.store.database import connect

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat()


def sql(desk: Desk, statement: str, *given: Any) -> list[Any]:
    """What a statement answers, committed."""
    with connect(str(desk.settings.database_url)) as connection:
        done = connection.execute(statement.encode(), given)
        return done.fetchall() if done.description else []


def made(client: httpx.Client, *permissions: str, **more: Any) -> httpx.Response:
    """Ask for a key."""
    given = {"name": "nightly", "permissions": permissions, "expires_at": TOMORROW, **more}
    return client.post("/api-keys", json=given)


def by(desk: Desk, key: str) -> httpx.Client:
    """A program that calls by a key."""
    return desk.client(headers={"authorization": f"Bearer {key}"})


def test_a_key_counts_as_its_owner_and_needs_no_csrf_token(desk: Desk) -> None:
    ann = desk.person("ann", "supervisor")
    answer = made(ann, "users.read", "breaks.comment")
    assert answer.status_code == 201
    program = by(desk, answer.json()["key"])
    me = program.get("/me").json()
    assert (me["name"], me["via"], me["csrf"]) == ("ann", "key", None)
    assert me["permissions"] == {"users.read": None, "breaks.comment": None}
    assert program.get("/users").status_code == 200
    assert program.put("/me/preferences", json={"document": {}}).status_code == 200
    assert program.get("/api-keys").status_code == 403


def test_a_key_may_no_more_than_its_owner_when_it_calls(desk: Desk) -> None:
    ann = desk.person("ann", "supervisor")
    admin = desk.person("admin", "administrator")
    program = by(desk, made(ann, "users.read").json()["key"])
    assert program.get("/users").status_code == 200
    admin.put("/users/ann/roles", json={"roles": [{"role": "analyst"}]})
    assert program.get("/users").status_code == 403
    admin.patch("/users/ann", json={"disabled": True})
    assert program.get("/me").status_code == 401


def test_a_key_has_no_permission_that_its_owner_lacks_nor_one_to_make_keys_or_accounts(desk: Desk) -> None:
    ann, admin = desk.person("ann", "analyst"), desk.person("admin", "administrator")
    for client, permission in (
        (ann, "breaks.approve"),
        (ann, "users.manage"),
        (ann, "keys.own"),
        (admin, "breaks.read"),
        (admin, "users.manage"),
        (admin, "roles.manage"),
        (admin, "keys.manage"),
    ):
        answer = made(client, permission)
        assert (answer.status_code, answer.json()["field"]) == (403, "permissions")
    assert sql(desk, "SELECT count(*) FROM greenai.api_key") == [(0,)]


def test_a_key_cannot_make_end_or_list_keys_or_change_the_password(desk: Desk) -> None:
    ann = desk.person("ann", "analyst")
    first = made(ann, "breaks.read").json()
    program = by(desk, first["key"])
    assert made(program, "breaks.read").status_code == 403
    assert program.delete(f"/api-keys/{first['id']}").status_code == 403
    assert program.get("/api-keys").status_code == 403
    new = {"old": "x", "new": "five plain words will do"}
    assert program.put("/me/password", json=new).status_code == 403
    assert program.post("/logout").status_code == 422


def test_a_key_ends_when_it_is_revoked_or_expires(desk: Desk) -> None:
    ann = desk.person("ann", "analyst")
    first, second = made(ann, "breaks.read").json(), made(ann, "breaks.read").json()
    assert ann.delete(f"/api-keys/{first['id']}").status_code == 204
    assert ann.delete(f"/api-keys/{first['id']}").status_code == 204
    answer = by(desk, first["key"]).get("/me")
    assert (answer.status_code, "revoked" in answer.json()["detail"]) == (401, True)
    sql(desk, "UPDATE greenai.api_key SET created_at = now() - interval '2 days', expires_at = now()")
    answer = by(desk, second["key"]).get("/me")
    assert (answer.status_code, "expired" in answer.json()["detail"]) == (401, True)
    done = [row[0] for row in sql(desk, "SELECT action FROM greenai.audit_event ORDER BY event_id")]
    assert done.count("api_key_revoked") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": " "},
        {"name": "a\x00b"},
        {"name": "x" * 101},
        {"permissions": []},
        {"permissions": ["breaks.rule"]},
        {"expires_at": (datetime.now(UTC) - timedelta(minutes=1)).isoformat()},
        {"expires_at": (datetime.now(UTC) + timedelta(days=400)).isoformat()},
        {"expires_at": "2026-12-01T00:00:00"},
        {"expires_at": "9999-12-31T23:59:59Z"},
        {"expires_at": "0001-01-01T00:00:00+14:00"},
        {"expires_at": None},
        {"surplus": 1},
    ],
)
def test_a_key_has_a_name_permissions_and_an_end_within_a_year(desk: Desk, wrong: dict[str, Any]) -> None:
    ann = desk.person("ann", "analyst")
    given = {"name": "k", "permissions": ["breaks.read"], "expires_at": TOMORROW, **wrong}
    assert ann.post("/api-keys", json=given).status_code == 422


def test_only_the_hash_of_a_key_is_kept_and_its_use_is_noted(desk: Desk) -> None:
    ann = desk.person("ann", "analyst")
    given = made(ann, "breaks.read", "runs.read").json()
    secret = given["key"].split("_", 2)[2]
    for table in ("api_key", "audit_event", "idempotency"):
        for (row,) in sql(desk, f"SELECT to_jsonb(t)::text FROM greenai.{table} t"):
            assert secret not in row
    (listed,) = ann.get("/api-keys").json()["items"]
    assert (listed["prefix"], listed["last_used_at"]) == (given["key"].split("_")[1], None)
    assert listed["permissions"] == ["breaks.read", "runs.read"]
    assert "key" not in listed
    by(desk, given["key"]).get("/me")
    used = ann.get("/api-keys").json()["items"][0]["last_used_at"]
    assert used is not None
    by(desk, given["key"]).get("/me")
    assert ann.get("/api-keys").json()["items"][0]["last_used_at"] == used, "to the minute"


def test_the_answer_with_a_key_is_not_kept_for_an_idempotency_key(desk: Desk) -> None:
    ann = desk.person("ann", "analyst")
    ann.headers["idempotency-key"] = "once"
    key = made(ann, "breaks.read").json()["key"]
    assert made(ann, "breaks.read").json()["key"] != key
    assert sql(desk, "SELECT count(*) FROM greenai.idempotency") == [(0,)]


@pytest.mark.parametrize(
    "given", ["x", "gai_", "gai_{prefix}_", "gai_{prefix}_{wrong}", "GAI_x", "gai_{prefix}_é"]
)
def test_what_is_no_key_is_nobody_even_with_a_session(desk: Desk, given: str) -> None:
    ann = desk.person("ann", "analyst")
    prefix = made(ann, "breaks.read").json()["prefix"]
    bearer = f"Bearer {given.format(prefix=prefix, wrong='A' * 43)}".encode("latin-1")
    assert ann.get("/me", headers=[(b"authorization", bearer)]).status_code == 401


def test_a_program_has_keys_by_who_manages_them_and_a_person_makes_his_own(desk: Desk) -> None:
    admin, boss = desk.person("admin", "administrator"), desk.person("boss", "supervisor")
    assert (
        admin.post(
            "/users", json={"name": "etl", "kind": "program", "roles": [{"role": "service"}]}
        ).status_code
        == 201
    )
    answer = made(admin, "runs.start", owner="etl")
    assert answer.status_code == 201
    program = by(desk, answer.json()["key"])
    assert program.get("/me").json()["name"] == "etl"
    assert made(admin, "breaks.read", owner="boss").status_code == 403, "nobody acts as another person"
    assert made(boss, "runs.start", owner="etl").status_code == 403
    assert made(admin, "breaks.approve", owner="etl").status_code == 403
    assert made(admin, "breaks.read", owner="nobody").status_code == 404
    assert (
        desk.client().post("/login", json={"name": "etl", "password": "anything at all"}).status_code == 401
    )
    assert admin.put("/users/etl/password", json={"password": "told by phone, four"}).status_code == 422
    assert [one["owner"] for one in admin.get("/users/etl/api-keys").json()["items"]] == ["etl"]


def test_keys_of_others_are_not_there_but_for_who_manages_them(desk: Desk) -> None:
    ann, bob = desk.person("ann", "analyst"), desk.person("bob", "analyst")
    admin, auditor = desk.person("admin", "administrator"), desk.person("audrey", "auditor")
    key = made(ann, "breaks.read").json()["id"]
    assert bob.get("/api-keys").json()["items"] == []
    assert bob.get("/users/ann/api-keys").status_code == 403
    assert bob.delete(f"/api-keys/{key}").status_code == 404
    assert bob.delete("/api-keys/999999").status_code == 404
    assert auditor.delete(f"/api-keys/{key}").status_code == 403
    assert [one["id"] for one in auditor.get("/users/ann/api-keys").json()["items"]] == [key]
    assert admin.delete(f"/api-keys/{key}").status_code == 204


def test_keys_are_listed_page_by_page_the_newest_first(desk: Desk) -> None:
    ann = desk.person("ann", "analyst")
    keys = [made(ann, "breaks.read").json()["id"] for _ in range(3)]
    page = ann.get("/api-keys?limit=2").json()
    rest = ann.get("/api-keys", params={"limit": 2, "cursor": page["next"]}).json()
    assert [one["id"] for one in page["items"] + rest["items"]] == keys[::-1]
    assert rest["next"] is None
