"""``greenai up``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from greenai.cli.options import Once

if TYPE_CHECKING:
    from greenai.settings import Settings

ENGINES = ("ingest", "diff", "attribution", "discriminator", "worker")
"""What there may be several of."""
MOST = 64


def copies_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """One option for each engine: how many processes of it."""
    for engine in reversed(ENGINES):
        function = click.option(
            f"--{engine}",
            cls=Once,
            type=click.IntRange(0, MOST),
            metavar="N",
            help=f"Processes of the {engine} engine.  [default: {1 if engine == 'discriminator' else 2}]"
            if engine != "worker"
            else "Processes for gate, store and small jobs.  [default: 2]",
        )(function)
    return click.option(
        "--bff",
        cls=Once,
        type=click.IntRange(0, 1),
        metavar="N",
        help="0: without the workstation and its interface.  [default: 1]",
    )(function)


@click.command("up", short_help="Bring the whole platform up on this machine.")
@copies_options
@click.option("--detach", "-d", is_flag=True, help="Run in the background, and return when it is up.")
def command(detach: bool, **copies: int | None) -> int:
    """Bring the whole platform up: PostgreSQL, Redis, engines, worker, scheduler and the workstation.

    What dies is started again. Ctrl-C (or greenai down) stops all of it: work that is going on is
    finished or handed back; a second Ctrl-C does not wait for that. Servers named in GREENAI_DATABASE_URL
    and GREENAI_REDIS_URL are used, others are run in GREENAI_HOME. Logs are in its folder logs. The
    workstation listens on GREENAI_BFF_HOST (127.0.0.1), GREENAI_BFF_PORT (8765; 0 for any free one).

    The last of several processes of an engine takes runs with up to 64 MB of input only, so that small
    ones never wait for large.

    Exit code 0: it was stopped, runs in the background, or was up already; 2: trouble.
    """
    from greenai.cli.main import EQUAL
    from greenai.cli.show import say
    from greenai.embedded import platform
    from greenai.embedded.supervisor import AlreadyUpError
    from greenai.settings import read_settings

    settings = read_settings()
    given = {name: number for name, number in copies.items() if number is not None}
    try:
        if not detach:
            stay(settings, given)
            return EQUAL
        from greenai.embedded.state import supervised

        if supervised(platform.home_of(settings)):
            raise AlreadyUpError("the platform is up already")
        state = platform.start_detached(settings, [f"--{name}={number}" for name, number in given.items()])
    except AlreadyUpError:
        say(already(settings, given))
        return EQUAL
    say(f"up, process {state.supervisor.pid}; see greenai status, stop it with greenai down")
    if state.address is not None:
        say(f"workstation: {state.address}")
    return EQUAL


def stay(settings: Settings, given: dict[str, int]) -> None:
    """Bring it up and stay: with a live table on a terminal, else with a line for each event."""
    from greenai.cli.live import Live, plain
    from greenai.embedded import platform
    from greenai.embedded.address import free_port
    from greenai.embedded.programs import programs

    if settings.bff_port == 0:
        settings = replace(settings, bff_port=free_port(settings.bff_host))
    what = programs(given, settings.largest_job, port=settings.bff_port)
    if not sys.stdout.isatty():
        platform.up(settings, what, told=plain)
        return
    with Live(settings) as live:
        platform.up(settings, what, told=live.tell, each=live.each, ready=live.watch_queues)


def already(settings: Settings, given: dict[str, int]) -> str:
    """What to say about a platform that is up. Raises PlatformError when it is not as it is wanted."""
    from greenai.embedded import platform
    from greenai.embedded.programs import PROGRAMS
    from greenai.errors import PlatformError

    state = platform.keeper(platform.home_of(settings))
    if state is None or state.state in {"stopping", "stopped"}:
        raise PlatformError("the platform is just starting or stopping", remedy="try again in a moment")
    other = [
        f"{name} has {state.copies.get(PROGRAMS[name], 0)}"
        for name, number in given.items()
        if state.copies.get(PROGRAMS[name], 0) != number
    ]
    if other:
        raise PlatformError(
            f"the platform is up with other numbers of processes: {', '.join(other)}",
            remedy="stop it first: greenai down",
        )
    doing = "starting" if state.state == "starting" else "up"
    return f"{doing} already, process {state.supervisor.pid}, since {state.since.astimezone():%Y-%m-%d %H:%M}"
