"""Passwords: Argon2id, and which are taken.

Parameters are those that RFC 9106 (section 4, second choice) recommends: 3 passes over 64 MiB. What was
hashed by others is hashed anew at the next login. Rules follow NIST SP 800-63B: a least length, no known
ones, none that is the name, no demands for kinds of characters.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

from greenai.errors import UsageError
from greenai.identity.common_passwords import COMMON

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST: Final = 12
LONGEST: Final = 256
AT_ONCE: Final = threading.BoundedSemaphore(2)
"""A hash takes 64 MiB: a flood of logins waits here, not for memory."""


def check(password: str, name: str) -> None:
    """Raise UsageError for a password that is easily guessed; `name` is the account's. It is not repeated."""
    text = _normal(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise UsageError(
            f"a password has {SHORTEST} to {LONGEST} characters",
            column="password",
            remedy="take a sentence, or one that a password manager makes",
        )
    called = _letters(_normal(name))
    if len(set(text)) < 5 or any(_known(form, called) for form in _forms(text)):
        raise UsageError(
            "the password is easily guessed: a known one, the name, or a few characters repeated",
            column="password",
            remedy="take a sentence, or one that a password manager makes",
        )


def hashed(password: str) -> str:
    """The Argon2id hash of a password, with its parameters and a salt of its own."""
    with AT_ONCE:
        return _hasher().hash(_bytes(password))


def holds(stored: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed.

    Without a hash (an unknown name, an account without password) it takes as long, and does not hold.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    given = _bytes(password[: 2 * LONGEST])
    with AT_ONCE:
        try:
            _hasher().verify(stored if stored is not None else _nobodys(), given)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(stored)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher, Type

    return PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4, type=Type.ID)


@cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_urlsafe(32))


def _bytes(password: str) -> bytes:
    """What is hashed; JSON can hold halves of characters, which no encoding has."""
    return _normal(password).encode("utf-8", "surrogatepass")


def _normal(text: str) -> str:
    """The same for the same keys pressed on any keyboard."""
    return unicodedata.normalize("NFKC", text)


LOOKALIKES: Final = str.maketrans("01l!345$@", "oiiieassa")
"""Signs that stand for letters; letters that are taken for one another are one."""


def _letters(text: str) -> str:
    """What is left of a text when signs are read as the letters they look like."""
    return "".join(letter for letter in text.casefold().translate(LOOKALIKES) if letter.isalpha())


@cache
def _common() -> frozenset[str]:
    return frozenset(_letters(word) for word in COMMON)


def _forms(text: str) -> set[str]:
    """A password without what is added to make it look random: signs for letters, around it, between."""
    bare = text.strip("".join(sign for sign in set(text) if not sign.isalpha()))
    return {_letters(text), _letters(bare), _letters("".join(one for one in text if one.isalpha()))}


def _known(form: str, called: str) -> bool:
    """Whether little is left without a known word or the name."""
    words = {word for word in _common() if len(word) > 4 and word in form}
    if len(called) > 3 and called in form:
        words.add(called)
    if form in _common():
        return True
    for word in sorted(words, key=len, reverse=True):
        form = form.replace(word, "")
    return bool(words) and len(form) < 5
