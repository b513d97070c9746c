"""Figures on a page, and the lists that they lead to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

_COUNT = re.compile(r"^([\d,]+)( overdue)?$")
_ABOUT_AMOUNTS = ({"amount"}, {"key"})
"""Orders of lists behind amounts and records, which are no numbers of breaks."""


def counted(part: Locator) -> dict[str, int]:
    """The numbers of breaks that a part of a page shows as links, by the address of their lists."""
    found: dict[str, int] = {}
    for link in part.locator('a[href*="/breaks?"]').all():
        address = str(link.get_attribute("href"))
        said = _COUNT.match(link.inner_text().strip())
        if said is None or set(parse_qs(urlsplit(address).query).get("sort", ())) in _ABOUT_AMOUNTS:
            continue
        number = int(said[1].replace(",", ""))
        assert found.setdefault(address, number) == number, address
    return found


def of_list(page: Page, address: str) -> int:
    """How many breaks a list has, as its page asks for it."""
    with page.expect_response(lambda answer: "/breaks/count?" in answer.url) as told:
        page.goto(address)
    return int(told.value.json()["count"])
