"""Attacks on rights, by the OWASP API Security Top 10 (2023): objects, logins, properties, flows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from attackroom import SECRET, WITHOUT_LOGIN, Known, Room, done, routes, sent_by

from greenai.identity.permissions import ROLES

OVERRIDE = {"kind": "override", "resolution": "take_b"}


@pytest.fixture(scope="module")
def limited(room: Room) -> httpx.Client:
    """Somebody who may all that a supervisor may, for `trades` alone."""
    return room.desk.person("lim", "supervisor", recons=["trades"])


# API1: broken object level authorisation.


def secrets_through(path: str, room: Room) -> Iterator[str]:
    """The path with what belongs to the other recon: under the other recon, and under the allowed one."""
    hidden = {
        "break": room.known["secret"][0],
        "proposal": room.known["secret_proposal"],
        "run": room.known["secret_run"],
        "assignment": room.known["secret_assignment"],
    }
    known = Known(room.known)
    yield path.format_map(Known({**known, **hidden, "recon": SECRET}))
    for name, value in hidden.items():
        if f"{{{name}}}" in path:
            yield path.format_map(Known({**known, name: value}))


def test_nothing_of_another_recon_is_reached_by_any_route(room: Room, limited: httpx.Client) -> None:
    before, asked = room.digest(), 0
    bodies: list[dict[str, Any]] = [
        {},
        {"version": 1, "comment": "x"},
        {"body": "x"},
        {**OVERRIDE, "selection": {"breaks": room.known["secret"][:1]}},
    ]
    for method, path, _ in routes():
        if "{recon}" not in path or path.endswith("/events"):
            continue
        for place in secrets_through(path, room):
            for body in [None] if method == "GET" else bodies:
                answer = limited.request(method, place, json=body)
                asked += 1
                assert answer.status_code in {403, 404, 409, 422}, (method, place, answer.text[:300])
                assert "secret words" not in answer.text
    assert asked > 200
    assert room.digest() == before


def test_breaks_of_another_recon_are_no_part_of_what_is_done_in_an_allowed_one(
    room: Room, limited: httpx.Client
) -> None:
    before, foreign = room.digest(), {"selection": {"breaks": room.known["secret"][:1]}}
    proposed = {**OVERRIDE, **foreign}
    for path, body in (
        ("/recons/trades/proposals", proposed),
        ("/recons/trades/proposals/preview", proposed),
        ("/recons/trades/assignments", {**foreign, "assignee": "lim"}),
        ("/recons/trades/assignments/taking", foreign),
    ):
        answer = limited.post(path, json=body)
        told = answer.json()
        refused = answer.status_code in {403, 404, 409, 422} or told.get("breaks") == 0 or told.get("problem")
        assert refused, (path, answer.text)
    assert room.digest() == before


def test_records_of_the_same_key_in_two_recons_do_not_mix(room: Room, limited: httpx.Client) -> None:
    both, supervisor = room.known["shared"][0], room.person("supervisor")
    assert both in room.known["shared"]
    done(supervisor.post(f"/recons/{SECRET}/breaks/{both}/comments", json={"body": "hidden words"}))
    given = {"selection": {"breaks": [both]}, "assignee": "some_supervisor"}
    done(supervisor.post(f"/recons/{SECRET}/assignments", json=given))
    done(supervisor.post(f"/recons/{SECRET}/proposals", json={**OVERRIDE, "selection": {"breaks": [both]}}))
    for path in ("", "/comments", "/history", "/similar"):
        answer = limited.get(f"/recons/trades/breaks/{both}{path}")
        assert answer.status_code == 200
        assert "hidden words" not in answer.text
        assert SECRET not in answer.text
    here = limited.get(f"/recons/trades/breaks/{both}").json()
    assert (here["recon"], here["state"]) == ("trades", "in_review")
    assert here["assignee"] is None
    assert limited.get("/recons/trades/assignments", params={"break": both}).json()["items"] == []
    proposed = limited.post("/recons/trades/proposals", json={**OVERRIDE, "selection": {"breaks": [both]}})
    assert proposed.status_code == 201, proposed.text


def test_lists_over_all_recons_hold_only_those_one_may_see(room: Room, limited: httpx.Client) -> None:
    for method, path, _ in routes():
        if method != "GET" or "{" in path:
            continue
        answer = limited.get(path)
        if answer.status_code == 200:
            assert SECRET not in answer.text, path
    assert limited.get(f"/views/{room.known['secret_view']}").status_code in {403, 404}
    assert limited.get("/views", params={"recon": SECRET}).json()["items"] == []


def test_what_belongs_to_one_person_is_nobody_elses(room: Room, limited: httpx.Client) -> None:
    upload, view = room.known["upload"], room.known["view"]
    assert limited.get(f"/uploads/{upload}").status_code == 404
    assert limited.delete(f"/uploads/{upload}").status_code == 404
    changed = {"version": 1, "name": "mine", "document": {}, "shared": False}
    assert limited.put(f"/views/{view}", json=changed).status_code in {403, 404}
    assert limited.delete(f"/views/{view}").status_code in {403, 404}
    numbers = [one["id"] for one in room.person("administrator").get("/users/etl/api-keys").json()["items"]]
    assert limited.delete(f"/api-keys/{numbers[0]}").status_code in {403, 404}
    assert room.person("supervisor").get(f"/views/{view}").json()["name"] == "all"


# API2: broken authentication. What else belongs here is in test_identity_*.


def test_a_session_is_a_new_token_and_its_cookie_is_kept_from_scripts(room: Room) -> None:
    client = room.desk.client(cookies={"greenai_session": "A" * 43})
    room.desk.person("fixed", "analyst")
    answer = client.post("/login", json={"name": "fixed", "password": "correct horse battery staple 9"})
    assert answer.status_code == 200
    given = {one.partition("=")[0]: one for one in answer.headers.get_list("set-cookie")}
    session = given["greenai_session"]
    assert "A" * 43 not in session
    assert "HttpOnly" in session
    assert "samesite=lax" in session.lower()
    assert "HttpOnly" not in given["greenai_csrf"]
    old = room.desk.client(cookies={"greenai_session": "A" * 43})
    assert old.get("/me").status_code == 401


def test_every_write_of_a_session_needs_its_token(room: Room) -> None:
    before = room.digest(frozenset())
    mine, other = sent_by(room.person("supervisor")), sent_by(room.person("manager"))
    for token in (None, "", "0" * 64, other["x-csrf-token"]):
        headers = {"cookie": mine["cookie"]} | ({} if token is None else {"x-csrf-token": token})
        with room.desk.client(headers=headers) as client:
            for method, path, _ in routes():
                if method == "GET" or (method, path) in WITHOUT_LOGIN:
                    continue
                answer = client.request(method, path.format_map(Known(room.known)))
                assert answer.status_code == 403, (method, path, answer.text)
                assert "CSRF" in answer.json()["detail"]
    assert room.digest(frozenset()) == before


def test_a_key_may_what_it_is_for_and_nothing_else_and_never_makes_keys(room: Room) -> None:
    key = room.keyed("supervisor", permissions=["recons.read"])
    allowed = {needed for _, _, needed in routes()} & {"recons.read"}
    for method, path, needed in routes():
        if needed is None or needed in allowed:
            continue
        answer = key.request(method, path.format_map(Known(room.known)))
        assert answer.status_code == 403, (method, path, answer.text)
    assert key.get("/recons").status_code == 200
    made = {"name": "x", "permissions": ["recons.read"], "expires_at": "2999-01-01T00:00:00Z"}
    assert key.post("/api-keys", json=made).status_code == 403
    own = {"old": "correct horse battery staple 9", "new": "another horse battery 8"}
    assert key.put("/me/password", json=own).status_code == 403


# API3: broken object property level authorisation.


def test_properties_that_nobody_asked_for_are_refused_everywhere(room: Room) -> None:
    document = room.desk.client().get("/openapi.json").json()
    schemas, asked = document["components"]["schemas"], 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content is None:
                continue
            name = content["schema"].get("$ref", "").rpartition("/")[2]
            assert schemas[name]["additionalProperties"] is False, (method, path)
            asked += 1
    assert asked > 40
    administrator, supervisor = room.person("administrator"), room.person("supervisor")
    more = {"version": 1, "password_hash": "x", "must_change": False, "actor_id": 1}
    assert administrator.patch("/users/victim", json=more).status_code == 422
    proposal = {**OVERRIDE, "selection": {"breaks": room.known["breaks"][6:7]}}
    for extra in ({"maker": "some_analyst"}, {"state": "approved"}, {"eyes": 4}, {"approvals": []}):
        answer = supervisor.post("/recons/trades/proposals", json={**proposal, **extra})
        assert answer.status_code == 422, answer.text


def test_no_answer_holds_a_hash_or_a_secret(room: Room) -> None:
    rows = room.bench.ask("SELECT password_hash FROM greenai.user_account WHERE password_hash IS NOT NULL")
    hashes = [row[0] for row in rows]
    assert hashes
    for role in ROLES:
        client = room.person(role)
        for method, path, _ in routes():
            if method != "GET" or path.endswith("/events"):
                continue
            text = client.get(path.format_map(Known(room.known))).text
            assert "$argon2" not in text, path
            assert "secret_hash" not in text, path
            assert not any(one in text for one in hashes)


# API5: broken function level authorisation, beside the matrix in test_bff_contract.


def test_other_methods_and_spellings_of_a_path_give_no_more_rights(room: Room) -> None:
    analyst, before = room.person("analyst"), room.digest()
    for method, path in (
        ("PUT", "/users/victim"), ("DELETE", "/users/victim"), ("PATCH", "/users"), ("TRACE", "/users"),
        ("GET", "/users/"), ("GET", "//users"), ("GET", "/Users"), ("GET", "/./users"), ("GET", "/users%2F"),
        ("GET", "/recons/trades/../../users"), ("GET", "/users;x"), ("POST", "/users/victim/unlock/"),
    ):  # fmt: skip
        answer = analyst.request(method, path, headers={"x-http-method-override": "GET"})
        assert answer.status_code in {307, 403, 404, 405}, (method, path, answer.text)
        if answer.status_code == 307:
            assert analyst.request(method, answer.headers["location"]).status_code == 403
    overridden = analyst.post("/users/victim", headers={"x-http-method-override": "PATCH"}, json={})
    assert overridden.status_code == 405
    assert room.digest() == before


# API6: unrestricted access to sensitive business flows.


def test_a_maker_does_not_approve_by_key_by_a_second_proposal_or_after_a_change_of_roles(room: Room) -> None:
    administrator = room.person("administrator")
    eve = room.desk.person("eve", "senior_analyst")
    bob = room.person("senior_analyst")
    chosen = room.known["breaks"][8:9]
    made = done(eve.post("/recons/trades/proposals", json={**OVERRIDE, "selection": {"breaks": chosen}}))
    path = f"/recons/trades/proposals/{made['proposal']}"

    own = {"name": "k", "permissions": ["breaks.approve", "breaks.read"], "expires_at": soon()}
    key = done(eve.post("/api-keys", json=own))["key"]
    program = room.desk.client(headers={"authorization": f"Bearer {key}"})
    assert program.post(f"{path}/approve", json={"version": 1}).status_code == 403

    again = eve.post("/recons/trades/proposals", json={**OVERRIDE, "selection": {"breaks": chosen}})
    assert again.status_code == 409

    version = done(administrator.get("/users/eve"))["version"]
    roles = {"roles": [{"role": "supervisor"}], "version": version}
    changed = administrator.put("/users/eve/roles", json=roles)
    assert changed.status_code == 200, changed.text
    assert eve.post(f"{path}/approve", json={"version": 1}).status_code == 403

    # Whoever takes his own back and lets another propose it is not its maker; the other one is.
    assert eve.post(f"{path}/withdraw", json={"version": 1}).status_code == 200
    theirs = done(bob.post("/recons/trades/proposals", json={**OVERRIDE, "selection": {"breaks": chosen}}))
    other = f"/recons/trades/proposals/{theirs['proposal']}"
    assert bob.post(f"{other}/approve", json={"version": 1}).status_code == 403
    assert eve.post(f"{other}/approve", json={"version": 1}).status_code == 200
    (proposal,) = room.bench.ask(
        "SELECT p.maker_id <> a.checker_id FROM greenai.proposal p"
        " JOIN greenai.proposal_approval a USING (proposal_id) WHERE proposal_id = %s",
        theirs["proposal"],
    )
    assert proposal == (True,)


def soon() -> str:
    """A time at which a key may expire."""
    from datetime import UTC, datetime, timedelta

    return (datetime.now(UTC) + timedelta(hours=1)).isoformat()
