"""What `check` and `run` tell of a definition that says something its writer hardly meant."""

from __future__ import annotations

from pathlib import Path

import greenai
from face import greenai as command
from greenai.store.database import connect

RECON = """\
recon: remarked
sources: {a: {location: a.csv}, b: {location: b.csv}}
key: [id]
fields:
  id: {type: string}
  desk: {type: string}
"""


def write(folder: Path, more: str) -> Path:
    for side in "ab":
        (folder / f"{side}.csv").write_text("id,desk\n1,x\n2,y\n")
    (folder / "recon.yaml").write_text(RECON + more)
    return folder / "recon.yaml"


def notes(path: Path, store: str) -> tuple[str, ...]:
    with greenai.run(path, store=store, business_date="2026-01-05") as found:
        return found.report.notes


def test_a_reason_that_nobody_gives_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    path = write(tmp_path, "gate: {reasons: {TIMNG: pass, TIMING: pass, OUR_OWN: reject}}\n")
    told = (
        "gate.reasons.TIMNG is no reason of greenai's, and applies only if the store has added it: "
        "did you mean TIMING?",
        "gate.reasons.OUR_OWN is no reason of greenai's, and applies only if the store has added it",
    )
    assert notes(path, "none") == told
    checked = command("check", path)
    assert checked.code == 0
    assert all(f"note: {one}" in checked.out for one in told)


def test_a_reason_of_the_store_s_own_is_known_there(tmp_path: Path, postgres_url: str) -> None:
    path = write(tmp_path, "gate: {reasons: {OUR_OWN: pass}}\n")
    told = ("gate.reasons.OUR_OWN is no reason of greenai's or of the store's own, and applies to no break",)
    # The definition itself does not make it one, however often it is run.
    assert notes(path, postgres_url) == told
    assert notes(path, postgres_url) == told
    with connect(postgres_url) as connection:
        connection.execute("UPDATE greenai.reason SET name = 'Ours' WHERE reason_code = 'OUR_OWN'")
    assert notes(path, postgres_url) == ()


def test_a_golden_table_that_is_left_behind_is_told_until_it_is_gone(
    tmp_path: Path, postgres_url: str
) -> None:
    assert notes(write(tmp_path, "store: {table: deal}\n"), postgres_url) == ()
    told = (
        "golden.deal stays as it is: the definition does not name it any more; name it under `store` again, "
        "or drop it and golden.deal_history when nobody reads them",
    )
    assert notes(write(tmp_path, "store: {table: trade}\n"), postgres_url) == told
    assert notes(write(tmp_path, ""), postgres_url)[0] == told[0]
    other = write(tmp_path, "store: {table: trade}\n")
    other.write_text(other.read_text().replace("remarked", "stranger").replace("trade", "theirs"))
    assert notes(other, postgres_url) == ()
    with connect(postgres_url) as connection:
        connection.execute("DROP TABLE golden.deal, golden.deal_history CASCADE")
    assert notes(write(tmp_path, "store: {table: trade}\n"), postgres_url) == ()
