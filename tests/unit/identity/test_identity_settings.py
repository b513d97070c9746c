"""What the environment says about sessions, secrets and the provider; and what is signed with the secret."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from greenai.errors import UsageError
from greenai.identity.oidc import own_path, roles_of
from greenai.identity.secret import sign, signed
from greenai.settings import Settings, read_settings, roles_of_groups

HOME = {"GREENAI_HOME": "/somewhere"}
RANDOM = "3f1c8a9be27d4650912f7ac3d8e4b561"


def test_by_default_sessions_are_short_accounts_lock_and_there_is_no_provider() -> None:
    settings = read_settings(HOME)
    assert (settings.session_idle, settings.session_hours) == (30, 12)
    assert (settings.login_failures, settings.lock_minutes) == (10, 30)
    assert settings.oidc_issuer is None
    assert settings.secret is None


@pytest.mark.parametrize("secret", ["secret", "changeme" * 2, "a" * 64, "0123" * 16, RANDOM[:-1]])
def test_a_secret_that_can_be_guessed_is_refused_outside_the_demo(secret: str) -> None:
    with pytest.raises(UsageError, match="easily guessed") as caught:
        read_settings({**HOME, "GREENAI_SECRET": secret})
    assert secret not in str(caught.value)
    assert read_settings({**HOME, "GREENAI_SECRET": secret, "GREENAI_DEMO": "1"}).secret == secret


def test_secrets_are_not_shown_with_the_settings() -> None:
    settings = read_settings({**HOME, "GREENAI_SECRET": RANDOM, "GREENAI_OIDC_CLIENT_SECRET": "hush"})
    assert settings.secret == RANDOM
    assert RANDOM not in repr(settings)
    assert "hush" not in repr(settings)


@pytest.mark.parametrize("name", ["GREENAI_OIDC_ISSUER", "GREENAI_PUBLIC_URL"])
def test_addresses_are_by_https_or_on_this_machine(name: str) -> None:
    for good in ("https://login.example.org/realm/", "http://127.0.0.1:8080", "http://localhost/x"):
        settings = read_settings({**HOME, name: good})
        assert good in (settings.oidc_issuer, settings.public_url)
    for bad in (
        "http://login.example.org",
        "https://u:p@h/",
        "ftp://h",
        "login",
        "https://h/?q",
        "http://localhost.evil/",
    ):
        with pytest.raises(UsageError, match=name):
            read_settings({**HOME, name: bad})


@pytest.mark.parametrize("value", ["0", "-1", "x", "1441"])
def test_limits_of_sessions_are_numbers_within_bounds(value: str) -> None:
    with pytest.raises(UsageError, match="GREENAI_SESSION_IDLE"):
        read_settings({**HOME, "GREENAI_SESSION_IDLE": value})


def test_groups_give_roles_for_all_recons_or_for_one() -> None:
    rules = roles_of_groups(
        "cn=ops,analysts=analyst:fx, risk = manager ,watch=emperor".replace("cn=ops,", "")
    )
    settings = replace(Settings(), oidc_roles=rules)
    assert roles_of(["analysts", "risk", "else"], settings) == [("analyst", "fx"), ("manager", None)]
    assert roles_of("risk", settings) == [("manager", None)]
    assert (
        roles_of(None, settings) == roles_of({"risk": 1}, settings) == roles_of(["watch", 5], settings) == []
    )


@pytest.mark.parametrize("text", ["analysts", "=analyst", "analysts=", "a=b,c"])
def test_groups_that_give_nothing_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="GREENAI_OIDC_ROLES"):
        roles_of_groups(text)


@pytest.mark.parametrize(
    "path",
    [
        "//evil",
        "/\\evil",
        "https://evil",
        "",
        "javascript:x",
        "/a b",
        "/a\r\nset-cookie: x",
        "/" + "a" * 2001,
    ],
)
def test_only_paths_of_ours_are_gone_back_to(path: str) -> None:
    assert own_path(path) == "/"


def test_a_path_of_ours_is_gone_back_to() -> None:
    assert own_path("/recons/fx/breaks?state=open&key=a%20b") == "/recons/fx/breaks?state=open&key=a%20b"


def test_without_a_secret_a_random_one_is_made_once_for_all_processes_and_for_nobody_elses_eyes(
    tmp_path: Path,
) -> None:
    settings = replace(Settings(), home=tmp_path / "home")
    first = sign(settings, "test", "x")
    path = tmp_path / "home" / "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text()) == 64
    assert sign(settings, "test", "x") == first
    assert [one.name for one in path.parent.iterdir()] == ["secret"]
    assert sign(replace(Settings(), home=tmp_path / "other"), "test", "x") != first


def test_a_signature_is_good_for_its_text_and_purpose_only() -> None:
    settings = replace(Settings(), secret=RANDOM)
    signature = sign(settings, "state", "x")
    assert signed(settings, "state", "x", signature)
    assert not signed(settings, "state", "y", signature)
    assert not signed(settings, "cursor", "x", signature)
    assert not signed(settings, "state", "x", "é")
    assert not signed(replace(Settings(), secret=RANDOM[::-1]), "state", "x", signature)
