"""A supervisor with tiny processes of its own, seen from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from embeddedserver import ENVIRONMENT

from greenai.embedded.state import PlatformState, read_state

PRELUDE = (
    "import os, signal, sys, time\n"
    "from pathlib import Path\n"
    "from greenai.embedded.lifeline import watch\n"
    "from greenai.settings import read_settings\n"
    "name, notes = sys.argv[1], Path(sys.argv[2])\n"
    "def note(text):\n"
    "    with notes.open('a') as file:\n"
    "        file.write(f'{name} {text}\\n')\n"
    "going = True\n"
    "def stop(*_):\n"
    "    global going\n"
    "    going = False\n"
    "    note('asked')\n"
)
GOOD = PRELUDE + (
    "signal.signal(signal.SIGTERM, stop)\n"
    "watch(read_settings().lifeline)\n"
    "note('in')\n"
    "while going:\n"
    "    time.sleep(0.02)\n"
    "note('out')\n"
)
"""Ends by itself when asked, or when its supervisor is gone."""
DEAF = PRELUDE + (
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "watch(read_settings().lifeline, grace=1)\n"
    "note('in')\n"
    "time.sleep(600)\n"
)
"""Does not listen."""
LOOSE = PRELUDE + "note('in')\ntime.sleep(600)\n"
"""Watches no lifeline."""
DYING = PRELUDE + "note('in')\nprint('the disk is on fire')\nsys.exit(3)\n"
"""Dies at once."""

SUPERVISOR = """
import sys
from pathlib import Path
from greenai.embedded.child import Program
from greenai.embedded.supervisor import signals, supervising
from greenai.errors import PlatformError
from greenai.settings import passed_on, read_settings
home, notes, grace, first_port, *given = sys.argv[1:]
programs = []
while given:
    name, copies, code, *given = given
    programs.append(Program(name, (sys.executable, "-c", code, name, notes), int(copies)))
def told(event):
    print(event.name, event.what, event.detail, event.said, flush=True)
try:
    with supervising(Path(home), told=told, grace=float(grace)) as supervisor, signals(supervisor):
        supervisor.run(programs, passed_on(read_settings()), first_port=int(first_port))
except PlatformError as error:
    print(error)
    sys.exit(2)
"""


def supervisor(
    home: Path, *programs: tuple[str, int, str], grace: float = 30, first_port: int = 0
) -> subprocess.Popen[str]:
    """Another process that supervises programs: name, copies and code of each. Its output tells events."""
    words = [str(word) for program in programs for word in program]
    return subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(home), str(notes(home)), str(grace), str(first_port), *words],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**ENVIRONMENT, "GREENAI_HOME": str(home)},
        cwd="/",
        start_new_session=True,
    )


def notes(home: Path) -> Path:
    """The file that the processes write into what happens to them."""
    return home.parent / "notes"


def noted(home: Path) -> list[str]:
    """What they wrote."""
    return notes(home).read_text(encoding="utf-8").splitlines() if notes(home).exists() else []


def until(what: Callable[[], object], *, seconds: float = 20) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.02)


def state(home: Path) -> PlatformState:
    """What the supervisor wrote down."""
    found = read_state(home)
    assert found is not None
    return found


def pids(home: Path) -> list[int]:
    """The processes that it wrote down."""
    found = read_state(home)
    return [line.process.pid for line in found.processes if line.process] if found else []


def lives(pid: int) -> bool:
    """Whether a process is there and not merely unburied."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return told.rpartition(")")[2].split()[0] != "Z"


def finish(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> str:
    """Stop a supervisor; what it told since."""
    os.kill(process.pid, number)
    told, _ = process.communicate(timeout=60)
    return told
