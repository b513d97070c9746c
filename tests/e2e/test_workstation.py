"""A day at the workstation: made by one person, checked by another, found in the golden table."""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from greenai.embedded.postgres import running_url
from greenai.store.database import connect

if TYPE_CHECKING:
    from filled import Filled
    from playwright.sync_api import Page
    from workplace import Workplace

SOON = 15_000
"""Milliseconds for what the server has to do first; both cores may be busy."""


def opened(page: Page) -> str:
    """The id of the break that the address names, once it does."""
    expect(page).to_have_url(re.compile(r"[?&]break=[0-9a-f]{32}"), timeout=SOON)
    found = re.search(r"break=([0-9a-f]{32})", page.url)
    assert found is not None
    return found[1]


def first_row(page: Page) -> str:
    """Goes to the first row by key."""
    page.get_by_role("grid").get_by_role("row").nth(1).wait_for()
    page.keyboard.press("j")
    return opened(page)


def awaited(look: Callable[[], Any], *, seconds: float = 60) -> Any:
    """What `look` finds, once it is something."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.2)
    return found


def newest(filled: Filled, maker: str) -> Any:
    """The last proposal of somebody, once there is one."""
    return awaited(lambda: filled.ask("sam", "/proposals", maker=maker)["items"][:1])[0]


def settled(filled: Filled, number: int) -> Any:
    """A proposal whose breaks are all decided."""

    def look() -> Any:
        found = filled.ask("sam", f"/proposals/{number}")
        return found if found["state"] == "applied" else None

    return awaited(look)


def desk(recon: str, **filter: str) -> str:
    """The address of a list."""
    return f"/recons/{recon}/breaks?" + "&".join(f"{name}={value}" for name, value in filter.items())


def golden(workplace: Workplace, key: list[str]) -> Any:
    """The row of the golden table with this key, as text, by column; None without one."""
    url = running_url(workplace.home)
    assert url is not None
    with connect(url) as connection:
        row = connection.execute(
            "SELECT to_jsonb(t) FROM golden.trade t WHERE trade_id = %s", (key[0],)
        ).fetchone()
    return None if row is None else row[0]


def test_a_cause_is_decided_with_one_key_after_its_effect_was_shown_and_taken_back_with_another(
    open_page: Callable[..., Page], filled: Filled
) -> None:
    cause = filled.causes()[0]
    assert cause["open"] > 3
    page = open_page("ann", path=desk(filled.recon, cause=cause["cause_id"]))
    first_row(page)

    page.keyboard.press("Shift+A")
    question = page.get_by_role("dialog")
    effect = question.get_by_text(re.compile(r"^[\d,]+ breaks? on [\d,]+ records"))
    expect(effect).to_contain_text(f"{cause['open']:,} break", timeout=SOON)
    expect(question.get_by_role("button", name="Propose")).to_be_focused()
    page.keyboard.press("Enter")

    log = page.locator(".bar__log")
    expect(log).to_contain_text(f"{cause['open']} breaks proposed", timeout=SOON)
    made = newest(filled, "ann")
    assert (made["state"], made["kind"], made["items"]) == ("proposed", "accept", cause["open"])
    assert filled.count(cause=cause["cause_id"]) == 0

    page.keyboard.press("u")
    expect(log).to_have_text("log of actions", timeout=SOON)
    assert filled.ask("sam", f"/proposals/{made['proposal']}")["state"] == "withdrawn"
    assert filled.count(cause=cause["cause_id"]) == cause["open"]


def test_what_one_person_proposed_another_approves_and_it_stands_in_the_golden_table(
    open_page: Callable[..., Page], filled: Filled, workplace: Workplace
) -> None:
    # Not the largest, which other tests decide and undo; any other that is open will do.
    cause = next(one for one in reversed(filled.causes()) if one["kind"] == "value")
    some = filled.breaks(cause=cause["cause_id"], limit=500)
    maker = open_page("ann", path=desk(filled.recon, cause=cause["cause_id"]))
    first_row(maker)
    maker.keyboard.press("Shift+A")
    expect(maker.get_by_role("dialog").get_by_text(re.compile("breaks? on"))).to_be_visible(timeout=SOON)
    maker.keyboard.press("Enter")
    expect(maker.locator(".bar__log")).to_contain_text("proposed just now", timeout=SOON)
    made = newest(filled, "ann")

    checker = open_page("sam", path="/preferences")
    checker.get_by_role("heading", level=1).wait_for()
    checker.keyboard.press("g")
    checker.keyboard.press("c")
    expect(checker).to_have_url(re.compile("/check"), timeout=SOON)
    checker.get_by_role("navigation", name="Proposals").get_by_role("link").first.wait_for(timeout=SOON)
    expect(checker.get_by_role("button", name="Approve")).to_be_visible(timeout=SOON)
    checker.keyboard.press("a")
    expect(checker.get_by_text("Approved; it is being decided")).to_be_visible(timeout=SOON)
    done = settled(filled, made["proposal"])
    assert done["decided"] + done["fallen"] == made["items"]
    assert [one["checker"] for one in done["approvals"]] == ["sam"]

    # A record is let in when nothing else of it waits: at least one of this cause had this break alone.
    stored = [one for one in some if golden(workplace, one["key"]) is not None]
    assert stored, "no record of an approved cause came into the golden table"
    detail = filled.ask("ann", f"/breaks/{stored[0]['break_id']}")
    assert any(decision["by"] == "sam" for decision in detail["decisions"])


def test_one_break_is_overridden_with_a_reason_by_keys_alone(
    open_page: Callable[..., Page], filled: Filled
) -> None:
    page = open_page("ben", path=desk(filled.recon, kind="value", reason="UNKNOWN"))
    mine = first_row(page)
    page.keyboard.press("o")
    question = page.get_by_role("dialog")
    reason = question.get_by_label("Reason")
    expect(reason).to_be_focused()
    expect(question.get_by_role("option", name=re.compile("^Typing error"))).to_be_attached(timeout=SOON)
    page.keyboard.type("Typing")
    page.keyboard.press("Tab")
    page.keyboard.type("take a")
    page.keyboard.press("Tab")
    page.keyboard.type("Typed by hand in the back office.")
    page.keyboard.press("Control+Enter")
    expect(question).to_be_hidden()
    expect(page.locator(".bar__log")).to_contain_text("1 break proposed", timeout=SOON)
    made = newest(filled, "ben")
    assert (made["kind"], made["reason"], made["resolution"], made["items"]) == (
        "override",
        "MANUAL_ENTRY",
        "take_a",
        1,
    )
    assert filled.ask("ann", f"/breaks/{mine}")["state"] == "proposed"
    # The next open break is selected without being asked for.
    expect(page).not_to_have_url(re.compile(f"break={mine}"), timeout=SOON)


def test_nobody_approves_what_they_proposed_themselves(
    open_page: Callable[..., Page], filled: Filled
) -> None:
    page = open_page("cleo", path=desk(filled.recon, kind="value"))
    first_row(page)
    page.keyboard.press("r")
    why = page.get_by_role("dialog").get_by_label("Why")
    expect(why).to_be_focused()
    page.keyboard.type("Neither side is right.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".bar__log")).to_contain_text("1 break proposed", timeout=SOON)
    made = newest(filled, "cleo")

    refused = filled.desk["cleo"].post(
        f"/recons/{filled.recon}/proposals/{made['proposal']}/approve", json={"version": made["version"]}
    )
    assert refused.status_code == 403
    told = refused.json()
    assert told["detail"] == "nobody approves what they proposed themselves"

    page.goto(f"/check?item={filled.recon}/{made['proposal']}")
    expect(page.get_by_text("You proposed this. Somebody else must check it.")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    page.keyboard.press("a")
    assert filled.ask("sam", f"/proposals/{made['proposal']}")["state"] == "proposed"


def test_what_is_rejected_by_two_persons_is_found_among_the_rejected(
    open_page: Callable[..., Page], filled: Filled, workplace: Workplace
) -> None:
    page = open_page("ben", path=desk(filled.recon, kind="value"))
    mine = first_row(page)
    page.keyboard.press("r")
    expect(page.get_by_role("dialog").get_by_label("Why")).to_be_focused()
    page.keyboard.type("The trade was cancelled.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".bar__log")).to_contain_text("1 break proposed", timeout=SOON)
    made = newest(filled, "ben")

    checker = open_page("tom", path=f"/check?item={filled.recon}/{made['proposal']}")
    expect(checker.get_by_role("button", name="Approve")).to_be_visible(timeout=SOON)
    checker.keyboard.press("a")
    settled(filled, made["proposal"])
    detail = filled.ask("ann", f"/breaks/{mine}")
    assert detail["state"] == "rejected"

    told = json.loads(workplace.greenai("rejected", filled.run, "--format", "json"))
    assert "The trade was cancelled." in json.dumps(told)
    assert golden(workplace, detail["key"]) is None

    page.goto(desk(filled.recon, state="rejected", search=detail["key"][0]))
    expect(page.get_by_role("grid").get_by_text(detail["key"][0]).first).to_be_visible(timeout=SOON)


def test_a_list_is_exported_as_it_stands(open_page: Callable[..., Page], filled: Filled) -> None:
    page = open_page("ann", path=desk(filled.recon, kind="only_b"))
    page.get_by_role("grid").get_by_role("row").nth(1).wait_for()
    page.get_by_role("button", name="Export these breaks").focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="CSV").wait_for()
    with page.expect_download() as coming:
        page.get_by_role("menuitem", name="CSV").press("Enter")
    path = coming.value.path()
    assert coming.value.suggested_filename.endswith(".csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == filled.count(kind="only_b") > 0
    assert {row["kind"] for row in rows} == {"only_b"}


@pytest.mark.parametrize("name", ["ann", "cleo", "sam", "mia", "aud", "ada"])
def test_each_role_signs_in_and_lands_on_a_page_that_it_may_see(
    open_page: Callable[..., Page], filled: Filled, name: str
) -> None:
    page = open_page(name)
    expect(page.get_by_role("navigation").first).to_be_visible(timeout=SOON)
    expect(page.get_by_role("main")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_audit_holds_after_all_of_it(filled: Filled, workplace: Workplace) -> None:
    told = json.loads(workplace.greenai("audit", "verify", "--format", "json"))
    assert told["holds"] is True
    assert told["findings"] == []
