"""The OWASP API Security Top 10 (2023), item by item, against a running desk; and SQL in all that is sent."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from attackroom import SECRET, WITHOUT_LOGIN, Known, Room, done, opened_room, routes, sent_by

from greenai.bff.main import PREFIX, create_app
from greenai.identity.permissions import ROLES

OVERRIDE = {"kind": "override", "resolution": "take_b"}
INJECTIONS = (
    "'",
    "' OR '1'='1",
    "'; DROP TABLE greenai.decision; --",
    '" UNION SELECT password_hash FROM greenai.user_account --',
    "%27%20OR%201=1",
    "$$; SELECT pg_sleep(5); $$",
    "\\'; SELECT pg_sleep(5) --",
    "%(recon)s %s {0} {recon}",
    "first_date; SELECT pg_sleep(5)",
    "../../etc/passwd",
    "\x00",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
)
INSIDES = re.compile(
    r"Traceback|psycopg|SELECT |INSERT |greenai\.[a-z_]+ |/src/|site-packages|password_hash|secret_hash",
)


@pytest.fixture(scope="module")
def room(
    postgres_server: str, migrated_template: str, redis_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Room]:
    """One for all tests here; what they change they make themselves."""
    folder = tmp_path_factory.mktemp("attacks")
    with opened_room(postgres_server, migrated_template, redis_server, folder) as made:
        yield made


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


# API4: unrestricted resource consumption.


def test_limits_and_cursors_beyond_bounds_are_refused(room: Room) -> None:
    supervisor, manager = room.person("supervisor"), room.person("manager")
    document, asked = supervisor.get("/openapi.json").json(), 0
    for path, operations in document["paths"].items():
        for one in operations.get("get", {}).get("parameters", ()):
            if one["name"] not in {"limit", "cursor"} or path.startswith("/api/v1/audit"):
                continue
            place = path.removeprefix(PREFIX).format_map(Known(room.known))
            client = room.person("administrator") if "users" in path else supervisor
            for value in ("501", "0", "-1", "1e9") if one["name"] == "limit" else ("x" * 5000, "A", "////"):
                answer = client.get(place, params={one["name"]: value})
                asked += 1
                assert answer.status_code in {422, 403}, (place, one["name"], value, answer.status_code)
    assert asked > 60
    for value in ("501", "0"):
        assert manager.get("/audit/events", params={"limit": value}).status_code == 422


def test_bodies_that_are_too_large_too_deep_or_too_many_are_refused(room: Room) -> None:
    supervisor = room.person("supervisor")
    headers = {"content-type": "application/json"}
    deep = b'{"document":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    large = json.dumps({"document": "x" * 2_100_000}).encode()
    for content, allowed in ((deep, {422, 413}), (large, {413}), (b"9" * 1_000_000, {422})):
        answer = supervisor.post("/definitions/validation", content=content, headers=headers)
        assert answer.status_code in allowed, answer.text[:200]
        assert answer.headers["content-type"] == "application/problem+json"
        assert "content-security-policy" in answer.headers

    def parts() -> Iterator[bytes]:
        for _ in range(60):
            yield b" " * 65_536

    answer = supervisor.post("/definitions/validation", content=parts(), headers=headers)
    assert answer.status_code == 413
    breaks = {**OVERRIDE, "selection": {"breaks": ["0" * 32] * 10_001}}
    assert supervisor.post("/recons/trades/proposals", json=breaks).status_code == 422
    many = "&".join(f"reason=R{one}" for one in range(3_000))
    assert supervisor.get(f"/recons/trades/breaks?{many}").status_code in {422, 414, 400, 431}
    assert supervisor.get("/recons/trades/breaks", params={"search": "x" * 20_000}).status_code == 422
    nested = {"document": json.loads("[" * 400 + "]" * 400), "version": 0}
    assert supervisor.put("/me/preferences", json=nested).status_code == 422


def test_yaml_that_grows_is_refused_at_once(room: Room) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    answer = room.person("supervisor").post("/definitions/validation", json={"document": "\n".join(lines)})
    assert answer.status_code == 200
    assert answer.json()["valid"] is False
    assert answer.elapsed.total_seconds() < 5


def test_archives_that_grow_are_refused_and_leave_nothing(room: Room) -> None:
    before = room.digest()
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(12):
            archive.writestr(f"{number}.csv", b"0" * 20_000_000)
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(5_000):
            archive.writestr(f"{number}.csv", b"a\n1\n")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../../out.csv", b"a\n1\n")
    for name, content in (
        ("bomb.zip", bomb.getvalue()),
        ("many.zip", many.getvalue()),
        ("out.zip", out.getvalue()),
        ("bomb.csv.gz", gzip.compress(b"0" * 300_000_000, 9)),
    ):
        answer = room.person("analyst").post("/uploads", files={"file": (name, content)})
        assert answer.status_code in {413, 422}, (name, answer.text)
    assert room.digest() == before


def test_whoever_asks_too_often_is_told_to_wait(postgres_url: str, redis_server: str, tmp_path: Any) -> None:
    from bffdesk import open_desk

    with open_desk(postgres_url, redis_server, tmp_path, rate_limit=60) as desk:
        ann = desk.person("often", "analyst")
        answers = [ann.get("/me") for _ in range(40)]
        assert {one.status_code for one in answers} == {200, 429}
        assert int(next(one for one in answers if one.status_code == 429).headers["retry-after"]) >= 1


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


# API7: server side request forgery.


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://example.org/a.csv",
        "s3://bucket/a.csv",
        "file:///etc/passwd",
        "/etc/passwd",
        "../../etc/passwd",
        "connection://feeds/../../etc/passwd",
        "connection://feeds/http://127.0.0.1/a.csv",
        "postgresql://127.0.0.1/greenai",
    ],
)
def test_what_leads_elsewhere_is_no_source(room: Room, location: str) -> None:
    before, supervisor = room.digest(), room.person("supervisor")
    document = (
        f"recon: evil\nsources:\n  a: {{location: {json.dumps(location)}}}\n"
        f"  b: {{location: {json.dumps(location)}}}\nkey: [id]\nfields:\n  id: {{type: string}}\n"
    )
    told = supervisor.post("/definitions/validation", json={"document": document}).json()
    assert told["valid"] is False
    for path, body in (
        ("/recons", {"document": document}),
        ("/definitions/trial", {"document": document}),
        ("/definitions/inference", {"a": {"location": location}, "b": {"location": location}}),
    ):
        answer = supervisor.post(path, json=body)
        assert answer.status_code in {422, 409, 404}, (path, answer.text)
        assert "root:" not in answer.text
    assert room.digest() == before


def test_connections_and_notices_lead_to_folders_and_named_webhooks_only(room: Room) -> None:
    before, administrator = room.digest(), room.person("administrator")
    for folder in (
        "http://127.0.0.1/",
        "s3://bucket",
        "file:///etc",
        "relative/folder",
        "/a/../etc",
        "~/x",
    ):
        answer = administrator.post("/connections/evil/versions", json={"folder": folder})
        assert answer.status_code == 422, (folder, answer.text)
    supervisor = room.person("supervisor")
    for target in ("http://127.0.0.1/x", "https://example.org", "a@b.c?x=http://y"):
        policy = {
            "version": 0,
            "policies": [{"name": "p", "days": 1, "tell": [{"kind": "webhook", "name": target}]}],
        }
        assert supervisor.put("/recons/trades/due-policies", json=policy).status_code == 422
    assert room.digest() == before


# API8: security misconfiguration.


def test_every_answer_has_the_headers_and_none_allows_other_origins(room: Room) -> None:
    supervisor = room.person("supervisor")
    origin = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    for method, path in (
        ("GET", "/recons"),
        ("GET", "/nothing"),
        ("OPTIONS", "/recons"),
        ("POST", "/recons"),
        ("PATCH", "/recons"),
    ):
        answer = supervisor.request(method, path, headers=origin)
        assert not [one for one in answer.headers if one.startswith("access-control")]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
        assert "x-powered-by" not in answer.headers
    assert supervisor.options("/recons").status_code == 405


def test_errors_say_nothing_of_the_insides(room: Room) -> None:
    supervisor = room.person("supervisor")
    answers = [
        supervisor.post("/recons", content=b"\xff\xfe{", headers={"content-type": "application/json"}),
        supervisor.post("/recons", json={"document": "recon: [\n"}),
        supervisor.get("/recons/trades/breaks/zzz"),
        supervisor.get(f"/recons/trades/breaks/{'f' * 32}"),
        supervisor.get("/recons/nowhere/breaks"),
        supervisor.get("/recons/trades/runs/99999999999999999999"),
        supervisor.post("/recons/trades/proposals/1/approve", json={"version": "x"}),
        supervisor.get("/recons/trades/breaks?sort=password_hash"),
        room.desk.client().post("/login", json={"name": "ann", "password": "x"}),
    ]
    for one in answers:
        assert 400 <= one.status_code < 500
        assert one.headers["content-type"] == "application/problem+json"
        assert not INSIDES.search(one.text), one.text


# API9: improper inventory management.


def test_every_route_is_documented_or_named_here(room: Room) -> None:
    document = room.desk.client().get("/openapi.json").json()
    documented = {
        (method.upper(), path) for path, operations in document["paths"].items() for method in operations
    }
    ours = {(method, PREFIX + path) for method, path, _ in routes()}
    assert ours | {("GET", "/health"), ("GET", "/ready"), ("GET", "/metrics")} == documented
    others = {getattr(one, "path", None) for one in create_app(room.desk.settings).routes}
    assert others - {None} <= {"/api/v1/openapi.json", "/assets", "/{path:path}"}
    for path in ("/docs", "/redoc", "/openapi.json", "/api/v2/recons", "/api/v1/debug", "/admin", "/.env"):
        answer = httpx.get(f"{room.desk.url}{path}", trust_env=False)
        assert answer.status_code == 404 or "<html" in answer.text
        assert "swagger" not in answer.text.lower()


# API10: unsafe consumption of APIs. Lies of an OpenID Connect provider are in test_identity_openid.


def test_what_comes_in_files_is_told_as_text_and_never_as_a_formula(room: Room) -> None:
    analyst = room.person("analyst")
    for form in ("csv", "json"):
        answer = analyst.get("/recons/trades/breaks/export", params={"format": form})
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment")
    sent = analyst.post("/uploads", files={"file": ("=cmd|'x'!A1.csv", b"id,amount\n=1+1,@SUM(1)\n")})
    if sent.status_code == 201:
        assert "/" not in sent.json()["files"][0]["name"]


# Injection, in every parameter of every operation.


def test_no_text_in_any_parameter_becomes_sql(room: Room) -> None:
    supervisor, administrator = room.person("supervisor"), room.person("administrator")
    auditor, before, asked = room.person("auditor"), room.digest(), 0
    for path, operations in supervisor.get("/openapi.json").json()["paths"].items():
        operation = operations.get("get")
        if operation is None or not path.startswith(PREFIX) or path.endswith("/events"):
            continue
        client = (
            auditor if "audit" in path else administrator if "user" in path or "job" in path else supervisor
        )
        place = path.removeprefix(PREFIX)
        for one in operation.get("parameters", ()):
            for text in INJECTIONS:
                if one["in"] == "query":
                    answer = client.get(place.format_map(Known(room.known)), params={one["name"]: text})
                elif one["in"] == "path":
                    filled = {**room.known, one["name"]: quote(text, safe="")}
                    answer = client.get(place.format_map(Known(filled)))
                else:
                    continue
                asked += 1
                assert answer.status_code < 500, (place, one["name"], text, answer.text)
                assert answer.elapsed.total_seconds() < 4.5, (place, one["name"], text)
                if answer.status_code >= 400:
                    told = answer.json()
                    assert not re.search(r"syntax error|psycopg|relation \"", json.dumps(told)), answer.text
    assert asked > 1500
    assert room.digest() == before


def test_no_text_in_any_body_becomes_sql(room: Room) -> None:
    supervisor = room.person("supervisor")
    first = room.known["breaks"][10]
    for text in INJECTIONS:
        for path, body in (
            (f"breaks/{first}/comments", {"body": f"@{text} {text}"}),
            ("proposals/preview", {**OVERRIDE, "selection": {"filter": {"search": text, "field": [text]}}}),
            (
                "proposals/preview",
                {
                    "kind": "override",
                    "resolution": "take_value",
                    "value": text,
                    "selection": {"breaks": [first]},
                },
            ),
            ("assignments", {"selection": {"breaks": [first]}, "assignee": text, "comment": text}),
            ("reason-rules/removal", {"field": text}),
            ("versions", {"document": f"recon: {json.dumps(text)}\nkey: [{json.dumps(text)}]"}),
        ):
            answer = supervisor.post(f"/recons/trades/{path}", json=body)
            assert answer.status_code < 500, (path, text, answer.text)
        document = f"recon: {json.dumps(text)}\nkey: [{json.dumps(text)}]"
        told = supervisor.post("/definitions/validation", json={"document": document})
        assert told.status_code == 200, (text, told.text)
        assert told.json()["valid"] is False
        view = {"recon": "trades", "name": text, "document": {"filter": {"search": text}}}
        limits = {"limits": [{"currency": text, "limit": "1"}]}
        asked = [
            supervisor.post("/views", json=view),
            supervisor.put("/me/preferences", json={"document": {text: text}, "version": 0}),
            supervisor.put("/recons/trades/review-policy", json=limits),
            room.desk.client().post("/login", json={"name": text, "password": text}),
        ]
        for answer in asked:
            assert answer.status_code < 500, answer.text
    assert room.bench.ask("SELECT to_regclass('greenai.decision') IS NOT NULL") == [(True,)]
