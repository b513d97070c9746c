"""Signing in by an OpenID Connect provider: a real process that signs with a real key, and its attackers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from bffdesk import Desk, open_desk
from openid_provider import CLIENT, SECRET, Provider, running_provider

from greenai.settings import roles_of_groups
from greenai.store.database import connect

WHOSE = "the-subject-of-ann"
NOT_BELIEVED = {
    **dict.fromkeys(
        ("nonce", "issuer", "audience", "audiences", "at_hash", "subject", "future"), "InvalidClaim"
    ),
    **dict.fromkeys(("no_nonce", "no_expiry", "no_subject"), "MissingClaim"),
    **dict.fromkeys(("none", "symmetric"), "UnsupportedAlgorithm"),
    **dict.fromkeys(("stranger", "tampered"), "BadSignature"),
    "expired": "ExpiredToken",
    "unknown_key": "InvalidKeyId",
    "mix_up": "another provider answered",
    "denied": "did not sign you in",
    "no_id_token": "no ID token",
}
"""What the provider, or who pretends to be it, does wrong; and why it is not believed."""


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """One provider for all tests here."""
    with running_provider() as found:
        yield found


@pytest.fixture
def desk(provider: Provider, postgres_url: str, redis_server: str, tmp_path: Path) -> Iterator[Desk]:
    """A BFF whose people sign in by the provider."""
    provider.fault(None)
    provider.person(WHOSE, preferred_username="ann", name="Ann Lee", groups=["recon-analysts"])
    with open_desk(
        postgres_url,
        redis_server,
        tmp_path,
        oidc_issuer=provider.url,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_roles=roles_of_groups("recon-analysts=analyst,chiefs=manager,watchers=auditor"),
    ) as found:
        yield found


def departed(client: httpx.Client, back_to: str = "/") -> str:
    """Where the provider sends the browser after it went there to sign in."""
    there = client.get("/oidc/login", params={"back_to": back_to})
    assert there.status_code == 303, there.text
    back = httpx.get(there.headers["location"], trust_env=False)
    assert back.status_code == 302
    return str(back.headers["location"])


def signed_in(desk: Desk, back_to: str = "/") -> httpx.Client:
    """A browser that went all the way."""
    client = desk.client()
    answer = client.get(departed(client, back_to))
    assert answer.status_code == 303, answer.text
    client.headers["x-csrf-token"] = client.cookies["greenai_csrf"]
    return client


def audited(desk: Desk) -> list[tuple[str, str]]:
    """Who did what, in order."""
    with connect(str(desk.settings.database_url)) as connection:
        return connection.execute(
            "SELECT a.name, e.action FROM greenai.audit_event e JOIN greenai.actor a USING (actor_id) "
            "ORDER BY e.event_id"
        ).fetchall()


def test_who_belongs_to_a_group_with_a_role_gets_an_account_at_the_first_login(desk: Desk) -> None:
    client = signed_in(desk)
    me = client.get("/me").json()
    assert (me["name"], me["display_name"], me["must_change"]) == ("ann", "Ann Lee", False)
    assert me["roles"] == [{"role": "analyst", "recons": None}]
    assert client.put("/me/preferences", json={"document": {}}).status_code == 200
    done = [
        ("openid", "user_added"),
        ("openid", "identity_linked"),
        ("openid", "roles_changed"),
        ("ann", "login"),
    ]
    assert [one for one in audited(desk) if one in done] == done


def test_the_same_subject_comes_back_to_the_same_account_whatever_it_is_called_now(
    desk: Desk, provider: Provider
) -> None:
    signed_in(desk)
    provider.person(WHOSE, preferred_username="root", email="new@example.org", groups=["recon-analysts"])
    assert signed_in(desk).get("/me").json()["name"] == "ann"


def test_another_subject_of_the_same_name_and_e_mail_is_another_account(
    desk: Desk, provider: Provider
) -> None:
    signed_in(desk)
    provider.person("another", preferred_username="ann", email="ann@example.org", groups=["recon-analysts"])
    assert signed_in(desk).get("/me").json()["name"] == "ann@127.0.0.1"


def test_nobody_becomes_an_account_by_being_called_like_it(desk: Desk, provider: Provider) -> None:
    desk.person("boss", "supervisor")
    provider.person("x", preferred_username="boss", email="boss@example.org", groups=["recon-analysts"])
    assert signed_in(desk).get("/me").json()["name"] == "boss@127.0.0.1"
    provider.person("y", preferred_username="gate", groups=["recon-analysts"])
    assert signed_in(desk).get("/me").json()["name"] == "gate@127.0.0.1"


def test_groups_say_at_each_login_what_somebody_may(desk: Desk, provider: Provider) -> None:
    signed_in(desk)
    provider.person(WHOSE, groups=["chiefs", "others"])
    assert signed_in(desk).get("/me").json()["roles"] == [{"role": "manager", "recons": None}]
    provider.person(WHOSE, groups=[])
    assert signed_in(desk).get("/me").json()["roles"] == []


def test_groups_that_give_roles_that_do_not_go_together_let_nobody_in(desk: Desk, provider: Provider) -> None:
    provider.person(WHOSE, groups=["chiefs", "watchers"])
    client = desk.client()
    answer = client.get(departed(client))
    assert answer.status_code == 401
    assert "goes with no other role" in answer.json()["detail"]
    assert ("openid", "user_added") not in audited(desk)


def test_who_belongs_to_no_group_is_let_in_when_an_administrator_linked_him(
    desk: Desk, provider: Provider
) -> None:
    provider.person("pat-s-subject", preferred_username="pat", email="pat@example.org")
    client = desk.client()
    answer = client.get(departed(client))
    assert answer.status_code == 401
    assert "belongs to no account" in answer.json()["detail"]
    admin = desk.person("admin", "administrator")
    assert admin.post("/users", json={"name": "pat"}).status_code == 201
    linked = {"issuer": provider.url, "subject": "pat-s-subject"}
    assert admin.post("/users/pat/identities", json=linked).status_code == 204
    client = signed_in(desk)
    assert client.get("/me").json()["name"] == "pat"
    assert admin.request("DELETE", "/users/pat/identities", params=linked).status_code == 204
    assert client.get("/me").status_code == 401


def test_who_is_disabled_is_not_let_in(desk: Desk) -> None:
    client = signed_in(desk)
    admin = desk.person("admin", "administrator")
    assert admin.patch("/users/ann", json={"disabled": True}).status_code == 200
    assert client.get("/me").status_code == 401
    assert client.get(departed(client)).status_code == 401


@pytest.mark.parametrize("fault", NOT_BELIEVED)
def test_what_does_not_hold_lets_nobody_in(desk: Desk, provider: Provider, fault: str) -> None:
    provider.fault(fault)
    client = desk.client()
    answer = client.get(departed(client))
    assert answer.status_code == 401, answer.text
    assert NOT_BELIEVED[fault] in answer.json()["detail"]
    assert "greenai_session" not in client.cookies
    assert audited(desk) == []


def test_a_new_key_of_the_provider_is_fetched_when_it_signs_with_it(
    desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenai.identity.provider.RENEWED", 0.0)
    signed_in(desk)
    provider.fault("new_key")
    assert signed_in(desk).get("/me").status_code == 200


def test_a_login_begun_in_one_browser_does_not_end_in_another(desk: Desk) -> None:
    """Else an attacker could have his victim finish his login, and read what it enters afterwards."""
    location = departed(desk.client())
    victim = desk.client()
    departed(victim)
    assert victim.get(location).status_code == 401


@pytest.mark.parametrize("state", ["", "0" * 64, "é"])
def test_a_state_that_is_not_ours_is_refused(desk: Desk, state: str) -> None:
    client = desk.client()
    location = departed(client)
    code = parse_qs(urlsplit(location).query)["code"][0]
    assert client.get("/oidc/callback", params={"code": code, "state": state}).status_code == 401
    assert client.get("/oidc/callback", params={"code": code}).status_code == 401


def test_an_answer_of_the_provider_is_good_once(desk: Desk) -> None:
    client = desk.client()
    location = departed(client)
    browser = client.cookies["greenai_oidc"]
    assert client.get(location).status_code == 303
    again = httpx.get(location, cookies={"greenai_oidc": browser}, trust_env=False)
    assert again.status_code == 401


def test_a_stolen_code_is_worth_nothing_with_the_verifier_of_another(desk: Desk) -> None:
    stolen = parse_qs(urlsplit(departed(desk.client())).query)["code"][0]
    thief = desk.client()
    own = parse_qs(urlsplit(departed(thief)).query)
    given = {"code": stolen, "state": own["state"][0], "iss": own["iss"][0]}
    answer = thief.get("/oidc/callback", params=given)
    assert (answer.status_code, "invalid_grant" in answer.text) == (401, True)


def test_the_token_that_a_browser_had_before_is_not_the_one_it_has_after(desk: Desk) -> None:
    client = signed_in(desk)
    before = client.cookies["greenai_session"]
    assert client.get(departed(client)).status_code == 303
    assert client.cookies["greenai_session"] != before
    assert httpx.get(f"{desk.url}/api/v1/me", cookies={"greenai_session": before}).status_code == 401


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/recons/fx?state=open", "/recons/fx?state=open"),
        *(
            (place, "/")
            for place in ("https://evil.example.org", "//evil.example.org", "/\\evil", "x", "/a\nb")
        ),
    ],
)
def test_a_login_ends_on_a_page_of_ours(desk: Desk, wanted: str, reached: str) -> None:
    client = desk.client()
    assert client.get(departed(client, wanted)).headers["location"] == reached


@pytest.mark.parametrize("fault", ["metadata", "plain_http"])
def test_a_provider_that_is_another_or_wants_secrets_in_the_clear_is_not_used(
    desk: Desk, provider: Provider, fault: str
) -> None:
    provider.fault(fault)
    answer = desk.client().get("/oidc/login")
    assert (answer.status_code, "location" in answer.headers) == (503, False)


def test_a_provider_that_fails_is_trouble_and_no_login(desk: Desk, provider: Provider) -> None:
    client = desk.client()
    location = departed(client)
    provider.fault("down")
    assert client.get(location).status_code == 503


def test_without_a_provider_the_login_page_does_not_offer_one(
    desk: Desk, postgres_url: str, redis_server: str, tmp_path: Path
) -> None:
    assert desk.client().get("/login").json() == {"password": True, "oidc": True}
    settings = replace(desk.settings, oidc_issuer=None)
    with open_desk(postgres_url, redis_server, tmp_path, oidc_issuer=settings.oidc_issuer) as plain:
        assert plain.client().get("/login").json() == {"password": True, "oidc": False}
        assert plain.client().get("/oidc/login").status_code == 404
