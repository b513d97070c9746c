"""Pictures of every page, in light and in dark, for the docs: ``make screenshots``.

Without an address a demo of its own is brought up in a temporary folder, filled, and removed afterwards
(some two minutes). With one, ``--told`` names a file with what ``greenai demo`` printed there.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

RECON = "fx_trades"
SIZE = {"width": 1280, "height": 800}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
SCHEMES = ("light", "dark")
CALM = 5
"""How many looks in a row, 0.2 s apart, must find nothing that is still loading."""


@dataclass(frozen=True)
class Shot:
    """A picture: its name, who looks, at which address, after which keys."""

    name: str
    person: str | None
    path: str
    keys: tuple[str, ...] = ()


SHOTS = (
    Shot("login", None, "/login"),
    Shot("work", "ann", "/recons/{recon}/breaks", ("j",)),
    Shot("work-by-cause", "ann", "/recons/{recon}/breaks?by=cause"),
    Shot("work-history", "ann", "/recons/{recon}/breaks?state=all&tab=history", ("j",)),
    Shot("work-comments", "ann", "/recons/{recon}/breaks?assignee=ann&tab=comments", ("j",)),
    Shot("work-override", "ann", "/recons/{recon}/breaks", ("j", "o")),
    Shot("work-accept-cause", "ann", "/recons/{recon}/breaks?cause={cause}", ("j", "Shift+A")),
    Shot("work-log", "ann", "/recons/{recon}/breaks", ("l",)),
    Shot("keys", "ann", "/recons/{recon}/breaks", ("?",)),
    Shot("search", "ann", "/recons/{recon}/breaks", ("Control+k",)),
    Shot("check", "sam", "/check"),
    Shot("check-rules", "sam", "/check?tab=rules"),
    Shot("check-definitions", "sam", "/check?tab=definitions"),
    Shot("check-connections", "otto", "/check?tab=connections"),
    Shot("runs", "sam", "/runs"),
    Shot("run", "sam", "/recons/{recon}/runs/5"),
    Shot("run-lineage", "sam", "/recons/{recon}/runs/5?tab=lineage"),
    Shot("run-rejects", "sam", "/recons/{recon}/runs/5?tab=rejects"),
    Shot("run-rejected", "sam", "/recons/{recon}/runs/5?tab=rejected"),
    Shot("run-log", "sam", "/recons/{recon}/runs/5?tab=log"),
    Shot("run-comparison", "sam", "/recons/{recon}/runs/5/comparison?with=4"),
    Shot("recons", "cleo", "/recons"),
    Shot("recon", "cleo", "/recons/{recon}"),
    Shot("recon-versions", "cleo", "/recons/{recon}?tab=versions"),
    Shot("recon-changes", "cleo", "/recons/{recon}?tab=changes"),
    Shot("recon-schedule", "sam", "/recons/{recon}?tab=schedule"),
    Shot("recon-new", "cleo", "/recons/new"),
    Shot("recon-edit", "cleo", "/recons/{recon}/edit"),
    Shot("dashboard", "mia", "/dashboard"),
    Shot("administration", "ada", "/administration"),
    *(
        Shot(f"administration-{tab}", person, f"/administration?tab={tab}")
        for tab, person in (
            ("groups", "sam"),
            ("roles", "ada"),
            ("keys", "ada"),
            ("connections", "ada"),
            ("reasons", "sam"),
            ("policies", "sam"),
            ("overdue", "sam"),
            ("schedules", "sam"),
            ("jobs", "ada"),
            ("audit", "ada"),
        )
    ),
    Shot("preferences", "ann", "/preferences"),
    Shot("password", "ann", "/password"),
    Shot("no-such-page", "ann", "/nowhere"),
    Shot("no-such-recon", "ann", "/recons/nowhere/breaks"),
)


@contextmanager
def demo() -> Iterator[str]:
    """A demo of its own, removed afterwards; what it printed."""
    folder = Path(tempfile.mkdtemp(prefix="greenai-screenshots-"))
    folder.chmod(0o755)
    greenai = [sys.executable, "-m", "greenai"]
    environment = {**os.environ, "GREENAI_HOME": str(folder / "home"), "NO_COLOR": "1"}
    try:
        yield subprocess.run(
            [*greenai, "demo", "--detach", "--folder", str(folder)],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ).stdout
    finally:
        subprocess.run([*greenai, "down"], env=environment, check=False, capture_output=True)
        subprocess.run([*greenai, "db", "stop"], env=environment, check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def passwords(told: str) -> dict[str, str]:
    """Name to password, from what ``greenai demo`` printed."""
    return {found[1]: found[2] for found in re.finditer(r"^  (\w+) +(\S{16})   ", told, re.MULTILINE)}


def program() -> str | None:
    """The browser's program; None: Playwright's own."""
    names = (os.environ.get("GREENAI_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


def signed_in(browser: Browser, address: str, given: Mapping[str, str]) -> dict[str | None, Any]:
    """The cookies of everybody who looks."""
    made: dict[str | None, Any] = {None: None}
    for name in sorted({shot.person for shot in SHOTS if shot.person}):
        context = browser.new_context(base_url=address)
        page = context.new_page()
        page.goto("/login")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(given[name])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("navigation").first.wait_for()
        made[name] = context.storage_state()
        context.close()
    return made


def largest_cause(page: Page) -> str:
    """The cause with the most breaks that wait for a maker."""
    where = f"/api/v1/recons/{RECON}"
    found = page.request.get(f"{where}/causes").json()["items"]
    waiting = {
        one["cause_id"]: page.request.get(
            f"{where}/breaks/count?state=in_review&cause={one['cause_id']}"
        ).json()["count"]
        for one in found
        if one["explains"] and one["open"]
    }
    return str(max(waiting, key=lambda cause: waiting[cause]))


def settle(page: Page) -> None:
    """Wait until everything is there and stands still."""
    waits = page.locator(".skeleton, [aria-busy=true]")
    pictures = "[...document.images].every((one) => one.complete)"
    until, still = time.monotonic() + 60, 0
    # One part is fetched after another: only what stays as it is for a while is all of it.
    while still < CALM:
        assert time.monotonic() < until, f"{page.url} is not ready"
        page.wait_for_timeout(200)
        still = still + 1 if waits.count() == 0 and page.evaluate(pictures) else 0


def shoot(browser: Browser, address: str, given: Mapping[str, str], out: Path, only: str) -> None:
    """Take the pictures whose names match."""
    cookies = signed_in(browser, address, given)
    first = browser.new_context(base_url=address, storage_state=cookies["ann"])
    cause = largest_cause(first.new_page())
    first.close()
    for scheme in SCHEMES:
        for shot in SHOTS:
            if not re.search(only, shot.name):
                continue
            context = browser.new_context(
                base_url=address,
                viewport=SIZE,  # type: ignore[arg-type]
                color_scheme=scheme,  # type: ignore[arg-type]
                reduced_motion="reduce",
                locale="en-GB",
                timezone_id="UTC",
                storage_state=cookies[shot.person],
            )
            page = context.new_page()
            page.goto(shot.path.format(recon=RECON, cause=cause))
            settle(page)
            if "j" in shot.keys:
                page.get_by_role("grid").get_by_role("row").nth(1).wait_for()
                settle(page)
            for key in shot.keys:
                page.keyboard.press(key)
                settle(page)
            target = out / f"{shot.name}-{scheme}.png"
            page.screenshot(path=target)
            context.close()
            print(f"{target.name}  {target.stat().st_size / 1000:.0f} kB")


def main() -> None:
    """Read what is asked for, and take the pictures."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--address", help="a demo that runs")
    parser.add_argument("--told", type=Path, help="what it printed, with its passwords")
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--only", default="", help="a pattern of names")
    asked = parser.parse_args()
    if (asked.address is None) != (asked.told is None):
        parser.error("--address and --told go together")
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        if asked.address is not None:
            shoot(browser, asked.address, passwords(asked.told.read_text("utf-8")), asked.out, asked.only)
        else:
            with demo() as told:
                found = re.search(r"^workstation: (\S+)", told, re.MULTILINE)
                if found is None:
                    raise SystemExit(told)
                shoot(browser, found[1], passwords(told), asked.out, asked.only)
        browser.close()


if __name__ == "__main__":
    main()
