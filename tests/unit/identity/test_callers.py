"""What callers may: by roles, for recons, within the scopes of a key."""

from __future__ import annotations

import pytest

from greenai.errors import ForbiddenError
from greenai.identity.callers import Caller, Grant
from greenai.identity.grants import grants_of, rows_of
from greenai.identity.permissions import PERMISSIONS

FX, SWAPS = frozenset({"fx"}), frozenset({"swaps"})


def test_who_has_no_role_may_nothing() -> None:
    nobody = Caller(1, "ann", (), "session")
    assert not any(nobody.may(one) or nobody.may(one, "fx") for one in PERMISSIONS)


def test_roles_for_several_recons_add_up_each_with_its_own_rights() -> None:
    ann = Caller(1, "ann", (Grant("analyst", FX), Grant("supervisor", SWAPS)), "session")
    assert ann.recons("breaks.read") == {"fx", "swaps"}
    assert ann.recons("recons.approve") == {"swaps"}
    assert ann.may("recons.approve", "swaps")
    assert not ann.may("recons.approve", "fx")


def test_a_role_for_all_recons_is_for_those_to_come_too() -> None:
    ann = Caller(1, "ann", (Grant("analyst", FX), Grant("senior_analyst")), "session")
    assert ann.recons("breaks.read") is None
    assert ann.may("breaks.approve", "made tomorrow")


def test_what_concerns_the_platform_needs_a_role_for_all_recons() -> None:
    ann = Caller(1, "ann", (Grant("supervisor", FX),), "session")
    assert ann.may("reasons.manage", "fx")
    assert not ann.may("reasons.manage")
    assert not ann.may("audit.read")


def test_a_key_may_no_more_than_its_scopes_and_no_more_than_its_owner() -> None:
    key = Caller(1, "ann", (Grant("analyst", FX),), "key", frozenset({"breaks.read", "breaks.approve"}))
    assert key.may("breaks.read", "fx")
    assert not key.may("breaks.read", "swaps")
    assert not key.may("breaks.approve", "fx")
    assert not key.may("runs.read", "fx")


def test_a_key_without_scopes_may_nothing() -> None:
    key = Caller(1, "ann", (Grant("supervisor"),), "key", frozenset())
    assert not any(key.may(one) for one in PERMISSIONS)


def test_who_must_change_the_password_may_nothing_before() -> None:
    ann = Caller(1, "ann", (Grant("supervisor"),), "session", must_change=True)
    assert not any(ann.may(one, "fx") for one in PERMISSIONS)
    with pytest.raises(ForbiddenError, match="given by somebody else"):
        ann.insist("recons.read")


def test_insisting_says_who_may_not_do_what_where() -> None:
    ann = Caller(1, "ann", (Grant("analyst", FX),), "session")
    ann.insist("breaks.propose", "fx")
    with pytest.raises(ForbiddenError, match=r"ann may not do this: breaks\.propose for swaps"):
        ann.insist("breaks.propose", "swaps")


def test_grants_are_stored_as_rows_and_come_back() -> None:
    given = (Grant("analyst", frozenset({"a", "b"})), Grant("manager"))
    assert rows_of(given) == [("analyst", "a"), ("analyst", "b"), ("manager", None)]
    assert grants_of(rows_of(given)) == given
    assert grants_of([("analyst", "a"), ("analyst", None)]) == (Grant("analyst"),)
    assert grants_of([("emperor", None)]) == ()
