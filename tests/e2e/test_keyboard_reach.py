"""On every page: what can be clicked is come to by Tab or arrows, shows its focus, and is not covered."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hands import SOON

pytest.importorskip("playwright")

if TYPE_CHECKING:
    from filled import Filled
    from playwright.sync_api import Page

OpenPage = Callable[..., "Page"]
FAR = 400

PAGES = {
    "login": (None, "/login"),
    "work": ("ann", "/recons/{recon}/breaks?break={break_id}"),
    "work by field": ("ann", "/recons/{recon}/breaks?by=field"),
    "comments": ("ann", "/recons/{recon}/breaks?break={break_id}&tab=comments"),
    "similar breaks": ("ann", "/recons/{recon}/breaks?break={break_id}&tab=similar"),
    "check": ("sam", "/check"),
    "runs": ("sam", "/runs"),
    "a run": ("sam", "/recons/{recon}/runs/{run}"),
    "the log of a run": ("sam", "/recons/{recon}/runs/{run}?tab=log"),
    "recons": ("cleo", "/recons"),
    "a recon": ("cleo", "/recons/{recon}"),
    "its versions": ("cleo", "/recons/{recon}?tab=versions"),
    "its schedule": ("mia", "/recons/{recon}?tab=schedule"),
    "a new recon": ("cleo", "/recons/new"),
    "a changed recon": ("cleo", "/recons/{recon}/edit"),
    "figures": ("mia", "/dashboard"),
    "users": ("ada", "/administration"),
    "keys": ("ann", "/administration?tab=keys"),
    "connections": ("ada", "/administration?tab=connections"),
    "audit": ("aud", "/administration?tab=audit"),
    "preferences": ("ann", "/preferences"),
    "nothing": ("ann", "/nowhere"),
}

# What has the focus: marked as come to, with what is wrong about how it shows it.
# A ring must be drawn (or, in a field of its own, its border changed), and some of the element be in sight.
STOP = """() => {
  const one = document.activeElement;
  if (one === null || one === document.body) return 'outside';
  // A date is several stops of one element.
  const same = one === window.lastMet;
  window.lastMet = one;
  if (one.dataset.met !== undefined) return same ? 'same' : 'again';
  one.dataset.met = '';
  const style = getComputedStyle(one);
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  const box = one.getBoundingClientRect();
  const hit = [0.1, 0.5, 0.9].some((x) => [0.2, 0.5, 0.8].some((y) => {
    const there = document.elementFromPoint(box.x + box.width * x, box.y + box.height * y);
    return there !== null && (one.contains(there) || there.contains(one) && there !== document.body);
  }));
  const name = one.outerHTML.slice(0, 140);
  // The page itself takes the focus after a link that skips to it; it is not worked by keys.
  return JSON.stringify({ name, ring, hit, role: one.getAttribute('role'), tag: one.tagName });
}"""

# What can be clicked and is in the page, but was not come to. React keeps handlers under a name of its own.
LEFT = """() => {
  const native = 'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary';
  const roles = ['button', 'link', 'menuitem', 'tab', 'option', 'switch', 'checkbox', 'radio', 'slider'];
  const clicks = (one) => {
    const key = Object.keys(one).find((name) => name.startsWith('__reactProps$'));
    return key !== undefined && typeof one[key].onClick === 'function';
  };
  const works = (one) =>
    one.matches(native) || roles.includes(one.getAttribute('role')) || clicks(one);
  return [...document.body.querySelectorAll('*')]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && works(one))
    .filter((one) => one.dataset.met === undefined && !one.matches(':disabled, [aria-disabled=true]'))
    // Rows are gone to by arrows and ticked by a key while the grid has the focus: see test_keyboard.
    .filter((one) => one.closest('[role=grid][data-met] [role=row][aria-selected]') === null)
    // What only lets clicks of its inside come up, or belongs to a control that was come to.
    .filter((one) => !(one.tagName === 'DIV' && one.getAttribute('role') === null))
    .filter((one) => one.closest('label')?.querySelector('[data-met]') == null)
    .map((one) => one.outerHTML.slice(0, 160));
}"""


@pytest.fixture(scope="module")
def places(filled: Filled) -> dict[str, Any]:
    """What stands in addresses."""
    line = filled.breaks(limit=1)[0]
    return {"recon": filled.recon, "run": filled.run, "break_id": line["break_id"]}


def walk(page: Page) -> list[str]:
    """Tab through the whole page, and by arrows through what is one stop; what is wrong on the way."""
    wrong: list[str] = []
    for _ in range(FAR):
        page.keyboard.press("Tab")
        told = str(page.evaluate(STOP))
        if told == "again":
            return wrong
        if told in ("outside", "same"):
            continue
        stop = json.loads(told)
        if not stop["ring"]:
            wrong.append(f"shows no focus: {stop['name']}")
        if not stop["hit"]:
            wrong.append(f"is covered: {stop['name']}")
        if stop["role"] == "tab":
            # Arrows move the focus, and open nothing by themselves.
            for _ in range(20):
                page.keyboard.press("ArrowRight")
                if page.evaluate(STOP) in ("again", "same"):
                    break
    return [*wrong, f"Tab does not come round in {FAR} steps"]


@pytest.mark.parametrize("name", PAGES)
def test_all_that_can_be_clicked_is_come_to_by_keys_and_shows_it(
    open_page: OpenPage, places: dict[str, Any], name: str
) -> None:
    person, path = PAGES[name]
    page = open_page(person, path=path.format(**places), bypass_csp=True)
    page.get_by_role("heading", level=1).first.wait_for(state="attached", timeout=SOON)
    page.wait_for_load_state("networkidle", timeout=SOON)
    page.wait_for_function("document.querySelector('[aria-busy=true], .skeleton') === null", timeout=SOON)
    page.evaluate("document.activeElement?.blur()")
    wrong = walk(page)
    assert wrong == []
    assert page.evaluate(LEFT) == []
