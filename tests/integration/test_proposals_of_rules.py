"""What becomes of a cause as a rule takes two persons, and not those whose breaks it would pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bffdesk import Desk
from rulebook import FIRST, SECOND, Book

from greenai.domain.proposals import Person
from greenai.domain.rule_proposals import RuleProposal, RuleWish
from greenai.errors import ConflictError, ForbiddenError, NotFoundError, UsageError
from greenai.pipeline.rule_proposals import approve_rule, propose_rule, return_rule, withdraw_rule
from greenai.store import actors
from greenai.store.database import connect


@pytest.fixture
def book(postgres_url: str, tmp_path: Path) -> Book:
    folder = tmp_path / "book"
    folder.mkdir()
    book = Book(folder, postgres_url)
    book.run(FIRST, book.rows(1))
    return book


def act(book: Book, what: Any, *given: Any, **more: Any) -> Any:
    with connect(book.url) as connection:
        return what(connection, *given, **more)


def person(book: Book, name: str) -> Person:
    act(book, actors.person, name)
    ((number,),) = book.ask("SELECT actor_id FROM greenai.actor WHERE name = %s", name)
    return Person(number, name)


def proposed(book: Book, who: str, **wish: Any) -> RuleProposal:
    given = {"change": "accept", "resolution": "take_a", **wish}
    return act(  # type: ignore[no-any-return]
        book, propose_rule, 1, "book", book.scale().cause_id, person(book, who), RuleWish(**given)
    )


def test_a_cause_becomes_a_rule_by_two_persons_and_so_does_what_follows(book: Book) -> None:
    wanted = proposed(book, "ann")
    assert (wanted.state, wanted.eyes, book.events()) == ("proposed", 4, [])
    with pytest.raises(ConflictError, match="already"):
        proposed(book, "dan")
    with pytest.raises(ForbiddenError, match="themselves"):
        act(book, approve_rule, wanted.rule_proposal_id, person(book, "ann"), version=1)

    done = act(book, approve_rule, wanted.rule_proposal_id, person(book, "bob"), version=1)

    assert (done.state, done.closed_by) == ("approved", "bob")
    assert [event[:2] for event in book.events()] == [("accepted", "bob")]
    with pytest.raises(ConflictError):
        act(book, approve_rule, wanted.rule_proposal_id, person(book, "cid"), version=1)
    with pytest.raises(UsageError, match="a rule already"):
        proposed(book, "ann")
    suspend = proposed(book, "ann", change="suspend", resolution=None, comment="the source moves")
    assert [event[0] for event in book.events()] == ["accepted"]
    act(book, approve_rule, suspend.rule_proposal_id, person(book, "bob"), version=1)
    assert [event[0] for event in book.events()] == ["accepted", "suspended"]
    book.run(SECOND, book.rows(2))
    assert not [one for one in book.decided(SECOND) if one[2] == "rule"]


def test_who_has_breaks_of_the_cause_in_proposals_may_not_let_it_pass_them(book: Book, desk: Desk) -> None:
    cause = book.scale().cause_id
    bob, cid, sue = (
        desk.person(name, role)
        for name, role in (("bob", "supervisor"), ("cid", "supervisor"), ("sue", "analyst"))
    )
    answer = bob.post("/recons/book/proposals", json={"kind": "accept", "selection": {"cause": cause}})
    assert answer.status_code == 201, answer.text
    assert answer.json()["items"] == 300
    path = f"/recons/book/causes/{cause}/rule-proposals"
    assert sue.post(path, json={"change": "accept"}).status_code == 403
    rule = cid.post(path, json={"change": "accept", "resolution": "take_a"})
    assert rule.status_code == 201, rule.text
    number = rule.json()["rule_proposal"]

    own = bob.post(f"/recons/book/rule-proposals/{number}/approve", json={"version": 1})

    assert own.status_code == 403
    assert "would pass" in own.json()["detail"]
    dan = desk.person("dan", "manager")
    assert [one["rule_proposal"] for one in dan.get("/rule-proposals?to_check=true").json()["items"]] == [
        number
    ]
    done = dan.post(f"/recons/book/rule-proposals/{number}/approve", json={"version": 1, "comment": "seen"})
    assert done.status_code == 200, done.text
    assert (done.json()["state"], done.json()["approvals"][0]["checker"]) == ("approved", "dan")
    assert dan.get("/recons/book/rule-proposals?state=approved").json()["items"][0]["cause_id"] == cause


def test_what_cannot_be_is_refused_when_it_is_proposed(book: Book) -> None:
    with pytest.raises(UsageError, match="which side is right"):
        proposed(book, "ann", resolution=None)
    with pytest.raises(UsageError, match="no rule"):
        proposed(book, "ann", change="suspend", resolution=None)
    with pytest.raises(NotFoundError):
        act(book, propose_rule, 1, "book", "0" * 32, person(book, "ann"), RuleWish("accept"))
    assert book.events() == []
    assert book.ask("SELECT count(*) FROM greenai.rule_proposal") == [(0,)]
    wanted = proposed(book, "ann")
    number = wanted.rule_proposal_id
    with pytest.raises(ForbiddenError):
        act(book, withdraw_rule, number, person(book, "bob"), version=1)
    act(book, return_rule, number, person(book, "bob"), version=1, comment="which side?")
    again = proposed(book, "ann")
    act(book, withdraw_rule, again.rule_proposal_id, person(book, "ann"), version=1)
    assert book.ask("SELECT state FROM greenai.rule_proposal ORDER BY 1") == [("returned",), ("withdrawn",)]
