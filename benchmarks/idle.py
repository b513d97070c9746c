"""`python -m benchmarks.idle`: the processor time of a platform that has nothing to do. Linux only.

A platform of its own is brought up (PostgreSQL, Redis, one of each engine, scheduler, BFF), left alone, and
the time that each of its processes used is read from /proc.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks import machine

SETTLING: Final = 20.0
"""Seconds after which nothing of the start goes on any more."""
TICKS: Final = os.sysconf("SC_CLK_TCK")


def used(home: Path) -> dict[tuple[int, str], float]:
    """Seconds that the processes of a platform used until now, by number and name."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            told = (place / "environ").read_bytes() + (place / "cmdline").read_bytes()
            if os.fsencode(home) not in told:
                continue
            words = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").split()
            figures = (place / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:  # it ended meanwhile
            continue
        name = next(
            (one for one in words if "greenai.backend" in one or "gunicorn" in one), Path(words[0]).name
        )
        found[int(place.name), name] = (int(figures[11]) + int(figures[12])) / TICKS
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.idle", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="greenai-idle-") as folder:
        home = Path(folder, "home")
        environment = {**os.environ, "GREENAI_HOME": str(home), "GREENAI_BFF_PORT": "0"}
        greenai = [sys.executable, "-m", "greenai"]
        copies = ["--ingest", "1", "--diff", "1", "--attribution", "1", "--worker", "1"]
        subprocess.run([*greenai, "up", "--detach", *copies], env=environment, check=True)
        try:
            time.sleep(SETTLING)
            before, begun = used(home), time.monotonic()
            time.sleep(asked.seconds)
            after, took = used(home), time.monotonic() - begun
        finally:
            subprocess.run([*greenai, "down"], env=environment, check=False, stdout=subprocess.DEVNULL)
    shares = {one: (after[one] - before[one]) / took for one in before if one in after}
    print(", ".join(f"{name}: {value}" for name, value in machine.facts().items()))
    print("| process | % of a core |\n|---|---:|")
    for (_, name), share in sorted(shares.items(), key=lambda one: -one[1]):
        if share >= 0.001:
            print(f"| {name} | {share:.1%} |")
    print(f"| all {len(shares)} | {sum(shares.values()):.1%} |")


if __name__ == "__main__":
    main()
