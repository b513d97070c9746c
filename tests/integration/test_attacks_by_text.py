"""SQL in every parameter of every operation, and in what is sent."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from attackroom import Known, Room

from greenai.bff.main import PREFIX

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
        revision = supervisor.get("/recons/trades/review-policy").json()["revision"]
        limits = {"limits": [{"currency": text, "limit": "1"}], "revision": revision}
        asked = [
            supervisor.post("/views", json=view),
            supervisor.put("/me/preferences", json={"document": {text: text}, "version": 0}),
            supervisor.put("/recons/trades/review-policy", json=limits),
            room.desk.client().post("/login", json={"name": text, "password": text}),
        ]
        for answer in asked:
            assert answer.status_code < 500, answer.text
    assert room.bench.ask("SELECT to_regclass('greenai.decision') IS NOT NULL") == [(True,)]
