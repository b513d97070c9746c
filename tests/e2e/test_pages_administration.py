"""Administration: accounts, keys that are shown once, and the audit with its proof."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
import pytest
from workplace import Workplace

pytest.importorskip("playwright")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

OpenPage = Callable[..., "Page"]


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
    expect(page.get_by_role("cell", name="login", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Verify the chain").click()
    expect(page.get_by_text("the chain holds")).to_be_visible(timeout=60_000)
