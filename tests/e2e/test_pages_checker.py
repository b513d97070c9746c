"""The checker's desk: what waits, on what evidence, approved or returned by key."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from filled import Filled

pytest.importorskip("playwright")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

OpenPage = Callable[..., "Page"]


def proposed(filled: Filled, by: str = "ann", count: int = 2) -> Any:
    """A proposal about some open breaks, and one of their keys."""
    lines = filled.breaks(limit=count)
    body = {
        "selection": {"breaks": [one["break_id"] for one in lines]},
        "kind": "reject",
        "comment": "not ours",
    }
    made = filled.desk[by].post(f"/recons/{filled.recon}/proposals", json=body)
    assert made.is_success, made.text
    return made.json() | {"key": lines[0]["key"][0]}


def state(filled: Filled, proposal: Any) -> str:
    """How a proposal stands on the server."""
    return str(filled.ask("sam", f"/proposals/{proposal['proposal']}")["state"])


def test_a_proposal_is_approved_by_key_and_leaves_the_list(open_page: OpenPage, filled: Filled) -> None:
    made = proposed(filled)
    page = open_page("sam", path=f"/check?item={filled.recon}/{made['proposal']}")
    line = page.locator(f'a[href*="item={filled.recon}%2F{made["proposal"]}"]')
    expect(line).to_be_visible()
    expect(page.get_by_role("button", name=made["key"])).to_be_visible()
    page.keyboard.press("a")
    expect(line).to_have_count(0)
    expect(page.get_by_text("Approved; it is being decided")).to_be_visible()
    assert state(filled, made) in {"approved", "applied"}


def test_proposals_stand_by_maker_and_cause_with_their_evidence(open_page: OpenPage, filled: Filled) -> None:
    cause = filled.causes()[0]
    body = {
        "selection": {"cause": cause["cause_id"]},
        "kind": "accept",
        "comment": "known",
    }
    answer = filled.desk["ben"].post(f"/recons/{filled.recon}/proposals", json=body)
    assert answer.is_success, answer.text
    made = answer.json()
    page = open_page("sam", path=f"/check?item={filled.recon}/{made['proposal']}")
    maker = page.get_by_role("region", name=re.compile("^ben, ")).filter(
        has=page.locator(f'a[href*="%2F{made["proposal"]}"]')
    )
    expect(maker).to_contain_text(cause["expression"])
    expect(maker.locator(f'a[href*="%2F{made["proposal"]}"]')).to_contain_text(str(made["items"]))
    expect(page.get_by_role("heading", name="Cause")).to_be_visible()
    expect(page.get_by_role("heading", name=f"{made['items']} breaks")).to_be_visible()
    withdrawn = filled.desk["ben"].post(
        f"/recons/{filled.recon}/proposals/{made['proposal']}/withdraw",
        json={"version": made["version"]},
    )
    assert withdrawn.is_success, withdrawn.text


def test_a_proposal_is_returned_with_a_comment_that_its_maker_reads(
    open_page: OpenPage, filled: Filled
) -> None:
    made = proposed(filled)
    page = open_page("sam", path=f"/check?item={filled.recon}/{made['proposal']}")
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog")
    send = dialog.get_by_role("button", name="Return")
    expect(send).to_be_disabled()
    dialog.get_by_label("Why").fill("which desk?")
    send.click()
    expect(page.get_by_text("Returned to the maker")).to_be_visible()
    told = filled.ask("ann", f"/proposals/{made['proposal']}")
    assert told["state"] == "returned"
    assert told["history"][-1]["comment"] == "which desk?"


def test_what_is_refused_late_comes_back_to_the_list_and_not_in_the_way(
    open_page: OpenPage, filled: Filled
) -> None:
    first, second = proposed(filled), proposed(filled)
    page = open_page("sam", path=f"/check?item={filled.recon}/{first['proposal']}")
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    line = page.locator(f'a[href*="item={filled.recon}%2F{first["proposal"]}"]')
    expect(page.locator(f'a[href*="item={filled.recon}%2F{second["proposal"]}"]')).to_be_visible()
    # The answer takes its time, and meanwhile somebody else took the proposal back.
    withdrawn = filled.desk["ann"].post(
        f"/recons/{filled.recon}/proposals/{first['proposal']}/withdraw", json={"version": first["version"]}
    )
    assert withdrawn.is_success, withdrawn.text
    page.keyboard.press("a")
    expect(page).not_to_have_url(re.compile(f"item={filled.recon}(%2F|/){first['proposal']}"))
    reading = page.url
    again = page.get_by_role("button", name="Open it again")
    expect(again).to_be_visible(timeout=20_000)
    assert page.url == reading
    # It is no longer among what waits, for it does not wait.
    expect(line).to_have_count(0, timeout=20_000)
    again.click()
    expect(page).to_have_url(re.compile(f"item={filled.recon}(%2F|/){first['proposal']}"))


def test_nobody_is_offered_to_approve_what_they_proposed(open_page: OpenPage, filled: Filled) -> None:
    made = proposed(filled, by="sam")
    page = open_page("sam", path=f"/check?item={filled.recon}/{made['proposal']}")
    expect(page.get_by_text("You proposed this. Somebody else must check it.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    page.keyboard.press("a")
    assert state(filled, made) == "proposed"


def test_a_break_opens_to_its_whole_record_where_it_stands(open_page: OpenPage, filled: Filled) -> None:
    made = proposed(filled)
    page = open_page("tom", path=f"/check?item={filled.recon}/{made['proposal']}")
    page.get_by_role("button", name=made["key"]).first.click()
    expect(page.get_by_role("link", name="Open in the workstation")).to_be_visible()
    assert "break=" in page.url
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Open in the workstation")).to_have_count(0)


def test_a_proposed_connection_waits_for_another_administrator(open_page: OpenPage, filled: Filled) -> None:
    answer = filled.desk["ada"].post(
        "/connections/second_feed/versions", json={"kind": "folder", "folder": "/srv/second"}
    )
    assert answer.is_success, answer.text
    page = open_page("ada2", path="/check?tab=connections&item=second_feed/1")
    expect(page.get_by_text("/srv/second")).to_be_visible()
    page.get_by_role("button", name="Reject").click()
    page.get_by_role("dialog").get_by_label("Why").fill("no such folder")
    page.get_by_role("dialog").get_by_role("button", name="Reject").click()
    expect(page.get_by_role("log").get_by_text("Rejected")).to_be_visible()
    versions = filled.desk["ada"].get("/connections/second_feed").json()["versions"]
    assert [one["state"] for one in versions] == ["rejected"]
