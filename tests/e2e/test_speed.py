"""How the pages feel: no task that blocks while one scrolls, keys found anywhere, the next break at once.

The budgets are those for a quiet machine with a million breaks, which `make bench-browser` measures; here
are as many breaks as can be seeded in seconds, and the machine may be busy with engines and other tests.
What the page needs of the processor depends far less on that, so tasks are held against the budget by their
processor time, in the best of three rounds. Every round makes dozens of like steps, each of which draws all
rows anew: what one step needs, all need. So where others work on the machine, two tasks may be outliers. On
a slower processor, or one shared with a busy neighbour, tasks may take as much more as other work then takes.
Waits are held against the budget times what work takes longer here than it needs, measured before and after.
The figures are printed: ``pytest -s``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from benchmarks import browsing
from benchmarks.browser import DECIDED, TASK, Desk, desk, signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BREAKS = 20_000
PAGES = 12
"""Loaded and scrolled, of 200 rows."""
ROUNDS = 3
QUIET = 1.3
"""How many times longer work may take than it needs where nobody else is taken to work."""
OUTLIERS = 2
JUMPS = 8
DECISIONS = 8


@pytest.fixture(scope="module")
def served() -> Iterator[Desk]:
    """A recon with many breaks, served."""
    with desk(None, BREAKS) as made:
        yield made


@pytest.fixture
def page(browser: Browser, served: Desk) -> Iterator[Page]:
    """A page of somebody who is signed in, which notes what is felt in it."""
    made = signed_in(browser, served)
    yield made
    made.close()


WAYS: dict[str, Callable[[Page], browsing.Period]] = {
    "wheel": lambda page: browsing.wheeled(page, turns=40),
    "PageDown": lambda page: browsing.paged(page, presses=30),
    "scroll bar": lambda page: browsing.thrown(page, places=40),
    "arrow key": lambda page: browsing.walked(page, presses=30),
}


def test_loaded_pages_scroll_without_tasks_that_block(page: Page, served: Desk) -> None:
    browsing.opened(page, served.breaks())
    browsing.hurried(page, PAGES)
    for name, way in WAYS.items():
        rounds: list[tuple[float, browsing.Period]] = []
        while len(rounds) < ROUNDS and (not rounds or rounds[-1][0] > TASK):
            slower, slowness = browsing.contention(), browsing.slowness()
            seen = way(page)
            outliers = OUTLIERS if max(slower, browsing.contention()) > QUIET else 0
            slowness = min(slowness, browsing.slowness())
            rounds.append((next(iter(seen.work[outliers:]), 0.0) / slowness, seen))
        needed, best = min(rounds, key=lambda one: one[0])
        print(
            f"\n{name}: {needed:.0f} ms of processor time ({best.hardest:.0f} at most), by the clock"
            f" {best.longest:.0f} ms, work took up to {slower:.1f} times what it needs,"
            f" {best.dropped} of {len(best.frames) + best.dropped} frames dropped"
        )
        assert best.frames, "nothing was drawn"
        assert best.work, "nothing was traced"
        assert best.pages == 0, "pages were fetched meanwhile"
        assert needed <= TASK, name


def test_a_jump_lands_on_any_key(page: Page, served: Desk) -> None:
    browsing.opened(page, served.breaks())
    for typed, expected in served.keys(JUMPS):
        answer = browsing.jumped(page, typed, expected)
        print(f"\njump to {typed}: {answer.found} in {answer.took:.0f} ms")
        assert answer.found == expected
        page.evaluate("felt.grid().scrollTop = 3000")


def test_after_a_decision_the_next_break_is_there_at_once(page: Page, served: Desk) -> None:
    browsing.opened(page, served.breaks("?method=cause"))
    before = served.proposed()
    slower = browsing.contention()
    selected, shown = browsing.decided(page, DECISIONS)
    slower = max(slower, browsing.contention())
    print(
        f"\ndecision to next break: {', '.join(f'{one:.0f}' for one in selected)} ms; with its evidence"
        f" {', '.join(f'{one:.0f}' for one in shown)} ms; work takes {slower:.1f} times what it needs"
    )
    assert min(selected) > 0, "the next break was not opened"
    assert min(shown) > 0, "its evidence was not shown"
    assert browsing.middle(selected) <= DECIDED * slower
    # All of them were sent, not only shown.
    page.wait_for_load_state("networkidle")
    assert served.proposed() == before + DECISIONS
