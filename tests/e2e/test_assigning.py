"""Breaks are given to people and groups, or taken; single breaks of what was decided are undone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from filled import Filled
    from playwright.sync_api import Page

SOON = 30_000
"""Milliseconds for what the server has to do first; both cores may be busy."""


def opened(page: Page) -> str:
    """The id of the break that is open, once one is; the first after a key is pressed."""
    page.get_by_role("grid").get_by_role("row").nth(1).wait_for()
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile(r"[?&]break=[0-9a-f]{32}"), timeout=SOON)
    found = re.search(r"break=([0-9a-f]{32})", page.url)
    assert found is not None
    return found[1]


def desk(recon: str, **filter: object) -> str:
    """The address of a list."""
    return f"/recons/{recon}/breaks?" + "&".join(f"{name}={value}" for name, value in filter.items())


def some_cause(filled: Filled, least: int = 4) -> Any:
    """A cause with a few open breaks that nobody has, the smallest such one: other tests take the largest."""
    return next(
        one
        for one in reversed(filled.causes())
        if filled.count(cause=one["cause_id"], assigned="false") >= least
    )


def assign(filled: Filled, who: str, breaks: list[str], **holder: object) -> None:
    """Give breaks to somebody by the API."""
    body = {"selection": {"breaks": breaks}, **holder}
    answer = filled.desk[who].post(f"/recons/{filled.recon}/assignments", json=body)
    assert answer.is_success, answer.text


def test_the_open_break_is_taken_with_one_key_and_the_list_shows_it(
    open_page: Callable[..., Page], filled: Filled
) -> None:
    cause = some_cause(filled)["cause_id"]
    page = open_page("ann", path=desk(filled.recon, cause=cause, assigned="false"))
    one = opened(page)
    expect(page.get_by_text("with nobody")).to_be_visible(timeout=SOON)
    page.keyboard.press("m")
    expect(page.get_by_text("1 break is with you now")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("with ann")).to_be_visible()
    assert filled.ask("ann", f"/breaks/{one}")["assignee"] == "ann"
    page.get_by_role("tab", name="Audit").click()
    expect(page.get_by_role("list", name="Assigned").get_by_text("to ann")).to_be_visible(timeout=SOON)


def test_what_somebody_else_has_is_not_taken_by_chance_but_may_be_by_who_assigns(
    open_page: Callable[..., Page], filled: Filled
) -> None:
    cause = some_cause(filled)["cause_id"]
    one = filled.breaks(cause=cause, assigned="false", limit=1)[0]["break_id"]
    assign(filled, "sam", [one], assignee="ben")
    path = desk(filled.recon, cause=cause, assignee="ben", **{"break": one})

    page = open_page("ann", path=path)
    expect(page.get_by_text("with ben")).to_be_visible(timeout=SOON)
    page.keyboard.press("m")
    refusal = page.locator(".notice")
    expect(refusal).to_contain_text("Not assigned", timeout=SOON)
    expect(refusal.get_by_role("button", name="Take from them")).to_have_count(0)
    page.keyboard.press("Shift+M")
    page.wait_for_timeout(300)
    expect(page.get_by_role("dialog")).to_have_count(0)

    page = open_page("cleo", path=path)
    expect(page.get_by_text("with ben")).to_be_visible(timeout=SOON)
    page.keyboard.press("m")
    page.get_by_role("button", name="Take from them").click(timeout=SOON)
    expect(page.get_by_text("with cleo")).to_be_visible(timeout=SOON)
    assert filled.ask("sam", f"/breaks/{one}")["assignee"] == "cleo"


def test_selected_breaks_are_given_to_a_person_by_keys_alone(
    open_page: Callable[..., Page], filled: Filled
) -> None:
    cause = some_cause(filled)["cause_id"]
    page = open_page("sam", path=desk(filled.recon, cause=cause, assigned="false"))
    before = filled.count(cause=cause, assignee="ben")
    opened(page)
    page.keyboard.press("x")
    page.keyboard.press("x")
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.keyboard.press("Shift+M")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Person")).to_be_focused(timeout=SOON)
    page.keyboard.type("nobody-of-that-name")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_be_visible(timeout=SOON)
    dialog.get_by_label("Person").fill("ben")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 breaks are with ben now")).to_be_visible(timeout=SOON)
    expect(dialog).to_have_count(0)
    assert filled.count(cause=cause, assignee="ben") == before + 2


def test_all_of_a_filter_are_given_to_a_group_and_taken_away_again(
    open_page: Callable[..., Page], filled: Filled
) -> None:
    made = filled.desk["sam"].post("/groups", json={"name": "fx-desk", "members": ["ann", "ben"]})
    assert made.status_code in (201, 409), made.text
    cause = some_cause(filled)["cause_id"]
    page = open_page("sam", path=desk(filled.recon, cause=cause))
    opened(page)
    count = filled.count(cause=cause)
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Assign", exact=True).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(f"{count} breaks")).to_be_visible(timeout=SOON)
    dialog.get_by_role("button", name="a group").click()
    dialog.get_by_label("Group").select_option("fx-desk")
    dialog.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text(f"{count} breaks are with fx-desk now")).to_be_visible(timeout=SOON)
    assert filled.count(cause=cause, assigned_group="fx-desk") == count

    page.keyboard.press("Control+a")
    page.keyboard.press("Shift+M")
    dialog.get_by_role("button", name="nobody").click()
    dialog.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text(f"Nobody has {count} breaks any more")).to_be_visible(timeout=SOON)
    assert filled.count(cause=cause, assigned="false") == count


def test_one_break_of_a_decided_proposal_is_undone_from_its_pane(
    open_page: Callable[..., Page], filled: Filled
) -> None:
    cause = some_cause(filled)["cause_id"]
    some = [one["break_id"] for one in filled.breaks(cause=cause, limit=2)]
    number = filled.decide("ann", some)
    path = desk(filled.recon, state="all", cause=cause, **{"break": some[0]})

    page = open_page("ann", path=path)
    expect(page.get_by_role("tab", name="Audit")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("button", name="Undo this decision")).to_have_count(0)

    page = open_page("sam", path=path)
    expect(page.get_by_role("button", name="Undo this decision")).to_be_visible(timeout=SOON)
    page.keyboard.press("Shift+U")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Why")).to_be_focused(timeout=SOON)
    page.keyboard.type("The rate was from another day")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The undo of 1 break is proposed")).to_be_visible(timeout=SOON)
    made = filled.ask("sam", "/proposals", maker="sam")["items"][0]
    assert (made["kind"], made["items"], made["undoes"]) == ("undo", 1, number)


def test_some_breaks_of_a_decided_proposal_are_undone_from_the_log(
    open_page: Callable[..., Page], filled: Filled
) -> None:
    cause = some_cause(filled)["cause_id"]
    some = [one["break_id"] for one in filled.breaks(cause=cause, limit=3)]
    number = filled.decide("cleo", some)
    page = open_page("cleo", path=desk(filled.recon))
    page.get_by_role("grid").wait_for()
    page.keyboard.press("l")
    log = page.get_by_role("dialog", name="What you have proposed")
    log.get_by_role("button", name="3 breaks").first.click()
    boxes = log.get_by_role("checkbox")
    expect(boxes).to_have_count(3, timeout=SOON)
    undo = log.get_by_role("button", name="Undo 0 of them")
    expect(undo).to_be_disabled()
    boxes.nth(0).check()
    boxes.nth(1).check()
    log.get_by_role("button", name="Undo 2 of them").click()
    why = page.get_by_role("dialog", name="Undo: 2 breaks")
    why.get_by_label("Why").fill("Two of them were others")
    why.get_by_role("button", name="Propose the undo").click()
    expect(page.get_by_text("The undo of 2 breaks is proposed")).to_be_visible(timeout=SOON)
    made = filled.ask("sam", "/proposals", maker="cleo")["items"][0]
    assert (made["kind"], made["items"], made["undoes"]) == ("undo", 2, number)


def test_the_keys_that_assign_and_undo_are_in_the_help(
    open_page: Callable[..., Page], filled: Filled
) -> None:
    page = open_page("ann", path=desk(filled.recon))
    page.get_by_role("grid").wait_for()
    page.keyboard.press("?")
    help_page = page.get_by_role("dialog")
    for words in ("assign to me", "Assign to somebody", "Undo what was decided about this break"):
        expect(help_page.get_by_text(words, exact=True)).to_be_visible(timeout=SOON)
