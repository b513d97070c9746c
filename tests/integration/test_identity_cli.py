"""`greenai user`: accounts without a server, audited under the name of who is at the command line."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from face import greenai as command
from greenai.identity import passwords
from greenai.store import users
from greenai.store.database import connect

GOOD = "four plain words suffice"


def user(*words: str, url: str) -> Any:
    """Run a command of the group."""
    return command("user", *words, "--store", url)


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password on standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\n"))


def account(url: str, name: str) -> users.Account:
    """An account as it is stored."""
    with connect(url) as connection:
        found = users.by_name(connection, name)
    assert found is not None
    return found


def test_the_first_administrator_comes_about_at_the_command_line(postgres_url: str, piped: None) -> None:
    added = user(
        "add", "ann", "--role", "administrator", "--password-stdin", "--by", "root", url=postgres_url
    )
    assert added.code == 0, added.err
    found = account(postgres_url, "ann")
    assert passwords.holds(found.password_hash, GOOD)
    assert found.must_change, "who typed it knows it"
    (line,) = json.loads(user("list", "--format", "json", url=postgres_url).out)["users"]
    assert (line["name"], line["roles"]) == ("ann", [{"role": "administrator", "recon": None}])
    assert "administrator" in user("list", url=postgres_url).out
    with connect(postgres_url) as connection:
        done = connection.execute(
            "SELECT a.name, e.action, e.subject "
            "FROM greenai.audit_event e JOIN greenai.actor a USING (actor_id)"
        ).fetchall()
    assert ("root", "user_added", "user:ann") in done
    assert ("root", "roles_changed", "user:ann") in done


def test_ones_own_password_need_not_be_changed(postgres_url: str, piped: None) -> None:
    assert user("add", "ann", "--password-stdin", "--by", "ann", url=postgres_url).code == 0
    assert not account(postgres_url, "ann").must_change


def test_roles_locks_passwords_and_disabling(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with connect(postgres_url) as connection:
        connection.execute("INSERT INTO greenai.recon (name) VALUES ('fx')")
    assert (
        user("add", "bob", "--no-password", "--role", "analyst:fx", "--by", "root", url=postgres_url).code
        == 0
    )
    before = account(postgres_url, "bob")
    assert before.password_hash is None
    assert (
        user(
            "role", "bob", "--role", "analyst:fx", "--role", "supervisor", "--by", "root", url=postgres_url
        ).code
        == 0
    )
    with connect(postgres_url) as connection:
        assert users.roles(connection, before.actor_id) == [("analyst", "fx"), ("supervisor", None)]
        connection.execute("UPDATE greenai.user_account SET locked_until = now() + interval '1 hour'")
    assert "locked" in user("list", url=postgres_url).out
    assert user("unlock", "bob", "--by", "root", url=postgres_url).code == 0
    assert account(postgres_url, "bob").locked_until is None
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\n"))
    assert user("password", "bob", "--password-stdin", "--by", "root", url=postgres_url).code == 0
    assert passwords.holds(account(postgres_url, "bob").password_hash, GOOD)
    assert user("disable", "bob", "--by", "root", url=postgres_url).code == 0
    assert account(postgres_url, "bob").disabled
    assert account(postgres_url, "bob").epoch > before.epoch
    assert user("enable", "bob", "--by", "root", url=postgres_url).code == 0
    assert not account(postgres_url, "bob").disabled


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "x y", "--no-password"), "a name of an account"),
        (("add", "gate", "--no-password"), "this name is taken"),
        (("add", "ann", "--no-password", "--role", "boss"), "there is no such role"),
        (("add", "ann", "--no-password", "--role", "analyst:"), "there is no such role"),
        (("add", "ann", "--no-password", "--role", "analyst:none"), "there is no such recon"),
        (
            ("add", "ann", "--no-password", "--role", "auditor", "--role", "analyst"),
            "goes with no other role",
        ),
        (("add", "etl", "--program", "--role", "analyst"), "a program has the role service"),
        (("add", "ann"), "nobody is there to ask for a password"),
        (("disable", "nobody"), "there is no such account"),
        (("password", "nobody", "--password-stdin"), "there is no such account"),
    ],
)
def test_what_makes_no_sense_is_one_message_and_no_account(
    postgres_url: str, piped: None, words: tuple[str, ...], said: str
) -> None:
    done = user(*words, "--by", "root", url=postgres_url)
    assert (done.code, said in done.err) == (2, True), done.err
    with connect(postgres_url) as connection:
        assert users.page(connection, limit=10) == []


def test_a_bad_password_is_refused_and_not_repeated(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("hunter2\n"))
    done = user("add", "ann", "--password-stdin", "--by", "root", url=postgres_url)
    assert done.code == 2
    assert "12 to 256 characters" in done.err
    assert "hunter2" not in done.err


def test_the_last_administrator_stays_here_too(postgres_url: str, piped: None) -> None:
    user("add", "ann", "--role", "administrator", "--password-stdin", "--by", "root", url=postgres_url)
    for words in (("disable", "ann"), ("role", "ann")):
        done = user(*words, "--by", "root", url=postgres_url)
        assert (done.code, "last administrator" in done.err) == (2, True)
