"""The whole platform and a real browser: processes, servers and pages as users have them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filled import Filled, fill
from workplace import Workplace, open_workplace

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

FLAGS = (
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZE = {"width": 1280, "height": 800}


def chromium() -> str | None:
    """The browser's program: named by ``GREENAI_CHROMIUM``, the system's, or Playwright's own."""
    from playwright.sync_api import sync_playwright

    for name in (os.environ.get("GREENAI_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a file. Skips where there is none: `make browser` says how to get one.

    Playwright keeps an event loop running in this thread while it is open, so ``asyncio.run`` of any test
    that comes after would be refused: it is closed with each file.
    """
    from playwright.sync_api import sync_playwright

    program = chromium()
    if program is None:
        pytest.skip("there is no Chromium; name one in GREENAI_CHROMIUM, or see `make browser`")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield made
        made.close()


@pytest.fixture(scope="session")
def workplace() -> Iterator[Workplace]:
    """A platform of its own for all tests of this session, with people of every role."""
    with open_workplace() as made:
        yield made


@pytest.fixture(scope="session")
def filling(workplace: Workplace) -> Iterator[Filled]:
    """The platform with a recon that was run."""
    made = fill(workplace)
    yield made
    made.desk.close()


@pytest.fixture(scope="module")
def filled(filling: Filled) -> Filled:
    """A recon that was run: breaks of all kinds, and causes that explain them; nothing waits for a checker.

    What the tests of other files had approved stays so.
    """
    filling.clear()
    return filling


@pytest.fixture
def open_page(browser: Browser, workplace: Workplace) -> Iterator[Callable[..., Page]]:
    """A page of somebody who is signed in: ``page = open_page("ann")``; of nobody without a name.

    Errors on the page or in its console fail the test.
    """
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def make(name: str | None = None, *, path: str = "/", **more: object) -> Page:
        context = browser.new_context(
            base_url=workplace.address,
            viewport=SIZE,
            storage_state=None if name is None else workplace.storage(browser, name),
            **more,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(f"page: {error}"))
        page.on(
            "console", lambda told: trouble.append(f"console: {told.text}") if told.type == "error" else None
        )
        page.goto(path)
        return page

    make.trouble = trouble  # type: ignore[attr-defined]
    yield make
    for context in contexts:
        context.close()
    # What the server refuses shows as "Failed to load resource" and is tested by what the page says about it.
    mistakes = [line for line in trouble if "Failed to load resource" not in line]
    assert not mistakes, mistakes
