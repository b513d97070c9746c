"""The pages of runs: started, watched live, told with their bands, compared."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from figures import counted, of_list
from filled import Filled
from twofiles import DAY, MISSING, SCALED, UNREADABLE, answered, made_recon, ran, two_files
from workplace import Workplace

pytest.importorskip("playwright")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

OpenPage = Callable[..., "Page"]
RECON = "watched"


@pytest.fixture(scope="module")
def first(workplace: Workplace, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The first run of a recon of two files, over."""
    made_recon(workplace, two_files(tmp_path_factory.mktemp("runs")), RECON)
    found = ran(workplace, RECON)
    assert found["state"] == "awaiting_review", found
    return found


def test_a_run_is_started_and_watched_until_its_bands_stand_there(
    open_page: OpenPage, workplace: Workplace, first: dict[str, Any]
) -> None:
    page = open_page("sam", path=f"/recons/{RECON}/runs")
    page.get_by_role("button", name="Start a run").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Business date").fill("2026-11-19")
    dialog.get_by_role("button", name="Start", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/recons/{RECON}/runs/\d+$"))
    number = int(page.url.rsplit("/", 1)[1])
    assert number != first["run"]
    # Nothing is loaded anew by hand: the live line brings the end.
    bands = page.get_by_role("region", name="Breaks by what became of them")
    expect(bands).to_be_visible(timeout=120_000)
    progress = page.get_by_role("region", name="Progress")
    expect(progress.get_by_text("done", exact=True)).to_have_count(5)
    read = progress.get_by_role("row").filter(has_text="Read").get_by_role("cell")
    assert int(read.nth(4).inner_text().replace(",", "")) > 0  # rows per second
    with closing(workplace.client("sam")) as person:
        shown = answered(person.get(f"/recons/{RECON}/runs/{number}"))["bands"]
    assert shown["review"] == SCALED + MISSING
    expect(bands.locator('[data-tone="review"]').last).to_contain_text(str(shown["review"]))
    totals = page.get_by_role("region", name="Totals of Notional by currency")
    expect(totals.get_by_role("row").filter(has_text="JPY")).to_be_visible()


def test_a_band_leads_to_its_breaks(open_page: OpenPage, workplace: Workplace, first: dict[str, Any]) -> None:
    with closing(workplace.client("sam")) as person:
        last = answered(person.get(f"/recons/{RECON}"))["last_run"]
    page = open_page("sam", path=f"/recons/{RECON}/runs/{last}")
    bands = page.get_by_role("region", name="Breaks by what became of them")
    bands.get_by_role("link").nth(1).click()
    expect(page).to_have_url(re.compile(rf"/recons/{RECON}/breaks\?state=in_review"))
    expect(page.get_by_role("grid", name="Breaks")).to_be_visible()


def test_every_number_of_the_last_run_is_that_of_its_list(open_page: OpenPage, filled: Filled) -> None:
    page = open_page("sam", path=f"/recons/{filled.recon}/runs/{filled.run}")
    shown = filled.ask("sam", f"/runs/{filled.run}")
    assert shown["unexplained"]
    groups = page.get_by_role("region", name="What nothing explains")
    expect(groups.get_by_role("row")).to_have_count(1 + min(50, len(shown["unexplained"])))
    expect(groups.get_by_role("row").nth(1)).to_contain_text(shown["unexplained"][0]["why"])
    expect(groups.get_by_role("link").first).to_be_visible()
    bands = page.get_by_role("region", name="Breaks by what became of them")
    expect(bands.get_by_role("link").nth(2)).to_be_visible()
    passed = bands.locator('[data-tone="passed"]').last
    for by, number in shown["bands"]["passed_by"].items():
        assert str(number) in passed.inner_text(), by
    page.wait_for_load_state("networkidle")
    lists = counted(page.get_by_role("main"))
    assert any("group=" in address for address in lists)
    other = {address: (number, of_list(page, address)) for address, number in lists.items()}
    assert {address: both for address, both in other.items() if both[0] != both[1]} == {}


def test_a_run_that_goes_on_is_cancelled_and_publishes_nothing(
    open_page: OpenPage, workplace: Workplace, first: dict[str, Any]
) -> None:
    with closing(workplace.client("sam")) as person:
        # The engines have one thing to do at a time: the last of these is not over when it is looked at.
        asked = [
            answered(person.post(f"/recons/{RECON}/runs", json={"business_date": day}))["run"]
            for day in ("2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13", "2026-11-14")
        ]
        page = open_page("sam", path=f"/recons/{RECON}/runs/{asked[-1]}")
        page.get_by_role("button", name="Cancel the run").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Let it go on").click()
        expect(dialog).to_have_count(0)
        page.get_by_role("button", name="Cancel the run").click()
        dialog.get_by_role("button", name="Cancel the run").click()
        expect(page.get_by_text("Nothing was published")).to_be_visible(timeout=30_000)
        expect(page.get_by_role("button", name="Cancel the run")).to_have_count(0)
        expect(page.get_by_role("button", name="Run again")).to_be_visible()
        told = answered(person.get(f"/recons/{RECON}/runs/{asked[-1]}"))
        assert (told["state"], told["published_at"]) == ("cancelled", None)
        for run in asked[:-1]:
            person.post(f"/recons/{RECON}/runs/{run}/cancellation")


def test_two_runs_are_picked_from_the_list_and_stand_beside_each_other(
    open_page: OpenPage, workplace: Workplace, first: dict[str, Any]
) -> None:
    second = ran(workplace, RECON, "2026-11-18")
    page = open_page("ann", path=f"/recons/{RECON}/runs")
    compare = page.get_by_role("button", name="Compare the two")
    expect(compare).to_be_disabled()
    page.get_by_label(f"Choose run {first['run']} to compare").check()
    page.get_by_label(f"Choose run {second['run']} to compare").check()
    compare.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        f"Run {first['run']} beside run {second['run']}"
    )
    expect(page.get_by_text("Same inputs")).to_be_visible()
    with closing(workplace.client("ann")) as person:
        beside = answered(
            person.get(f"/recons/{RECON}/runs/{first['run']}/comparison", params={"with": second["run"]})
        )
    became = page.get_by_role("region", name="What became of the breaks")
    same = became.locator("dl > div", has=page.get_by_text("The same", exact=True)).locator("dd").first
    expect(same).to_have_text(str(beside["breaks"]["same"]))


def test_what_a_run_read_kept_out_and_did_can_be_looked_up(
    open_page: OpenPage, first: dict[str, Any]
) -> None:
    page = open_page("ann", path=f"/recons/{RECON}/runs/{first['run']}?tab=rejects")
    rows = page.get_by_role("region", name="Unreadable rows").get_by_role("row")
    expect(rows).to_have_count(1 + UNREADABLE)
    expect(rows.nth(1)).to_contain_text("key field TradeID is null")
    page.get_by_role("tab", name="Lineage").click()
    expect(page).to_have_url(re.compile("tab=lineage"))
    read = page.get_by_role("region", name="Files it read")
    expect(read.get_by_role("row").filter(has_text="front.csv")).to_contain_text("sha256:")
    page.get_by_role("tab", name="Log").click()
    happened = page.get_by_role("region", name="What happened").get_by_role("row")
    expect(happened.nth(1)).to_contain_text("sam")
    expect(happened.filter(has_text="published")).to_have_count(1)
    page.get_by_role("tab", name="Rejected records").click()
    expect(page.get_by_text("No record is kept out")).to_be_visible()


def test_the_list_is_filtered_by_its_address(open_page: OpenPage, first: dict[str, Any]) -> None:
    page = open_page("ann", path=f"/recons/{RECON}/runs?from={DAY}&to={DAY}")
    numbers = page.get_by_role("row").get_by_role("link")
    expect(numbers.filter(has_text=re.compile(rf"^{first['run']}$"))).to_be_visible()
    page.get_by_label("State").select_option("failed")
    expect(page).to_have_url(re.compile("state=failed"))
    expect(page.get_by_text("No run fits the filter")).to_be_visible()
    page.get_by_role("link", name="Show all runs").click()
    expect(numbers.filter(has_text=re.compile(rf"^{first['run']}$"))).to_be_visible()


def test_who_may_only_read_cannot_start_a_run(open_page: OpenPage, first: dict[str, Any]) -> None:
    page = open_page("aud", path=f"/recons/{RECON}/runs/{first['run']}")
    expect(page.get_by_role("region", name="Progress")).to_be_visible()
    expect(page.get_by_role("button", name="Run again")).to_have_count(0)
    page.goto("/runs")
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    expect(page.get_by_role("button", name="Start a run")).to_have_count(0)


def test_a_run_is_reached_and_its_tabs_are_changed_by_keyboard_alone(
    open_page: OpenPage, first: dict[str, Any]
) -> None:
    page = open_page("ann", path="/recons")
    expect(page.get_by_role("heading", name="Recons", level=1)).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile("/runs$"))
    link = page.get_by_role("row").get_by_role("link", name=str(first["run"]), exact=True)
    expect(link).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Result")).to_be_visible()
    page.get_by_role("tab", name="Result").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("tab=lineage"))
