"""Requests that hash a password take turns: a flood of logins waits without threads and connections."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

import anyio
from fastapi import Depends, Request

AT_ONCE: Final = 2
"""A hash takes 64 MiB and all of a core; the rest of a process goes on beside two."""


async def _turn(request: Request) -> AsyncIterator[None]:
    state = request.app.state
    turns: anyio.Semaphore | None = getattr(state, "password_turns", None)
    if turns is None:  # of one event loop, so nobody else makes it meanwhile
        turns = state.password_turns = anyio.Semaphore(AT_ONCE)
    async with turns:
        yield


def in_turn() -> Any:
    """A dependency, to be named before all others, that waits until few hash passwords."""
    return Depends(_turn)
