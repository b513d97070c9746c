"""On a tablet, held either way: nothing is cut or covered, and breaks are decided by touch."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hands import SOON

pytest.importorskip("playwright")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from filled import Filled
    from playwright.sync_api import Locator, Page

OpenPage = Callable[..., "Page"]
LANDSCAPE = {"width": 1024, "height": 768}
PORTRAIT = {"width": 768, "height": 1024}
ZOOMED = {"width": 640, "height": 400}
"""What 1280 x 800 leaves at a zoom of 200 %."""

PAGES = {
    "work": ("ann", "/recons/{recon}/breaks"),
    "check": ("sam", "/check"),
    "runs": ("sam", "/runs"),
    "a run": ("sam", "/recons/{recon}/runs/{run}"),
    "recons": ("cleo", "/recons"),
    "a recon": ("cleo", "/recons/{recon}"),
    "a new recon": ("cleo", "/recons/new"),
    "figures": ("mia", "/dashboard"),
    "administration": ("ada", "/administration"),
    "preferences": ("ann", "/preferences"),
    "login": (None, "/login"),
}

# What can be pointed at and is not wide or high enough (WCAG 2.5.8): below 24 px with another target within
# the circle of 24 px around it. Links within a sentence may be as small as their line.
SMALL = """() => {
  const shown = (one) => {
    const box = one.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) return false;
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return false;
    const there = document.elementFromPoint(x, y);
    return there !== null && (one.contains(there) || there.contains(one));
  };
  const wanted = 'a[href], button, input, select, textarea, summary, [role=tab], [role=separator][tabindex]';
  const all = [...document.querySelectorAll(wanted)].filter(shown).map((one) => {
    // A label around a box is part of what can be pointed at.
    const whole = one.closest('label') ?? one;
    return { one, box: whole.getBoundingClientRect() };
  });
  const short = ({ box }) => box.width < 23.9 || box.height < 23.9;
  const near = (a, b) => {
    const x = a.box.x + a.box.width / 2, y = a.box.y + a.box.height / 2;
    const dx = Math.max(b.box.x - x, 0, x - b.box.right), dy = Math.max(b.box.y - y, 0, y - b.box.bottom);
    return Math.hypot(dx, dy) < 11.9;
  };
  return all
    .filter((a) => short(a) && getComputedStyle(a.one).display !== 'inline')
    .filter((a) => all.some((b) => b !== a && !a.one.contains(b.one) && !b.one.contains(a.one) && near(a, b)))
    .map(({ one, box }) => `${one.outerHTML.slice(0, 120)} ${box.width}x${box.height}`);
}"""

# Words of the frame and of buttons that are cut off without dots, and panes that stick out of the window.
CUT = """() => {
  const wide = innerWidth;
  const frame = '.top *, .rail, .bar, .page__head *, .section, .split, .check__head *';
  const out = [...document.querySelectorAll(frame)]
    .filter((one) => one.getBoundingClientRect().width > 0 && !one.closest('.visually-hidden, svg'))
    .filter((one) => one.getBoundingClientRect().right > wide + 1);
  const tight = [...document.querySelectorAll('.button > span, .segments__one, .tabs__tab')]
    .filter((one) => one.offsetParent !== null && !one.closest('.top__recon'))
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline');
  return [...out, ...tight].map((one) => one.outerHTML.slice(0, 140));
}"""


def held(open_page: OpenPage, person: str | None, path: str, size: dict[str, int]) -> Page:
    """A page as large as the tablet, and touched where it is one."""
    page = open_page(person, path=path, has_touch=size is not ZOOMED, bypass_csp=True)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    loaded(page)
    return page


def loaded(page: Page) -> None:
    """Wait until what is fetched is there."""
    page.get_by_role("heading", level=1).first.wait_for(state="attached", timeout=SOON)
    page.wait_for_load_state("networkidle", timeout=SOON)
    page.wait_for_function("document.querySelector('[aria-busy=true], .skeleton') === null", timeout=SOON)


def apart(first: Locator, second: Locator) -> bool:
    """Whether two boxes have no point in common."""
    a, b = first.bounding_box(), second.bounding_box()
    assert a is not None
    assert b is not None
    return (
        a["x"] + a["width"] <= b["x"] + 1
        or b["x"] + b["width"] <= a["x"] + 1
        or a["y"] + a["height"] <= b["y"] + 1
        or b["y"] + b["height"] <= a["y"] + 1
    )


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT, ZOOMED], ids=["landscape", "portrait", "zoomed"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_and_its_targets_can_be_hit(
    open_page: OpenPage, filled: Filled, name: str, size: dict[str, int]
) -> None:
    person, path = PAGES[name]
    address = path.format(recon=filled.recon, run=filled.run)
    page = held(open_page, person, address, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    content = page.locator(".page, main").last.evaluate("one => [one.scrollWidth, one.clientWidth]")
    assert content[0] <= content[1] + 1, f"{name} scrolls sideways: {content}"
    assert page.evaluate(CUT) == []
    assert page.evaluate(SMALL) == []


def test_landscape_has_the_causes_in_a_drawer_that_makes_way(open_page: OpenPage, filled: Filled) -> None:
    page = held(open_page, "ann", f"/recons/{filled.recon}/breaks", LANDSCAPE)
    drawer = page.get_by_role("region", name="Causes and views", exact=True)
    opener = page.get_by_role("button", name="Causes and views", exact=True)
    expect(drawer).to_be_hidden()
    opener.tap()
    expect(drawer).to_be_visible()
    page.touchscreen.tap(900, 400)
    expect(drawer).to_be_hidden()
    opener.tap()
    drawer.get_by_role("listitem").get_by_role("button").first.tap()
    expect(page).to_have_url(re.compile("cause=|group="), timeout=SOON)
    expect(drawer).to_be_hidden()
    # By keyboard, too: Escape shuts it and gives the focus back.
    opener.focus()
    page.keyboard.press("Enter")
    expect(drawer).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(opener).to_be_focused()


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
def test_a_break_is_opened_and_decided_by_touch(
    open_page: OpenPage, filled: Filled, size: dict[str, int]
) -> None:
    page = held(open_page, "ben", f"/recons/{filled.recon}/breaks?kind=value", size)
    grid = page.get_by_role("grid")
    row = grid.get_by_role("row").nth(2)
    row.get_by_role("gridcell").nth(2).tap()
    pane = page.get_by_role("region", name="Break", exact=True)
    reject = pane.get_by_role("button", name="Reject")
    expect(reject).to_be_visible(timeout=SOON)
    assert apart(grid, pane)
    box, room = reject.bounding_box(), page.viewport_size
    assert box is not None
    assert room is not None
    assert box["y"] + box["height"] <= room["height"]
    reject.tap()
    question = page.get_by_role("dialog")
    question.get_by_label("Why").fill("not ours")
    question.get_by_role("button", name="Propose").tap()
    log = page.get_by_role("button", name=re.compile("break proposed just now|log of actions"))
    expect(log).to_have_text("1 break proposed just now", timeout=SOON)
    log.tap()
    back = page.get_by_role("dialog").get_by_role("button", name="Take back").first
    back.tap()
    expect(page.get_by_role("dialog").get_by_text("taken back").first).to_be_visible(timeout=SOON)


def test_several_are_ticked_by_touch(open_page: OpenPage, filled: Filled) -> None:
    page = held(open_page, "ben", f"/recons/{filled.recon}/breaks", PORTRAIT)
    rows = page.get_by_role("grid").get_by_role("row")
    for at in (1, 2, 3):
        rows.nth(at).get_by_role("checkbox").tap()
    strip = page.get_by_role("status").filter(has_text="3 selected")
    expect(strip).to_be_visible()
    expect(strip.get_by_role("button", name="Accept")).to_be_in_viewport(ratio=1)
    strip.get_by_role("button", name="Clear the selection").tap()
    expect(strip).to_have_count(0)


def test_nothing_moves_for_who_wants_no_motion(open_page: OpenPage, filled: Filled) -> None:
    page = open_page("ann", path=f"/recons/{filled.recon}/breaks", reduced_motion="reduce", bypass_csp=True)
    loaded(page)
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    moving = page.evaluate("document.getAnimations().filter((one) => one.playState === 'running').length")
    assert moving == 0


def test_with_colours_of_the_system_the_open_row_and_the_taken_choice_are_told(
    open_page: OpenPage, filled: Filled
) -> None:
    page = open_page("ann", path=f"/recons/{filled.recon}/breaks", forced_colors="active", bypass_csp=True)
    loaded(page)
    page.keyboard.press("j")
    row = page.locator(".table__row--active")
    row.wait_for(timeout=SOON)
    paint = "one => getComputedStyle(one).backgroundColor"
    other = page.locator(".table__row:not(.table__row--active)").first
    assert row.evaluate(paint) != other.evaluate(paint)
    place = page.locator(".rail__link[aria-current=page]")
    assert place.evaluate(paint) != page.locator(".rail__link:not([aria-current])").first.evaluate(paint)
