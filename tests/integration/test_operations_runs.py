"""Recons led over HTTP: saved, approved by another person, run, told with their numbers."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from bffdesk import Desk
from operationsdesk import DEFINITION, OTHER, TODAY, Staff, feed

from greenai.store.database import connect


@pytest.fixture
def staff(desk: Desk, tmp_path: Path) -> Staff:
    feed(tmp_path / "feeds", TODAY)
    found = Staff.come(desk, tmp_path / "feeds")
    found.connect()
    return found


def test_a_definition_is_saved_approved_by_another_and_run(staff: Staff) -> None:
    staff.lead()
    run = staff.run()
    assert run["state"] == "awaiting_review"
    assert run["rows"]["matched"] == 20
    assert run["bands"] == {"passed": 1, "review": 3, "rejected": 0, "passed_by": {"proof": 1}}
    assert run["records"] == {"passed": 17, "review": 3, "rejected": 0}
    # The ledger's currency of one row is another one before it is explained: totals are those of the inputs.
    assert {one["currency"]: one["net"] for one in run["totals"]} == {"CHF": "118.97", "chf": "-119.00"}
    assert run["requested_by"] == "ann"
    assert [one["location"] for one in run["inputs"]] == [
        f"connection://feeds/front_{TODAY}.csv",
        f"connection://feeds/back_{TODAY}.csv",
    ]
    assert all(one["content_hash"].startswith("sha256:") for one in run["inputs"])
    assert [one["stage"] for one in run["stages"]] == [
        "ingest", "compare", "attribute", "discriminate", "decide",
    ]  # fmt: skip
    assert run["stored"][0]["inserted"] == 17
    recon = staff.ann.get("/recons/fx_trades").json()
    assert (recon["effective_version"], recon["last_run"], recon["store_table"]) == (
        1,
        run["run"],
        "fx_trade",
    )


def test_who_proposed_or_wrote_a_version_does_not_approve_it(staff: Staff) -> None:
    cleo = staff.desk.person("cleo", "supervisor")
    assert staff.ben.post("/recons", json={"document": DEFINITION}).status_code == 201
    change = cleo.post("/recons/fx_trades/versions/1/changes", json={"effective_from": "2026-01-01"}).json()
    place = f"/recons/fx_trades/changes/{change['change']}"
    for maker in (cleo, staff.ben):
        refused = maker.post(f"{place}/approval", json={"revision": 1})
        assert refused.status_code == 403, refused.text
    assert staff.ann.post(f"{place}/approval", json={"revision": 1}).status_code == 403  # no right at all
    dora = staff.desk.person("dora", "manager")
    assert dora.post(f"{place}/approval", json={"revision": 1}).json()["state"] == "activated"


def test_the_database_itself_refuses_a_maker_who_approves(staff: Staff) -> None:
    staff.ann.post("/recons", json={"document": DEFINITION})
    staff.ben.post("/recons/fx_trades/versions/1/changes", json={"effective_from": "2026-01-01"})
    assert staff.desk.settings.database_url is not None
    with connect(staff.desk.settings.database_url, autocommit=True) as connection:
        for name in ("ben", "ann"):  # who proposed it, and who wrote the version
            with pytest.raises(psycopg.errors.CheckViolation):
                connection.execute(
                    "UPDATE greenai.definition_change SET state = 'approved', decided_at = now(), "
                    "decided_by = (SELECT actor_id FROM greenai.actor WHERE name = %s)",
                    [name],
                )


def test_a_change_is_decided_as_it_was_seen_and_once(staff: Staff) -> None:
    staff.ann.post("/recons", json={"document": DEFINITION})
    made = staff.ann.post("/recons/fx_trades/versions/1/changes", json={"effective_from": "2026-01-01"})
    again = staff.ann.post("/recons/fx_trades/versions/1/changes", json={"effective_from": "2026-01-01"})
    assert (made.status_code, again.status_code) == (201, 409)
    place = f"/recons/fx_trades/changes/{made.json()['change']}"
    assert staff.ben.post(f"{place}/approval", json={"revision": 2}).status_code == 409
    approved = staff.ben.post(f"{place}/approval", json={"revision": 1, "activate": False}).json()
    assert (approved["state"], approved["revision"]) == ("approved", 2)
    assert staff.ann.post("/recons/fx_trades/runs", json={"business_date": "2026-11-20"}).status_code == 422
    assert staff.ben.post(f"{place}/rejection", json={"revision": 2}).status_code == 409
    active = staff.ben.post(f"{place}/activation", json={"revision": 2}).json()
    assert (active["state"], active["tables"]) == ("activated", ["fx_trade"])
    assert staff.ben.post(f"{place}/activation", json={"revision": 3}).status_code == 409
    assert staff.ann.post(f"{place}/withdrawal", json={"revision": 3}).status_code == 409
    assert staff.ben.get("/changes?state=activated").json()["items"][0]["change"] == made.json()["change"]


def test_a_business_date_runs_under_the_version_that_holds_on_it(staff: Staff) -> None:
    later = TODAY + timedelta(days=3)
    feed(staff.feeds, later)
    assert staff.lead() == 1
    assert staff.lead(OTHER, later.isoformat()) == 2
    first, second = staff.run(), staff.run(later)
    assert (first["version"], second["version"]) == (1, 2)
    assert [one["different"] for one in first["fields"] if one["field"] == "amount"] == [3]
    assert [one["different"] for one in second["fields"] if one["field"] == "amount"] == [0]
    before = staff.ann.post("/recons/fx_trades/runs", json={"business_date": "2025-12-31"})
    assert (before.status_code, before.json()["detail"]) == (422, "no version is effective on 2025-12-31")


def test_a_retired_recon_is_not_run_from_that_date_on(staff: Staff) -> None:
    staff.lead()
    asked = staff.ann.post("/recons/fx_trades/retirement", json={"effective_from": TODAY.isoformat()}).json()
    assert asked["version"] is None
    staff.ben.post(f"/recons/fx_trades/changes/{asked['change']}/approval", json={"revision": 1})
    refused = staff.ann.post("/recons/fx_trades/runs", json={"business_date": TODAY.isoformat()})
    assert (refused.status_code, refused.json()["detail"]) == (422, f"the recon is retired on {TODAY}")
    earlier = (TODAY - timedelta(days=1)).isoformat()
    assert staff.ann.post("/recons/fx_trades/runs", json={"business_date": earlier}).status_code == 202


def test_versions_are_listed_and_told_apart_field_by_field(staff: Staff) -> None:
    staff.lead()
    same = staff.ann.post("/recons/fx_trades/versions", json={"document": "# other words\n" + DEFINITION})
    assert same.json() == {"recon": "fx_trades", "version": 1, "created": False}
    other = staff.ann.post("/recons/fx_trades/versions", json={"document": OTHER, "comment": "cents"})
    assert other.json() == {"recon": "fx_trades", "version": 2, "created": True}
    wrong = staff.ann.post("/recons/fx_trades/versions", json={"document": OTHER.replace("fx_trades", "fx")})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "recon")
    found = staff.ann.get("/recons/fx_trades/versions/2/difference").json()
    assert found["same_meaning"] is False
    assert found["fields"] == [
        {
            "path": "fields.amount.compare",
            "kind": "added",
            "before": None,
            "after": "{absolute: 0.05}",
            "meaning": True,
        }
    ]
    assert found["lines"].startswith("--- before\n+++ after\n")
    page = staff.ann.get("/recons/fx_trades/versions?limit=1").json()
    assert (page["items"][0]["version"], page["items"][0]["authors"]) == (2, ["ann"])
    last = staff.ann.get("/recons/fx_trades/versions", params={"cursor": page["next"]}).json()
    assert [one["effective_from"] for one in last["items"]] == [["2026-01-01"]]
    assert staff.ann.get("/recons/fx_trades/versions?cursor=nonsense").status_code == 422


def test_a_run_is_cancelled_and_its_date_run_again(staff: Staff) -> None:
    staff.lead()
    run = staff.ann.post("/recons/fx_trades/runs", json={"business_date": TODAY.isoformat()}).json()["run"]
    assert staff.ann.post(f"/recons/fx_trades/runs/{run}/cancellation").json()["state"] == "cancelled"
    assert staff.ann.post(f"/recons/fx_trades/runs/{run}/cancellation").status_code == 409
    staff.work_off()
    assert staff.ann.get(f"/recons/fx_trades/runs/{run}").json()["rows"] is None
    again = staff.ann.post(f"/recons/fx_trades/runs/{run}/rerun", json={}).json()["run"]
    staff.work_off()
    assert staff.ann.get(f"/recons/fx_trades/runs/{again}").json()["state"] == "awaiting_review"
    feed(staff.feeds, TODAY, broken=5)
    third = staff.run()
    beside = staff.ann.get(f"/recons/fx_trades/runs/{again}/comparison?with={third['run']}").json()
    assert (beside["same_version"], beside["same_inputs"]) == (True, False)
    assert {name: beside["breaks"][name] for name in ("new", "gone", "same")} == {
        "new": 2, "gone": 0, "same": 4,
    }  # fmt: skip
    matched = next(one for one in beside["numbers"] if one["name"] == "fields.amount")
    assert (matched["a"], matched["b"], matched["change"]) == (3, 5, 2)
    listed = staff.ann.get("/recons/fx_trades/runs?limit=2").json()
    assert [one["run"] for one in listed["items"]] == [third["run"], again]
    rest = staff.ann.get("/recons/fx_trades/runs", params={"cursor": listed["next"]}).json()
    assert ([one["run"] for one in rest["items"]], rest["next"]) == ([run], None)
    log = staff.ann.get(f"/recons/fx_trades/runs/{again}/log").json()
    assert [one["kind"] for one in log["items"]][:3] == ["requested", "stage_begins", "stage_done"]
    assert "published" in [one["kind"] for one in log["items"]]
    assert {one["state"] for one in log["jobs"]} == {"done"}


def test_a_run_that_fails_says_why_by_the_names_of_its_connections(staff: Staff) -> None:
    staff.lead()
    run = staff.run(TODAY + timedelta(days=1))
    assert run["state"] == "failed"
    assert "connection://feeds/front_2026-11-21.csv" in run["error"]
    assert str(staff.feeds) not in json.dumps(run)
    assert str(staff.feeds) not in staff.ann.get(f"/recons/fx_trades/runs/{run['run']}/log").text
    eve = staff.desk.person("eve", "auditor")
    dead = eve.get("/jobs?state=dead").json()["items"]
    assert [(one["run"], one["recon"]) for one in dead] == [(run["run"], "fx_trades")]
    job = dead[0]["job"]
    assert eve.post(f"/jobs/{job}/retry").status_code == 403
    feed(staff.feeds, TODAY + timedelta(days=1))
    assert staff.ada.post(f"/jobs/{job}/retry").json()["state"] == "waiting"
    assert staff.ada.post(f"/jobs/{job}/retry").status_code == 409
    staff.work_off()
    assert staff.ann.get(f"/recons/fx_trades/runs/{run['run']}").json()["state"] == "awaiting_review"


def test_unreadable_rows_are_told_with_their_line(staff: Staff) -> None:
    path = staff.feeds / f"front_{TODAY}.csv"
    path.write_text(path.read_text() + "T99,1,CHF,too,many\n")
    staff.lead(DEFINITION.replace("key: [id]", "key: [id]\nmax_rejects: 0.5"))
    run = staff.run()
    found = staff.ann.get(f"/recons/fx_trades/runs/{run['run']}/rejects").json()
    assert [(one["side"], one["line"]) for one in found["items"]] == [("a", 22)]
    assert str(staff.feeds) not in json.dumps(found)
    assert staff.ann.get(f"/recons/fx_trades/runs/{run['run']}/rejected").json()["records"] == 0


def test_a_run_of_one_recon_is_none_of_another(staff: Staff) -> None:
    staff.lead()
    staff.ann.post("/recons", json={"document": DEFINITION.replace("recon: fx_trades", "recon: other")})
    run = staff.run()["run"]
    fay = staff.desk.person("fay", "senior_analyst", recons=["other"])
    assert fay.get("/recons").json()["items"][0]["name"] == "other"
    assert len(fay.get("/recons").json()["items"]) == 1
    assert fay.get("/runs").json()["items"] == []
    assert fay.get("/recons/fx_trades").status_code == 403
    for path in ("", "/log", "/rejects", "/rejected", "/events", f"/comparison?with={run}"):
        assert fay.get(f"/recons/other/runs/{run}{path}").status_code == 404
    assert fay.post(f"/recons/other/runs/{run}/cancellation").status_code == 404
    assert fay.post("/recons", json={"document": DEFINITION}).status_code == 403


def test_live_progress_ends_with_the_run(staff: Staff) -> None:
    staff.lead()
    run = staff.ann.post("/recons/fx_trades/runs", json={"business_date": TODAY.isoformat()}).json()["run"]
    working = threading.Timer(1.0, staff.work_off)
    events = []
    with staff.ann.stream("GET", f"/recons/fx_trades/runs/{run}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        working.start()
        for line in stream.iter_lines():
            name, _, value = line.partition(": ")
            if name in ("id", "event", "data"):
                events.append((name, value))
    working.join()
    kinds = [value for name, value in events if name == "event"]
    assert kinds[0] == "progress"
    assert kinds[-1] == "end"
    assert kinds.count("end") == 1
    documents = [json.loads(value) for name, value in events if name == "data"]
    assert (documents[0]["state"], documents[-1]["state"]) == ("queued", "awaiting_review")
    assert [one["stage"] for one in documents[-1]["stages"]][-1] == "decide"
    last = [value for name, value in events if name == "id"][-1]
    place = f"/recons/fx_trades/runs/{run}/events"
    assert staff.ann.get(place, headers={"last-event-id": last}).status_code == 204
    assert "event: end" in staff.ann.get(place, headers={"last-event-id": "older"}).text


def test_a_schedule_is_set_paused_and_backfilled(staff: Staff) -> None:
    staff.lead()
    refused = staff.ben.put("/recons/fx_trades/schedule", json={"cron": "61 * * * *"})
    assert refused.status_code == 422
    put = staff.ben.put(
        "/recons/fx_trades/schedule", json={"cron": "0 6 * * 1-5", "timezone": "Europe/London"}
    )
    assert put.status_code == 200, put.text
    assert put.json()["timing"] == {"cron": "0 6 * * 1-5", "timezone": "Europe/London"}
    assert put.json()["next_at"].endswith("Z")
    assert staff.ann.put("/recons/fx_trades/schedule", json={"cron": "0 6 * * *"}).status_code == 403
    assert staff.ben.post("/recons/fx_trades/schedule/pause").json()["state"] == "paused"
    assert staff.ben.post("/recons/fx_trades/schedule/resumption").json()["state"] == "active"
    asked = staff.ann.post("/recons/fx_trades/backfill", json={"first": "2026-11-19", "last": "2026-11-20"})
    assert asked.json() == {"asked": ["2026-11-19", "2026-11-20"], "waiting": []}
    assert staff.ann.get("/schedules").json()["items"][0]["recon"] == "fx_trades"
    assert staff.ben.delete("/recons/fx_trades/schedule").status_code == 204
    assert staff.ann.get("/recons/fx_trades/schedule").status_code == 404


def test_every_change_of_state_is_an_audit_event(staff: Staff) -> None:
    staff.lead()
    run = staff.ann.post("/recons/fx_trades/runs", json={"business_date": TODAY.isoformat()}).json()["run"]
    staff.ann.post(f"/recons/fx_trades/runs/{run}/cancellation")
    assert staff.desk.settings.database_url is not None
    with connect(staff.desk.settings.database_url) as connection:
        found = connection.execute(
            "SELECT action, a.name FROM greenai.audit_event JOIN greenai.actor a USING (actor_id) "
            "WHERE a.name <> 'test' AND action NOT LIKE '%log%' ORDER BY event_id"
        ).fetchall()
    assert [one for one in found if one[0] not in ("sign_in",)] == [
        ("propose_connection", "ada"),
        ("approve_connection", "abe"),
        ("save_definition", "ann"),
        ("propose_definition", "ann"),
        ("approve_definition", "ben"),
        ("activate_definition", "ben"),
        ("submit", "ann"),
        ("cancel", "ann"),
    ]
