"""Figures: what they say, and where they lead."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
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
    row.get_by_role("link").click()
    page.wait_for_url(f"**/recons/{filled.recon}/breaks?**currency={currency}**")
    expect(page.get_by_role("grid")).to_be_visible()
