"""Figures: what they say, and where they lead."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from figures import counted, of_list
from filled import Filled

pytest.importorskip("playwright")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

OpenPage = Callable[..., "Page"]


def test_the_figures_of_a_recon_stand_in_charts_and_in_numbers(open_page: OpenPage, filled: Filled) -> None:
    page = open_page("sam", path=f"/dashboard?recon={filled.recon}")
    rates = page.get_by_role("region", name="Match and auto-pass rates")
    expect(rates.get_by_role("img").first).to_be_visible()
    rates.get_by_text("Numbers").click()
    expect(rates.get_by_role("table")).to_be_visible()
    for title in ("Open breaks by age", "Open breaks by owner", "Open breaks against due times"):
        expect(page.get_by_role("region", name=title).get_by_role("list")).to_be_visible()
    expect(page.get_by_role("region", name="Value at risk").get_by_role("table")).to_be_visible()
    expect(page.get_by_role("region", name="Causes over time").get_by_role("img").first).to_be_visible()


def test_a_figure_leads_to_the_breaks_behind_it(open_page: OpenPage, filled: Filled) -> None:
    page = open_page("sam", path=f"/dashboard?recon={filled.recon}")
    risk = page.get_by_role("region", name="Value at risk")
    row = risk.get_by_role("row").nth(1)
    currency = row.get_by_role("cell").first.inner_text()
    row.get_by_role("link").last.click()
    page.wait_for_url(f"**/recons/{filled.recon}/breaks?**currency={currency}**")
    expect(page.get_by_role("grid")).to_be_visible()


def test_every_figure_is_the_number_of_the_list_that_it_leads_to(open_page: OpenPage, filled: Filled) -> None:
    page = open_page("sam", path=f"/dashboard?recon={filled.recon}")
    page.get_by_role("region", name="Match and auto-pass rates").get_by_text("Numbers").click()
    for title in ("Open breaks by age", "Open breaks by owner", "Open breaks against due times"):
        expect(page.get_by_role("region", name=title).get_by_role("link").first).to_be_visible()
    expect(page.get_by_role("region", name="Value at risk").get_by_role("link").first).to_be_visible()
    expect(page.get_by_role("region", name="Causes over time").get_by_role("link").first).to_be_visible()
    for cell in page.get_by_role("main").locator("td.number, .bars__value").all():
        if re.search(r"\d", cell.inner_text()):
            assert cell.get_by_role("link").count() == 1, cell.inner_text()
    lists = counted(page.get_by_role("main"))
    said = " ".join(lists)
    for part in (
        "overdue=true",
        "due_within_days=1",
        "due_after_days=7",
        "has_due=false",
        "younger_than_days=",
        "without=assignee",
    ):
        assert part in said, part
    other = {address: (number, of_list(page, address)) for address, number in lists.items()}
    assert {address: both for address, both in other.items() if both[0] != both[1]} == {}
    assert sum(number > 0 for number in lists.values()) > 10


def test_the_bar_above_says_what_waits_for_whom(open_page: OpenPage, filled: Filled) -> None:
    page = open_page("sam", path=f"/recons/{filled.recon}/runs")
    lists = page.get_by_role("banner").locator('a[href*="/breaks?"]')
    waiting = lists.filter(has_text="to decide")
    expect(waiting).to_be_visible()
    number = int(waiting.inner_text().split()[0].replace(",", ""))
    assert number == filled.count()
    assert of_list(page, str(waiting.get_attribute("href"))) == number


def test_an_unknown_address_says_so_and_leads_on(open_page: OpenPage, filled: Filled) -> None:
    page = open_page("ann", path="/nowhere/at/all")
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_have_text("There is no such page")
    expect(page.get_by_role("navigation")).to_be_visible()
    page.get_by_role("link", name="Go to the workstation").click()
    expect(page).to_have_url(re.compile(rf"/recons/{filled.recon}/breaks|/$"))


def test_a_recon_that_is_not_there_is_told_once_and_not_remembered(
    open_page: OpenPage, filled: Filled
) -> None:
    page = open_page("cleo", path="/recons/no_such_recon/breaks")
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text(
        "There is no recon no_such_recon", timeout=20_000
    )
    expect(main.get_by_role("alert")).to_have_count(0)
    remembered = page.evaluate("JSON.parse(localStorage.getItem('greenai.preferences') ?? '{}').recon ?? ''")
    assert remembered != "no_such_recon"
    main.get_by_role("link", name="Go to all recons").click()
    main.get_by_role("link", name=filled.recon, exact=True).first.click()
    expect(main.get_by_role("heading", level=1)).to_contain_text(filled.recon, timeout=20_000)
