"""A load of HTTP requests from one process: so many at once, keep-alive, latencies of each.

It speaks as little HTTP as the BFF's answers need, so that the client costs less than the server.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(slots=True)
class Told:
    """What came of a load: seconds of each answer, and how many answers had which status."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    lasted: float = 0.0

    def quantile(self, share: float) -> float:
        """The latency that a share of the answers kept."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.lasted


class Line:
    """One keep-alive connection."""

    def __init__(self, base: str, headers: Sequence[tuple[str, str]] = ()) -> None:
        parts = urlsplit(base)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: bytes = b"", more: str = "") -> tuple[int, bytes]:
        """Status and body of the answer to one request."""
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        assert self._reader is not None
        head = (
            f"{method} {path} HTTP/1.1\r\nhost: {self._host}:{self._port}\r\n{self._headers}{more}"
            f"content-length: {len(body)}\r\n"
            + ("content-type: application/json\r\n" if body else "")
            + "\r\n"
        )
        self._writer.write(head.encode() + body)
        await self._writer.drain()
        answer = await self._reader.readuntil(b"\r\n\r\n")
        lines = answer.decode("latin-1").split("\r\n")
        named = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
        }
        if "content-length" in named:
            content = await self._reader.readexactly(int(named["content-length"]))
        else:
            content = await self._chunks()
        return int(lines[0].split()[1]), content

    async def _chunks(self) -> bytes:
        assert self._reader is not None
        content = b""
        while size := int((await self._reader.readline()).split(b";")[0], 16):
            content += await self._reader.readexactly(size)
            await self._reader.readexactly(2)
        await self._reader.readline()
        return content

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()


Step = Callable[[Line, int], Awaitable[int]]
"""One step of one user: takes the connection and a counter, gives the status."""


async def load(
    base: str, step: Step, *, users: int, seconds: float, headers: Sequence[tuple[str, str]] = ()
) -> Told:
    """Let so many users do a step again and again for some seconds."""
    told = Told()
    until = time.perf_counter() + seconds

    async def user(number: int) -> None:
        line, count = Line(base, headers), number
        try:
            while time.perf_counter() < until:
                begun = time.perf_counter()
                status = await step(line, count)
                told.seconds.append(time.perf_counter() - begun)
                told.statuses[status] = told.statuses.get(status, 0) + 1
                count += users
        finally:
            line.close()

    begun = time.perf_counter()
    await asyncio.gather(*(user(number) for number in range(users)))
    told.lasted = time.perf_counter() - begun
    return told


def get(path: str) -> Step:
    """The step of asking for one path."""

    async def step(line: Line, _count: int) -> int:
        return (await line.ask("GET", path))[0]

    return step
