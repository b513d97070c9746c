"""Who accepts, lists and suspends rules, and what is refused."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from rulebook import FIRST, Book, command

import greenai
from greenai.errors import UsageError


@pytest.fixture
def book(postgres_url: str, tmp_path: Path) -> Book:
    return Book(tmp_path, postgres_url)


def test_two_who_accept_at_once_make_one_rule(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    cause = book.scale().cause_id
    said: list[Any] = []

    def accept(name: str) -> None:
        try:
            said.append(greenai.accept_cause(cause, actor=name, resolution="take_a", store=book.url).state)
        except UsageError as error:
            said.append(error.message)

    threads = [threading.Thread(target=accept, args=(name,)) for name in ("ann", "bob", "cyd")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("accepted") == 1
    assert sum("is a rule already" in str(one) for one in said) == 2
    assert book.ask("SELECT count(*) FROM greenai.approved_rule") == [(1,)]


def test_what_is_no_rule_is_refused_with_what_to_do(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    cause = book.scale().cause_id
    for given, message in (
        ({"cause_id": "ffff0000"}, "no such cause"),
        ({"cause_id": "xyz"}, "not the identity"),
        ({"actor": "gate"}, "a person decides"),
        ({"resolution": None}, "which side is right"),
        ({"reason": "OWN_REASON"}, "no such reason"),
        ({"reason": "UNKNOWN"}, "says why"),
        ({"max_exceptions": 2.0}, "from 0 to 1"),
        ({"scope_size": (10, 5)}, "size of a scope"),
        ({"recon": "other"}, "in recon other"),
    ):
        asked: dict[str, Any] = {"cause_id": cause, "actor": "ann", "resolution": "take_a", **given}
        with pytest.raises(UsageError, match=message):
            greenai.accept_cause(asked.pop("cause_id"), store=book.url, **asked)
    with pytest.raises(UsageError, match="no rule"):
        greenai.change_rule(cause, "suspend", actor="ann", store=book.url)
    assert book.ask("SELECT count(*) FROM greenai.approved_rule") == [(0,)]


def test_the_command_lists_accepts_shows_and_suspends(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    cause = book.scale().cause_id
    listed = command(book, "list", "book")
    assert listed.code == 0
    assert cause[:8] in listed.out
    assert "proposed" in listed.out
    refused = command(book, "accept", cause[:8])
    assert refused.code == 2
    assert "--resolution" in refused.err
    accepted = command(
        book, "accept", cause[:8], "--resolution", "take_a", "--by", "ann", "--scope-size", "10..400",
        "--max-exceptions", "0.02", "--comment", "agreed",
    )  # fmt: skip
    assert accepted.code == 0
    assert "up to 2.00% exceptions, 10 to 400 records" in accepted.out
    again = command(book, "accept", cause[:8], "--resolution", "take_a")
    assert again.code == 2
    assert "is a rule already" in again.err
    assert command(book, "suspend", cause[:8], "--by", "bob").code == 0
    shown = json.loads(command(book, "show", cause[:8], "--format", "json").out)
    assert shown["state"] == "suspended"
    assert [one["event"] for one in shown["rule"]["events"]] == ["accepted", "suspended"]
    assert command(book, "list", "1", "--format", "json").code == 0
    assert command(book, "list", "nowhere").code == 2
    assert command(book, "accept", cause[:8], "--scope-size", "many").code == 2
    audit = book.ask(
        "SELECT action, details ->> 'cause' FROM greenai.audit_event"
        " WHERE action <> 'publish' ORDER BY event_id"
    )
    assert audit == [("rule_accepted", cause), ("rule_suspended", cause)]


def test_what_became_of_a_rule_is_never_changed(book: Book) -> None:
    import psycopg

    book.run(FIRST, book.rows(1))
    book.accept()
    for table in ("rule_event", "approved_rule"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            book.ask(f"DELETE FROM greenai.{table} RETURNING 1")
