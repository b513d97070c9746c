"""JSON: a list of objects in a document, or one object per line.

Parsed by Python, not by DuckDB: DuckDB reads 1.10 as a double and writes 1.1, and money must arrive as it
was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenai.errors import UnreadableSourceError
from greenai.sources.base import RejectedRow
from greenai.sources.bytestreams import Bytes, bad_byte
from greenai.sources.cleaning import LINE_LIMIT, shown
from greenai.sources.opened import OpenedText, opened_text
from greenai.sources.part import Part
from greenai.sources.rows import part_of_rows
from greenai.sources.spill import TextRows, new_folder

if TYPE_CHECKING:
    from greenai.definition.model import Source
    from greenai.engines.duckdb import DuckDBEngine


class Number(str):
    """The text of a JSON number, exactly as it was written."""

    __slots__ = ()


class RepeatedKeyError(ValueError):
    """An object that has one key twice, so that one of the values would be lost."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        again = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise RepeatedKeyError(f"the key {again!r} comes twice in one object")
    return result


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Number, parse_int=Number, parse_constant=Number
)


def read_json_lines(engine: DuckDBEngine, path: Path, source: Source) -> Part:
    """One object per line, each key a column. A line that is no JSON object is a reject."""
    with ExitStack() as stack:
        opened = opened_text(stack, path, source)
        rows, rejects = TextRows(new_folder(engine)), list[RejectedRow]()
        for line, raw in _lines(opened):
            if not raw.strip():
                continue
            why = bad_byte(raw, opened.encoding)
            try:
                value = None if why else _DECODER.decode(raw.decode())
            except (ValueError, RecursionError) as error:
                why = str(error) if isinstance(error, RepeatedKeyError) else f"no JSON: {error}"
            if why is None and not isinstance(value, dict):
                why = "not a JSON object"
            if why is None:
                rows.append_dict(_row(value))  # type: ignore[arg-type]
            else:
                rejects.append(RejectedRow(path.name, line, shown(raw), why))
    return part_of_rows(path, source, rows, rejects)


def read_json(engine: DuckDBEngine, path: Path, source: Source) -> Part:
    """A document that is a list of objects, or holds one at `row_path` (``data.trades``).

    The document is held in memory. A member of the list that is no object is a reject. A file of one
    object per line is read as such. Raises UnreadableSourceError with the line where the JSON breaks.
    """
    with ExitStack() as stack:
        opened = opened_text(stack, path, source)
        raw = opened.head + b"".join(iter(lambda: opened.stream.read(1 << 20), b""))
    if why := bad_byte(raw, opened.encoding):
        raise UnreadableSourceError(why, source=path.name)
    text = raw.decode()
    try:
        document, end = _DECODER.raw_decode(text, _content(text, 0))
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        message = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise UnreadableSourceError(
            f"this is no JSON: {message}",
            remedy="check that the file is complete",
            source=path.name,
            line=line,
        ) from error
    rest = _content(text, end)
    if rest < len(text):
        if isinstance(document, dict) and source.row_path is None:
            return read_json_lines(engine, path, source)
        raise UnreadableSourceError(
            "more text follows the end of the JSON document",
            remedy="if each line is an object, set `format: jsonl`",
            source=path.name,
            line=text.count("\n", 0, rest) + 1,
        )
    rows, rejects = TextRows(new_folder(engine)), list[RejectedRow]()
    for at, member in enumerate(_list(document, source.row_path, path.name), 1):
        if isinstance(member, dict):
            rows.append_dict(_row(member))
        else:
            rejects.append(
                RejectedRow(path.name, None, _text(member) or "null", f"member {at} of the list is no object")
            )
    return part_of_rows(path, source, rows, rejects)


def _content(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _list(document: Any, row_path: str | None, name: str) -> list[Any]:
    found = document
    for step in (row_path or "").replace("/", ".").strip("$.").split("."):
        if step:
            found = found.get(step) if isinstance(found, dict) else None
    if isinstance(found, list):
        return found
    paths = list(_lists(document, ""))
    remedy = (
        f"set `row_path:` to one of {', '.join(paths[:5])}" if paths else "the rows must be a list of objects"
    )
    what = f"there is no list at {row_path!r}" if row_path else "the document is no list of objects"
    raise UnreadableSourceError(what, remedy=remedy, source=name)


def _lists(value: Any, path: str) -> Iterator[str]:
    """The paths of the lists of objects inside a document, to suggest."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _lists(member, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and path and (not value or isinstance(value[0], dict)):
        yield path


def _row(value: dict[str, Any]) -> dict[str, str | None]:
    return {key: _text(member) for key, member in value.items()}


def _text(value: Any) -> str | None:
    """A JSON value as the text of a cell; nested values as compact JSON."""
    if value is None or isinstance(value, str):
        return value
    return _compact(value)


def _compact(value: Any) -> str:
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return (
            "{"
            + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{_compact(v)}" for k, v in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ",".join(map(_compact, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _lines(opened: OpenedText) -> Iterator[tuple[int, bytes]]:
    data, number, stream = opened.head, opened.line, opened.stream
    while True:
        lines = data.split(opened.newline)
        data = lines.pop()
        for line in lines:
            yield number, line
            number += 1
        more = _more(stream, data)
        if not more:
            yield number, data
            return
        data = more if len(data) == 0 else data + more


def _more(stream: Bytes, waiting: bytes) -> bytes:
    # A long line is read in growing steps, so that it is not copied over and over.
    return stream.read(max(1 << 19, min(len(waiting), LINE_LIMIT)))
