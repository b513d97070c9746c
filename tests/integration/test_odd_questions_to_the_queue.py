"""What nobody should ask of the queue is refused in a sentence, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import face
from greenai.store.database import connect

DEFINITION = """
recon: trades
sources: {a: {location: "a.csv"}, b: {location: "b.csv"}}
key: [id]
fields: {id: {type: string}}
"""


@pytest.fixture
def recon(tmp_path: Path) -> Path:
    path = tmp_path / "recon.yaml"
    path.write_text(DEFINITION, encoding="utf-8")
    return path


def submitted(recon: Path, url: str) -> int:
    answer = face.greenai("submit", str(recon), "--store", url, "--format", "json")
    assert answer.code == 0, answer
    return int(answer.document["run"])


HUGE = str(10**30)
BEYOND = str(2**63)


@pytest.mark.parametrize(
    "words",
    [
        ("cancel", "0"),
        ("cancel", HUGE),
        ("cancel", BEYOND),
        ("cancel", "one"),
        ("jobs", "show", HUGE),
        ("jobs", "show", "0"),
        ("jobs", "retry", BEYOND),
        ("jobs", "retry", "1"),
        ("jobs", "--limit", "0"),
        ("jobs", "--state", "lost"),
        ("schedule", "pause", "trades"),
        ("schedule", "remove", "no\x00body"),
        ("schedule", "pause", "no\udcffbody"),
        ("jobs", "--run", HUGE),
        ("jobs", "--limit", BEYOND),
        ("schedule", "add", "{recon}"),
        ("backfill", "trades", "--from", "2026-01-01", "--to", "2026-01-02"),
        ("submit", "{recon}", "--business-date", "2026-02-30"),
        ("submit", "{recon}", "--urgency", "101"),
        ("submit", "{recon}", "--store", "none"),
        ("submit", "nothing.yaml"),
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    recon: Path, postgres_url: str, words: tuple[str, ...]
) -> None:
    run = submitted(recon, postgres_url)
    given = [word.replace("{recon}", str(recon)) for word in words]
    if "--store" not in given:
        given += ["--store", postgres_url]
    assert face.greenai(*given).code == 2
    with connect(postgres_url) as connection:
        assert connection.execute("SELECT run_id, state FROM greenai.run").fetchall() == [(run, "queued")]
        assert connection.execute("SELECT state FROM greenai.job").fetchall() == [("waiting",)]
        assert connection.execute("SELECT count(*) FROM greenai.schedule").fetchone() == (0,)


def test_the_jobs_of_a_run_that_is_not_there_are_none(recon: Path, postgres_url: str) -> None:
    submitted(recon, postgres_url)
    answer = face.greenai("jobs", "--run", "-1", "--store", postgres_url, "--format", "json")
    assert answer.document == {"jobs": []}


def test_what_is_cancelled_is_cancelled_once(recon: Path, postgres_url: str) -> None:
    run = submitted(recon, postgres_url)
    assert face.greenai("cancel", str(run), "--store", postgres_url).code == 0
    again = face.greenai("cancel", str(run), "--store", postgres_url)
    assert again.code == 2
    assert "no such run is going on" in again.err


def test_an_account_without_a_name_is_told_to_give_itself_one(
    recon: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)

    def nobody(uid: int) -> None:
        raise KeyError(f"getpwuid(): uid not found: {uid}")

    monkeypatch.setattr("pwd.getpwuid", nobody)
    answer = face.greenai("submit", str(recon), "--store", postgres_url)
    assert answer.code == 2
    assert "LOGNAME" in answer.err


def test_who_asks_a_platform_that_is_not_up_is_told_so(
    recon: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENAI_HOME", str(home))
    monkeypatch.delenv("GREENAI_DATABASE_URL", raising=False)
    answer = face.greenai("submit", str(recon))
    assert (answer.code, answer.out) == (0, "run 1\n")
    assert "greenai up" in answer.err
