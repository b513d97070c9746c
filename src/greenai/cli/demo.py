"""``greenai demo``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenai.cli.options import Once

if TYPE_CHECKING:
    from greenai.embedded.demo import Opened
    from greenai.settings import Settings


@click.command("demo", short_help="Bring up a platform with a realistic recon, ready to review.")
@click.option(
    "--rows",
    cls=Once,
    type=click.IntRange(min=500),
    default=20_000,
    show_default=True,
    help="Trades of the last date.",
)
@click.option(
    "--folder",
    cls=Once,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where it lives: its home and its files.  [default: beside GREENAI_HOME, with -demo]",
)
@click.option("--detach", "-d", is_flag=True, help="Leave it running, and return.")
def command(rows: int, folder: Path | None, detach: bool) -> int:
    """Bring up a platform of its own and fill it: five business dates of simulated trades with breaks of all
    kinds, people of every role, approved decisions, proposals that wait for a checker.

    The passwords of its people are random, and printed once. Ctrl-C stops it; what is in it stays, and the
    next `greenai demo` opens it again. Remove the folder to begin anew.

    Exit code 0: it was stopped, or runs in the background; 2: trouble.
    """
    from greenai.cli.main import EQUAL
    from greenai.cli.show import say
    from greenai.embedded import platform
    from greenai.settings import read_settings

    settings = read_settings()
    base = folder.resolve() if folder is not None else beside(settings)
    own = demo_settings(settings, base)
    opened = bring_up(own, base, rows)
    say(told(opened, base))
    if detach:
        say(f"stop it: GREENAI_HOME='{own.home}' greenai down")
        return EQUAL
    say("Ctrl-C stops it.")
    stay(own)
    platform.down(platform.home_of(own))
    return EQUAL


def beside(settings: Settings) -> Path:
    """The folder of the demo unless one is named: never that of real data."""
    from greenai.embedded.platform import home_of

    home = home_of(settings)
    return home.with_name(f"{home.name}-demo")


def demo_settings(settings: Settings, base: Path) -> Settings:
    """Settings of a platform with servers of its own."""
    from dataclasses import replace

    from greenai.embedded.address import free_port

    base.mkdir(parents=True, exist_ok=True)
    return replace(
        settings,
        home=base / "home",
        workspace=base / "home" / "workspace",
        database_url=None,
        redis_url=None,
        bff_port=settings.bff_port or free_port(settings.bff_host),
    )


def bring_up(settings: Settings, base: Path, rows: int) -> Opened:
    """The demo, up: filled where it is new. Raises GreenaiError for what cannot be started or filled."""
    import subprocess
    import sys
    from datetime import date

    from greenai.cli.show import say
    from greenai.embedded import demo, platform
    from greenai.embedded.postgres import running_url
    from greenai.errors import PlatformError
    from greenai.settings import passed_on

    home = platform.home_of(settings)
    filled = base / "filled"
    begun = subprocess.run(
        [sys.executable, "-m", "greenai", "up", "--detach"],
        env=passed_on(settings),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if begun.returncode != 0:
        raise PlatformError(begun.stderr.strip().removeprefix("greenai: ") or "the demo did not come up")
    state = platform.keeper(home)
    url = running_url(home)
    if state is None or state.address is None or url is None:
        raise PlatformError("the demo did not come up", source=str(home), remedy="see greenai status")
    if filled.exists():
        return demo.Opened(state.address, demo.RECON, {})
    try:
        opened = demo.open_demo(
            state.address,
            url,
            base / "files",
            rows=rows,
            today=date.today(),
            told=lambda text: say(f"  {text}"),
        )
    except BaseException:
        platform.down(home)
        raise
    filled.touch()
    return opened


def told(opened: Opened, base: Path) -> str:
    """What to say about it."""
    from greenai.embedded.demo import PEOPLE

    lines = ["", f"workstation: {opened.address}"]
    if opened.passwords:
        lines += ["", "people, with passwords that are shown this once:"]
        lines += [
            f"  {name:<6} {opened.passwords[name]}   {role.replace('_', ' ')}"
            for name, (_, role) in PEOPLE.items()
        ]
        lines += ["", "ann and ben propose, sam and tara approve, aldo audits, ada keeps accounts"]
    else:
        lines.append(f"filled earlier; its passwords were printed then (remove {base} to begin anew)")
    return "\n".join(lines)


def stay(settings: Settings) -> None:
    """Wait for Ctrl-C, or for the end of the platform."""
    import time
    from contextlib import suppress

    from greenai.embedded.platform import home_of
    from greenai.embedded.state import supervised

    with suppress(KeyboardInterrupt):
        while supervised(home_of(settings)):
            time.sleep(0.5)
