"""What people say about breaks, and the inbox of those to whom they speak."""

from __future__ import annotations

from pathlib import Path

import pytest
from bffdesk import Desk
from workdesk import WorkDesk, open_work


@pytest.fixture
def work(desk: Desk, tmp_path: Path) -> WorkDesk:
    return open_work(desk, tmp_path, rows=2)


def test_a_mention_reaches_the_inbox_of_whom_it_names(work: WorkDesk) -> None:
    ann, ben = work.person("ann"), work.person("ben.lee", "supervisor")
    one = work.breaks()[0]
    path = f"/recons/trades/breaks/{one}/comments"
    said = ann.post(path, json={"body": "late feed, please look @ben.lee. mail ops@ann.lee, @nobody, @an"})
    assert said.status_code == 201, said.text
    assert said.json()["mentions"] == ["ben.lee"]
    assert said.json()["author"] == "ann"

    inbox = ben.get("/mentions", params={"unread": True}).json()

    assert [entry["comment"]["comment"] for entry in inbox["items"]] == [said.json()["comment"]]
    assert (inbox["unread"], inbox["items"][0]["read_at"]) == (1, None)
    assert ann.get("/mentions").json() == {"items": [], "next": None, "unread": 0}
    assert ben.post("/mentions/read", json={}).json() == {"unread": 0}
    assert ben.get("/mentions", params={"unread": True}).json()["items"] == []
    assert ben.get("/mentions").json()["items"][0]["read_at"] is not None
    assert [(who, recon) for who, recon, *_ in work.audited("comment")] == [("ann", "trades")]


def test_nobody_is_spoken_to_who_may_not_read_the_recon(work: WorkDesk) -> None:
    ann = work.person("ann")
    work.person("eve", "analyst", recons=["other"])
    work.person("root", "administrator")
    path = f"/recons/trades/breaks/{work.breaks()[0]}/comments"
    for name in ("eve", "root"):
        refused = ann.post(path, json={"body": f"@{name} look"})
        assert refused.status_code == 403, refused.text
        assert refused.json()["value"] == name
    assert ann.get(path).json()["items"] == []
    assert work.audited("comment") == []


def test_comments_are_paged_in_order_and_never_change(work: WorkDesk) -> None:
    ann = work.person("ann")
    path = f"/recons/trades/breaks/{work.breaks()[0]}/comments"
    for number in range(5):
        assert ann.post(path, json={"body": f"no. {number}"}).status_code == 201
    seen, cursor = [], None
    while True:
        page = ann.get(path, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [one["body"] for one in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == [f"no. {number}" for number in range(5)]
    assert ann.get(path, params={"cursor": "mention.7"}).status_code == 422
    with pytest.raises(Exception, match="append-only"):
        work.recon.ask("UPDATE greenai.break_comment SET body = 'x' RETURNING 1")


def test_who_may_not_comment_or_read_is_refused(work: WorkDesk) -> None:
    auditor, eve = work.person("aud", "auditor"), work.person("eve", "analyst", recons=["other"])
    path = f"/recons/trades/breaks/{work.breaks()[0]}/comments"
    assert auditor.post(path, json={"body": "x"}).status_code == 403
    assert auditor.get(path).status_code == 200
    assert eve.get(path).status_code == 403
    assert work.person("ann").get(f"/recons/trades/breaks/{'0' * 32}/comments").status_code == 404


def test_an_odd_text_is_kept_as_it_is_or_refused_with_a_reason(work: WorkDesk) -> None:
    ann = work.person("ann")
    path = f"/recons/trades/breaks/{work.breaks()[0]}/comments"
    assert ann.post(path, json={"body": "  "}).status_code == 422
    assert ann.post(path, json={"body": "x" * 10_001}).status_code == 422
    said = ann.post(path, json={"body": "a\x00b <script>'; DROP TABLE x;-- \u202e\U0001f600"})
    assert said.json()["body"] == "a␀b <script>'; DROP TABLE x;-- \u202e\U0001f600"
