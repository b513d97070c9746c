"""Signing in and out: throttled, locked, ended; and what other sites and thieves try."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher, Type
from bffdesk import PASSWORD, Desk, open_desk
from redis import Redis

from greenai.errors import PlatformError
from greenai.identity import sessions, throttling
from greenai.store.database import connect

SESSION = "greenai_session"


def sql(desk: Desk, statement: str, *given: Any) -> list[Any]:
    """What a statement answers, committed."""
    with connect(str(desk.settings.database_url)) as connection:
        done = connection.execute(statement.encode(), given)
        return done.fetchall() if done.description else []


def redis_of(desk: Desk) -> contextlib.closing[Redis]:
    """A client of the desk's Redis."""
    return contextlib.closing(Redis.from_url(str(desk.settings.redis_url)))


def log_in(desk: Desk, name: str, password: str, **headers: str) -> httpx.Response:
    """Try to sign in, in a browser of its own."""
    return desk.client().post("/login", json={"name": name, "password": password}, headers=headers)


@pytest.fixture
def strict(postgres_url: str, redis_server: str, tmp_path: Path) -> Iterator[Desk]:
    """A BFF that locks an account for a minute after three failures."""
    with open_desk(postgres_url, redis_server, tmp_path, login_failures=3, lock_minutes=1) as made:
        yield made


def test_who_signs_in_learns_what_he_may_and_gets_a_cookie_that_scripts_cannot_read(desk: Desk) -> None:
    desk.person("ann", "analyst", recons=None)
    answer = log_in(desk, "ann", PASSWORD)
    me = answer.json()
    assert me["roles"] == [{"role": "analyst", "recons": None}]
    assert me["permissions"]["breaks.propose"] is None
    assert "breaks.approve" not in me["permissions"]
    given = {one.split("=")[0]: one.lower() for one in answer.headers.get_list("set-cookie")}
    for mark in ("httponly", "samesite=lax", "path=/", "max-age=43200"):
        assert mark in given[SESSION]
    assert "httponly" not in given["greenai_csrf"]
    assert "secure" not in given[SESSION]
    assert me["csrf"] in given["greenai_csrf"]


def test_behind_https_cookies_say_so(postgres_url: str, redis_server: str, tmp_path: Path) -> None:
    with open_desk(postgres_url, redis_server, tmp_path, secure=True) as made:
        with pytest.raises(AssertionError):  # the client keeps a secure cookie for itself on plain HTTP
            assert made.person("ann", "analyst").get("/me").status_code == 200
        answer = log_in(made, "ann", PASSWORD)
        assert all("secure" in one.lower() for one in answer.headers.get_list("set-cookie"))


@pytest.mark.parametrize("name", ["ann", "nobody", "gate", "scheduler", "ann\x00", "'; --", "ANN", "é" * 100])
def test_all_refusals_read_alike_whoever_is_named(desk: Desk, name: str) -> None:
    desk.person("ann", "analyst")
    expected = log_in(desk, "somebody", "wrong password 1").json()
    answer = log_in(desk, name, "wrong password 1")
    assert (answer.status_code, answer.json()) == (401, expected)
    assert "set-cookie" not in answer.headers


def test_halves_of_characters_are_a_wrong_password(desk: Desk) -> None:
    desk.person("ann", "analyst")
    content = r'{"name": "ann", "password": "\ud800"}'
    answer = desk.client().post("/login", content=content, headers={"content-type": "application/json"})
    assert answer.status_code in {401, 422}


def test_an_unknown_name_takes_as_long_as_a_wrong_password(desk: Desk) -> None:
    """Both compute one Argon2 hash; looking a name up alone would answer ten times faster."""
    desk.person("ann", "analyst")
    log_in(desk, "nobody", "warms it up")
    took: dict[str, list[float]] = {"ann": [], "nobody": []}
    for _ in range(3):
        for name, times in took.items():
            begun = time.perf_counter()
            log_in(desk, name, "wrong password 1")
            times.append(time.perf_counter() - begun)
    assert min(took["nobody"]) > min(took["ann"]) / 3


def test_after_some_failures_an_account_is_locked_also_for_the_right_password(strict: Desk) -> None:
    strict.person("ann", "analyst")
    for _ in range(3):
        assert log_in(strict, "ann", "wrong password 1").status_code == 401
    assert log_in(strict, "ann", PASSWORD).status_code == 401
    with redis_of(strict) as redis:
        redis.flushall()
    assert log_in(strict, "ann", PASSWORD).status_code == 401, "a lock outlives Redis"
    done = [row[0] for row in sql(strict, "SELECT action FROM greenai.audit_event ORDER BY event_id")]
    assert done[-5:] == ["login_failed"] * 3 + ["login_refused"] * 2
    sql(strict, "UPDATE greenai.user_account SET locked_until = now() - interval '1 second'")
    assert log_in(strict, "ann", PASSWORD).status_code == 200


def test_a_good_login_begins_the_count_anew(strict: Desk) -> None:
    strict.person("ann", "analyst")
    for _ in range(2):
        for _ in range(2):
            assert log_in(strict, "ann", "wrong password 1").status_code == 401
        assert log_in(strict, "ann", PASSWORD).status_code == 200


def test_failures_at_once_are_all_counted(strict: Desk) -> None:
    strict.person("ann", "analyst")
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: log_in(strict, "ann", "wrong password 1").status_code, range(6)))
    assert answers == [401] * 6
    assert sql(strict, "SELECT locked_until > now() FROM greenai.user_account") == [(True,)]
    assert sql(strict, "SELECT count(*) FROM greenai.audit_event WHERE action = 'login_failed'") == [(3,)]


def test_an_administrator_unlocks_an_account(strict: Desk) -> None:
    strict.person("ann", "analyst")
    admin = strict.person("admin", "administrator")
    for _ in range(3):
        log_in(strict, "ann", "wrong password 1")
    assert admin.get("/users/ann").json()["locked_until"] is not None
    assert admin.post("/users/ann/unlock").status_code == 204
    assert log_in(strict, "ann", PASSWORD).status_code == 200


def test_a_session_goes_on_while_its_account_is_locked(strict: Desk) -> None:
    """Else anybody could throw anybody out by typing his name."""
    ann = strict.person("ann", "analyst")
    for _ in range(3):
        log_in(strict, "ann", "wrong password 1")
    assert ann.get("/me").status_code == 200


def test_attempts_are_throttled_by_account_and_by_address(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttling, "OF_ACCOUNT", 2)
    monkeypatch.setattr(throttling, "FROM_ADDRESS", 5)
    codes = [log_in(desk, name, "wrong password 1").status_code for name in ("x", "X", "x", "y", "z")]
    assert codes == [401, 401, 429, 401, 401]
    refused = log_in(desk, "w", "wrong password 1")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= throttling.WINDOW


def test_what_was_typed_as_a_name_is_not_readable_in_redis(desk: Desk) -> None:
    log_in(desk, "my password by mistake", "x")
    with redis_of(desk) as redis:
        names = [name.decode() for name in redis.keys("greenai:attempts:*")]
    assert len(names) == 2
    assert not any("mistake" in name for name in names)


def test_a_hash_of_old_parameters_is_renewed_at_login(desk: Desk) -> None:
    desk.person("ann", "analyst")
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1, type=Type.ID).hash(PASSWORD)
    sql(desk, "UPDATE greenai.user_account SET password_hash = %s", weak)
    assert log_in(desk, "ann", PASSWORD).status_code == 200
    ((kept,),) = sql(desk, "SELECT password_hash FROM greenai.user_account")
    assert "m=65536,t=3,p=4" in kept
    assert log_in(desk, "ann", PASSWORD).status_code == 200


def test_who_signs_in_gets_a_new_token_whatever_the_browser_brought(desk: Desk) -> None:
    """Session fixation: a token that an attacker knows is never filled with somebody's session."""
    desk.person("ann", "analyst")
    browser = desk.client()
    planted = "A" * 43
    browser.cookies.set(SESSION, planted)
    answer = browser.post("/login", json={"name": "ann", "password": PASSWORD})
    given = answer.cookies[SESSION]
    assert given != planted
    assert httpx.get(f"{desk.url}/api/v1/me", cookies={SESSION: planted}).status_code == 401
    again = httpx.post(
        f"{desk.url}/api/v1/login", json={"name": "ann", "password": PASSWORD}, cookies={SESSION: given}
    )
    assert again.cookies[SESSION] != given
    assert httpx.get(f"{desk.url}/api/v1/me", cookies={SESSION: given}).status_code == 401


def test_redis_never_sees_a_token(desk: Desk) -> None:
    ann = desk.person("ann", "analyst")
    token = ann.cookies[SESSION]
    with redis_of(desk) as redis:
        for name in redis.keys("greenai:session:*"):
            assert token.encode() not in name
            assert token.encode() not in redis.get(name)


def test_signing_out_ends_the_session_for_whoever_copied_the_cookie(desk: Desk) -> None:
    ann = desk.person("ann", "analyst")
    token = ann.cookies[SESSION]
    assert ann.post("/logout").status_code == 204
    assert SESSION not in ann.cookies
    assert httpx.get(f"{desk.url}/api/v1/me", cookies={SESSION: token}).status_code == 401


@pytest.mark.parametrize("given", ["", "x", "A" * 43, "é" * 43, "A" * 5000, "../../etc"])
def test_a_cookie_that_is_no_token_is_nobody(desk: Desk, given: str) -> None:
    answer = httpx.get(f"{desk.url}/api/v1/me", headers={"cookie": f"{SESSION}={given}".encode()})
    assert answer.status_code == 401


def test_all_that_changes_something_needs_the_token_of_this_session(desk: Desk) -> None:
    ann, bob = desk.person("ann", "analyst"), desk.person("bob", "analyst")
    for wrong in ("", "0" * 64, bob.headers["x-csrf-token"], "é"):
        answer = ann.put(
            "/me/preferences", json={"document": {}}, headers={"x-csrf-token": wrong.encode("latin-1")}
        )
        assert (answer.status_code, "CSRF" in answer.json()["detail"]) == (403, True)
    del ann.headers["x-csrf-token"]
    for method, path in (("PUT", "/me/preferences"), ("POST", "/logout"), ("DELETE", "/api-keys/1")):
        assert ann.request(method, path, json={"document": {}}).status_code == 403
    assert ann.get("/me").status_code == 200
    ann.headers["x-csrf-token"] = ann.get("/me").json()["csrf"]
    assert ann.put("/me/preferences", json={"document": {}}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example.org"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:1"},
    ],
)
def test_a_page_of_another_site_cannot_sign_a_visitor_in(desk: Desk, headers: dict[str, str]) -> None:
    desk.person("ann", "analyst")
    assert log_in(desk, "ann", PASSWORD, **headers).status_code == 403


def test_our_own_page_signs_in_also_behind_a_proxy_that_is_named(
    postgres_url: str, redis_server: str, tmp_path: Path
) -> None:
    public = "https://recon.example.org"
    with open_desk(postgres_url, redis_server, tmp_path, public_url=public) as made:
        made.person("ann", "analyst")
        for origin in (public, made.url):
            own = {"origin": origin, "sec-fetch-site": "same-origin"}
            assert log_in(made, "ann", PASSWORD, **own).status_code == 200


def test_a_form_cannot_sign_in(desk: Desk) -> None:
    """Forms are what other sites can send without asking; they cannot send JSON by its name."""
    desk.person("ann", "analyst")
    given = {"name": "ann", "password": PASSWORD}
    for answer in (
        desk.client().post("/login", data=given),
        desk.client().post(
            "/login",
            content=httpx.Request("POST", desk.url, json=given).content,
            headers={"content-type": "text/plain"},
        ),
    ):
        assert answer.status_code == 422
        assert "set-cookie" not in answer.headers


def test_a_session_ends_when_nobody_uses_it(postgres_url: str, redis_server: str, tmp_path: Path) -> None:
    with open_desk(postgres_url, redis_server, tmp_path, session_idle=4 / 60) as made:
        ann = made.person("ann", "analyst")
        for _ in range(3):
            time.sleep(2)
            assert ann.get("/me").status_code == 200, "each request lets it go on"
        time.sleep(4.3)
        assert ann.get("/me").status_code == 401


def test_a_session_ends_after_its_time_whatever_is_done_in_it(
    postgres_url: str, redis_server: str, tmp_path: Path
) -> None:
    with open_desk(postgres_url, redis_server, tmp_path, session_hours=5 / 3600) as made:
        ann = made.person("ann", "analyst")
        until = time.monotonic() + 5.3
        assert ann.get("/me").status_code == 200
        while time.monotonic() < until:
            ann.get("/me")
            time.sleep(0.2)
        assert ann.get("/me").status_code == 401


def test_an_absolute_limit_holds_even_if_redis_kept_the_entry(desk: Desk) -> None:
    with redis_of(desk) as redis:
        token = sessions.begin(redis, 1, 1, idle=60, absolute=0.05)
        for name in redis.keys("greenai:session:*"):
            redis.persist(name)
        time.sleep(0.1)
        assert sessions.find(redis, token) is None
        assert redis.keys("greenai:session:*") == []


def test_a_new_password_ends_all_sessions_but_the_one_it_begins(desk: Desk) -> None:
    ann = desk.person("ann", "analyst")
    elsewhere = desk.signed_in("ann")
    before = ann.cookies[SESSION]
    new = {"old": PASSWORD, "new": "five plain words will do"}
    answer = ann.put("/me/password", json=new)
    assert answer.status_code == 200
    assert ann.get("/me").status_code == 200
    assert ann.cookies[SESSION] != before
    assert elsewhere.get("/me").status_code == 401
    assert httpx.get(f"{desk.url}/api/v1/me", cookies={SESSION: before}).status_code == 401
    assert log_in(desk, "ann", PASSWORD).status_code == 401
    assert log_in(desk, "ann", new["new"]).status_code == 200


def test_who_sits_down_at_an_open_session_cannot_take_the_account_over(strict: Desk) -> None:
    ann = strict.person("ann", "analyst")
    for _ in range(3):
        guess = {"old": "a guess of mine", "new": "five plain words will do"}
        assert ann.put("/me/password", json=guess).status_code == 401
    assert ann.put("/me/password", json=guess | {"old": PASSWORD}).status_code == 401, "locked by now"


@pytest.mark.parametrize("new", ["short", "ann's password1", PASSWORD])
def test_a_new_password_is_a_good_one_and_a_new_one(desk: Desk, new: str) -> None:
    ann = desk.person("ann", "analyst")
    answer = ann.put("/me/password", json={"old": PASSWORD, "new": new})
    assert answer.status_code == 422
    assert ann.get("/me").status_code == 200
    assert log_in(desk, "ann", PASSWORD).status_code == 200


def test_without_redis_nobody_is_signed_in_and_nothing_is_a_bug(desk: Desk) -> None:
    with contextlib.closing(Redis.from_url("unix:///nowhere/redis.sock")) as gone:
        for act in (
            lambda: sessions.find(gone, "A" * 43),
            lambda: sessions.begin(gone, 1, 1, idle=1, absolute=1),
            lambda: throttling.count_attempt(gone, "ann", "here"),
        ):
            with pytest.raises(PlatformError, match="sessions cannot be reached"):
                act()


def test_preferences_are_of_one_person_and_not_overwritten_unseen(desk: Desk) -> None:
    ann, bob = desk.person("ann", "analyst"), desk.person("bob", "analyst")
    assert ann.get("/me/preferences").json() == {"document": {}, "version": 0}
    first = {"document": {"theme": "dark"}, "version": 0}
    assert ann.put("/me/preferences", json=first).json() == {"document": {"theme": "dark"}, "version": 1}
    assert ann.put("/me/preferences", json=first).status_code == 409
    assert ann.put("/me/preferences", json=first | {"version": 7}).status_code == 409
    assert ann.put("/me/preferences", json=first | {"version": 1}).json()["version"] == 2
    assert ann.put("/me/preferences", json={"document": {}}).json()["version"] == 3
    assert bob.get("/me/preferences").json()["version"] == 0
    large = {"document": {"x": "y" * 70_000}}
    assert bob.put("/me/preferences", json=large).status_code == 422


@pytest.mark.parametrize(
    "text", [r'{"a\u0000": 1}', r'{"a": ["\u0000"]}', r'{"a": "\ud800"}', '{"a": NaN}', '{"a": 1e999}']
)
def test_preferences_that_the_database_cannot_hold_are_refused(desk: Desk, text: str) -> None:
    ann = desk.person("ann", "analyst")
    content = f'{{"document": {text}}}'
    answer = ann.put("/me/preferences", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 422


def test_no_log_line_and_no_audit_event_holds_a_password_or_a_token(
    desk: Desk, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    ann = desk.person("ann", "analyst")
    log_in(desk, "ann", "a very wrong password")
    new = "five plain words will do"
    token = ann.cookies[SESSION]
    ann.put("/me/password", json={"old": PASSWORD, "new": new})
    said = "".join(capfd.readouterr()) + caplog.text
    said += "".join(str(row) for row in sql(desk, "SELECT to_jsonb(e) FROM greenai.audit_event e"))
    for secret in (PASSWORD, "a very wrong password", new, token, ann.cookies[SESSION], "$argon2id$"):
        assert secret not in said
