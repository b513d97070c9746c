"""Due times by policy, escalations once each, saved views, and reasons that people manage."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from bffdesk import Desk
from workdesk import WorkDesk, open_work

from greenai.pipeline.escalation import escalate, keep_due_times
from greenai.store.database import connect

POLICIES = {
    "version": 0,
    "policies": [
        {
            "name": "sterling",
            "currency": "GBP",
            "min_amount": "1000000",
            "business_days": 1,
            "by_time": "12:00",
            "timezone": "Europe/London",
            "tell": [{"kind": "person", "name": "lead"}],
        },
        {
            "name": "notes",
            "kind": "value",
            "reason": "UNKNOWN",
            "currency": "USD",
            "business_days": 2,
            "tell": [
                {"kind": "group", "name": "fx"},
                {"kind": "webhook", "name": "OPS"},
                {"kind": "email", "name": "ops@example.com"},
            ],
        },
    ],
}


@pytest.fixture
def work(desk: Desk, tmp_path: Path) -> WorkDesk:
    return open_work(desk, tmp_path, rows=6)


def test_overdue_breaks_are_told_of_once_to_those_whom_the_policy_names(work: WorkDesk) -> None:
    lead, ann = work.person("lead", "manager"), work.person("ann")
    with connect(work.recon.url) as connection:
        connection.execute(
            "UPDATE greenai.user_account u SET email = a.name || '@example.com' FROM greenai.actor a"
            " WHERE a.actor_id = u.actor_id"
        )
        connection.commit()
    assert lead.post("/groups", json={"name": "fx", "members": ["ann"]}).status_code == 201
    put = lead.put("/recons/trades/due-policies", json=POLICIES)
    assert put.status_code == 200, put.text
    assert (put.json()["version"], put.json()["by"]) == (1, "lead")

    with connect(work.recon.url, autocommit=True) as connection:
        ((recon, changed),) = keep_due_times(connection)
        assert list(keep_due_times(connection)) == []
        # Dollars are of Tuesday the 6th, pounds of the 7th: due on the 8th, at 17:00 and at noon.
        due = dict(
            work.recon.ask(
                "SELECT currency, max(due_at) FROM greenai.present_break WHERE due_at IS NOT NULL GROUP BY 1"
            )
        )
        assert due == {
            "GBP": datetime(2026, 1, 8, 12, tzinfo=UTC),
            "USD": datetime(2026, 1, 8, 17, tzinfo=UTC),
        }
        assert list(escalate(connection, datetime(2026, 1, 8, 11, 59, tzinfo=UTC))) == []
        (first,) = escalate(connection, datetime(2026, 1, 8, 12, 1, tzinfo=UTC))
        (second,) = escalate(connection, datetime(2026, 1, 9, tzinfo=UTC))
        assert list(escalate(connection, datetime(2026, 2, 1, tzinfo=UTC))) == []

    assert (recon, first.policy, first.breaks, second.policy) == ("trades", "sterling", 1, "notes")
    assert changed == first.breaks + second.breaks
    told = work.recon.ask(
        "SELECT target, event, payload ->> 'breaks', payload ->> 'policy' FROM greenai.notice ORDER BY 1"
    )
    dollars = str(second.breaks)
    assert told == [
        ("ann@example.com", "escalated", dollars, "notes"),
        ("lead@example.com", "escalated", "1", "sterling"),
        ("ops@example.com", "escalated", dollars, "notes"),
        ("webhook:OPS", "escalated", dollars, "notes"),
    ]
    assert len(work.audited("escalate")) == 2
    assert [one["policy"] for one in ann.get("/escalations", params={"mine": True}).json()["items"]] == [
        "notes"
    ]
    assert [one["policy"] for one in ann.get("/escalations").json()["items"]] == ["notes", "sterling"]
    listed = lead.get("/notices").json()["items"]
    assert {one["recon"] for one in listed} == {"trades"}
    late = ann.get("/recons/trades/breaks", params={"overdue": True, "sort": "due"}).json()["items"]
    assert len(late) == changed


def test_policies_are_set_whole_by_who_saw_the_last_ones(work: WorkDesk) -> None:
    lead, ann = work.person("lead", "manager"), work.person("ann")
    work.person("eve", "analyst", recons=["other"])
    path = "/recons/trades/due-policies"
    one = {"name": "all", "business_days": 5}
    assert lead.put(path, json={"version": 0, "policies": [one]}).status_code == 200
    assert lead.put(path, json={"version": 0, "policies": []}).status_code == 409
    assert ann.put(path, json={"version": 1, "policies": []}).status_code == 403
    for odd, status in (
        ({"timezone": "Mars/Base"}, 422),
        ({"business_days": -1}, 422),
        ({"by_time": "25:00"}, 422),
        ({"min_amount": 1.5}, 422),
        (
            {
                "calendar": {
                    "name": "weekends",
                    "closed": ["monday", "tuesday", "wednesday", "thursday", "friday"],
                }
            },
            422,
        ),
        ({"tell": [{"kind": "webhook", "name": "https://evil.example"}]}, 422),
        ({"reason": "NO_SUCH_REASON"}, 404),
        ({"tell": [{"kind": "person", "name": "nobody"}]}, 404),
        ({"tell": [{"kind": "group", "name": "no-group"}]}, 404),
        ({"tell": [{"kind": "person", "name": "eve"}]}, 403),
    ):
        answer = lead.put(path, json={"version": 1, "policies": [{**one, **odd}]})
        assert answer.status_code == status, (odd, answer.text)
    held = ann.get(path).json()
    assert (held["version"], held["policies"][0]["by_time"]) == (1, "17:00")
    assert len(work.audited("set_due_policies")) == 1


def test_views_are_ones_own_until_they_are_shared(work: WorkDesk) -> None:
    ann, ben = work.person("ann"), work.person("ben")
    eve = work.person("eve", "analyst", recons=["other"])
    document = {
        "filter": {"state": ["in_review"], "min_amount": "300", "currency": ["EUR"]},
        "columns": ["key", "amount", "due_at"],
        "sort": "-amount",
    }
    given = {"recon": "trades", "name": "large", "document": document}
    made = ann.post("/views", json=given)
    assert made.status_code == 201, made.text
    view = made.json()
    assert view["document"] == document
    assert ann.post("/views", json=given).status_code == 409
    assert ben.get("/views").json()["items"] == []
    assert ben.get(f"/views/{view['view']}").status_code == 404

    change = {"version": 1, "name": "large", "document": document, "shared": True}
    assert ann.put(f"/views/{view['view']}", json=change).json()["version"] == 2
    assert [one["name"] for one in ben.get("/views", params={"recon": "trades"}).json()["items"]] == ["large"]
    assert eve.get("/views").json()["items"] == []
    assert eve.post("/views", json=given).status_code == 403
    assert ann.put(f"/views/{view['view']}", json=change).status_code == 409
    assert ben.put(f"/views/{view['view']}", json={**change, "version": 2}).status_code == 403
    assert ben.delete(f"/views/{view['view']}").status_code == 403
    # What the view says is what the list takes.
    listed = ben.get("/recons/trades/breaks", params={**document["filter"], "sort": document["sort"]})
    assert listed.status_code == 200
    for odd in ({"filter": {"password": "x"}}, {"sort": "evil"}, {"columns": ["password_hash"]}, {"x": 1}):
        assert ann.post("/views", json={**given, "name": "odd", "document": odd}).status_code == 422
    assert ann.delete(f"/views/{view['view']}").status_code == 204
    assert ben.get("/views").json()["items"] == []
    actions = ("save_view", "change_view", "remove_view")
    assert [len(work.audited(action)) for action in actions] == [1, 1, 1]


def test_reasons_and_rules_are_managed_and_audited(work: WorkDesk) -> None:
    lead, ann = work.person("lead", "manager"), work.person("ann")
    netting = {"code": "NETTING", "name": "Netted in b", "functional": True}
    assert ann.post("/reasons", json=netting).status_code == 403
    assert lead.post("/reasons", json=netting).status_code == 201
    assert lead.post("/reasons", json=netting).status_code == 409
    assert lead.post("/reasons", json={"code": "lower", "name": "x"}).status_code == 422
    assert netting in ann.get("/reasons").json()["items"]

    rule = {"reason": "NETTING", "family": "scale", "field": "amount"}
    put = lead.put("/recons/trades/reason-rules", json=rule)
    assert (put.status_code, put.json()["recon"]) == (200, "trades"), put.text
    used = ann.get("/recons/trades/reasons").json()
    assert used["rules"][0]["reason"] == "NETTING"
    by_code = {one["code"]: one for one in used["items"]}
    assert by_code["FORMAT"]["policy"] == "pass"
    assert sum(one["open"] for one in used["items"]) == len(work.breaks())
    for odd, status in (
        ({"family": "no_such"}, 422),
        ({"reason": "NO_SUCH"}, 404),
        ({"kind": "only_a"}, 422),
    ):
        assert lead.put("/recons/trades/reason-rules", json={**rule, **odd}).status_code == status
    terms = {"family": "scale", "field": "amount"}
    assert lead.post("/recons/trades/reason-rules/removal", json=terms).status_code == 204
    assert lead.post("/recons/trades/reason-rules/removal", json=terms).status_code == 404
    ((_, _, _, before, after),) = work.audited("set_reason_rule")
    assert (before, after) == (None, {"reason": "NETTING"})
    assert [len(work.audited(one)) for one in ("add_reason", "remove_reason_rule")] == [1, 1]
