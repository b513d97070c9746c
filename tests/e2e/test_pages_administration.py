"""Administration: accounts, keys that are shown once, and the audit with its proof."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from workplace import Workplace

pytest.importorskip("playwright")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from filled import Filled
    from playwright.sync_api import Page

OpenPage = Callable[..., "Page"]
SOON = 30_000
"""Milliseconds for what the server has to do first; both cores may be busy."""


def account(workplace: Workplace, name: str, **more: object) -> None:
    """An account that only the test that names it changes."""
    with closing(workplace.client("ada")) as client:
        made = client.post("/users", json={"name": name, **more})
    assert made.is_success, made.text


def more_about(page: Page, name: str, what: str) -> None:
    """Opens one of the further things that can be done about an account."""
    page.get_by_role("button", name=f"More about {name}").click()
    page.get_by_role("menuitem", name=what).click()


def test_an_account_is_made_and_given_a_role(open_page: OpenPage, workplace: Workplace) -> None:
    page = open_page("ada", path="/administration")
    page.get_by_role("button", name="Add an account").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("zoe")
    dialog.get_by_label("First password").fill("four plain words suffice")
    dialog.get_by_label("analyst", exact=True).check()
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("button", name="Disable zoe")).to_be_visible()
    with closing(workplace.client("ada")) as client:
        made = client.get("/users/zoe").json()
    assert made["must_change"]
    assert [one["role"] for one in made["roles"]] == ["analyst"]


def test_what_is_refused_keeps_the_form_as_it_was(open_page: OpenPage) -> None:
    page = open_page("ada", path="/administration")
    page.get_by_role("button", name="Add an account").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("ann")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("ann")


def test_the_matrix_says_who_may_what(open_page: OpenPage) -> None:
    page = open_page("aud", path="/administration?tab=roles")
    row = page.get_by_role("row", name="breaks.approve")
    expect(row.get_by_role("cell").nth(0)).to_have_text("no")
    expect(row.get_by_role("cell").nth(2)).to_have_text("yes")


def test_a_key_is_shown_once_and_works(open_page: OpenPage, workplace: Workplace) -> None:
    page = open_page("ann", path="/administration?tab=keys")
    page.get_by_role("button", name="Make a key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("nightly")
    dialog.get_by_label("recons.read").check()
    dialog.get_by_role("button", name="Make", exact=True).click()
    key = page.get_by_role("dialog", name="Your new key").get_by_label("Key", exact=True).input_value()
    answer = httpx.get(
        f"{workplace.address}/api/v1/recons", headers={"Authorization": f"Bearer {key}"}, trust_env=False
    )
    assert answer.status_code == 200, answer.text
    page.reload()
    expect(page.get_by_role("cell", name="nightly", exact=True)).to_be_visible()
    assert key not in page.content()


def test_the_audit_is_searched_by_its_address_and_its_chain_holds(open_page: OpenPage) -> None:
    page = open_page("aud", path="/administration?tab=audit&action=login")
    expect(page.get_by_role("cell", name="login", exact=True).first).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Verify the chain").click()
    expect(page.get_by_text("the chain holds")).to_be_visible(timeout=60_000)


def test_somebody_who_forgot_gets_another_password_that_is_to_be_changed(
    open_page: OpenPage, workplace: Workplace
) -> None:
    account(workplace, "paul", password="four plain words suffice")
    page = open_page("ada", path="/administration?search=paul")
    more_about(page, "paul", "Set a new password")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("New password").fill("short")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_be_visible(timeout=SOON)
    dialog.get_by_label("New password").fill("another five plain words here")
    page.keyboard.press("Enter")
    expect(page.get_by_text("paul has a new password")).to_be_visible(timeout=SOON)
    given = {"name": "paul", "password": "another five plain words here"}
    answer = httpx.post(f"{workplace.address}/api/v1/login", json=given, trust_env=False)
    assert answer.status_code == 200, answer.text


def test_an_account_is_changed_disabled_and_enabled(open_page: OpenPage, workplace: Workplace) -> None:
    account(workplace, "quinn")
    page = open_page("ada", path="/administration?search=quinn")
    more_about(page, "quinn", "Name and e-mail")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name as shown").fill("Quinn Doe")
    dialog.get_by_label("E-mail").fill("quinn@example.org")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Quinn Doe")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Disable quinn").click()
    expect(page.get_by_role("button", name="Enable quinn")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Enable quinn").click()
    expect(page.get_by_role("button", name="Disable quinn")).to_be_visible(timeout=SOON)
    with closing(workplace.client("ada")) as client:
        held = client.get("/users/quinn").json()
    assert (held["display_name"], held["email"], held["disabled"]) == (
        "Quinn Doe",
        "quinn@example.org",
        False,
    )


def test_who_was_slower_is_told_so_and_loads_again(open_page: OpenPage, workplace: Workplace) -> None:
    account(workplace, "rosa")
    page = open_page("ada", path="/administration?search=rosa")
    more_about(page, "rosa", "Name and e-mail")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name as shown").fill("Rosa the second")
    with closing(workplace.client("ada2")) as client:
        version = client.get("/users/rosa").json()["version"]
        done = client.patch("/users/rosa", json={"display_name": "Rosa the first", "version": version})
        assert done.is_success, done.text
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Load it again to see what holds")).to_be_visible(timeout=SOON)
    expect(dialog.get_by_label("Name as shown")).to_have_value("Rosa the second")
    dialog.get_by_role("button", name="Load again").click()
    expect(page.get_by_text("Rosa the first")).to_be_visible(timeout=SOON)
    more_about(page, "rosa", "Name and e-mail")
    dialog.get_by_label("Name as shown").fill("Rosa the third")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Rosa the third")).to_be_visible(timeout=SOON)


def test_a_lock_is_ended_and_so_are_sessions(open_page: OpenPage, workplace: Workplace) -> None:
    account(workplace, "uma", password="four plain words suffice")
    login = f"{workplace.address}/api/v1/login"
    with httpx.Client(trust_env=False) as outside:
        for _ in range(12):
            outside.post(login, json={"name": "uma", "password": "not that one at all"})
    page = open_page("ada", path="/administration?search=uma")
    page.get_by_role("button", name="Unlock uma").click(timeout=SOON)
    expect(page.get_by_role("button", name="Unlock uma")).to_have_count(0, timeout=SOON)
    with httpx.Client(base_url=f"{workplace.address}/api/v1", trust_env=False) as inside:
        given = {"name": "uma", "password": "four plain words suffice"}
        assert inside.post("/login", json=given).status_code == 200
        assert inside.get("/me").status_code == 200
        more_about(page, "uma", "End all sessions")
        expect(page.get_by_text("All sessions of uma have ended")).to_be_visible(timeout=SOON)
        assert inside.get("/me").status_code == 401


def test_an_identity_of_a_provider_is_linked_and_unlinked(open_page: OpenPage, workplace: Workplace) -> None:
    account(workplace, "vera")
    page = open_page("ada", path="/administration?search=vera")
    more_about(page, "vera", "Sign-in by a provider")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("No provider knows this account.")).to_be_visible(timeout=SOON)
    dialog.get_by_label("Issuer").fill("https://login.example.org")
    dialog.get_by_label("Subject").fill("248289761001")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("cell", name="248289761001", exact=True)).to_be_visible(timeout=SOON)
    with closing(workplace.client("ada")) as client:
        held = client.get("/users/vera/identities").json()["items"]
    assert held == [{"issuer": "https://login.example.org", "subject": "248289761001"}]
    dialog.get_by_role("button", name="Unlink 248289761001").click()
    expect(dialog.get_by_text("No provider knows this account.")).to_be_visible(timeout=SOON)


def test_a_program_gets_a_key_that_is_shown_once_and_is_revoked(
    open_page: OpenPage, workplace: Workplace
) -> None:
    account(workplace, "nightrun", kind="program", roles=[{"role": "service"}])
    page = open_page("ada", path="/administration?search=nightrun")
    more_about(page, "nightrun", "API keys")
    page.get_by_role("dialog").get_by_role("button", name="Make a key").click()
    dialog = page.get_by_role("dialog", name="A key for nightrun")
    expect(dialog.get_by_label("breaks.approve")).to_have_count(0)  # no more than its roles allow
    dialog.get_by_label("Name", exact=True).fill("loads")
    dialog.get_by_label("Expires").fill("2099-01-01")
    dialog.get_by_label("recons.read").check()
    dialog.get_by_role("button", name="Make", exact=True).click()
    expect(dialog.get_by_role("alert")).to_be_visible(timeout=SOON)  # nobody's key holds for decades
    soon = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    dialog.get_by_label("Expires").fill(soon)
    dialog.get_by_role("button", name="Make", exact=True).click()
    once = page.get_by_role("dialog", name="Your new key")
    key = once.get_by_label("Key", exact=True).input_value(timeout=SOON)
    recons = f"{workplace.address}/api/v1/recons"
    headers = {"Authorization": f"Bearer {key}"}
    assert httpx.get(recons, headers=headers, trust_env=False).status_code == 200
    once.get_by_role("button", name="Close").click()
    expect(page.get_by_role("cell", name="loads", exact=True)).to_be_visible(timeout=SOON)
    assert key not in page.content()
    page.get_by_role("button", name="Revoke loads").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke", exact=True).click()
    expect(page.get_by_text("revoked", exact=True)).to_be_visible(timeout=SOON)
    assert httpx.get(recons, headers=headers, trust_env=False).status_code == 401


def test_a_group_is_made_changed_and_retired(open_page: OpenPage, workplace: Workplace) -> None:
    page = open_page("sam", path="/administration?tab=groups")
    page.get_by_role("button", name="Make a group").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("rates-desk")
    dialog.get_by_label("Members").fill("ann, ben")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("cell", name="ann, ben")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Change rates-desk").click()
    dialog.get_by_label("Members").fill("ben")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0, timeout=SOON)
    with closing(workplace.client("sam")) as client:
        assert client.get("/groups/rates-desk").json()["members"] == ["ben"]
        page.get_by_role("button", name="Retire rates-desk").click()
        expect(page.get_by_text("retired")).to_be_visible(timeout=SOON)
        assert client.get("/groups/rates-desk").json()["retired"]


def test_six_eyes_are_asked_for_above_a_limit_that_is_changed_and_removed(
    open_page: OpenPage, filled: Filled
) -> None:
    page = open_page("sam", path=f"/administration?tab=policies&recon={filled.recon}")
    page.get_by_role("button", name="Set a limit").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Currency").fill("XAU")
    dialog.get_by_label("Above").fill("1000000.50")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Change XAU").click(timeout=SOON)
    expect(dialog.get_by_label("Above")).to_have_value("1000000.50")
    dialog.get_by_label("Above").fill("2000000")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name="2,000,000")).to_be_visible(timeout=SOON)
    held = filled.ask("sam", "/review-policy")["limits"]
    assert {"currency": "XAU", "limit": "2000000", "eyes": 6} in held
    page.get_by_role("button", name="Remove XAU").click()
    expect(page.get_by_role("button", name="Remove XAU")).to_have_count(0, timeout=SOON)
    assert all(one["currency"] != "XAU" for one in filled.ask("sam", "/review-policy")["limits"])


def test_due_times_are_set_in_business_days_and_asked_in_their_order(
    open_page: OpenPage, filled: Filled
) -> None:
    page = open_page("sam", path=f"/administration?tab=policies&recon={filled.recon}")
    dialog = page.get_by_role("dialog")
    for name in ("all others", "large amounts"):
        page.get_by_role("button", name="Add a due time").click()
        dialog.get_by_label("Name", exact=True).fill(name)
        dialog.get_by_label("Business days").fill("250")
        dialog.get_by_label("By", exact=True).fill("12:00")
        dialog.get_by_label("Time zone").fill("Europe/London")
        dialog.get_by_label("Calendar").select_option("target")
        if name == "large amounts":
            dialog.get_by_label("Amount from").fill("1000000")
            dialog.get_by_label("Friday").check()
            dialog.get_by_label("Holidays").fill("2026-12-28, 2026-12-29")
            dialog.get_by_role("button", name="Tell somebody").click()
            dialog.get_by_label("Name or address").fill("sam")
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_have_count(0, timeout=SOON)
    page.get_by_role("button", name="Ask large amounts earlier").click()
    first = page.get_by_role("row", name=re.compile("^1 large amounts"))
    expect(first).to_contain_text("250 business days, 12:00 Europe/London", timeout=SOON)
    held = filled.ask("sam", "/due-policies")["policies"]
    assert [one["name"] for one in held] == ["large amounts", "all others"]
    assert held[0]["calendar"] == {
        "name": "target", "closed": ["friday"], "holidays": ["2026-12-28", "2026-12-29"],
    }  # fmt: skip
    assert held[0]["tell"] == [{"kind": "person", "name": "sam"}]
    assert held[0]["min_amount"] == "1000000"

    # Somebody else is faster: what is seen here is of an earlier version.
    body = {"version": filled.ask("sam", "/due-policies")["version"], "policies": [held[1]]}
    answer = filled.desk["mia"].put(f"/recons/{filled.recon}/due-policies", json=body)
    assert answer.is_success, answer.text
    page.get_by_role("button", name="Change large amounts").click()
    dialog.get_by_label("Business days").fill("1")
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_role("button", name="Load again").click(timeout=SOON)
    expect(page.get_by_role("button", name="Change large amounts")).to_have_count(0, timeout=SOON)
    page.get_by_role("button", name="Remove all others").click()
    expect(page.get_by_text("Breaks have no due times")).to_be_visible(timeout=SOON)


def test_a_rule_from_cause_to_reason_is_added_and_removed(open_page: OpenPage, filled: Filled) -> None:
    page = open_page("sam", path=f"/administration?tab=reasons&recon={filled.recon}")
    page.get_by_role("button", name="Add a reason").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Code").fill("netting")
    dialog.get_by_label("Name", exact=True).fill("Netted in b")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog).to_have_count(0, timeout=SOON)
    page.get_by_role("button", name="Add a rule").click()
    dialog.get_by_label("Reason").select_option("NETTING", timeout=SOON)
    dialog.get_by_label("Transformation").fill("offset")
    dialog.get_by_label("Field").fill("notional")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Remove NETTING")).to_be_visible(timeout=SOON)
    own = [one for one in filled.ask("sam", "/reasons")["rules"] if one["recon"] == filled.recon]
    assert [(one["reason"], one["family"], one["field"]) for one in own] == [
        ("NETTING", "offset", "notional")
    ]
    page.get_by_role("button", name="Remove NETTING").click()
    expect(page.get_by_role("button", name="Remove NETTING")).to_have_count(0, timeout=SOON)
    assert all(one["recon"] is None for one in filled.ask("sam", "/reasons")["rules"])


def test_who_may_not_keep_policies_sees_only_what_was_told(open_page: OpenPage) -> None:
    page = open_page("ann", path="/administration?tab=overdue")
    expect(page.get_by_role("region", name="What was told of overdue breaks")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Me", exact=True).click()
    expect(page).to_have_url(re.compile("whose=mine"))
    for tab in ("Policies", "Groups", "Users"):
        expect(page.get_by_role("tab", name=tab, exact=True)).to_have_count(0)
