"""A process of the BFF under gunicorn: uvicorn, with our logs instead of its own."""

from __future__ import annotations

from typing import Any, ClassVar

from uvicorn_worker import UvicornWorker


class BffWorker(UvicornWorker):  # type: ignore[misc]
    """Serves requests; keeps a proxy's word about addresses to itself unless it comes from this machine."""

    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {
        "loop": "asyncio",
        "http": "auto",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "forwarded_allow_ips": "127.0.0.1",
    }
