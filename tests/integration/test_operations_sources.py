"""Where platform recons may read: connections that two people agreed on, and files that were sent."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import psycopg
import pytest
from bffdesk import Desk
from operationsdesk import DEFINITION, TODAY, Staff, feed

from greenai.store.database import connect


@pytest.fixture
def staff(desk: Desk, tmp_path: Path) -> Staff:
    feed(tmp_path / "feeds", TODAY)
    return Staff.come(desk, tmp_path / "feeds")


def test_a_connection_takes_two_people_and_can_be_suspended_by_one(staff: Staff) -> None:
    made = staff.ada.post("/connections/feeds/versions", json={"folder": str(staff.feeds)})
    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    again = staff.abe.post("/connections/feeds/versions", json={"folder": "/srv"})
    assert again.status_code == 409
    place = "/connections/feeds/versions/1"
    assert staff.ada.post(f"{place}/approval", json={}).status_code == 409
    assert staff.ben.post(f"{place}/approval", json={}).status_code == 403
    refused = staff.ann.post("/recons", json={"document": DEFINITION})
    assert (refused.status_code, refused.json()["field"]) == (422, "sources.a.location")
    assert "'feeds' is not approved" in refused.json()["detail"]
    assert staff.abe.post(f"{place}/approval", json={"comment": "seen"}).json()["state"] == "approved"
    assert staff.abe.post(f"{place}/rejection", json={}).status_code == 409
    staff.lead()
    assert staff.abe.post("/connections/feeds/suspension").json()["state"] == "suspended"
    assert staff.ann.post("/recons/fx_trades/runs", json={"business_date": "2026-11-20"}).status_code == 422
    assert staff.abe.delete("/connections/feeds/suspension").status_code == 409
    assert staff.ada.delete("/connections/feeds/suspension").json()["state"] == "approved"
    assert staff.run()["state"] == "awaiting_review"


def test_the_database_itself_refuses_who_approves_an_own_connection(staff: Staff) -> None:
    staff.ada.post("/connections/feeds/versions", json={"folder": str(staff.feeds)})
    assert staff.desk.settings.database_url is not None
    with (
        connect(staff.desk.settings.database_url) as connection,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        connection.execute(
            "UPDATE greenai.connection_version "
            "SET state = 'approved', decided_at = now(), decided_by = proposed_by"
        )


def test_folders_of_greenai_itself_and_odd_paths_are_no_connections(staff: Staff) -> None:
    assert staff.desk.settings.workspace is not None
    inside = str(staff.desk.settings.workspace / "uploads")
    above = str(staff.desk.settings.workspace.parent)
    for folder in ("feeds", "/", "/srv/../etc", "/srv/*", "/srv/{business_date}", "/srv//x", inside, above):
        refused = staff.ada.post("/connections/x/versions", json={"folder": folder})
        assert refused.status_code == 422, folder
    assert staff.ada.post("/connections/uploads/versions", json={"folder": "/srv"}).status_code == 422
    names = [one["name"] for one in staff.ann.get("/connections").json()["items"]]
    assert names == ["uploads"]


def test_folders_are_told_to_those_alone_who_may_propose_them(staff: Staff) -> None:
    staff.connect()
    ivy = staff.desk.person("ivy", "analyst")
    assert [one["folder"] for one in ivy.get("/connections").json()["items"]] == [None, None]
    assert str(staff.feeds) in staff.ann.get("/connections").text
    assert ivy.get("/connections/feeds").status_code == 403


UNNAMED = (
    "/etc/passwd", "../front.csv", "~/front.csv", "file:///etc/passwd", "s3://bucket/front.csv",
    "https://example.org/front.csv", "postgresql://host/db", "connection://feeds/../../etc/passwd",
    "connection://nobody/front.csv", "connection://uploads/0f3c5a7e9b1d4f6a8c0e2b4d6f8a0c1e/a.csv",
)  # fmt: skip


def test_what_names_no_connection_is_refused_everywhere_with_its_line(staff: Staff) -> None:
    staff.connect()
    for location in UNNAMED:
        document = DEFINITION.replace("connection://feeds/front_{business_date}.csv", location)
        found = staff.ann.post("/definitions/validation", json={"document": document}).json()
        assert found["valid"] is False
        assert [(one["path"], one["line"]) for one in found["problems"]] == [("sources.a.location", 4)]
        assert found["problems"][0]["remedy"]
        assert found["problems"][0]["value"] == location
        for path in ("/recons", "/definitions/trial"):
            assert staff.ann.post(path, json={"document": document}).status_code == 422
        side = {"location": location}
        refused = staff.ann.post("/definitions/inference", json={"a": side, "b": side})
        assert refused.status_code in (404, 422)


def test_queries_are_no_part_of_a_definition(staff: Staff) -> None:
    document = DEFINITION.replace("{system: front, ", "{system: front, query: SELECT 1, ")
    found = staff.ann.post("/definitions/validation", json={"document": document}).json()
    assert [one["path"] for one in found["problems"]] == ["sources.a.query"]


def test_a_link_that_leads_out_of_its_connection_is_not_read(staff: Staff, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("id,amount,currency\nT1,1,CHF\n")
    front = staff.feeds / f"front_{TODAY}.csv"
    front.unlink()
    front.symlink_to(secret)
    staff.connect()
    staff.lead()
    run = staff.run()
    assert run["state"] == "failed"
    assert "leads out of its connection" in run["error"]
    assert str(tmp_path) not in run["error"]
    trial = staff.ann.post("/definitions/trial", json={"document": DEFINITION, "business_date": str(TODAY)})
    assert (trial.status_code, "leads out" in trial.text) == (422, True)
    # A link inside of it is a file like others.
    (staff.feeds / "real.csv").write_text(secret.read_text())
    front.unlink()
    front.symlink_to(staff.feeds / "real.csv")
    assert staff.run()["state"] == "awaiting_review"


def upload(client: object, name: str, content: bytes) -> dict[str, object]:
    answer = client.post("/uploads", files={"file": (name, io.BytesIO(content))})  # type: ignore[attr-defined]
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_uploaded_files_become_a_recon(staff: Staff) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for side in ("front", "back"):
            archive.write(staff.feeds / f"{side}_{TODAY}.csv", f"in/{side}.csv")
    found = upload(staff.ann, "../../both.zip", buffer.getvalue())
    assert (found["name"], found["media_type"]) == ("both.zip", "application/zip")
    files = {one["name"]: one["location"] for one in found["files"]}  # type: ignore[attr-defined]
    assert set(files) == {"front.csv", "back.csv"}
    asked = {
        "a": {"location": files["front.csv"]},
        "b": {"location": files["back.csv"]},
        "recon": "fx_trades",
    }
    inferred = staff.ann.post("/definitions/inference", json=asked)
    assert inferred.status_code == 200, inferred.text
    seen = inferred.json()
    assert seen["key"] == ["id"]
    assert [one["field"] for one in seen["pairs"]] == ["id", "amount", "currency"]
    assert seen["a"]["columns"] == ["id", "amount", "currency"]
    assert seen["a"]["rows"][0] == ["T0", "100.00", "CHF"]
    trial = staff.ann.post("/definitions/trial", json={"document": seen["document"]})
    assert trial.status_code == 200, trial.text
    tried = trial.json()
    assert (tried["share"], tried["breaks"], tried["rows"]["matched"]) == (1.0, 4, 20)
    assert tried["decisions"] == {"passed": 1, "review": 3, "rejected": 0}
    staff.lead(seen["document"])
    assert staff.run()["rows"]["matched"] == 20
    # What a definition reads is not removed; and nobody else reads it, or knows that it is there.
    assert staff.ann.delete(f"/uploads/{found['upload']}").status_code == 409
    assert staff.ben.get(f"/uploads/{found['upload']}").status_code == 404
    assert staff.ben.post("/definitions/inference", json=asked).status_code == 404
    assert staff.ben.post("/definitions/trial", json={"document": seen["document"]}).status_code == 404


def test_uploads_are_listed_and_removed_with_their_files(staff: Staff) -> None:
    made = [upload(staff.ann, f"{n}.csv", b"id,note\n1,=cmd|x\n")["upload"] for n in range(3)]
    page = staff.ann.get("/uploads?limit=2").json()
    assert [one["upload"] for one in page["items"]] == made[:0:-1]
    rest = staff.ann.get("/uploads", params={"cursor": page["next"]}).json()
    assert [one["upload"] for one in rest["items"]] == made[:1]
    assert staff.desk.settings.workspace is not None
    folder = staff.desk.settings.workspace / "uploads" / str(made[0])
    assert (folder / "0.csv").read_bytes() == b"id,note\n1,=cmd|x\n"
    assert folder.stat().st_mode & 0o077 == 0
    assert staff.ann.delete(f"/uploads/{made[0]}").status_code == 204
    assert not folder.exists()
    assert staff.ann.get(f"/uploads/{made[0]}").status_code == 404
    assert staff.ada.post("/uploads", files={"file": ("a.csv", b"id\n")}).status_code == 403


def test_what_could_do_harm_is_refused_and_leaves_nothing(staff: Staff) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.csv", "id\n1\n")
    for name, content in (
        ("a.zip", buffer.getvalue()),
        ("a.csv", b"\x7fELF"),
        ("..", b"id\n1\n"),
        ("a.gz", b"\x1f\x8b\x08\x00"),
    ):
        answer = staff.ann.post("/uploads", files={"file": (name, content)})
        assert answer.status_code == 422, answer.text
    assert staff.desk.settings.workspace is not None
    area = staff.desk.settings.workspace / "uploads"
    assert not area.exists() or not any(area.iterdir())
    assert staff.ann.get("/uploads").json()["items"] == []


def test_nobody_sends_files_without_the_right_to(staff: Staff) -> None:
    nobody = staff.desk.client()
    large = b"x" * 3_000_000
    assert nobody.post("/uploads", files={"file": ("a.csv", large)}).status_code == 401
    assert staff.ada.post("/uploads", files={"file": ("a.csv", large)}).status_code == 403
    assert staff.ann.post("/uploads", files={"other": ("a.csv", b"id\n")}).status_code == 422
    broken = staff.ann.post(
        "/uploads", content=b"no form", headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert broken.status_code in (400, 422)
    assert upload(staff.ann, "large.csv", b"id\n" + large)["bytes"] == 3_000_003


def test_a_trial_of_many_rows_takes_the_same_keys_on_both_sides(staff: Staff) -> None:
    staff.connect()
    feed(staff.feeds, TODAY, 3000, broken=300)
    asked = {"document": DEFINITION, "business_date": str(TODAY), "rows": 500, "shown": 5}
    found = staff.ann.post("/definitions/trial", json=asked).json()
    assert found["rows_read"] == {"a": 3000, "b": 3000}
    assert found["share"] == pytest.approx(1 / 6)
    assert found["rows"]["only_a"] == found["rows"]["only_b"] == 0
    assert 400 < found["rows"]["matched"] < 600
    assert 25 < next(one["different"] for one in found["fields"] if one["field"] == "amount") < 80
    assert len(found["examples"]) == 5
    assert staff.desk.settings.database_url is not None
    with connect(staff.desk.settings.database_url) as connection:
        for table in ("recon", "run", "break"):
            row = connection.execute(f"SELECT count(*) FROM greenai.{table}".encode()).fetchone()
            assert row == (0,)


def test_what_nobody_needs_any_more_is_forgotten(staff: Staff) -> None:
    from greenai.pipeline.uploading import forget

    staff.connect()
    kept = upload(staff.ann, "kept.csv", b"id,amount,currency\n1,1,CHF\n")
    gone = upload(staff.ann, "gone.csv", b"id\n1\n")
    location = kept["files"][0]["location"]  # type: ignore[index]
    staff.lead(DEFINITION.replace("connection://feeds/front_{business_date}.csv", location))
    settings = staff.desk.settings
    assert settings.database_url is not None
    assert settings.workspace is not None
    lost = settings.workspace / "uploads" / ("0" * 32)
    lost.mkdir()
    os.utime(lost, (0, 0))
    with connect(settings.database_url, autocommit=True) as connection:
        assert forget(connection, settings.workspace) == 1  # the folder that no upload knows
        connection.execute("UPDATE greenai.upload SET expires_at = now() - interval '1 second'")
        assert forget(connection, settings.workspace) == 1
    assert [one["upload"] for one in staff.ann.get("/uploads").json()["items"]] == [kept["upload"]]
    assert not (settings.workspace / "uploads" / str(gone["upload"])).exists()
