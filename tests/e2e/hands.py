"""What a person does who has a keyboard and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SOON = 20_000
"""Milliseconds for what the server has to do first; both cores may be busy."""
FAR = 260
"""How often somebody presses Tab before they give up."""


def press(page: Page, *strokes: str) -> None:
    """Press keys one after the other, wherever the focus is."""
    for stroke in strokes:
        page.keyboard.press(stroke)


def has_focus(target: Locator) -> bool:
    """Whether the keys go to this element."""
    return bool(target.evaluate("one => one === document.activeElement"))


def tab_to(page: Page, target: Locator, *, backwards: bool = False) -> None:
    """Press Tab until the element has the focus; fails where that never happens."""
    target.wait_for(timeout=SOON)
    for _ in range(FAR):
        if has_focus(target):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"Tab does not come to {target}")


def push(page: Page, target: Locator, *, backwards: bool = False) -> None:
    """Go to a button or link by Tab, and press Enter."""
    tab_to(page, target, backwards=backwards)
    page.keyboard.press("Enter")


def write(page: Page, target: Locator, words: str) -> None:
    """Go to a field by Tab, and type over what stands there."""
    tab_to(page, target)
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def pick(page: Page, target: Locator, words: str) -> None:
    """Go to a choice by Tab, and type how the option begins."""
    tab_to(page, target)
    page.keyboard.type(words)
    expect(target.locator("option:checked")).to_have_text(re.compile(f"^{re.escape(words)}"))


def choose(page: Page, opener: Locator, item: str) -> None:
    """Open a menu by Enter, go down to an item by arrow, and take it."""
    push(page, opener)
    page.get_by_role("menu").wait_for(timeout=SOON)
    for _ in range(40):
        if str(page.evaluate("document.activeElement.textContent")).strip() == item:
            page.keyboard.press("Enter")
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no item {item!r} is come to by arrows")


def gone_back(page: Page, target: Locator) -> None:
    """Close what is open by Escape; the focus must be where it was."""
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(target).to_be_focused()


def goes_round(page: Page) -> None:
    """Tab stays within the open dialog, in both directions, and comes round."""
    inside = "document.querySelector('[role=dialog]').contains(document.activeElement)"
    held = 20
    seen: set[str] = set()
    for stroke in ("Tab", "Shift+Tab"):
        seen.clear()
        for _ in range(FAR):
            page.keyboard.press(stroke)
            # Guards at the edges of a dialog hold the focus for a moment, and hand it on.
            while not page.evaluate(inside):
                held -= 1
                assert held > 0, "Tab leaves the dialog"
                page.wait_for_timeout(50)
            name = str(
                page.evaluate(
                    "(() => { const one = document.activeElement;"
                    " one.dataset.round ??= String(Math.random()); return one.dataset.round; })()"
                )
            )
            if name in seen:
                break
            seen.add(name)
        else:
            raise AssertionError("Tab never comes round")
