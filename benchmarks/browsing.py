"""What a person feels in the workstation, measured in the page: scrolling, jumping, deciding, ordering anew.

Everything is done by wheel, keys and clicks that the browser takes for a person's; times are the page's
own, from the moment of the key to the frame in which the answer is painted. `benchmarks.browser` measures
with a million breaks, `tests/e2e/test_speed.py` holds the budgets with as many as CI can afford.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

NOTES: Final = Path(__file__).with_suffix(".js")
PAGE: Final = 200
"""Rows that the workstation fetches at a time."""
FRAME: Final = 1000 / 60
PATIENCE: Final = 20_000
"""Milliseconds after which something will not come any more."""


@dataclass
class Period:
    """What happened in a stretch of time; milliseconds."""

    tasks: list[float] = field(default_factory=list)
    """Tasks of 50 ms and more: the browser tells of no others."""
    frames: list[float] = field(default_factory=list)
    """From each frame to the next."""
    keys: list[float] = field(default_factory=list)
    """From keys to the paint after them, where that took 16 ms or more."""
    pages: int = 0
    """Pages of breaks that were fetched."""
    work: list[float] = field(default_factory=list)
    """Processor time of the tasks that took most of it: the same whoever else works on the machine."""

    @property
    def longest(self) -> float:
        """The longest task; 0 when none took 50 ms."""
        return max(self.tasks, default=0.0)

    @property
    def hardest(self) -> float:
        """The most processor time that one task took; 0 when none took 10 ms."""
        return max(self.work, default=0.0)

    @property
    def dropped(self) -> int:
        """Frames that should have come in between and did not."""
        return sum(max(0, round(one / FRAME) - 1) for one in self.frames)


@contextmanager
def period(page: Page) -> Iterator[Period]:
    """Notes what happens meanwhile; complete after the block."""
    made = Period()
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=["toplevel"])
    page.evaluate("felt.begin()")
    try:
        yield made
        for name, value in page.evaluate("felt.end()").items():
            setattr(made, name, value)
    finally:
        made.work = work(json.loads(browser.stop_tracing()))


def work(trace: dict[str, Any], least: float = 10) -> list[float]:
    """Processor time of the tasks of the page's main thread, milliseconds, the longest first."""
    threads: dict[tuple[int, int], list[float]] = {}
    for event in trace["traceEvents"]:
        if event["name"] == "ThreadControllerImpl::RunTask" and "tdur" in event:
            threads.setdefault((event["pid"], event["tid"]), []).append(event["tdur"] / 1000)
    main = {
        (one["pid"], one["tid"])
        for one in trace["traceEvents"]
        if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"
    }
    # The browser has other renderers, which have next to nothing to do.
    busiest = max((tasks for thread, tasks in threads.items() if thread in main), key=sum, default=[])
    return sorted((one for one in busiest if one >= least), reverse=True)


def opened(page: Page, address: str) -> None:
    """Open a list of breaks and wait for its rows. The page is signed in and takes `NOTES`."""
    page.goto(address)
    when(page, "felt.settled()", 60_000)
    page.wait_for_load_state("networkidle")


def when(page: Page, what: str, most: int = PATIENCE) -> None:
    """Wait until an expression is true. Playwright's own way would need a policy that allows `eval`."""
    page.evaluate(f"felt.when(() => {what}, {most})")


def rows(page: Page) -> int:
    """How many rows are loaded, with the one that stands for the next page."""
    return int(
        page.evaluate(
            "Math.round(felt.grid().scrollHeight / document.querySelector('.table__row').offsetHeight) - 1"
        )
    )


def wheel(page: Page, pixels: int, until: Callable[[], bool]) -> None:
    """Turn the wheel over the list as fast as the page takes it."""
    box = page.locator(".desk [role=grid]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    while not until():
        page.mouse.wheel(0, pixels)


def filled(page: Page, pages: int) -> Period:
    """Turn the wheel down until so many pages are loaded; what is felt while they come."""
    with period(page) as seen:
        until = time.monotonic() + 60 + 10 * pages

        def there() -> bool:
            assert time.monotonic() < until, f"only {rows(page)} rows were loaded"
            return rows(page) >= pages * PAGE

        wheel(page, 2000, there)
        when(page, "felt.settled()")
    return seen


def hurried(page: Page, pages: int) -> None:
    """Load so many pages by going to the end again and again."""
    until = time.monotonic() + 60 + 10 * pages
    while rows(page) < pages * PAGE:
        assert time.monotonic() < until, f"only {rows(page)} rows were loaded"
        page.evaluate("felt.grid().scrollTop = felt.grid().scrollHeight")
        page.wait_for_timeout(20)
    when(page, "felt.settled()")


def wheeled(page: Page, pixels: int = 1200, turns: int = 90) -> Period:
    """Down through loaded rows by wheel, and up again."""
    page.evaluate("felt.grid().scrollTop = 0")
    page.wait_for_timeout(300)
    with period(page) as seen:
        for sign in (1, -1):
            left = iter(range(turns))
            wheel(page, sign * pixels, lambda left=left: next(left, None) is None)  # type: ignore[misc]
    return seen


def paged(page: Page, presses: int = 60) -> Period:
    """Down through loaded rows by PageDown, held."""
    page.evaluate("felt.grid().scrollTop = 0; felt.grid().focus()")
    page.wait_for_timeout(300)
    with period(page) as seen:
        for _ in range(presses):
            page.keyboard.press("PageDown")
            page.wait_for_timeout(30)
        page.wait_for_timeout(300)
    return seen


def thrown(page: Page, places: int = 60) -> Period:
    """The thumb of the scroll bar thrown about: every frame shows rows that none before has shown."""
    script = """async (places) => {
      const list = felt.grid();
      const tall = list.scrollHeight - 20000;
      for (let at = 0; at < places; at++) {
        list.scrollTop = ((at * 7919) % places) / places * tall;
        await new Promise((done) => requestAnimationFrame(done));
      }
    }"""
    with period(page) as seen:
        page.evaluate(script, places)
    return seen


def walked(page: Page, presses: int = 60) -> Period:
    """From row to row by the arrow key, held; the list goes along."""
    page.evaluate("felt.grid().scrollTop = 0; felt.grid().focus()")
    page.keyboard.press("Home")
    page.wait_for_timeout(500)
    with period(page) as seen:
        for _ in range(presses):
            page.keyboard.press("ArrowDown")
            page.wait_for_timeout(30)
    return seen


@dataclass(frozen=True)
class Answer:
    """What came of a key or a click."""

    took: float
    """Milliseconds until it was painted; -1 when it never was."""
    found: str | None = None


def jumped(page: Page, typed: str, expected: str) -> Answer:
    """Go to a key with the keys `g k`; right when the first row in sight is the expected one."""
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("k")
    box = page.locator("input[name=key]")
    box.fill(typed)
    page.evaluate(
        "([key, most]) => felt.expect(() => felt.key(1) === key && felt.settled(), most)",
        [expected, PATIENCE],
    )
    box.press("Enter")
    took = page.evaluate("felt.found")
    return Answer(took, page.evaluate("felt.key(1)"))


def decided(page: Page, times: int, pause: int = 600) -> tuple[list[float], list[float]]:
    """Accept so many breaks with one key each: until the next is selected, and until its evidence is there.

    The first break is opened here. `pause` is what a person looks at each, milliseconds.
    """
    page.keyboard.press("Escape")
    page.evaluate("felt.grid().focus()")
    page.keyboard.press("Home")
    when(page, "document.querySelector('.pane__title') !== null && felt.active() === '2'")
    page.get_by_role("tab").first.wait_for()
    page.wait_for_timeout(pause)
    selected, shown = [], []
    for _ in range(times):
        page.evaluate("(most) => felt.expectNext(most)", PATIENCE)
        page.keyboard.press("a")
        selected.append(page.evaluate("felt.selected"))
        shown.append(page.evaluate("felt.found"))
        page.wait_for_timeout(pause)
    return selected, shown


def anew(page: Page, act: Callable[[], None]) -> float:
    """How long after the last click of `act` the list that it orders, filters or groups shows its rows."""
    page.evaluate("(most) => felt.expectAnew(most)", PATIENCE)
    act()
    return float(page.evaluate("felt.found"))


def memory(page: Page) -> dict[str, int]:
    """Bytes of live objects after a collection, and nodes of the document."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    told: Any = session.send("Performance.getMetrics")
    metrics = {one["name"]: one["value"] for one in told["metrics"]}
    session.detach()
    return {
        "bytes": int(metrics["JSHeapUsedSize"]),
        "nodes": int(page.evaluate("document.querySelectorAll('*').length")),
    }


def contention(seconds: float = 0.2) -> float:
    """How many times longer work takes here than it needs, because others work too; 1 on a quiet machine."""
    begun, spent = time.perf_counter(), time.thread_time()
    while time.thread_time() - spent < seconds:
        sum(range(1000))
    return max(1.0, (time.perf_counter() - begun) / seconds)


UNIT = 11e-6
"""Seconds of processor time that a unit of work takes on a processor of 2023 whose sibling is idle."""


def slowness(units: int = 10_000) -> float:
    """How many times more processor time work takes than on such a processor; 1 if it takes no more.

    Two threads of a core share it: with a busy neighbour the same work takes up to twice the time.
    """
    begun = time.thread_time()
    for _ in range(units):
        sum(range(1000))
    return max(1.0, (time.thread_time() - begun) / units / UNIT)


def middle(values: Sequence[float]) -> float:
    """The median; 0 of nothing."""
    return median(values) if values else 0.0
