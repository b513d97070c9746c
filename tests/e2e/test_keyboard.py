"""A day's work with the keyboard alone: no test here points, clicks or drags."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hands import SOON, choose, goes_round, gone_back, pick, press, push, tab_to, write
from workplace import PASSWORD

pytest.importorskip("playwright")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from filled import Filled
    from playwright.sync_api import Page

OpenPage = Callable[..., "Page"]
BREAK = re.compile(r"[?&]break=([0-9a-f]{32})")


def at_work(open_page: OpenPage, filled: Filled, person: str = "ann", search: str = "") -> Page:
    """The workstation, with its first rows there."""
    page = open_page(person, path=f"/recons/{filled.recon}/breaks{search}")
    page.get_by_role("grid").get_by_role("row").nth(1).wait_for(timeout=SOON)
    return page


def opened(page: Page) -> str:
    """The break that is open, by the address."""
    expect(page).to_have_url(BREAK, timeout=SOON)
    found = BREAK.search(page.url)
    assert found is not None
    return found[1]


def moved(page: Page, stroke: str) -> str:
    """The break that is open after a key that opens another than before."""
    before = BREAK.search(page.url)
    expect(page.get_by_role("grid")).to_have_attribute("aria-busy", "false", timeout=SOON)
    press(page, stroke)
    if before is not None:
        expect(page).not_to_have_url(re.compile(before[1]), timeout=SOON)
    return opened(page)


def proposals(filled: Filled, maker: str) -> list[Any]:
    """What somebody has proposed, the newest first."""
    found: list[Any] = filled.ask("sam", "/proposals", maker=maker)["items"]
    return found


def test_somebody_signs_in_and_goes_to_every_page_by_its_keys(open_page: OpenPage, filled: Filled) -> None:
    page = open_page(None, path="/login")
    write(page, page.get_by_label("User name"), "cleo")
    write(page, page.get_by_label("Password"), PASSWORD)
    press(page, "Enter")
    page.get_by_role("navigation", name="Pages").wait_for(timeout=SOON)
    page.get_by_role("heading", level=1).wait_for(state="attached", timeout=SOON)
    for keys, there in {
        "g c": "/check",
        "g r": "/runs$",
        "g o": "/recons$",
        "g d": "/dashboard",
        "g a": "/administration",
        "g w": r"/(recons/[^/]+/breaks.*)?$",
    }.items():
        press(page, *keys.split())
        expect(page).to_have_url(re.compile(there), timeout=SOON)
        page.get_by_role("heading", level=1).wait_for(state="attached", timeout=SOON)


def test_somebody_signs_out_by_the_menu_of_their_name(open_page: OpenPage, workplace: object) -> None:
    page = open_page(None, path="/login")
    write(page, page.get_by_label("User name"), "aud")
    write(page, page.get_by_label("Password"), PASSWORD)
    press(page, "Enter")
    choose(page, page.get_by_role("button", name="Signed in as"), "Sign out")
    expect(page).to_have_url(re.compile("/login"), timeout=SOON)


def test_the_first_tab_of_a_page_skips_to_its_content(open_page: OpenPage) -> None:
    page = open_page("ann", path="/runs")
    page.get_by_role("heading", level=1).wait_for(timeout=SOON)
    press(page, "Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_the_list_is_walked_filtered_grouped_and_jumped_in(open_page: OpenPage, filled: Filled) -> None:
    page = at_work(open_page, filled)
    first = moved(page, "j")
    second = moved(page, "ArrowDown")
    assert first != second
    assert moved(page, "k") == first
    moved(page, "End")
    assert moved(page, "Home") == first

    key = filled.breaks(limit=50)[-1]["key"][0]
    press(page, "/")
    page.keyboard.type(key)
    expect(page).to_have_url(re.compile(f"search={key}"), timeout=SOON)
    expect(page.get_by_role("grid").get_by_role("row").nth(1)).to_contain_text(key, timeout=SOON)
    press(page, "Enter")
    assert filled.ask("ann", f"/breaks/{moved(page, 'j')}")["key"][0] == key
    press(page, "/", "Control+a", "Delete", "Escape")
    expect(page).not_to_have_url(re.compile("search="), timeout=SOON)

    press(page, "g", "k")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_label("key")).to_be_focused()
    page.keyboard.type(key)
    press(page, "Enter")
    expect(page).to_have_url(re.compile(f"jump={key}"), timeout=SOON)
    expect(page.get_by_role("grid").get_by_role("row").nth(1)).to_contain_text(key, timeout=SOON)

    choose(page, page.get_by_role("button", name="Group", exact=True), "field")
    expect(page).to_have_url(re.compile("by=field"), timeout=SOON)
    group = page.get_by_role("grid").get_by_role("button", expanded=False).first
    push(page, group)
    expect(page).to_have_url(re.compile("open="), timeout=SOON)
    opened_now = page.get_by_role("grid").get_by_role("button", expanded=True)
    expect(opened_now).to_be_focused()
    moved(page, "j")

    push(page, page.get_by_role("button", name="Filter", exact=True), backwards=True)
    pick(page, page.get_by_label("field", exact=True), "notional")
    tab_to(page, page.get_by_role("checkbox", name="value differs"))
    press(page, "Space")
    push(page, page.get_by_role("button", name="Show", exact=True))
    expect(page).to_have_url(re.compile("field=notional"), timeout=SOON)


def test_a_column_is_hidden_moved_sized_and_sorted_by(open_page: OpenPage, filled: Filled) -> None:
    page = at_work(open_page, filled, "mia")
    heads = page.get_by_role("columnheader")
    press(page, "v")
    panel = page.get_by_role("dialog", name="Columns")
    box = panel.get_by_role("checkbox", name="reason")
    tab_to(page, box)
    press(page, "Space")
    expect(heads.filter(has_text=re.compile("^reason$"))).to_have_count(0)
    press(page, "Space")
    push(page, panel.get_by_role("button", name="Move field to the right"), backwards=True)
    expect(heads.nth(4)).to_have_text("field")
    # A letter typed in a panel is not a decision on the list behind it.
    before = page.url
    press(page, "j")
    assert page.url == before
    press(page, "Escape")
    expect(panel).to_have_count(0)
    expect(page.get_by_role("button", name="Columns")).to_be_focused()

    edge = page.get_by_role("separator", name="Width of key")
    tab_to(page, edge)
    width = int(edge.get_attribute("aria-valuenow") or 0)
    press(page, "ArrowRight")
    expect(edge).to_have_attribute("aria-valuenow", str(width + 16))
    push(page, heads.get_by_role("button", name="age"))
    expect(page).to_have_url(re.compile("sort="), timeout=SOON)


def test_each_verb_decides_and_the_log_takes_back(open_page: OpenPage, filled: Filled) -> None:
    page = at_work(open_page, filled, "ben", "?kind=value&method=cause")
    log = page.locator(".bar__log")
    made: list[str] = []
    moved(page, "j")
    made.append(opened(page))
    press(page, "a")
    expect(log).to_contain_text("1 break proposed", timeout=SOON)
    expect(page).not_to_have_url(re.compile(made[0]), timeout=SOON)
    for key, title, words in (
        ("o", "Override", "typed by hand"),
        ("r", "Reject", "not ours"),
        ("i", "Ask", "which desk?"),
    ):
        now = opened(page)
        assert now not in made
        made.append(now)
        press(page, key)
        question = page.get_by_role("dialog", name=re.compile(title))
        question.wait_for(timeout=SOON)
        if key == "o":
            pick(page, question.get_by_label("Reason"), "Typing")
        write(page, question.get_by_role("textbox").last, words)
        press(page, "Control+Enter")
        expect(question).to_have_count(0)
        expect(page).not_to_have_url(re.compile(now), timeout=SOON)
    expect(log).to_contain_text("4 breaks proposed", timeout=SOON)
    skipped = opened(page)
    assert moved(page, "s") != skipped
    kinds = [one["kind"] for one in proposals(filled, "ben")[:4]]
    assert sorted(kinds) == ["accept", "override", "reject", "request_information"]

    press(page, "u")
    expect(log).to_contain_text("3 breaks proposed", timeout=SOON)
    press(page, "l")
    entries = page.get_by_role("dialog").get_by_role("listitem")
    back = entries.get_by_role("button", name="Take back")
    for left in (2, 1, 0):
        push(page, back.first)
        expect(back).to_have_count(left, timeout=SOON)
    press(page, "Escape")
    for one in made:
        assert filled.ask("ben", f"/breaks/{one}")["state"] == "in_review"


def test_another_reason_is_taken_by_its_digit(open_page: OpenPage, filled: Filled) -> None:
    decided, line = filled.breaks(limit=2, kind="value", field="notional")
    # What persons decided about another break of the field speaks for this one too.
    filled.decide("ann", [decided["break_id"]], kind="override", reason="MANUAL_ENTRY", resolution="take_a")
    assert len(filled.ask("ben", f"/breaks/{line['break_id']}")["reasons"]) > 1
    page = at_work(open_page, filled, "ben", f"?break={line['break_id']}")
    reasons = page.locator(".reasons__one")
    reasons.nth(1).wait_for(timeout=SOON)
    press(page, "2")
    expect(reasons.nth(1)).to_have_attribute("aria-pressed", "true")
    press(page, "1")
    expect(reasons.nth(0)).to_have_attribute("aria-pressed", "true")


def test_several_are_ticked_and_decided_after_their_effect_was_shown(
    open_page: OpenPage, filled: Filled
) -> None:
    page = at_work(open_page, filled, "ben", "?kind=value&method=cause")
    moved(page, "j")
    press(page, "x", "x", "x")
    bar = page.get_by_role("status").filter(has_text="3 selected")
    expect(bar).to_be_visible()
    press(page, "r")
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("3 breaks on", timeout=SOON)
    write(page, question.get_by_label("Why"), "out of scope")
    goes_round(page)
    push(page, question.get_by_role("button", name="Propose"))
    log = page.locator(".bar__log")
    expect(log).to_contain_text("3 breaks proposed", timeout=SOON)
    press(page, "u")
    expect(log).to_have_text("log of actions", timeout=SOON)
    press(page, "x", "Control+a")
    expect(page.get_by_role("status").filter(has_text="of this filter")).to_be_visible()
    press(page, "Escape")
    expect(page.locator(".desk__strip--bulk")).to_have_count(0)


def test_a_cause_is_opened_decided_and_taken_back(open_page: OpenPage, filled: Filled) -> None:
    page = at_work(open_page, filled)
    side = page.get_by_role("region", name="Causes and views")
    largest = filled.causes()[0]
    push(page, side.get_by_title(largest["explanation"], exact=True))
    expect(page).to_have_url(re.compile("cause="), timeout=SOON)
    moved(page, "j")
    press(page, "Shift+A")
    question = page.get_by_role("dialog")
    expect(question).to_contain_text(re.compile(r"\d breaks on"), timeout=SOON)
    expect(question.get_by_role("button", name="Propose")).to_be_focused()
    press(page, "Enter")
    log = page.locator(".bar__log")
    expect(log).to_contain_text("proposed just now", timeout=SOON)
    press(page, "u")
    expect(log).to_have_text("log of actions", timeout=SOON)


def test_a_comment_is_written_and_the_list_goes_on(open_page: OpenPage, filled: Filled) -> None:
    page = at_work(open_page, filled, "ben")
    moved(page, "j")
    page.get_by_role("tab", name="Comments").wait_for(timeout=SOON)
    press(page, "c")
    expect(page.get_by_label("New comment")).to_be_focused(timeout=SOON)
    page.keyboard.type("Seen by keyboard; @sam please look.")
    press(page, "Control+Enter")
    expect(page.get_by_text("Seen by keyboard")).to_be_visible(timeout=SOON)
    press(page, "Escape")
    moved(page, "j")
    tab_to(page, page.get_by_role("tab", name="Comments"))
    press(page, "ArrowRight", "Enter")
    expect(page).to_have_url(re.compile("tab=decisions"))


def test_a_break_is_taken_by_its_key_and_given_up_again(open_page: OpenPage, filled: Filled) -> None:
    page = at_work(open_page, filled, "sam")
    moved(page, "j")
    mine = opened(page)
    pane = page.get_by_role("region", name="Break", exact=True)
    press(page, "m")
    expect(pane.get_by_text("with sam")).to_be_visible(timeout=SOON)
    assert opened(page) == mine
    press(page, "Shift+M")
    question = page.get_by_role("dialog")
    push(page, question.get_by_role("button", name="nobody", exact=True))
    push(page, question.get_by_role("button", name="Assign", exact=True))
    expect(question).to_have_count(0, timeout=SOON)
    expect(pane.get_by_text("with nobody")).to_be_visible(timeout=SOON)


def show_or_hide(page: Page, column: str) -> None:
    """Tick a column of the list, or take the tick away."""
    press(page, "v")
    panel = page.get_by_role("dialog", name="Columns")
    tab_to(page, panel.get_by_role("checkbox", name=column))
    press(page, "Space", "Escape")
    expect(panel).to_have_count(0)


def test_a_view_is_saved_opened_and_removed(open_page: OpenPage, filled: Filled) -> None:
    page = at_work(open_page, filled, "cleo", "?kind=only_a")
    reason = page.get_by_role("columnheader").filter(has_text=re.compile("^reason$"))
    expect(reason).to_have_count(1)
    show_or_hide(page, "reason")
    expect(reason).to_have_count(0)
    plus = page.get_by_role("button", name="Save this filter as a view")
    push(page, plus)
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    gone_back(page, plus)
    press(page, "Enter")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("one side only")
    press(page, "Enter")
    view = page.get_by_role("button", name="one side only", exact=True)
    view.wait_for(timeout=SOON)
    push(page, page.get_by_role("button", name="Clear the filter"))
    expect(page).not_to_have_url(re.compile("kind="), timeout=SOON)
    show_or_hide(page, "reason")
    expect(reason).to_have_count(1)
    # The view brings its columns as well as its filter.
    push(page, view)
    expect(page).to_have_url(re.compile("kind=only_a"), timeout=SOON)
    expect(reason).to_have_count(0)
    show_or_hide(page, "reason")
    push(page, page.get_by_role("button", name="Remove the view one side only"))
    expect(view).to_have_count(0, timeout=SOON)


def test_a_list_is_exported(open_page: OpenPage, filled: Filled) -> None:
    page = at_work(open_page, filled, "ann", "?kind=only_b")
    with page.expect_download() as coming:
        choose(page, page.get_by_role("button", name="Export these breaks"), "CSV")
    assert coming.value.suggested_filename.endswith(".csv")


def test_what_others_proposed_is_approved_and_returned(open_page: OpenPage, filled: Filled) -> None:
    waiting = []
    for line in filled.breaks(limit=2, kind="value"):
        body = {"selection": {"breaks": [line["break_id"]]}, "kind": "reject", "comment": "not ours"}
        made = filled.desk["ann"].post(f"/recons/{filled.recon}/proposals", json=body)
        assert made.is_success, made.text
        waiting.append(made.json()["proposal"])
    page = open_page("tom", path="/runs")
    page.get_by_role("heading", level=1).wait_for(timeout=SOON)
    press(page, "g", "c")
    for proposal in waiting:
        line = page.locator(f'a[href*="item={filled.recon}%2F{proposal}"]')
        push(page, line)
        expect(page).to_have_url(re.compile(f"item={filled.recon}%2F{proposal}"), timeout=SOON)
        expect(page.get_by_role("button", name="Approve")).to_be_visible(timeout=SOON)
        if proposal == waiting[0]:
            press(page, "a")
            expect(page.get_by_text("Approved; it is being decided")).to_be_visible(timeout=SOON)
        else:
            press(page, "r")
            expect(page.get_by_role("dialog").get_by_label("Why")).to_be_focused()
            page.keyboard.type("which desk?")
            press(page, "Control+Enter")
            expect(page.get_by_text("Returned to the maker")).to_be_visible(timeout=SOON)
    states = [filled.ask("sam", f"/proposals/{one}")["state"] for one in waiting]
    assert states[0] in ("approved", "applied")
    assert states[1] == "returned"


def test_help_shows_every_key_keeps_the_focus_and_gives_it_back(open_page: OpenPage, filled: Filled) -> None:
    page = at_work(open_page, filled)
    search = page.get_by_role("button", name="Search")
    tab_to(page, search)
    press(page, "?")
    keys = page.get_by_role("dialog", name="Keys")
    keys.wait_for(timeout=SOON)
    expect(keys.get_by_text("accept cause")).to_be_visible()
    before = page.url
    press(page, "j")
    assert page.url == before
    gone_back(page, search)
    press(page, "Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("Runs")
    press(page, "ArrowDown")
    expect(page.get_by_role("option", name="Runs", exact=True)).to_have_attribute("aria-selected", "true")
    press(page, "Enter")
    expect(page).to_have_url(re.compile("/runs$"), timeout=SOON)


def test_a_key_is_given_to_another_action_and_works(open_page: OpenPage, filled: Filled) -> None:
    page = open_page("aud", path="/preferences")
    change = page.get_by_role("button", name="Change the key of: Go to runs")
    push(page, change)
    press(page, "y")
    given = page.locator(".keys__row", has_text="Go to runs")
    expect(given.locator("kbd")).to_have_text("y", timeout=SOON)
    expect(given.get_by_role("button")).to_be_focused()
    press(page, "y")
    expect(page).to_have_url(re.compile("/runs$"), timeout=SOON)
    page.go_back()
    push(page, given.get_by_role("button", name="As shipped"))
    expect(given.locator("kbd")).to_have_text("g r", timeout=SOON)
