"""``greenai down``."""

from __future__ import annotations

import click


@click.command("down", short_help="Stop the platform on this machine.")
def command() -> int:
    """Stop what greenai up started, and wait until all of it has stopped.

    Work that is going on is finished or handed back; what a killed greenai up left running is ended too.
    Exit code 0, also when nothing ran; 2: trouble.
    """
    from greenai.cli.main import EQUAL
    from greenai.cli.show import say
    from greenai.embedded.platform import down, home_of
    from greenai.settings import read_settings

    home = home_of(read_settings())
    say(f"{home}: {'stopped' if down(home) else 'was not running'}")
    return EQUAL
