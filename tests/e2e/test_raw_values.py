"""What the files said, beside what was made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from filled import Filled
    from playwright.sync_api import Page


def test_raw_texts_of_both_files_are_shown_when_asked_for(
    open_page: Callable[..., Page], filled: Filled
) -> None:
    one = filled.breaks(kind="value", limit=1)[0]
    page = open_page("ann", path=f"/recons/{filled.recon}/breaks?break={one['break_id']}")
    asked = page.get_by_label("Show raw values")
    expect(asked).to_be_visible(timeout=15_000)
    expect(page.locator(".record__raw")).to_have_count(0)
    asked.press("Space")
    expect(page.locator(".record__raw").first).to_be_visible(timeout=15_000)
    delivered = filled.ask("ann", f"/breaks/{one['break_id']}/delivered")
    for side in ("a", "b"):
        read = [cell for cell in delivered[side]["rows"][0] if one["field"] in cell["fields"]]
        assert read, "the field is read from a column"
        expect(page.locator(".record__raw code", has_text=read[0]["text"]).first).to_be_visible()
