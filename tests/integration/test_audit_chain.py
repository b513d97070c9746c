"""The audit's chain: what was done to it is found, and told, by a verification."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from auditroom import Room, open_room

from greenai.domain.audit import NOTHING, Head
from greenai.pipeline import anchors
from greenai.pipeline.auditing import link_hash
from greenai.store import actors, audit
from greenai.store.database import connect


@pytest.fixture
def room(postgres_url: str, tmp_path: Path) -> Iterator[Room]:
    opened = open_room(postgres_url, tmp_path)
    yield opened
    opened.connection.close()


def relink(connection: Any, first: int = 1) -> None:
    """Compute all links anew, as somebody does who rules the database and knows how."""
    with connection.transaction():
        links = list(audit.chain(connection))
    previous = NOTHING if first == 1 else bytes(links[first - 2].hash)
    for link in links[first - 1 :]:
        hash_ = link_hash(link.position, previous, link.text or "")
        connection.execute(
            "UPDATE greenai.audit_link SET previous = %s, hash = %s WHERE position = %s",
            [previous, hash_, link.position],
        )
        previous = hash_


def test_an_audit_that_nobody_touched_holds(room: Room) -> None:
    assert room.connection.execute("SELECT count(*) FROM greenai.audit_link").fetchone() == (0,)
    room.happen(7)
    room.decide(3)
    room.anchor()
    room.happen(2, actor="ben")
    found = room.verify()
    assert found.holds, found.findings
    assert (found.events, found.heads, found.anchors, found.anchored) == (10, 1, 1, 8)
    assert (found.publications, found.decisions, found.notes) == (1, 3, ())


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "actor_id = 0",
        "action = 'changed'",
        "subject = 'another'",
        "recon_id = 1",
        "details = '{}'",
        "before = NULL",
        "after = 'null'",
        """evidence = '{"share": 0.250}'""",
        "request_id = NULL",
        "model_version = ''",
    ],
)
def test_an_event_altered_in_any_column_is_found_and_named(room: Room, change: str) -> None:
    room.happen(5)
    room.tamper(f"UPDATE greenai.audit_event SET {change} WHERE event_id = 3")
    (found,) = room.verify().findings
    assert (found.what, found.event_id, found.position) == ("altered_event", 3, 3)


def test_who_did_something_cannot_be_renamed_unnoticed(room: Room) -> None:
    room.happen(2)
    with pytest.raises(psycopg.errors.RestrictViolation):
        room.connection.execute("UPDATE greenai.actor SET name = 'eve' WHERE name = 'ann'")
    room.tamper("UPDATE greenai.actor SET name = 'eve' WHERE name = 'ann'")
    assert [one.what for one in room.verify().findings] == ["altered_event"] * 2


def test_a_removed_event_is_found(room: Room) -> None:
    room.happen(5)
    room.tamper("DELETE FROM greenai.audit_event WHERE event_id = 2")
    (found,) = room.verify().findings
    assert (found.what, found.event_id) == ("removed_event", 2)


def test_an_event_removed_with_its_link_is_found(room: Room) -> None:
    room.happen(5)
    room.tamper(
        "DELETE FROM greenai.audit_link WHERE position IN (2, 3)",
        "DELETE FROM greenai.audit_event WHERE event_id IN (2, 3)",
    )
    (found,) = room.verify().findings
    assert (found.what, found.position) == ("removed_link", 2)
    assert "links 2 to 3" in found.message


def test_events_that_changed_places_are_found(room: Room) -> None:
    room.happen(5)
    room.tamper(
        "UPDATE greenai.audit_link SET event_id = -event_id WHERE position IN (2, 4)",
        "UPDATE greenai.audit_link SET event_id = event_id + 6 WHERE position IN (2, 4)",
    )
    findings = room.verify().findings
    assert {(one.what, one.position, one.event_id) for one in findings} == {
        ("reordered_event", 2, 2),
        ("reordered_event", 4, 4),
    }


def test_links_that_changed_places_are_found(room: Room) -> None:
    room.happen(5)
    room.tamper(
        "UPDATE greenai.audit_link SET position = position + 100 WHERE position IN (2, 4)",
        "UPDATE greenai.audit_link SET position = 106 - position WHERE position > 100",
    )
    assert "altered_link" in room.found()


def test_an_event_that_is_in_no_chain_is_found(room: Room) -> None:
    room.happen(2)
    room.tamper("INSERT INTO greenai.audit_event (actor_id, action, subject) VALUES (0, 'late', 'x')")
    (found,) = room.verify().findings
    assert (found.what, found.event_id) == ("unlinked_event", 3)


@pytest.mark.parametrize("column", ["hash", "previous"])
def test_an_altered_link_is_found(room: Room, column: str) -> None:
    room.happen(4)
    room.tamper(f"UPDATE greenai.audit_link SET {column} = sha256('x') WHERE position = 3")
    findings = room.verify().findings
    assert {one.position for one in findings if one.what in ("altered_event", "altered_link")} >= {3}


def test_a_chain_that_was_computed_anew_contradicts_its_heads(room: Room) -> None:
    room.happen(5)
    room.anchor()
    room.happen(2)
    assert room.verify().holds
    room.tamper("UPDATE greenai.audit_event SET details = '{}' WHERE event_id = 3", lambda c: relink(c, 3))
    findings = room.verify().findings
    assert {(one.what, one.position) for one in findings} == {("rewritten", 5)}
    # What is altered after the last head, and linked anew, is what a verification cannot tell.
    assert not any(one.position == 7 for one in findings)


def test_the_end_that_was_cut_off_is_found_by_the_anchor_alone(room: Room) -> None:
    room.happen(6)
    room.anchor()
    room.tamper(
        "DELETE FROM greenai.audit_head",
        "DELETE FROM greenai.audit_link WHERE position > 4",
        "DELETE FROM greenai.audit_event WHERE event_id > 4",
    )
    (found,) = room.verify().findings
    assert (found.what, found.position) == ("truncated", 6)
    assert "ends at 4" in found.message


def test_a_whole_audit_that_was_removed_is_found(room: Room) -> None:
    room.happen(3)
    room.anchor()
    room.tamper("TRUNCATE greenai.audit_head, greenai.audit_link, greenai.audit_event CASCADE")
    assert room.found() == {"truncated"}
    room.happen(5)
    assert room.found() == {"rewritten"}


def test_a_head_of_another_key_or_with_another_content_is_forged(room: Room, tmp_path: Path) -> None:
    room.happen(3)
    room.anchor()
    other = anchors.signing_key(tmp_path / "other.key")
    position, hash_ = audit.last_link(room.connection) or (0, b"")
    audit.add_head(room.connection, anchors.signed(other, position, hash_))
    assert {"unknown_key", "unanchored_head"} == room.found()
    room.tamper(
        "DELETE FROM greenai.audit_head WHERE head_id = 2", "UPDATE greenai.audit_head SET position = 2"
    )
    assert "forged_head" in room.found()


def test_a_forged_anchor_is_found(room: Room) -> None:
    room.happen(3)
    room.anchor()
    told = json.loads(room.places.anchor.read_text())
    room.places.anchor.write_text(json.dumps({**told, "position": 2}) + "\n")
    assert "forged_head" in room.found()
    room.places.anchor.write_text("what is this\n")
    assert "unreadable_anchor" in room.found()


def test_a_head_that_is_missing_outside_is_told(room: Room) -> None:
    room.happen(3)
    room.anchor()
    room.happen(1)
    room.anchor()
    lines = room.places.anchor.read_text().splitlines(keepends=True)
    room.places.anchor.write_text(lines[0])
    (found,) = room.verify().findings
    assert (found.what, found.position) == ("unanchored_head", 4)
    room.places.anchor.unlink()
    found_without = room.verify()
    assert found_without.holds
    assert "there is no anchor" in found_without.notes[0]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE greenai.decision SET outcome = 'rejected' WHERE break_id = md5('2')::uuid AND decided_in = 1",
        "UPDATE greenai.decision SET comment = '' WHERE break_id = md5('2')::uuid AND decided_in = 1",
        "UPDATE greenai.decision SET actor_id = 1 WHERE break_id = md5('2')::uuid AND decided_in = 1",
        "DELETE FROM greenai.decision WHERE break_id = md5('2')::uuid AND decided_in = 1",
        "UPDATE greenai.decision SET decided_in = 2 WHERE break_id = md5('2')::uuid AND decided_in = 1",
        "DELETE FROM greenai.decision WHERE decided_in = 1",
    ],
)
def test_a_decision_that_was_altered_is_found_by_its_publication(room: Room, tampering: str) -> None:
    assert room.decide(50) == 1
    room.decide(20, "fx")
    room.happen(1)
    assert room.verify().holds
    room.tamper(tampering)
    findings = room.verify().findings
    assert {one.what for one in findings} <= {"altered_decisions", "unsealed_decisions"}
    assert 1 in {one.publication for one in findings}
    assert "publication 1 of trades" in findings[0].message


def test_a_decision_that_was_added_later_is_found(room: Room) -> None:
    room.decide(5)
    room.tamper(
        "INSERT INTO greenai.decision SELECT recon_id, business_date, md5('9')::uuid, publication_id,"
        " decided_in, outcome, rule, policy, resolution, value, actor_id, comment"
        " FROM greenai.decision LIMIT 1"
    )
    (found,) = room.verify().findings
    assert (found.what, found.publication) == ("altered_decisions", 1)
    assert "5 then, 6 now" in found.message


def test_a_publication_that_nobody_sealed_is_found(room: Room) -> None:
    room.decide(5)
    room.tamper("INSERT INTO greenai.publication (run_id, kind) VALUES (1, 'review')")
    (found,) = room.verify().findings
    assert (found.what, found.publication) == ("unsealed_decisions", 2)


def test_a_publication_is_sealed_once(room: Room) -> None:
    room.decide(2)
    with pytest.raises(psycopg.errors.UniqueViolation):
        room.connection.execute(
            "INSERT INTO greenai.audit_event (actor_id, action, subject, details)"
            """ VALUES (0, 'publish', 'trades', '{"publication": 1}')"""
        )


def test_what_a_transaction_rolled_back_left_no_link(room: Room) -> None:
    room.happen(1)
    with room.connection.transaction(force_rollback=True):
        room.happen(3)
    room.happen(1)
    found = room.verify()
    assert (found.holds, found.events) == (True, 2)


def test_writers_at_once_make_one_chain_and_hold_it_only_at_their_commit(room: Room) -> None:
    room.happen(1)
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with connect(room.url) as connection, connection.transaction():
            actors.audit(connection, "ann", "slow", {})
            begun.set()
            may_end.wait(20)

    def quick(name: str) -> None:
        with connect(room.url, autocommit=True) as connection:
            for number in range(20):
                actors.audit(connection, "ann", name, {"number": number})

    first = threading.Thread(target=slow)
    first.start()
    assert begun.wait(20)
    crew = [threading.Thread(target=quick, args=(f"quick {number}",)) for number in range(4)]
    for one in crew:
        one.start()
    for one in crew:
        one.join(30)
    done_meanwhile = room.verify().events
    may_end.set()
    first.join(30)
    found = room.verify()
    assert found.holds, found.findings
    assert (done_meanwhile, found.events) == (81, 82)
    last = room.connection.execute(
        "SELECT e.action FROM greenai.audit_link JOIN greenai.audit_event e USING (event_id)"
        " ORDER BY position DESC LIMIT 1"
    ).fetchone()
    assert last == ("slow",)


def test_an_event_is_refused_where_the_chain_could_not_be_read(room: Room) -> None:
    room.happen(1)
    with connect(room.url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        actors.audit(connection, "ann", "change", {})
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="READ COMMITTED"):
            connection.commit()


def test_heads_are_read_back_as_they_were_signed(room: Room) -> None:
    room.happen(2)
    room.anchor()
    ((_, inside),) = audit.heads(room.connection)
    (outside,), unreadable = anchors.read(room.places.anchor)
    assert inside == outside
    assert unreadable == []
    assert isinstance(inside, Head)
    assert anchors.anchor(room.connection, room.places, told=2) is None
