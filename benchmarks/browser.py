"""`python -m benchmarks.browser`: how the workstation feels in a browser, a million breaks stored.

Servers of its own (embedded PostgreSQL and Redis, gunicorn with one worker, the built pages), a Chromium
that is driven by wheel, keys and clicks, and what the page itself notes (`benchmarks.browsing`).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks import browsing, machine
from benchmarks.browsing import Period, middle
from benchmarks.lists import HERE, bff, seed, servers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD: Final = "correct horse battery staple 9"
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
SIZE: Final = {"width": 1280, "height": 800}
TASK: Final = 50
"""Milliseconds that a task may take while loaded rows are scrolled."""
DECIDED: Final = 100
"""Milliseconds from a decision until the next break is selected."""
OPEN: Final = ("in_review", "returned")
"""States that the workstation lists unless it is asked for others."""


@dataclass(frozen=True)
class Desk:
    """A served recon `bench` and somebody who may decide about its breaks."""

    address: str
    name: str
    url: str

    def sign_in(self, page: Page) -> None:
        """Sign in as people do."""
        page.goto(self.address)
        page.get_by_label("Name").fill(self.name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("navigation").first.wait_for()

    def breaks(self, words: str = "") -> str:
        """The address of the list."""
        return f"{self.address}/recons/bench/breaks{words}"

    def landing(self, typed: str) -> str | None:
        """The first key that is `typed` or comes after it among open breaks."""
        from greenai.store.database import connect

        with connect(self.url) as connection:
            row = connection.execute(
                "SELECT key_text FROM greenai.present_break"
                " WHERE state = ANY(%s) AND key_text >= %s ORDER BY key_text LIMIT 1",
                [list(OPEN), typed],
            ).fetchone()
        return None if row is None else str(row[0])

    def proposed(self) -> int:
        """How many breaks somebody has proposed something about."""
        from greenai.store.database import connect

        with connect(self.url) as connection:
            row = connection.execute(
                "SELECT count(*) FROM greenai.present_break WHERE state = 'proposed'"
            ).fetchone()
        assert row is not None
        return int(row[0])

    def keys(self, count: int) -> list[tuple[str, str]]:
        """What to type and where it leads, all over the list: its ends, keys between, absent ones."""
        from greenai.store.database import connect

        with connect(self.url) as connection:
            row = connection.execute(
                "SELECT min(key_text), max(key_text) FROM greenai.present_break WHERE state = ANY(%s)",
                [list(OPEN)],
            ).fetchone()
        assert row is not None
        first, last = (int(str(one).removeprefix("T-")) for one in row)
        typed = [f"T-{last:09}", f"T-{first:09}"]
        for at in range(count - len(typed)):
            number = f"T-{first + (last - first) * (2 * at + 1) // (2 * (count - 2)):09}"
            typed.append((number, number + "x", number[:8], number)[at % 4])
        return [(one, found) for one in typed if (found := self.landing(one)) is not None]


@contextmanager
def desk(home: Path | None, breaks: int) -> Iterator[Desk]:
    """The platform with so many breaks, served with the pages as they are built."""
    from greenai.identity import accounts
    from greenai.identity.callers import Grant
    from greenai.store.database import connect

    name = f"walker{int(time.time())}"
    with servers(home) as (url, redis_url):
        seed(url, breaks)
        with connect(url) as connection:
            accounts.add(
                connection,
                "bench",
                name=name,
                password=PASSWORD,
                grants=[Grant("analyst", None)],
                must_change=False,
            )
        with bff(url, redis_url) as address:
            yield Desk(address, name, url)


@contextmanager
def window(desk: Desk) -> Iterator[Page]:
    """A page of somebody who is signed in, which notes what is felt in it."""
    from playwright.sync_api import sync_playwright

    named = (os.environ.get("GREENAI_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    program = next((found for one in named if one and (found := shutil.which(one))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield signed_in(browser, desk)
        browser.close()


def signed_in(browser: Browser, desk: Desk) -> Page:
    """A new page of the desk's person."""
    page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
    page.add_init_script(path=browsing.NOTES)
    desk.sign_in(page)
    return page


class Table:
    """What was measured, line by line."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def scrolled(self, what: str, seen: Period, budget: int | None) -> None:
        """A stretch of scrolling."""
        said = (
            f"longest task {seen.longest:.0f} ms, {len(seen.tasks)} of 50 ms and more;"
            f" {seen.hardest:.0f} ms of processor time at most;"
            f" {seen.dropped} of {len(seen.frames) + seen.dropped} frames dropped"
        )
        if seen.keys:
            said += f", key to paint {max(seen.keys):.0f} ms at most"
        if seen.pages:
            said += f", {seen.pages} pages fetched"
        self._add(what, said, budget, seen.longest)

    def took(self, what: str, values: list[float], budget: int | None = None, more: str = "") -> None:
        """Some waits, in milliseconds."""
        late = sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]
        said = f"median {middle(values):.0f} ms, p95 {late:.0f} ms, most {max(values):.0f} ms{more}"
        self._add(what, said, budget, late if min(values) >= 0 else float("inf"))

    def said(self, what: str, words: str) -> None:
        """Something that is no wait."""
        self._add(what, words, None, 0)

    def _add(self, what: str, said: str, budget: int | None, held: float) -> None:
        row = {"what": what, "measured": said, "budget": budget, "held": budget is None or held <= budget}
        self.rows.append(row)
        print(
            f"{what:46} {said}{'' if row['held'] else '   OVER ' + str(budget)}", file=sys.stderr, flush=True
        )


def measured(desk: Desk, page: Page, *, pages: int, many: int, times: int) -> Table:
    """All of it, in one window."""
    table = Table()
    browsing.opened(page, desk.breaks())
    table.scrolled(f"wheel while {pages} pages load", browsing.filled(page, pages), None)
    scrolled(table, page, f"{pages} loaded pages")
    jumps(table, desk, page, times)
    browsing.opened(page, desk.breaks("?method=cause"))
    decisions(table, page, times, "")
    lists(table, desk, page)
    browsing.opened(page, desk.breaks("?method=cause"))
    before = browsing.memory(page)
    browsing.hurried(page, many)
    after = browsing.memory(page)
    table.said(
        f"memory of the page, {many} pages",
        f"{after['bytes'] / 1e6:.0f} MB of live objects ({before['bytes'] / 1e6:.0f} MB with one page),"
        f" {after['nodes']} nodes ({before['nodes']})",
    )
    scrolled(table, page, f"{many} loaded pages")
    decisions(table, page, times, f", {many} pages loaded")
    return table


def scrolled(table: Table, page: Page, of: str) -> None:
    """Every way of scrolling what is loaded."""
    table.scrolled(f"wheel over {of}", browsing.wheeled(page), TASK)
    table.scrolled(f"PageDown over {of}", browsing.paged(page), TASK)
    table.scrolled(f"scroll bar thrown about {of}", browsing.thrown(page), TASK)
    table.scrolled(f"arrow key held in {of}", browsing.walked(page), TASK)


def jumps(table: Table, desk: Desk, page: Page, times: int) -> None:
    """To keys all over the list, from wherever one is in it."""
    browsing.opened(page, desk.breaks())
    found = []
    wrong = 0
    for typed, expected in desk.keys(times):
        answer = browsing.jumped(page, typed, expected)
        found.append(answer.took)
        if answer.took < 0:
            wrong += 1
            print(f"{typed}: {answer.found} instead of {expected}", file=sys.stderr)
        page.evaluate("felt.grid().scrollTop = 3000")
    table.took("jump to key", found, None, f"; {len(found) - wrong} of {len(found)} land")
    assert not wrong, f"{wrong} jumps do not land"


def decisions(table: Table, page: Page, times: int, of: str) -> None:
    """One key each, then all of them undone by one key each."""
    selected, shown = browsing.decided(page, times)
    table.took(f"decision until the next is selected{of}", selected, DECIDED)
    table.took(f"decision until its evidence is shown{of}", shown)
    for _ in range(times):
        page.keyboard.press("u")
        page.wait_for_timeout(400)


def lists(table: Table, desk: Desk, page: Page) -> None:
    """The list ordered, filtered and grouped anew."""
    browsing.opened(page, desk.breaks())

    def head(name: str) -> Callable[[], None]:
        return lambda: page.locator(".table__sort", has_text=name).click()

    def grouped(by: str) -> Callable[[], None]:
        def act() -> None:
            page.locator(".tools").get_by_role("button", name=re.compile("^(Group|By )")).first.click()
            page.get_by_role("menuitemcheckbox", name=by, exact=True).click()

        return act

    for name in ("Amount", "Amount", "Key", "Conf"):
        table.took(f"order by {name}", [browsing.anew(page, head(name))])
    causes = page.locator(".side__item")
    table.took("filter by a cause", [browsing.anew(page, causes.nth(n).click) for n in range(5)])
    for by in ("cause", "field", "age"):
        browsing.opened(page, desk.breaks())
        table.took(f"group by {by}", [browsing.anew(page, grouped(by))])


def written(document: dict[str, Any]) -> str:
    """The results as a page."""
    before, after = document["load"]
    lines = [
        f"# The workstation in a browser, {document['breaks']:,} breaks stored",
        "",
        f"{document['machine']['cores']} cores; load of a minute {before:.1f} at the start, {after:.1f}"
        f" at the end (this measurement makes some of it); at the start work took"
        f" {document['contention']:.1f} times what it needs, because of others.",
        "",
        "| what | measured | budget |",
        "|---|---|---|",
    ]
    for row in document["rows"]:
        budget = "" if row["budget"] is None else f"{row['budget']} ms{'' if row['held'] else ': **over**'}"
        lines.append(f"| {row['what']} | {row['measured']} | {budget} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.browser", description=__doc__)
    parser.add_argument("--breaks", type=int, default=1_000_000)
    parser.add_argument("--pages", type=int, default=20, help="loaded and scrolled, of 200 rows")
    parser.add_argument("--many", type=int, default=200, help="pages loaded for the figures of a long day")
    parser.add_argument("--times", type=int, default=20, help="jumps and decisions")
    parser.add_argument("--home", type=Path, help="where the servers live; kept, and seeded once")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    asked = parser.parse_args()
    with desk(asked.home, asked.breaks) as served, window(served) as page:
        load, contention = os.getloadavg()[0], browsing.contention()
        table = measured(served, page, pages=asked.pages, many=asked.many, times=asked.times)
    document = {
        "machine": machine.facts(),
        "breaks": asked.breaks,
        "load": [load, os.getloadavg()[0]],
        "contention": contention,
        "rows": table.rows,
    }
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "browser.json").write_text(json.dumps(document, indent=1) + "\n")
    page_ = written(document)
    (asked.out / "browser.md").write_text(page_)
    print(page_)


if __name__ == "__main__":
    main()
