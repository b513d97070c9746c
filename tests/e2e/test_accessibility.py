"""Every page, in light and in dark, looked through by axe: nothing that shuts somebody out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from filled import Filled
    from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
LOADED = 30_000

PAGES = {
    "login": (None, "/login"),
    "work": ("ann", "/recons/{recon}/breaks"),
    "work of another list": ("ann", "/recons/{recon}/breaks?state=all&by=age"),
    "work of a group": ("ann", "/recons/{recon}/breaks?by=cause"),
    "an open break": ("ann", "/recons/{recon}/breaks?break={break_id}"),
    "the history of a break": ("ann", "/recons/{recon}/breaks?break={break_id}&tab=history"),
    "breaks like a break": ("ann", "/recons/{recon}/breaks?break={break_id}&tab=similar"),
    "comments on a break": ("ann", "/recons/{recon}/breaks?break={break_id}&tab=comments"),
    "decisions on a break": ("ann", "/recons/{recon}/breaks?break={break_id}&tab=decisions"),
    "check": ("sam", "/check?item={recon}/{proposal}"),
    "check rules": ("sam", "/check?tab=rules"),
    "check definitions": ("sam", "/check?tab=definitions"),
    "check connections": ("ada", "/check?tab=connections"),
    "runs": ("sam", "/runs"),
    "a run": ("sam", "/recons/{recon}/runs/{run}"),
    "recons": ("cleo", "/recons"),
    "a recon": ("cleo", "/recons/{recon}"),
    "a new recon": ("cleo", "/recons/new"),
    "a changed recon": ("cleo", "/recons/{recon}/edit"),
    "figures": ("mia", "/dashboard"),
    "administration": ("ada", "/administration"),
    "administration of groups": ("sam", "/administration?tab=groups"),
    "administration of reasons": ("sam", "/administration?tab=reasons&recon={recon}"),
    "administration of policies": ("sam", "/administration?tab=policies&recon={recon}"),
    "administration of what is overdue": ("sam", "/administration?tab=overdue"),
    "administration of jobs": ("ada", "/administration?tab=jobs"),
    "preferences": ("ann", "/preferences"),
    "nothing": ("ann", "/nowhere"),
}


@pytest.fixture(scope="module")
def places(filled: Filled) -> dict[str, object]:
    """What stands in addresses: a break to look at, and a proposal that waits."""
    cause = filled.causes()[-1]
    one = filled.breaks(cause=cause["cause_id"], limit=1)[0]
    body = {"selection": {"cause": cause["cause_id"]}, "kind": "accept"}
    made = filled.desk["ann"].post(f"/recons/{filled.recon}/proposals", json=body)
    assert made.is_success, made.text
    return {
        "recon": filled.recon,
        "run": filled.run,
        "break_id": one["break_id"],
        "proposal": made.json()["proposal"],
    }


def looked_through(page: Page) -> list[str]:
    """What axe finds that is serious or critical: rule, place and the beginning of the element."""
    # The policy of the BFF lets no other script in: the page is opened without it, for axe alone.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    told: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{found['impact']} {found['id']}: {node['target']} {node['html'][:160]} {node['failureSummary']}"
        for found in told["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"][:3]
    ]


def loaded(page: Page) -> None:
    """Waits until nothing on the page is still being fetched."""
    page.wait_for_load_state("networkidle", timeout=LOADED)
    page.wait_for_function("document.querySelector('[aria-busy=true], .skeleton') === null", timeout=LOADED)


@pytest.mark.skipif(not AXE.exists(), reason="axe comes with the front end: make check-ui")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious_on_any_page(
    open_page: Callable[..., Page], places: dict[str, object], name: str, scheme: str
) -> None:
    person, path = PAGES[name]
    page = open_page(person, path=path.format(**places), color_scheme=scheme, bypass_csp=True)
    loaded(page)
    found = looked_through(page)
    assert not found, "\n".join(found)


@pytest.mark.skipif(not AXE.exists(), reason="axe comes with the front end: make check-ui")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("keys", ["?", "Control+k", "o", "r", "Shift+A", "l", "v"])
def test_axe_finds_nothing_serious_in_what_a_key_opens(
    open_page: Callable[..., Page], filled: Filled, keys: str, scheme: str
) -> None:
    cause = filled.causes()[0]["cause_id"]
    path = f"/recons/{filled.recon}/breaks?cause={cause}"
    page = open_page("ann", path=path, color_scheme=scheme, bypass_csp=True)
    loaded(page)
    page.keyboard.press("j")
    page.get_by_role("tab").first.wait_for()
    page.keyboard.press(keys)
    page.get_by_role("dialog").first.wait_for()
    loaded(page)
    page.wait_for_timeout(400)  # what fades in has no contrast until it is there
    found = looked_through(page)
    assert not found, "\n".join(found)


DIALOGS = {
    "assign": ("sam", "/recons/{recon}/breaks?break={break_id}", "Assign"),
    "a due time": ("sam", "/administration?tab=policies&recon={recon}", "Add a due time"),
    "a limit": ("sam", "/administration?tab=policies&recon={recon}", "Set a limit"),
    "a rule": ("sam", "/administration?tab=reasons&recon={recon}", "Add a rule"),
    "a group": ("sam", "/administration?tab=groups", "Make a group"),
    "a key": ("ada", "/administration?tab=keys", "Make a key"),
}


@pytest.mark.skipif(not AXE.exists(), reason="axe comes with the front end: make check-ui")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", DIALOGS)
def test_axe_finds_nothing_serious_in_what_a_button_opens(
    open_page: Callable[..., Page], places: dict[str, object], name: str, scheme: str
) -> None:
    person, path, button = DIALOGS[name]
    page = open_page(person, path=path.format(**places), color_scheme=scheme, bypass_csp=True)
    loaded(page)
    page.get_by_role("button", name=button, exact=True).first.click()
    page.get_by_role("dialog").first.wait_for()
    loaded(page)
    page.wait_for_timeout(400)  # what fades in has no contrast until it is there
    found = looked_through(page)
    assert not found, "\n".join(found)
