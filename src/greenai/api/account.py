"""Who asks, where nobody is named: the account of the process."""

from __future__ import annotations

from greenai.errors import UsageError


def asking(name: str | None) -> str:
    """Who asks: as told, else the name of this account. Raises UsageError for an account without one."""
    import getpass

    if name is not None:
        return name
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a number that the system knows nobody by, as in some containers
        raise UsageError("this account has no name", remedy="set LOGNAME to who asks") from None
