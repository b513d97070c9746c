"""``greenai db`` as a person calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from greenai.store.migrations import shipped

ALL = [one.file for one in shipped()]


def greenai(*arguments: str, home: Path | None = None, **environment: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a command."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GREENAI_", "PG"))}
    done = subprocess.run(
        [sys.executable, "-m", "greenai", *arguments],
        env={**env, **environment, **({"GREENAI_HOME": str(home)} if home else {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_embedded_database_is_migrated_and_looked_at(home: Path) -> None:
    code, said, _ = greenai("db", "status", home=home)
    assert (code, said) == (1, f"{home / 'postgres'}: not running\n")
    code, said, _ = greenai("db", "migrate", home=home)
    assert code == 0
    assert [line.removeprefix("  applied ") for line in said.splitlines()[1:]] == ALL
    assert greenai("db", "migrate", home=home)[1].splitlines()[1:] == ["  up to date"]
    code, url, _ = greenai("db", "start", home=home)
    code, said, _ = greenai("db", "status", home=home)
    assert code == 0
    assert f"{len(ALL)} migrations applied, up to date" in said
    assert greenai("db", "status", "--store", url.strip())[0] == 0, "the URL is one to connect with"
    assert greenai("db", "stop", home=home) == (0, f"{home / 'postgres'}: stopped\n", "")
    assert greenai("db", "stop", home=home) == (0, f"{home / 'postgres'}: was not running\n", "")


def test_a_server_is_named_by_option_or_environment(empty_database: Callable[[], str]) -> None:
    url = empty_database()
    code, said, _ = greenai("db", "status", "--store", url)
    assert code == 1
    assert said.splitlines()[-len(ALL) :] == [f"  waits: {name}" for name in ALL]
    assert greenai("db", "migrate", GREENAI_DATABASE_URL=url)[0] == 0
    assert greenai("db", "status", GREENAI_DATABASE_URL=url)[0] == 0


def test_trouble_is_a_message_without_password_and_without_traceback() -> None:
    for url in (
        "postgresql://ann:hunter2@127.0.0.1:1/d",
        "mysql://ann:hunter2@h/d",
        "postgresql://a:b/hunter2@h",
    ):
        code, said, error = greenai("db", "migrate", "--store", url)
        assert (code, said) == (2, "")
        assert error.startswith("greenai: ")
        assert "→" in error
        assert "hunter2" not in error
        assert "Traceback" not in error


def test_no_store_cannot_be_migrated() -> None:
    for name in ("migrate", "status"):
        code, _, error = greenai("db", name, "--store", "none")
        assert code == 2
        assert "there is no store" in error


def test_a_home_without_room_for_it_is_explained() -> None:
    code, _, error = greenai("db", "migrate", home=Path("/dev/null/home"))
    assert code == 2
    assert "GREENAI_HOME" in error
    assert "Traceback" not in error
