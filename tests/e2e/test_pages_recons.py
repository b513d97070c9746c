"""The pages of recons: made from two files, changed, proposed, approved, scheduled."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from twofiles import MISSING, SCALED, TwoFiles, answered, made_recon, two_files
from workplace import Workplace

pytest.importorskip("playwright")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

OpenPage = Callable[..., "Page"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> TwoFiles:
    """Two files that differ in known ways."""
    return two_files(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def recon(workplace: Workplace, files: TwoFiles) -> str:
    """A recon of the files that holds."""
    made_recon(workplace, files, "held")
    return "held"


def begin(page: Page, name: str, files: TwoFiles) -> None:
    """Name a recon, send both files, have the mapping proposed."""
    page.get_by_label("Name of the recon").fill(name)
    page.get_by_label("File of side a").set_input_files(files.a)
    page.get_by_label("File of side b").set_input_files(files.b)
    expect(page.get_by_text(files.a.name)).to_be_visible()
    expect(page.get_by_text(files.b.name)).to_be_visible()
    page.get_by_role("button", name="Propose the mapping").click()
    expect(page.get_by_label("Column of b of TradeID")).to_have_value("Transaction_ID", timeout=30_000)


def figure(page: Page, section: str, name: str) -> Locator:
    """A number of a section by its name."""
    part = page.get_by_role("region", name=section)
    return part.locator("dl > div", has=page.get_by_text(name, exact=True)).locator("dd").first


def test_a_recon_is_made_from_two_files_and_holds_when_another_person_approves_it(
    open_page: OpenPage, workplace: Workplace, files: TwoFiles
) -> None:
    page = open_page("cleo", path="/recons")
    page.get_by_role("link", name="New recon").first.click()
    begin(page, "from_files", files)
    # What was inferred stands there: dates are read as they are written in a.
    expect(page.get_by_label("Steps for a of TradeDate")).to_have_value(re.compile("parse_date"))
    expect(page.get_by_label("Key of TradeID")).to_be_checked()
    # The trial follows by itself; a tolerance changes what it counts.
    trial = "4 · Trial on a sample"
    expect(figure(page, trial, "different")).to_have_text(str(SCALED), timeout=30_000)
    expect(figure(page, trial, "only in a")).to_have_text(str(MISSING))
    page.get_by_label("Equal when of Notional").select_option("relative")
    page.get_by_label("Tolerance of Notional").fill("0.995")
    expect(figure(page, trial, "different")).to_have_text("0", timeout=30_000)
    page.get_by_label("Equal when of Notional").select_option("exact")
    expect(figure(page, trial, "different")).to_have_text(str(SCALED), timeout=30_000)
    page.get_by_label("Amount", exact=True).select_option("Notional")
    page.get_by_label("Currency", exact=True).select_option("Ccy")
    page.get_by_label("Comment").fill("as inferred")
    page.get_by_label("From business date").fill("2026-10-01")
    page.get_by_role("button", name="Save and propose").click()
    expect(page).to_have_url(re.compile("/recons/from_files.*tab=changes"), timeout=20_000)
    expect(page.get_by_role("button", name="Take back")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)

    other = open_page("sam", path="/recons/from_files?tab=changes")
    other.get_by_role("button", name="Approve").click()
    other.get_by_role("dialog").get_by_role("button", name="Approve").click()
    expect(other.get_by_text("version 1 holds")).to_be_visible()
    with closing(workplace.client("sam")) as person:
        assert answered(person.get("/recons/from_files"))["effective_version"] == 1
        assert answered(person.get("/recons/from_files"))["amount"] == "Notional"


def test_columns_are_paired_by_dragging_and_taken_apart_by_keyboard(
    open_page: OpenPage, files: TwoFiles
) -> None:
    page = open_page("cleo", path="/recons/new")
    begin(page, "dragged", files)
    remove = page.get_by_role("button", name="Take Ccy out of the mapping")
    remove.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Column of b of Ccy")).to_have_count(0)
    heads = page.get_by_role("columnheader")
    heads.filter(has_text=re.compile("^Ccy$")).drag_to(heads.filter(has_text=re.compile("^Currency$")))
    expect(page.get_by_label("Column of b of Ccy")).to_have_value("Currency")


def test_what_is_wrong_stands_beside_its_field_and_stops_saving(open_page: OpenPage, files: TwoFiles) -> None:
    page = open_page("cleo", path="/recons/new")
    begin(page, "wrong", files)
    page.get_by_label("Type of Notional").fill("decimals")
    expect(page.get_by_role("row").filter(has_text="fields.Notional.type")).to_be_visible()
    expect(page.get_by_text("Mend the definition first")).to_be_visible()
    expect(page.get_by_role("button", name="Save and propose")).to_be_disabled()
    page.get_by_label("Type of Notional").fill("decimal(18,2)")
    expect(page.get_by_role("button", name="Save and propose")).to_be_enabled()


def test_a_changed_definition_is_a_new_version_with_its_difference(open_page: OpenPage, recon: str) -> None:
    page = open_page("cleo", path=f"/recons/{recon}/edit")
    page.get_by_role("button", name="YAML").click()
    text = page.get_by_role("textbox", name="Definition")
    expect(text).to_have_value(re.compile("max_rejects: 0.1"))
    text.fill(text.input_value().replace("max_rejects: 0.1", "max_rejects: 0.2"))
    changes = page.get_by_role("region", name="What changes")
    expect(changes.get_by_role("row").filter(has_text="max_rejects")).to_contain_text("0.2")
    page.get_by_role("checkbox", name="Propose it").uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/recons/{recon}\?version=2"), timeout=20_000)
    page.get_by_role("tab", name="Versions").click()
    differs = page.get_by_role("region", name="What version 2 changes")
    expect(differs.get_by_role("row").filter(has_text="max_rejects")).to_contain_text("0.1")


def test_a_definition_is_changed_in_the_form_and_what_that_does_not_show_stays(
    open_page: OpenPage, workplace: Workplace, recon: str
) -> None:
    with closing(workplace.client("cleo")) as person:
        before = answered(person.get(f"/recons/{recon}/versions/1"))["document"]
    page = open_page("cleo", path=f"/recons/{recon}/edit?version=1")
    expect(page.get_by_text("max_rejects", exact=True)).to_be_visible()
    page.get_by_label("Equal when of Notional").select_option("absolute")
    page.get_by_label("Tolerance of Notional").fill("0.05")
    page.get_by_label("Field of the check").select_option("Notional")
    page.get_by_label("Check", exact=True).select_option("not_null")
    page.get_by_role("button", name="Add the check").click()
    page.get_by_label("Runs by itself").fill("0 7 * * 1-5")
    changes = page.get_by_role("region", name="What changes")
    expect(changes.get_by_role("row").filter(has_text="fields.Notional.compare")).to_contain_text("0.05")
    expect(changes.get_by_role("row").filter(has_text="schedule")).to_contain_text("0 7 * * 1-5")
    page.get_by_role("checkbox", name="Propose it").uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/recons/{recon}\?version=\d+"), timeout=20_000)
    version = int(page.url.rsplit("=", 1)[1])
    with closing(workplace.client("cleo")) as person:
        after = answered(person.get(f"/recons/{recon}/versions/{version}"))["document"]
    assert "compare: {absolute: 0.05}" in after
    # But for where comments stand, everything else is as it was.
    parts = {part.strip() for line in after.splitlines() for part in line.split("#")}
    kept = [
        part.strip() for line in before.splitlines() if "Notional" not in line for part in line.split("#")
    ]
    assert [part for part in kept if part not in parts] == []


def test_every_head_of_a_table_of_versions_has_a_name(open_page: OpenPage, recon: str) -> None:
    page = open_page("cleo", path=f"/recons/{recon}?tab=versions")
    heads = page.get_by_role("columnheader")
    expect(heads.first).to_be_visible()
    assert all(one.inner_text().strip() for one in heads.all())


def test_a_schedule_is_set_paused_and_removed(open_page: OpenPage, workplace: Workplace, recon: str) -> None:
    page = open_page("mia", path=f"/recons/{recon}?tab=schedule")
    page.get_by_label("When").fill("0 5 * * 1-5")
    page.get_by_label("Time zone").fill("Europe/London")
    page.get_by_role("button", name="Set the schedule").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    with closing(workplace.client("mia")) as person:
        assert answered(person.get(f"/recons/{recon}/schedule"))["timing"]["cron"] == "0 5 * * 1-5"
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("It does not run by itself")).to_be_visible()


def test_who_may_only_read_is_offered_nothing_that_changes(open_page: OpenPage, recon: str) -> None:
    page = open_page("aud", path=f"/recons/{recon}")
    expect(page.get_by_text("version 1 holds")).to_be_visible()
    expect(page.get_by_role("link", name="Change the definition")).to_have_count(0)
    expect(page.get_by_role("button", name="Retire")).to_have_count(0)
    page.goto("/recons")
    expect(page.get_by_role("link", name=recon, exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="New recon")).to_have_count(0)


def test_a_file_that_cannot_be_read_says_so_and_keeps_what_was_entered(
    open_page: OpenPage, files: TwoFiles, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 but nothing else PAR1")
    page = open_page("cleo", path="/recons/new")
    page.get_by_label("Name of the recon").fill("kept_name")
    page.get_by_label("File of side a").set_input_files(files.a)
    expect(page.get_by_text(files.a.name)).to_be_visible()
    page.get_by_label("File of side b").set_input_files(broken)
    refused = page.get_by_role("alert")
    expect(page.get_by_text(broken.name)).to_be_visible()
    page.get_by_role("button", name="Propose the mapping").click()
    expect(refused).to_be_visible(timeout=30_000)
    expect(page.get_by_label("Name of the recon")).to_have_value("kept_name")
