"""Where the workstation is served on this machine."""

from __future__ import annotations

import socket

from greenai.errors import PlatformError


def free_address(host: str, port: int) -> str:
    """The address for browsers. Raises PlatformError for a port that somebody else listens on.

    The BFF would be started there again and again.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
    except OSError as error:
        raise PlatformError(
            f"the workstation cannot listen on {host}, port {port}: {error.strerror or error}",
            remedy="choose another with GREENAI_BFF_PORT, or none: greenai up --bff 0",
        ) from None
    if host in {"0.0.0.0", "::"}:
        host = "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def free_port(host: str) -> int:
    """A port that nobody listens on now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as found:
        found.bind((host, 0))
        return int(found.getsockname()[1])
