"""The further pages with the keyboard alone: runs, recons from files, accounts, keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import httpx
import pytest
from hands import SOON, pick, press, push, tab_to, write
from twofiles import MISSING, SCALED, TwoFiles, answered, made_recon, two_files

pytest.importorskip("playwright")
from playwright.sync_api import TimeoutError, expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from workplace import Workplace

OpenPage = Callable[..., "Page"]
PASSPHRASE = "four plain words suffice"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> TwoFiles:
    """Two files that differ in known ways."""
    return two_files(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def recon(workplace: Workplace, files: TwoFiles) -> str:
    """A recon of the files that holds."""
    made_recon(workplace, files, "by_keys")
    return "by_keys"


def send(page: Page, place: Locator, path: object) -> None:
    """Give a file to a field: Enter or Space opens the list of files of the system."""
    for stroke in ("Enter", "Space", "Enter"):
        tab_to(page, place)
        # A browser that is busy does not always take the first key for a wish of the person.
        with suppress(TimeoutError), page.expect_file_chooser(timeout=5_000) as asked:
            press(page, stroke)
        if asked.is_done():
            asked.value.set_files(str(path))
            return
    raise AssertionError(f"no list of files is opened by {place}")


def date_typed(page: Page, place: Locator, day: str) -> None:
    """A date goes into the field of its browser part by part, in the order of its locale."""
    year, month, of_month = day.split("-")
    tab_to(page, place)
    page.keyboard.type(f"{month}{of_month}{year}")
    expect(place).to_have_value(day)


def test_a_run_is_started_and_cancelled(open_page: OpenPage, workplace: Workplace, recon: str) -> None:
    with closing(workplace.client("sam")) as person:
        # The engines do one thing at a time: what is started after these is not over when it is looked at.
        before = [
            answered(person.post(f"/recons/{recon}/runs", json={"business_date": day}))["run"]
            for day in ("2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13", "2026-11-14")
        ]
        page = open_page("sam", path=f"/recons/{recon}/runs")
        push(page, page.get_by_role("button", name="Start a run"))
        dialog = page.get_by_role("dialog")
        date_typed(page, dialog.get_by_label("Business date"), "2026-11-15")
        press(page, "Enter")
        expect(page).to_have_url(re.compile(rf"/recons/{recon}/runs/\d+$"), timeout=SOON)
        number = int(page.url.rsplit("/", 1)[1])
        assert number not in before
        cancel = page.get_by_role("button", name="Cancel the run")
        push(page, cancel)
        dialog.wait_for()
        press(page, "Escape")
        expect(dialog).to_have_count(0)
        expect(cancel).to_be_focused()
        press(page, "Enter")
        push(page, dialog.get_by_role("button", name="Cancel the run"))
        expect(page.get_by_text("Nothing was published")).to_be_visible(timeout=SOON)
        assert answered(person.get(f"/recons/{recon}/runs/{number}"))["state"] == "cancelled"
        for run in before:
            person.post(f"/recons/{recon}/runs/{run}/cancellation")


def test_a_recon_is_made_from_two_files_and_approved(
    open_page: OpenPage, workplace: Workplace, files: TwoFiles
) -> None:
    page = open_page("cleo", path="/recons")
    push(page, page.get_by_role("link", name="New recon").first)
    write(page, page.get_by_label("Name of the recon"), "typed")
    for side, path in (("a", files.a), ("b", files.b)):
        send(page, page.get_by_label(f"File of side {side}"), path)
        expect(page.get_by_text(path.name)).to_be_visible(timeout=SOON)
    push(page, page.get_by_role("button", name="Propose the mapping"))
    expect(page.get_by_label("Column of b of TradeID")).to_have_value("Transaction_ID", timeout=30_000)
    trial = page.get_by_role("region", name="4 · Trial on a sample")
    expect(trial).to_contain_text(str(SCALED), timeout=30_000)
    expect(trial).to_contain_text(str(MISSING))
    pick(page, page.get_by_label("Equal when of Notional"), "at most this share")
    write(page, page.get_by_label("Tolerance of Notional"), "0.995")
    different = trial.locator("dl > div", has=page.get_by_text("different", exact=True)).locator("dd")
    expect(different.first).to_have_text("0", timeout=30_000)
    # What has no counterpart is paired by choice where a pointer would drag.
    push(page, page.get_by_role("button", name="Take Ccy out of the mapping"))
    expect(page.get_by_label("Column of b of Ccy")).to_have_count(0)
    write(page, page.get_by_label("Comment"), "by keys alone")
    push(page, page.get_by_role("button", name="Save and propose"))
    expect(page).to_have_url(re.compile("/recons/typed.*tab=changes"), timeout=SOON)

    other = open_page("sam", path="/recons/typed?tab=changes")
    push(other, other.get_by_role("button", name="Approve"))
    push(other, other.get_by_role("dialog").get_by_role("button", name="Approve"))
    expect(other.get_by_text("version 1 holds")).to_be_visible(timeout=SOON)
    with closing(workplace.client("sam")) as person:
        assert answered(person.get("/recons/typed"))["effective_version"] == 1


def test_an_account_is_made_with_a_role(open_page: OpenPage, workplace: Workplace) -> None:
    page = open_page("ada", path="/administration")
    add = page.get_by_role("button", name="Add an account")
    push(page, add)
    dialog = page.get_by_role("dialog")
    write(page, dialog.get_by_label("Name", exact=True), "kay")
    write(page, dialog.get_by_label("First password"), PASSPHRASE)
    tab_to(page, dialog.get_by_label("analyst", exact=True))
    press(page, "Space", "Enter")
    expect(dialog).to_have_count(0, timeout=SOON)
    expect(add).to_be_focused()
    with closing(workplace.client("ada")) as client:
        assert [one["role"] for one in client.get("/users/kay").json()["roles"]] == ["analyst"]


def test_a_key_is_made_used_and_revoked(open_page: OpenPage, workplace: Workplace) -> None:
    page = open_page("ben", path="/administration?tab=keys")
    push(page, page.get_by_role("button", name="Make a key"))
    dialog = page.get_by_role("dialog")
    write(page, dialog.get_by_label("Name", exact=True), "by keys")
    tab_to(page, dialog.get_by_label("recons.read"))
    press(page, "Space")
    push(page, dialog.get_by_role("button", name="Make", exact=True))
    shown = page.get_by_role("dialog", name="Your new key")
    key = shown.get_by_label("Key", exact=True).input_value()
    asked = {"headers": {"Authorization": f"Bearer {key}"}, "trust_env": False}
    assert httpx.get(f"{workplace.address}/api/v1/recons", **asked).status_code == 200
    press(page, "Escape")
    expect(shown).to_have_count(0)
    push(page, page.get_by_role("button", name="Revoke by keys"))
    push(page, page.get_by_role("dialog").get_by_role("button", name="Revoke", exact=True))
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=SOON)
    assert httpx.get(f"{workplace.address}/api/v1/recons", **asked).status_code == 401
