"""Column names as a source gives them, checked before anything is named after them."""

from __future__ import annotations

from collections.abc import Sequence

from greenai.errors import FieldError


def column_names(names: Sequence[str], source: str) -> tuple[str, ...]:
    """The names, with ``column_3`` for an empty third one.

    Raises FieldError where a name comes twice; letter case does not tell columns apart, because the
    table engine does not look at it.
    """
    named = tuple(name if name.strip() else f"column_{at}" for at, name in enumerate(names, 1))
    seen: dict[str, int] = {}
    for at, name in enumerate(named, 1):
        first = seen.setdefault(name.casefold(), at)
        if first != at:
            other = named[first - 1]
            raise FieldError(
                f"the columns {first} and {at} have the same name"
                + (f" but for case ({other!r})" if other != name else ""),
                remedy="rename one of them (in a csv: `header: false`, `skip_rows: 1`, `columns: [...]`)",
                source=source,
                column=name,
            )
    return named
