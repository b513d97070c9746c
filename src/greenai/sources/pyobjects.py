"""pandas frames and lists of dicts as Arrow tables, with no value changed on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from greenai.errors import FieldError, UsageError
from greenai.sources.names import column_names

if TYPE_CHECKING:
    import pyarrow as pa


def arrow_of_dicts(rows: Sequence[Any], name: str) -> pa.Table:
    """A list of dicts; a key that a dict lacks is null. Columns come in order of first appearance."""
    import pyarrow as pa

    columns: dict[str, None] = {}
    for at, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise UsageError(
                f"member {at} of the list is a {type(row).__name__}, not a dict",
                remedy="give a list of dicts, one for each row",
                source=name,
            )
        columns.update(dict.fromkeys(row))
    if not columns:
        raise UsageError(
            "the list has no rows, so it has no columns",
            remedy="give an empty table with columns, e.g. pyarrow.table({'id': []})",
            source=name,
        )
    names = column_names([str(column) for column in columns], name)
    return pa.table(
        [_array([row.get(column) for row in rows], pandas=False) for column in columns], names=list(names)
    )


def arrow_of_pandas(frame: Any, name: str) -> pa.Table:
    """A pandas frame. Named index levels are columns; a float NaN, None, NA and NaT are null."""
    import pyarrow as pa

    levels = [level for level in frame.index.names if level is not None]
    if levels:
        taken = [str(level) for level in levels if level in frame.columns]
        if taken:
            raise FieldError(
                "the index and a column have the same name",
                remedy="rename the index, or drop it with reset_index(drop=True)",
                source=name,
                column=taken[0],
            )
        frame = frame.reset_index(level=levels)
    names = column_names([str(column) for column in frame.columns], name)
    arrays = []
    for at in range(len(names)):
        column = frame.iloc[:, at]
        if str(column.dtype) == "object":
            arrays.append(_array(column.tolist(), pandas=True))
        else:
            arrays.append(pa.array(column, from_pandas=True))
    arrays = [array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array for array in arrays]
    return pa.table(arrays, names=list(names))


def _array(values: list[Any], *, pandas: bool) -> pa.Array:
    """One column; values of several types, or beyond Arrow's, become text."""
    import pyarrow as pa

    if pandas:
        values = [None if _is_missing(value) else value for value in values]
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _is_missing(value: Any) -> bool:
    # NaN and NaT are the only values unlike themselves; pandas' NA refuses to say.
    if type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and value != value  # noqa: PLR0124


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)
