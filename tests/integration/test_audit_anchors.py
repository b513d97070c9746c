"""Anchors of the audit: the scheduler that leads writes them, and a crash or a full disk loses none."""

from __future__ import annotations

import http.server
import json
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from auditroom import Room, open_room

from greenai.errors import UsageError
from greenai.jobs.anchoring import Anchoring
from greenai.jobs.scheduler import Scheduler
from greenai.pipeline import anchors
from greenai.pipeline.notifying import Ways
from greenai.settings import read_settings


class Silent:
    """Doorbells that nobody hears."""

    def ring(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def room(postgres_url: str, tmp_path: Path) -> Iterator[Room]:
    opened = open_room(postgres_url, tmp_path)
    yield opened
    opened.connection.close()


def settings(folder: Path, **more: str) -> Any:
    return read_settings({"GREENAI_HOME": str(folder), **more})


def test_the_scheduler_anchors_what_happened_at_once_and_at_its_end(room: Room, tmp_path: Path) -> None:
    told: list[str] = []
    given = settings(tmp_path)
    where = anchors.places(given, room.connection.info.dbname)
    room.happen(3)

    def tell(name: str, /, **_: object) -> None:
        told.append(name)

    scheduler = Scheduler(
        room.url,
        cast("Any", Silent()),
        ways=Ways(None, {}, None),
        tell=tell,
        anchoring=Anchoring(given, tell),
    )
    thread = threading.Thread(target=scheduler.serve)
    thread.start()
    until = time.monotonic() + 30
    while "audit_anchored" not in told and time.monotonic() < until:
        time.sleep(0.05)
    room.happen(2)
    scheduler.stop()
    thread.join(30)
    heads, unreadable = anchors.read(where.anchor)
    assert [head.position for head in heads] == [3, 5]
    assert unreadable == []
    room.places = where
    assert room.verify().holds
    assert stat.S_IMODE(where.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(where.anchor.stat().st_mode) == 0o600


def test_the_same_end_is_anchored_once_also_by_another_leader(room: Room, tmp_path: Path) -> None:
    room.happen(2)
    for _ in range(3):
        one = Anchoring(settings(tmp_path), lambda *_, **__: None)
        one.anchor(room.connection)
        one.anchor(room.connection)
    where = anchors.places(settings(tmp_path), room.connection.info.dbname)
    assert len(where.anchor.read_text().splitlines()) == 1


def test_half_a_line_that_a_crash_left_goes(room: Room) -> None:
    room.happen(1)
    room.anchor()
    with room.places.anchor.open("a") as file:
        file.write('{"position": 2, "ha')
    room.happen(1)
    assert room.verify().holds
    room.anchor()
    heads, unreadable = anchors.read(room.places.anchor)
    assert ([head.position for head in heads], unreadable) == ([1, 2], [])


def test_an_anchor_that_cannot_be_written_is_told_and_tried_again(room: Room, tmp_path: Path) -> None:
    told: list[str] = []
    place = tmp_path / "no" / "anchor.jsonl"
    (tmp_path / "no").write_text("a file where a folder should be")
    room.happen(1)
    one = Anchoring(settings(tmp_path, GREENAI_AUDIT_ANCHOR=str(place)), lambda name, **_: told.append(name))
    one.anchor(room.connection)
    assert told == ["audit_not_anchored"]
    assert room.connection.execute("SELECT count(*) FROM greenai.audit_head").fetchone() == (0,)
    (tmp_path / "no").unlink()
    one.anchor(room.connection)
    assert told == ["audit_not_anchored", "audit_anchored"]
    assert json.loads(place.read_text())["position"] == 1


def test_heads_are_sent_to_a_webhook_until_it_takes_them(room: Room, tmp_path: Path) -> None:
    taken: list[dict[str, Any]] = []
    answers = [500, 200]

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status = answers.pop(0)
            if status == 200:
                taken.append(body)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}/heads"
        one = Anchoring(settings(tmp_path, GREENAI_AUDIT_WEBHOOK=address), lambda *_, **__: None)
        room.happen(2)
        one.anchor(room.connection)
        assert taken == []
        one.anchor(room.connection)
    finally:
        server.shutdown()
        server.server_close()
    where = anchors.places(settings(tmp_path), room.connection.info.dbname)
    (head,), _ = anchors.read(where.anchor)
    assert taken == [{"event": "audit_head", **head.as_dict()}]


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    other = tmp_path / "other.pem"
    other.write_bytes(
        generate_private_key(SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    for path in (other, tmp_path):
        with pytest.raises(UsageError):
            anchors.signing_key(path)
        with pytest.raises(UsageError):
            anchors.public_key(path)


def test_one_key_is_made_by_many_at_once(tmp_path: Path) -> None:
    made: list[str] = []

    def make() -> None:
        made.append(anchors.key_id(anchors.signing_key(tmp_path / "audit" / "audit.key").public_key()))

    crew = [threading.Thread(target=make) for _ in range(8)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    public = anchors.key_id(anchors.public_key(tmp_path / "audit" / "audit.pub"))
    assert set(made) == {public}
    assert len(made) == 8
    assert sorted(one.name for one in (tmp_path / "audit").iterdir()) == ["audit.key", "audit.pub"]
