"""The README shows what the commands print: every console block is run and compared."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from greenai.embedded.postgres import stop_postgres

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```console\n\$ (.+?)\n(.*?)\n```", re.DOTALL)
BLOCKS = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
TIMES = re.compile(r"^\d[\d,]* rows in .*$", re.MULTILINE)


@pytest.fixture
def new_home() -> Iterator[Path]:
    """A ``GREENAI_HOME`` in which the first run has the number 1; readable for the server's own user."""
    folder = Path(tempfile.mkdtemp(prefix="greenai-test-"))
    folder.chmod(0o755)
    yield folder / "home"
    stop_postgres(folder / "home")
    shutil.rmtree(folder)


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[command[:40] for command, _ in BLOCKS])
def test_the_readme_shows_what_is_printed(command: str, shown: str, new_home: Path) -> None:
    environment = {
        **os.environ,
        "GREENAI_HOME": str(new_home),
        "NO_COLOR": "1",
        "COLUMNS": "100",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, env=environment, cwd=ROOT, check=False
    )
    assert done.stderr == ""
    assert TIMES.sub("TIMES", done.stdout.rstrip()) == TIMES.sub("TIMES", shown)


def test_the_readme_has_a_tour() -> None:
    assert len(BLOCKS) >= 3


def test_the_links_of_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
