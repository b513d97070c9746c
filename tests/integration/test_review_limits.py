"""Above which amounts more persons must approve: nobody overwrites what they have not seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import httpx
import pytest
from attackroom import Room, done

from greenai.pipeline.review_limits import revision

PATH = "/recons/trades/review-policy"
EURO = {"currency": "EUR", "limit": "1000", "eyes": 6}
DOLLAR = {"currency": "USD", "limit": "500.50", "eyes": 6}


@pytest.fixture
def supervisor(room: Room) -> httpx.Client:
    """Somebody who may set limits; there are none before."""
    person = room.person("supervisor")
    done(person.put(PATH, json={"limits": [], "revision": done(person.get(PATH))["revision"]}))
    return person


def test_who_read_other_limits_than_hold_is_refused_and_loses_nobody_elses(supervisor: httpx.Client) -> None:
    seen = done(supervisor.get(PATH))["revision"]
    first = done(supervisor.put(PATH, json={"limits": [EURO], "revision": seen}))
    late = supervisor.put(PATH, json={"limits": [DOLLAR], "revision": seen})
    assert late.status_code == 409
    assert late.json()["detail"] == "somebody else changed the limits meanwhile"
    held = done(supervisor.get(PATH))
    assert held == first
    assert [one["currency"] for one in held["limits"]] == ["EUR"]
    done(supervisor.put(PATH, json={"limits": [EURO, DOLLAR], "revision": held["revision"]}))
    assert len(done(supervisor.get(PATH))["limits"]) == 2


def test_of_many_at_once_one_is_taken(supervisor: httpx.Client) -> None:
    seen = done(supervisor.get(PATH))["revision"]

    def put(limit: int) -> int:
        one = {"currency": "EUR", "limit": str(limit), "eyes": 6}
        return supervisor.put(PATH, json={"limits": [one], "revision": seen}).status_code

    with ThreadPoolExecutor(6) as pool:
        codes = sorted(pool.map(put, range(1, 7)))
    assert codes == [200, 409, 409, 409, 409, 409]


def test_no_limits_are_replaced_without_saying_which_were_seen(supervisor: httpx.Client) -> None:
    for body in ({"limits": []}, {"limits": [], "revision": "latest"}):
        assert supervisor.put(PATH, json=body).status_code == 422


def test_a_revision_is_of_the_amounts_not_of_how_they_are_written() -> None:
    one, other = ("EUR", Decimal("1000"), 6), (None, Decimal("5"), 4)
    assert revision([one, other]) == revision([(None, Decimal("5.00"), 4), ("EUR", Decimal("1E+3"), 6)])
    assert len({revision([]), revision([one]), revision([one, other]), revision([("EUR", one[1], 4)])}) == 4
