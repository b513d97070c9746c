"""The output folder: claimed before work begins, filled whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from greenai.errors import UsageError

MARK = "truth.json"


@contextmanager
def claimed(out: Path) -> Iterator[Path]:
    """A folder to write into, which becomes `out` when the block ends without an error.

    `out` may be absent, empty, or hold exactly an earlier simulation, which is then replaced.
    Raises UsageError when it is something else, before anything is written.
    """
    out = out.absolute()
    earlier = _earlier(out)
    # Within a folder that exists (it may be a mount), beside one that does not.
    parent = out if out.exists() else out.parent
    partial = parent / f".{out.name}.{os.getpid()}.partial"
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise UsageError(
            f"the folder cannot be written: {error.strerror}", source=str(out), remedy="choose another --out"
        ) from error
    try:
        yield partial
        shutil.rmtree(partial / ".spill", ignore_errors=True)
        if parent is not out:
            partial.rename(out)
            return
        for name in earlier:
            (out / name).unlink()
        for entry in sorted(partial.iterdir(), key=lambda entry: entry.name == MARK):
            target = out / entry.name
            if target.is_dir():
                target.rmdir()
            entry.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _earlier(out: Path) -> list[str]:
    """The files of an earlier simulation in `out`, its mark first. Raises UsageError for any others."""
    if not out.exists():
        return []
    if not out.is_dir():
        raise UsageError("this is a file, not a folder", source=str(out), remedy="choose another --out")
    found = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()}
    folders = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_dir()}
    known: list[str] = []
    try:
        told = json.loads((out / MARK).read_text(encoding="utf-8"))
        if told.get("simulation") == "trades":
            known = [str(name) for name in told["files"]]
    except (OSError, ValueError, KeyError, AttributeError):
        known = []
    strangers = sorted(found - set(known))
    strangers += sorted(folders - {Path(name).parent.as_posix() for name in known})
    if strangers:
        raise UsageError(
            f"the folder holds something else than a simulation: {', '.join(strangers[:3])}",
            source=str(out),
            remedy="choose an empty or a new folder",
        )
    return sorted(found, key=lambda name: name != MARK)
