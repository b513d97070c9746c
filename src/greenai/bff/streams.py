"""Answers that are told part by part, and end what they need whatever happens to the client."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import anyio
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


class Told(StreamingResponse):
    """A stream with an end: `close` is called once it was told, failed, or nobody listens any more.

    When `parts` fails, the connection breaks before the end of the answer, so that clients notice.
    """

    def __init__(
        self,
        parts: Iterator[bytes],
        close: Callable[[], None],
        *,
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(parts, media_type=media_type, headers=headers)
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(self._close)
