"""The whole OpenAPI document, asked for by everybody: what is answered is what is documented, and no more.

The examples are the same in every run; ``HYPOTHESIS_PROFILE=search`` looks for new and many more ones.
"""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from attackroom import OF_ONESELF, WITHOUT_LOGIN, Known, Room, routes, sent_by
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from greenai.bff.main import PREFIX
from greenai.identity.permissions import RIGHTS, ROLES

SEARCHING = os.environ.get("HYPOTHESIS_PROFILE") == "search"
EXAMPLES = 40 if SEARCHING else 3
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PERMISSIONS = {(method, PREFIX + path): needed for method, path, needed in routes()}
SPENT = frozenset({("POST", "/api/v1/logout"), ("PUT", "/api/v1/me/password")})
"""What ends a session or locks an account; somebody else than the one of the role asks for it."""
ENDLESS = frozenset({"/api/v1/recons/{recon}/runs/{run}/events"})
"""What is told as long as a run lasts: asked for runs that have ended."""


def cases(operation: Any, known: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Requests of an operation, right and wrong ones, most of them about what there is."""
    named = {one for one in known if f"{{{one}}}" in operation.path}
    there = {one: known[one] for one in named}
    about = [operation.as_strategy(generation_mode=GenerationMode.POSITIVE, path_parameters=there)] * 2
    about += [operation.as_strategy(generation_mode=GenerationMode.NEGATIVE, path_parameters=there)]
    if there and operation.path not in ENDLESS:
        about += [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]
    return st.one_of(about)


@dataclass
class Asker:
    """One of a role, who asks for everything; `wrong` is what went wrong, one line of each."""

    room: Room
    role: str
    session: requests.Session
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session.trust_env = False
        self.headers = self.room.headers(self.role)
        self.room.desk.person(f"spent_{self.role}", "analyst")

    def everything(self) -> None:
        """All operations of the document that the desk itself gives."""
        document = httpx.get(f"{self.room.desk.url}{PREFIX}/openapi.json", trust_env=False).json()
        for result in schemathesis.openapi.from_dict(document).get_all_operations():
            self.operation(result.ok())

    def operation(self, operation: Any) -> None:
        """So many requests of one operation."""
        place = (operation.method.upper(), operation.path)
        needed = PERMISSIONS.get(place)
        missing = needed is not None and needed not in RIGHTS[self.role]  # type: ignore[index]

        @seed(zlib.crc32(f"{self.role} {place}".encode()))
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases(operation, self.room.known))
        def each(case: Any) -> None:
            try:
                answer = self.one(case, place in SPENT)
            except FailureGroup as failures:
                said = "; ".join(f"{one.title}: {one.message[:300]}" for one in failures.exceptions)
                self.note(place, f"{said} | {case.as_curl_command()[:500]}")
                return
            if missing and answer.status_code < 400:
                self.note(place, f"{answer.status_code} without {needed}")

        try:
            each()
        except Exception as error:
            self.note(place, f"{type(error).__name__}: {str(error)[:500]}")

    def one(self, case: Any, spent: bool) -> Any:
        """The answer to one request, which is as documented. Raises FailureGroup."""
        headers = self.headers
        if spent:
            client = self.room.desk.signed_in(f"spent_{self.role}")
            headers = sent_by(client)
        # The schema is of the stream as a whole, which the check takes for that of each event.
        checks = (
            [one for one in CHECKS if one is not response_schema_conformance]
            if case.path in ENDLESS
            else CHECKS
        )
        return case.call_and_validate(
            base_url=self.room.desk.url, session=self.session, headers=headers, checks=checks, timeout=30
        )

    def note(self, place: tuple[str, str], said: str) -> None:
        """Something that went wrong."""
        self.wrong.append(f"{self.role} {' '.join(place)}: {said}")


# First, for what may be done below takes keys and accounts away.
def test_every_cell_of_the_matrix_without_a_right_is_refused(room: Room) -> None:
    before, wrong, cells = room.digest(), [], 0
    for role in ROLES:
        headers = room.headers(role)
        with room.desk.client(headers=headers) as client:
            for method, path, needed in routes():
                if needed is None or needed in RIGHTS[role]:
                    continue
                answer = client.request(method, path.format_map(Known(room.known)))
                cells += 1
                if answer.status_code != 403:
                    wrong.append(f"{role} {method} {path}: {answer.status_code} without {needed}")
    assert not wrong, "\n".join(wrong)
    assert cells > 300
    assert room.digest() == before


@pytest.mark.parametrize("role", ROLES)
def test_all_that_is_documented_is_answered_as_documented(room: Room, role: str) -> None:
    with requests.Session() as session:
        asker = Asker(room, role, session)
        before = room.digest()
        asker.everything()
    assert not asker.wrong, "\n".join(asker.wrong)
    if role == "auditor":
        assert room.digest() == before


def test_without_a_login_everything_else_is_refused(room: Room) -> None:
    before, wrong = room.digest(), []
    for headers in ({}, {"authorization": "Bearer gai_0_0"}, {"cookie": "greenai_session=" + "A" * 43}):
        with room.desk.client(headers=headers) as client:
            for method, path, _ in routes():
                if (method, path) in WITHOUT_LOGIN:
                    continue
                answer = client.request(method, path.format_map(Known(room.known)))
                if answer.status_code != 401:
                    wrong.append(f"{method} {path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert room.digest() == before


def test_every_route_asks_for_a_right_but_those_by_which_one_gets_in_and_what_is_ones_own() -> None:
    assert {
        (method, path) for method, path, needed in routes() if needed is None
    } == WITHOUT_LOGIN | OF_ONESELF
