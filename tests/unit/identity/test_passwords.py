"""Passwords: which are taken, and how they are kept."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, Type

from greenai.errors import UsageError
from greenai.identity import passwords

GOOD = "four plain words suffice"


@pytest.mark.parametrize(
    "password",
    ["short1!", "eleven char", "x" * 257, "", "aaaaaaaaaaaaaaaa", "abababababababab", "1212121212121212"],
)
def test_short_long_and_monotonous_ones_are_refused(password: str) -> None:
    with pytest.raises(UsageError) as caught:
        passwords.check(password, "ann")
    assert not password or password not in str(caught.value)


@pytest.mark.parametrize(
    "password",
    [
        "Password1234!",
        "P@ssw0rd2026!!",
        "passwordpassword",
        "Welcome123456",
        "qwertyuiop123",
        "1234567890letmein",
    ],
)
def test_known_ones_are_refused_however_they_are_adorned(password: str) -> None:
    with pytest.raises(UsageError, match="easily guessed"):
        passwords.check(password, "ann")


@pytest.mark.parametrize("password", ["annabel.smith1", "AnnabelSmith2026!", "4nn4b3l.sm1th!!"])
def test_the_name_is_no_password(password: str) -> None:
    with pytest.raises(UsageError, match="easily guessed"):
        passwords.check(password, "annabel.smith")


@pytest.mark.parametrize(
    "password",
    [GOOD, "Zürich im Regen 7", "пароль из четырёх слов", "kJ8#vQ2!pL5x", "ann likes her plain tea"],
)
def test_sentences_and_random_ones_are_taken_in_any_language(password: str) -> None:
    passwords.check(password, "ann")


def test_a_password_holds_and_another_does_not() -> None:
    kept = passwords.hashed(GOOD)
    assert kept.startswith("$argon2id$")
    assert GOOD not in kept
    assert passwords.holds(kept, GOOD)
    assert not passwords.holds(kept, GOOD + " ")
    assert not passwords.holds(kept, "")
    assert passwords.hashed(GOOD) != kept


def test_the_same_letters_typed_otherwise_are_the_same_password() -> None:
    assert passwords.holds(passwords.hashed("caf\u00e9 au lait noir"), "cafe\u0301 au lait noir")


def test_without_a_hash_nothing_holds_and_as_much_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []
    real = PasswordHasher.verify

    def verify(self: PasswordHasher, kept: str, given: str) -> bool:
        verified.append(kept)
        return real(self, kept, given)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    assert not passwords.holds(None, GOOD)
    assert not passwords.holds(passwords.hashed(GOOD), "another one")
    parameters = {kept.rsplit("$", 2)[0] for kept in verified}
    assert len(verified) == 2
    assert len(parameters) == 1


def test_a_broken_hash_holds_for_nobody() -> None:
    assert not passwords.holds("$argon2id$broken", GOOD)


def test_a_hash_of_weaker_parameters_is_outdated_and_still_holds() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1, type=Type.ID).hash(GOOD)
    assert passwords.holds(weak, GOOD)
    assert passwords.outdated(weak)
    assert not passwords.outdated(passwords.hashed(GOOD))
