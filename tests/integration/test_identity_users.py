"""Accounts and roles: who may change them, what goes together, what stays, and what is written down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from bffdesk import PASSWORD, Desk

from greenai.store.database import connect


def sql(desk: Desk, statement: str, *given: Any) -> list[Any]:
    """What a statement answers, committed."""
    with connect(str(desk.settings.database_url)) as connection:
        done = connection.execute(statement.encode(), given)
        return done.fetchall() if done.description else []


def recons(desk: Desk, *names: str) -> None:
    """Make recons of these names."""
    for name in names:
        sql(desk, "INSERT INTO greenai.recon (name) VALUES (%s)", name)


def test_an_administrator_makes_an_account_whose_password_is_changed_first(desk: Desk) -> None:
    admin = desk.person("admin", "administrator")
    given = {
        "name": "ann",
        "display_name": " Ann  Lee ",
        "email": "ann@example.org",
        "password": "told by phone, four",
        "roles": [{"role": "analyst", "recons": None}],
    }
    made = admin.post("/users", json=given)
    assert made.status_code == 201
    assert (made.json()["display_name"], made.json()["must_change"]) == ("Ann Lee", True)
    ann = desk.signed_in("ann", "told by phone, four")
    assert ann.get("/me").json()["permissions"] == {}
    assert ann.get("/people").status_code == 403
    assert (
        ann.post(
            "/api-keys",
            json={"name": "k", "permissions": ["breaks.read"], "expires_at": "2026-12-01T00:00:00Z"},
        ).status_code
        == 403
    )
    assert ann.put("/me/password", json={"old": given["password"], "new": PASSWORD}).status_code == 200
    ann = desk.signed_in("ann")
    assert [one["name"] for one in ann.get("/people").json()["items"]] == ["admin", "ann"]


def test_a_name_is_taken_once_also_by_those_who_are_no_accounts(desk: Desk) -> None:
    admin = desk.person("admin", "administrator")
    assert admin.post("/users", json={"name": "ann"}).status_code == 201
    for taken in ("ann", "gate"):
        answer = admin.post("/users", json={"name": taken})
        assert (answer.status_code, answer.json()["field"]) == (409, "name")
    known = admin.post("/users", json={"name": "test"})
    assert known.status_code == 201, "a person known from the command line gets an account"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "a"},
        {"name": "with space"},
        {"name": "a/b"},
        {"name": "ann", "email": "no address"},
        {"name": "ann", "password": "password1234"},
        {"name": "ann", "password": "ann ann ann ann"},
        {"name": "ann", "display_name": "a\x00b"},
        {"name": "bot", "kind": "program", "password": "four plain words suffice"},
        {"name": "bot", "kind": "program", "roles": [{"role": "analyst"}]},
        {"name": "ann", "roles": [{"role": "service"}]},
        {"name": "ann", "roles": [{"role": "emperor"}]},
        {"name": "ann", "roles": [{"role": "administrator"}, {"role": "supervisor"}]},
        {"name": "ann", "roles": [{"role": "auditor"}, {"role": "analyst"}]},
        {"name": "ann", "roles": [{"role": "administrator", "recons": ["fx"]}]},
        {"name": "ann", "roles": [{"role": "analyst", "recons": []}]},
        {"name": "ann", "roles": [{"role": "analyst", "recons": ["no_such"]}]},
        {"name": "ann", "surplus": 1},
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_made(desk: Desk, wrong: dict[str, Any]) -> None:
    admin = desk.person("admin", "administrator")
    recons(desk, "fx")
    assert admin.post("/users", json=wrong).status_code == 422
    assert [one["name"] for one in admin.get("/users").json()["items"]] == ["admin"]


def test_roles_can_be_for_some_recons(desk: Desk) -> None:
    admin = desk.person("admin", "administrator")
    recons(desk, "fx", "swaps")
    admin.post("/users", json={"name": "ann", "password": "told by phone, four"})
    roles = [{"role": "analyst", "recons": ["swaps", "fx"]}, {"role": "supervisor", "recons": ["fx"]}]
    answer = admin.put("/users/ann/roles", json={"roles": roles})
    assert answer.json()["roles"] == [
        {"role": "analyst", "recons": ["fx", "swaps"]},
        {"role": "supervisor", "recons": ["fx"]},
    ]
    ann = desk.signed_in("ann", "told by phone, four")
    ann.put("/me/password", json={"old": "told by phone, four", "new": PASSWORD})
    held = ann.get("/me").json()["permissions"]
    assert (held["breaks.read"], held["breaks.approve"]) == (["fx", "swaps"], ["fx"])


def test_roles_that_are_taken_away_are_gone_in_the_same_session(desk: Desk) -> None:
    admin, ann = desk.person("admin", "administrator"), desk.person("ann", "supervisor")
    assert ann.get("/users").status_code == 200
    assert admin.put("/users/ann/roles", json={"roles": [{"role": "analyst"}]}).status_code == 200
    assert ann.get("/users").status_code == 403


def test_nobody_gives_himself_roles_a_password_or_a_login_elsewhere(desk: Desk) -> None:
    admin = desk.person("admin", "administrator")
    desk.person("second", "administrator")
    for roles in ([{"role": "supervisor"}], [{"role": "administrator"}], []):
        assert admin.put("/users/admin/roles", json={"roles": roles}).status_code == 403
    assert admin.put("/users/admin/password", json={"password": PASSWORD}).status_code == 403
    assert admin.patch("/users/admin", json={"disabled": True}).status_code == 403
    linked = {"issuer": "https://login.example.org", "subject": "1"}
    assert admin.post("/users/admin/identities", json=linked).status_code == 403


def test_who_gave_whom_which_roles_is_written_down_with_before_and_after(desk: Desk) -> None:
    admin = desk.person("admin", "administrator")
    desk.person("ann", "analyst")
    admin.put(
        "/users/ann/roles", json={"roles": [{"role": "supervisor"}]}, headers={"x-request-id": "told-12345"}
    )
    ((event,),) = sql(
        desk,
        "SELECT to_jsonb(e) || jsonb_build_object('actor', a.name) FROM greenai.audit_event e "
        "JOIN greenai.actor a USING (actor_id) WHERE action = 'roles_changed' ORDER BY event_id DESC LIMIT 1",
    )
    assert (event["actor"], event["subject"]) == ("admin", "user:ann")
    assert event["before"] == {"roles": [{"role": "analyst", "recons": None}]}
    assert event["after"] == {"roles": [{"role": "supervisor", "recons": None}], "decides": True}
    assert "told-12345" in str(event)


def test_the_last_administrator_stays(desk: Desk) -> None:
    first, second = desk.person("first", "administrator"), desk.person("second", "administrator")
    assert first.patch("/users/second", json={"disabled": True}).status_code == 200
    assert second.get("/me").status_code == 401
    assert first.patch("/users/second", json={"disabled": False}).status_code == 200
    second = desk.signed_in("second")
    assert second.put("/users/first/roles", json={"roles": [{"role": "analyst"}]}).status_code == 200
    third = desk.person("third", "administrator")
    assert second.put("/users/third/roles", json={"roles": []}).status_code == 200
    assert third.get("/users").status_code == 403
    sql(desk, "UPDATE greenai.user_role SET role = 'administrator' WHERE role = 'analyst'")
    assert first.patch("/users/second", json={"disabled": True}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "given"), [("PATCH", "", {"disabled": True}), ("PUT", "/roles", {"roles": []})]
)
def test_two_administrators_who_remove_each_other_at_once_do_not_both_succeed(
    desk: Desk, method: str, path: str, given: dict[str, Any]
) -> None:
    for name in ("one", "two"):
        desk.person(name, "administrator")
    for _ in range(3):
        pairs = [(desk.signed_in("one"), "two"), (desk.signed_in("two"), "one")]
        with ThreadPoolExecutor(2) as pool:
            answers = list(
                pool.map(lambda pair: pair[0].request(method, f"/users/{pair[1]}{path}", json=given), pairs)
            )
        left = sql(
            desk,
            "SELECT count(*) FROM greenai.user_account JOIN greenai.user_role USING (actor_id) "
            "WHERE NOT disabled",
        )
        codes = sorted(answer.status_code for answer in answers)
        assert (left, codes[0]) == ([(1,)], 200), codes
        assert codes[1] in {401, 403, 409}
        sql(desk, "UPDATE greenai.user_account SET disabled = false")
        sql(
            desk,
            "INSERT INTO greenai.user_role (actor_id, role, granted_by) "
            "SELECT actor_id, 'administrator', actor_id FROM greenai.user_account ON CONFLICT DO NOTHING",
        )


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(desk: Desk) -> None:
    admin = desk.person("admin", "administrator")
    version = admin.post("/users", json={"name": "ann"}).json()["version"]
    assert admin.patch("/users/ann", json={"email": "a@example.org", "version": version}).status_code == 200
    for answer in (
        admin.patch("/users/ann", json={"email": "b@example.org", "version": version}),
        admin.put("/users/ann/roles", json={"roles": [{"role": "analyst"}], "version": version}),
    ):
        assert answer.status_code == 409
    ann = admin.get("/users/ann").json()
    assert (ann["email"], ann["roles"], ann["version"]) == ("a@example.org", [], version + 1)
    assert admin.patch("/users/ann", json={"email": ""}).json()["email"] is None


def test_who_is_disabled_is_out_at_once_and_in_again_only_with_a_new_login(desk: Desk) -> None:
    admin, ann = desk.person("admin", "administrator"), desk.person("ann", "analyst")
    admin.patch("/users/ann", json={"disabled": True})
    assert ann.get("/me").status_code == 401
    assert desk.client().post("/login", json={"name": "ann", "password": PASSWORD}).status_code == 401
    admin.patch("/users/ann", json={"disabled": False})
    assert ann.get("/me").status_code == 401, "a session that ended does not come back"
    assert desk.signed_in("ann").get("/me").status_code == 200


def test_a_password_set_by_an_administrator_ends_sessions_and_allows_nothing(desk: Desk) -> None:
    admin, ann = desk.person("admin", "administrator"), desk.person("ann", "analyst")
    given = {"password": "told by phone, four"}
    assert admin.put("/users/ann/password", json=given).status_code == 204
    assert ann.get("/me").status_code == 401
    assert desk.signed_in("ann", given["password"]).get("/me").json()["permissions"] == {}
    assert ("password_set",) in sql(desk, "SELECT action FROM greenai.audit_event")


def test_all_sessions_of_an_account_can_be_ended(desk: Desk) -> None:
    admin, ann = desk.person("admin", "administrator"), desk.person("ann", "analyst")
    assert admin.post("/users/ann/logout").status_code == 204
    assert ann.get("/me").status_code == 401
    assert desk.signed_in("ann").get("/me").status_code == 200


@pytest.mark.parametrize("role", ["analyst", "senior_analyst", "supervisor", "manager", "auditor"])
def test_nobody_else_manages_accounts(desk: Desk, role: str) -> None:
    desk.person("ann", "analyst")
    client = desk.person("other", role)
    for method, path, given in (
        ("POST", "/users", {"name": "new"}),
        ("PATCH", "/users/ann", {"disabled": True}),
        ("PUT", "/users/ann/roles", {"roles": [{"role": "supervisor"}]}),
        ("PUT", "/users/ann/password", {"password": "told by phone, four"}),
        ("POST", "/users/ann/unlock", None),
        ("POST", "/users/ann/logout", None),
        ("POST", "/users/ann/identities", {"issuer": "https://x", "subject": "1"}),
        ("DELETE", "/users/ann/identities?issuer=x&subject=1", None),
    ):
        assert client.request(method, path, json=given).status_code == 403, path
    reads = role in {"supervisor", "manager", "auditor"}
    assert client.get("/users").status_code == (200 if reads else 403)
    assert client.get("/roles").status_code == (200 if reads else 403)


def test_accounts_are_listed_by_name_page_by_page_and_found_by_how_they_begin(desk: Desk) -> None:
    admin = desk.person("admin", "administrator")
    for name in ("zoe", "bob", "Bea", "carl"):
        admin.post("/users", json={"name": name, "display_name": "Zed" if name == "carl" else name})
    names, cursor = [], None
    while True:
        page = admin.get("/users", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        names += [one["name"] for one in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert sorted(names) == sorted(["Bea", "admin", "bob", "carl", "zoe"])
    assert len(names) == 5
    found = [one["name"] for one in admin.get("/users", params={"search": "b"}).json()["items"]]
    assert sorted(found) == ["Bea", "bob"]
    assert [one["name"] for one in admin.get("/users", params={"search": "z"}).json()["items"]] == [
        "carl",
        "zoe",
    ]
    for injected in ("%", "_", "'; DROP TABLE greenai.actor; --", "\\", "b\x00"):
        answer = admin.get("/users", params={"search": injected})
        assert (answer.status_code, answer.json()["items"]) == (200, [])
    for cursor in ("x", "AAAA", "dXNlci4tMQ", "1 OR 1=1", "é", "dXNlci45OTk5OTk5OTk5OTk5OTk5OTk5"):
        assert admin.get("/users", params={"cursor": cursor}).status_code == 422, cursor


def test_who_is_not_there_is_not_found(desk: Desk) -> None:
    admin = desk.person("admin", "administrator")
    for method, path, given in (
        ("GET", "/users/nobody", None),
        ("GET", "/users/gate", None),
        ("PATCH", "/users/nobody", {}),
        ("PUT", "/users/nobody/roles", {"roles": []}),
        ("PUT", "/users/nobody/password", {"password": "told by phone, four"}),
        ("POST", "/users/nobody/unlock", None),
        ("GET", "/users/nobody/api-keys", None),
        ("GET", "/users/nobody%00/identities", None),
    ):
        assert admin.request(method, path, json=given).status_code == 404, path


def test_the_matrix_can_be_read_by_who_gives_roles(desk: Desk) -> None:
    admin = desk.person("admin", "administrator")
    lines = {one["role"]: one for one in admin.get("/roles").json()["items"]}
    assert len(lines) == 7
    assert lines["administrator"]["alone"]
    assert not lines["administrator"]["decides"]
    assert "breaks.approve" in lines["supervisor"]["permissions"]
