"""Rows as bitmaps: what lets thousands of predicates be tried in a second, exactly.

Bit i of a bitmap (a Python integer) stands for row i. Arrow compares a column with a value and yields
just such bits; a conjunction is `&`, a count `int.bit_count`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from greenai.attribution.predicates import Between, Condition, Equals, OneOf, Scalar
from greenai.fields.plan import context_name

if TYPE_CHECKING:
    import pyarrow as pa

REMEMBERED_BITS = 1 << 30
"""Bits of conditions that one board remembers (128 MB); beyond, all are forgotten and made again."""


class Board:
    """Context columns and flags of a table of Arrow, as bitmaps.

    `data` has ``context:<name>`` columns for `context`, and boolean columns for `flags`.
    """

    def __init__(self, data: pa.Table, context: Sequence[str], flags: Sequence[str] = ()) -> None:
        self.size = int(data.num_rows)
        self.everything = (1 << self.size) - 1
        self.context = tuple(context)
        self._columns = {name: encoded(data[context_name(name)]) for name in context}
        self._flags = {name: self.bits(data[name]) for name in flags}
        self._remembered: dict[Condition, int] = {}
        self._numbers: dict[str, pa.Array | None] = {}

    def flag(self, name: str) -> int:
        """The rows in which a boolean column is true."""
        return self._flags[name]

    def distinct(self, column: str) -> int:
        """How many values a context column has, null included."""
        return max(1, len(self._columns[column].dictionary))

    def holding(self, condition: Condition) -> int:
        """The rows in which a condition holds."""
        known = self._remembered.get(condition)
        if known is None:
            if len(self._remembered) * self.size > REMEMBERED_BITS:
                self._remembered.clear()
            known = self._remembered[condition] = self._held(condition)
        return known

    def frequent(self, column: str, within: int, *, least: int, most: int) -> list[Scalar]:
        """At most `most` values that `least` or more of the rows `within` have, the most frequent first."""
        import pyarrow.compute as pc

        coded = self._columns[column]
        counts = pc.value_counts(coded.indices.filter(self.mask(within)))
        found = [
            (int(count), int(code))
            for code, count in zip(counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True)
            if count >= least
        ]
        # The code breaks ties; codes come in the order of rows, which is that of keys.
        found.sort(key=lambda pair: (-pair[0], pair[1]))
        return [coded.dictionary[code].as_py() for _, code in found[:most]]

    def numbers(self, column: str) -> tuple[pa.Array, bool] | None:
        """A column that has an order, and whether its texts were read as numbers; None for names."""
        import pyarrow as pa
        import pyarrow.compute as pc

        coded = self._columns[column]
        kind = coded.dictionary.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            if column not in self._numbers:
                try:
                    self._numbers[column] = pc.cast(coded.dictionary, pa.float64()).take(coded.indices)
                except pa.ArrowInvalid:
                    self._numbers[column] = None
            texts = self._numbers[column]
            return None if texts is None else (texts, True)
        if pa.types.is_boolean(kind):
            return None
        return coded.dictionary.take(coded.indices), False

    def mask(self, bits: int) -> pa.Array:
        """A bitmap as a boolean array of Arrow."""
        import pyarrow as pa

        data = pa.py_buffer(bits.to_bytes((self.size + 7) // 8 or 1, "little"))
        return pa.Array.from_buffers(pa.bool_(), self.size, [None, data])

    def _held(self, condition: Condition) -> int:
        import pyarrow as pa
        import pyarrow.compute as pc

        coded = self._columns[condition.column]
        if isinstance(condition, Between):
            ordered = self.numbers(condition.column)
            if ordered is None:
                return 0
            column = ordered[0]
            ends = [pa.scalar(end, column.type) for end in (condition.low, condition.high)]
            return self.bits(pc.and_(pc.greater_equal(column, ends[0]), pc.less_equal(column, ends[1])))
        values = condition.values if isinstance(condition, OneOf) else None
        if isinstance(condition, Equals):
            values = (condition.value,)
        if values is None:
            raise TypeError(f"no condition: {condition!r}")
        held = 0
        for value in values:
            code = self._code(condition.column, value)
            if code is not None:
                held |= self.bits(pc.equal(coded.indices, pa.scalar(code, coded.indices.type)))
        return held

    def _code(self, column: str, value: Scalar) -> int | None:
        import pyarrow as pa
        import pyarrow.compute as pc

        dictionary = self._columns[column].dictionary
        if value is None:
            nothing = pc.index(dictionary.is_null(), pa.scalar(True)).as_py()
            return None if nothing < 0 else int(nothing)
        code = pc.index(dictionary, pa.scalar(value, dictionary.type)).as_py()
        return None if code < 0 else int(code)

    def bits(self, flags: Any) -> int:
        """A boolean array of Arrow with an element for each row as a bitmap; null is false."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if isinstance(flags, pa.ChunkedArray):
            flags = flags.combine_chunks()
            if isinstance(flags, pa.ChunkedArray):
                flags = pa.concat_arrays(flags.chunks) if flags.num_chunks else pa.array([], pa.bool_())
        if flags.null_count:
            flags = pc.fill_null(flags, False)
        if flags.offset:
            flags = pa.concat_arrays([flags, pa.array([], pa.bool_())])
        buffer = flags.buffers()[1]
        return int.from_bytes(buffer, "little") & self.everything if buffer is not None else 0


def encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A column as codes of its values, null being a value of its own."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], column.type)
    if pa.types.is_dictionary(whole.type):
        whole = whole.cast(whole.type.value_type)
    return pc.dictionary_encode(whole, null_encoding="encode")
