"""Attacks on the server, by the OWASP API Security Top 10 (2023): resources, its own requests, settings."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from attackroom import Known, Room, routes

from greenai.bff.main import PREFIX, create_app

OVERRIDE = {"kind": "override", "resolution": "take_b"}
INSIDES = re.compile(
    r"Traceback|psycopg|SELECT |INSERT |greenai\.[a-z_]+ |/src/|site-packages|password_hash|secret_hash",
)


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
            "policies": [{"name": "p", "business_days": 1, "tell": [{"kind": "webhook", "name": target}]}],
        }
        answer = supervisor.put("/recons/trades/due-policies", json=policy)
        assert answer.status_code == 422
        assert "tell" in answer.text, answer.text
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
