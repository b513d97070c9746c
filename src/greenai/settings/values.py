"""What single settings may say: text in, value out, or one error that names the setting and its remedy."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from greenai.errors import UsageError

MOST_THREADS = 1024
"""More threads than any one machine has cores for: surely a slip of the keyboard."""

MOST_PORT = 65_535

BFF_GROUPS = ("identity", "recon")
"""The groups of routes that a BFF serves, together or apart."""

SHORTEST_SECRET = 32
"""Characters of a secret that nobody guesses."""

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
"""From everything to the worst."""


def signing_secret(env: Mapping[str, str]) -> str | None:
    """``GREENAI_SECRET``. Raises UsageError for one that can be guessed; in a demo, ``GREENAI_DEMO``, any is
    taken."""
    given = env.get("GREENAI_SECRET")
    if not given or yes_or_no(env.get("GREENAI_DEMO"), "GREENAI_DEMO"):
        return given or None
    if len(given) < SHORTEST_SECRET or len(set(given)) < SHORTEST_SECRET // 4:
        raise UsageError(
            f"GREENAI_SECRET is easily guessed: under {SHORTEST_SECRET} characters, or a few repeated",
            remedy="take what `openssl rand -hex 32` prints",
        )
    return given


def web_address(given: str | None, name: str) -> str | None:
    """A URL by HTTPS, or by HTTP on this machine. Raises UsageError that calls it `name`."""
    if not given:
        return None
    if not re.fullmatch(
        r"https://[^\s/?#@]+(/[^\s?#]*)?|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/[^\s?#]*)?", given
    ):
        raise UsageError(f"{name} is no URL by HTTPS", value=given, remedy="write it as https://host/path")
    return given


def roles_of_groups(given: str | None) -> tuple[tuple[str, str, str | None], ...]:
    """``group=role`` or ``group=role:recon``, separated by commas. Raises UsageError for anything else."""
    found = []
    for part in (given or "").split(","):
        if not part.strip():
            continue
        group, sign, role = part.strip().rpartition("=")
        role, _, recon = role.partition(":")
        if not sign or not group or not role:
            raise UsageError(
                "GREENAI_OIDC_ROLES gives groups their roles",
                value=part,
                remedy="write group=role or group=role:recon, separated by commas",
            )
        found.append((group.strip(), role.strip(), recon.strip() or None))
    return tuple(found)


def home_folder(env: Mapping[str, str]) -> Path:
    """Where greenai keeps data of its own; nothing is created.

    ``GREENAI_HOME`` if set, else the place that the system means for a user's data. For root that is
    ``/var/lib/greenai``: PostgreSQL does not run as root, and nobody else can enter root's own folder.
    Raises UsageError for a path that is not absolute.
    """
    given = env.get("GREENAI_HOME")
    if given:
        home = Path(given).expanduser()
        if not home.is_absolute():
            raise UsageError("GREENAI_HOME is not an absolute path", value=given, remedy="write it from /")
        return home
    if env.get("XDG_DATA_HOME", "").startswith("/"):  # others are to be ignored, says XDG
        return Path(env["XDG_DATA_HOME"]) / "greenai"
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/greenai")
    user = Path(env["HOME"]) if env.get("HOME") else Path.home()
    if sys.platform == "darwin":
        return user / "Library" / "Application Support" / "greenai"
    return user / ".local" / "share" / "greenai"


def redis_address(given: str) -> str:
    """The URL of a Redis. Raises UsageError for anything else; the value, which may hold a password, is not
    repeated."""
    if re.match(r"(rediss?://[^/\s]|unix://[^\s]*/)", given):
        return given
    raise UsageError(
        "GREENAI_REDIS_URL is no URL of a Redis",
        remedy="write redis://host:6379/0, rediss://host:6379/0 or unix:///path/of/the/socket",
    )


def workspace_folder(given: str | None, home: Path) -> Path:
    """Where stages hand over what they made; nothing is created.

    Raises UsageError for a path that is not absolute: processes need not start in one folder.
    """
    if not given:
        return home / "workspace"
    folder = Path(given).expanduser()
    if not folder.is_absolute():
        raise UsageError("GREENAI_WORKSPACE is not an absolute path", value=given, remedy="write it from /")
    return folder


def file_path(given: str | None, name: str) -> Path | None:
    """Where a file is or will be. Raises UsageError that calls it `name` for a path that is not absolute."""
    if not given:
        return None
    path = Path(given).expanduser()
    if not path.is_absolute():
        raise UsageError(f"{name} is not an absolute path", value=given, remedy="write it from /")
    return path


def port_number(given: int | str, name: str) -> int:
    """A TCP port, or 0 for none. Raises UsageError that calls it `name`."""
    text = str(given)
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > MOST_PORT:
        raise UsageError(
            f"{name} is not a port", value=given, remedy=f"write a number up to {MOST_PORT}, or 0"
        )
    return int(text)


def job_size(given: str | None) -> int | None:
    """A number of bytes, plain or as ``64MB``. Raises UsageError for anything else."""
    if not given:
        return None
    found = re.fullmatch(r"([0-9]{1,15})\s*(K|M|G|T)?B?", given.strip(), re.IGNORECASE)
    if found is None:
        raise UsageError("GREENAI_LARGEST_JOB is not a size", value=given, remedy="write it as 64MB")
    power: int = " KMGT".index((found[2] or " ").upper())
    return int(found[1]) * int(1000**power)


def duration(given: str, name: str) -> float | None:
    """Seconds of ``90s``, ``30m`` or ``6h``; None for 0. Raises UsageError that calls it `name`."""
    found = re.fullmatch(r"([0-9]{1,7})\s*([smh]?)", given.strip(), re.IGNORECASE)
    if found is None or (int(found[1]) and not found[2]):
        raise UsageError(f"{name} is not a time", value=given, remedy="write it as 90s, 30m or 6h; 0: none")
    return int(found[1]) * {"s": 1.0, "m": 60.0, "h": 3600.0}[found[2].lower() or "s"] or None


def handle_number(given: str | None) -> int | None:
    """The number of an inherited handle. Raises UsageError for what the supervisor never sets."""
    if not given:
        return None
    if not re.fullmatch(r"[0-9]{1,7}", given):
        raise UsageError("GREENAI_LIFELINE is not a handle", value=given, remedy="unset it")
    return int(given)


def bff_groups(given: str | None) -> frozenset[str]:
    """Groups of routes. Raises UsageError for one that there is not."""
    if not given:
        return frozenset(BFF_GROUPS)
    if given not in BFF_GROUPS:
        raise UsageError(
            "GREENAI_BFF is no group of routes",
            value=given,
            remedy=f"write {' or '.join(BFF_GROUPS)}, or unset it for both",
        )
    return frozenset({given})


def whole_number(given: str, name: str, least: int, most: int) -> int:
    """A whole number from `least` to `most`. Raises UsageError that calls it `name`."""
    if not re.fullmatch(r"[0-9]{1,9}", given.strip()) or not least <= int(given) <= most:
        raise UsageError(
            f"{name} is not a whole number from {least} to {most:,}", value=given, remedy=f"e.g. {least}"
        )
    return int(given)


def yes_or_no(given: str | None, name: str) -> bool:
    """Whether something is wanted; unset is no. Raises UsageError that calls it `name`."""
    words = {"": False, "0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}
    if (given or "").strip().lower() not in words:
        raise UsageError(f"{name} is neither yes nor no", value=given, remedy="write 1 or 0")
    return words[(given or "").strip().lower()]


def log_level(given: str, name: str) -> str:
    """One of `LOG_LEVELS`, however it is written. Raises UsageError that calls it `name`."""
    level = given.strip().upper()
    if level not in LOG_LEVELS:
        raise UsageError(
            f"{name} is not a level of logs", value=given, remedy=f"write {', '.join(LOG_LEVELS)}"
        )
    return level


def thread_count(given: int | str, name: str) -> int:
    """A number of threads, up to `MOST_THREADS`. Raises UsageError that calls it `name`."""
    text = str(given)
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MOST_THREADS:
        raise UsageError(
            f"{name} is not a whole number from 1 to {MOST_THREADS:,}", value=given, remedy="e.g. 4"
        )
    return int(text)


def memory_size(text: str, name: str) -> str:
    """A size the engine understands. Raises UsageError that calls it `name`."""
    if not re.fullmatch(r"\d+(\.\d+)?\s*([KMGT]i?)?B", text.strip(), re.IGNORECASE):
        raise UsageError(f"{name} is not a size", value=text, remedy="write it as 500MB or 2GB")
    return text.strip()
