"""The type of a column of which each file of a side has its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from greenai.errors import FieldError
from greenai.sources.part import Part

_NULL = '"NULL"'
_INTEGER = re.compile(r"(U?)(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)")
_BYTES = {"TINYINT": 1, "SMALLINT": 2, "INTEGER": 4, "BIGINT": 8, "HUGEINT": 16}
_NAMES = {size: name for name, size in _BYTES.items()}
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_DIGITS = 38


def common_types(parts: Sequence[Part]) -> dict[str, str]:
    """The type of each column of typed files that holds the values of all of them exactly.

    Integers of different width meet, decimals of different precision and scale do, and a column without any
    value meets everything. Raises FieldError for all else: to merge decimals with floats would make money a
    float.
    """
    types: dict[str, str] = {}
    for name in parts[0].types:
        first, common = parts[0], parts[0].types[name]
        for part in parts[1:]:
            wider = _common(common, part.types[name])
            if wider is None:
                raise FieldError(
                    f"the column is {part.types[name]} in this file, but {common} in {first.path.name}",
                    remedy="write the column with the same type in all files of a side",
                    source=part.path.name,
                    column=name,
                )
            if wider != common:
                first, common = part, wider
        types[name] = common
    return types


def _common(one: str, other: str) -> str | None:
    """The narrowest type that holds the values of both exactly, None where there is none."""
    if other in (one, _NULL):
        return one
    if one == _NULL:
        return other
    return _integer(one, other) or _decimal(one, other)


def _integer(one: str, other: str) -> str | None:
    found = [_INTEGER.fullmatch(written) for written in (one, other)]
    if not all(found):
        return None
    widths = {"": 0, "U": 0}
    for match in found:
        assert match is not None
        widths[match[1]] = max(widths[match[1]], _BYTES[match[2]])
    if not widths[""]:
        return "U" + _NAMES[widths["U"]]
    # A signed type holds an unsigned one of half its width.
    size = max(widths[""], 2 * widths["U"])
    return _NAMES.get(size)


def _decimal(one: str, other: str) -> str | None:
    found = [_DECIMAL.fullmatch(written) for written in (one, other)]
    if not all(found):
        return None
    sizes = [(int(match[1]), int(match[2])) for match in found if match is not None]
    scale = max(scale for _, scale in sizes)
    precision = max(precision - scale for precision, scale in sizes) + scale
    return f"DECIMAL({precision},{scale})" if precision <= _DIGITS else None
