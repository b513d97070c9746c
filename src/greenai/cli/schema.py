"""``greenai schema``."""

from __future__ import annotations

import click


@click.command("schema", short_help="Print the JSON Schema of a definition.")
def command() -> int:
    """Print the JSON Schema of a definition, for editors and validators."""
    import json

    from greenai.cli.main import EQUAL
    from greenai.cli.show import say
    from greenai.definition.schema import json_schema

    say(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    return EQUAL
