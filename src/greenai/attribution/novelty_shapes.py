"""What the two values of a difference have in common, as far as can be seen without explaining them.

A shape is said in words, roughly and finely: ``b is larger`` and ``by 1 % to 10 %``. Expressions only, so
that the table engine finds the shapes of a million differences in one pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import ibis
import ibis.expr.datatypes as dt

from greenai.engines.functions import call, regexp_full

if TYPE_CHECKING:
    import ibis.expr.types as ir

Sort = Literal["number", "moment", "boolean", "text"]
"""What values of a field are, for their shapes."""
PLURAL: Mapping[str, str] = {
    "number": "numbers",
    "moment": "dates",
    "boolean": "truth values",
    "text": "texts",
}
SHOWN = 24
"""Characters of a text whose kinds its pattern shows."""
REORDERED = 20
"""Up to so many characters two texts are held against each other letter by letter, in any order."""
SAME_START = 3
HASHED = 12
"""From so many characters on a hexadecimal text is taken for one."""
DAY = 86_400
NUMBER_BANDS = (
    (1.0001, "by up to 0.01 %"),
    (1.01, "by 0.01 % to 1 %"),
    (1.1, "by 1 % to 10 %"),
    (2.0, "by 10 % to 100 %"),
    (10.0, "2 to 10 times"),
    (100.0, "10 to 100 times"),
)
"""Up to which quotient of the larger by the smaller size each band goes."""
MOMENT_BANDS = (
    (DAY - 1, "by less than a day"),
    (DAY, "by a day"),
    (7 * DAY, "by 2 to 7 days"),
    (31 * DAY, "by 8 to 31 days"),
    (366 * DAY, "by 1 to 12 months"),
)
"""Up to how many seconds each band goes."""


def with_shapes(rows: ir.Table) -> ir.Table:
    """The rows with a ``rough`` and a ``fine`` shape, instead of ``sort``, which says what their values are.

    `rows` have ``value_a`` and ``value_b`` as breaks show them. The fine shape is empty where there is
    nothing finer to say; neither is ever null.
    """
    a, b, sort = rows["value_a"], rows["value_b"], rows["sort"]
    text = sort == "text"
    # What is used several times is computed once, as columns of a relation of its own.
    parts = rows.mutate(
        of_a=(text & a.notnull()).ifelse(pattern(a), None),
        of_b=(text & b.notnull()).ifelse(pattern(b), None),
        order=sort.isin(("text", "number")).ifelse(reordering(a, b), None),
        x=size(a, sort),
        y=size(b, sort),
    )
    return told(parts)


def size(text: ir.StringValue, sort: ir.StringValue) -> ir.FloatingValue:
    """A number, or the seconds of a moment; a float, which is exact enough to tell how far two are apart."""
    seconds = text.try_cast("timestamp").epoch_seconds().cast("float64")
    number: ir.FloatingValue = ibis.cases(
        (sort == "number", text.try_cast("float64")), (sort == "moment", seconds)
    )
    return number


def told(rows: ir.Table) -> ir.Table:
    """The shapes in words, from patterns and order."""
    a, b, sort, order = rows["value_a"], rows["value_b"], rows["sort"], rows["order"]
    numbers, moments = number_shape(rows["x"], rows["y"]), moment_shape(rows["x"], rows["y"])
    one_sided = a.isnull() | b.isnull()
    like = ibis.literal("like ") + ibis.coalesce(rows["of_a"], rows["of_b"])
    rough = ibis.cases(
        (a.isnull() & b.isnull(), "whole records"),
        (a.isnull(), "missing in a"),
        (b.isnull(), "missing in b"),
        (order.notnull(), order),
        (sort == "number", numbers[0]),
        (sort == "moment", moments[0]),
        (sort == "boolean", ibis.literal("a ") + a + ", b " + b),
        else_=text_shape(a, b),
    )
    fine = ibis.cases(
        (one_sided, like),
        (order.notnull() | (sort == "boolean"), ""),
        (sort == "number", numbers[1]),
        (sort == "moment", moments[1]),
        else_=text_details(a, b, rows["of_a"], rows["of_b"]),
    )
    kept = [name for name in rows.columns if name not in ("sort", "of_a", "of_b", "order", "x", "y")]
    return rows.select(*kept, rough=rough.fill_null("other"), fine=fine.fill_null(""))


def reordering(a: ir.StringValue, b: ir.StringValue) -> ir.StringValue:
    """How the characters of two texts that have the same ones are exchanged; null for others."""
    words: ir.StringValue = ibis.cases(
        ((a.length() != b.length()) | ~a.length().between(2, REORDERED), ibis.null("string")),
        (a.reverse() == b, "the same characters backwards"),
        (sorted_letters(a) == sorted_letters(b), "the same characters in another order"),
    )
    return words


def sorted_letters(text: ir.StringValue) -> ir.StringValue:
    """The characters of a text in order, as a list."""
    split = call("string_split", dt.Array(dt.string), text, "")
    letters: ir.StringValue = call("list_sort", dt.Array(dt.string), split)
    return letters


def number_shape(x: ir.FloatingValue, y: ir.FloatingValue) -> tuple[ir.StringValue, ir.StringValue]:
    """The sign of the difference, and how large it is."""
    quotient = ibis.greatest(x.abs(), y.abs()) / ibis.least(x.abs(), y.abs()).nullif(0)
    rough = ibis.cases(
        (x.isnull() | y.isnull(), "no numbers"),
        (x == 0, "a is zero"),
        (y == 0, "b is zero"),
        ((x < 0) != (y < 0), "opposite signs"),
        (y > x, "b is larger"),
        else_="b is smaller",
    )
    bands = ((quotient <= most, words) for most, words in NUMBER_BANDS)
    fine = ibis.cases((quotient.isnull(), ""), *bands, else_="more than 100 times")
    return rough, fine


def moment_shape(x: ir.FloatingValue, y: ir.FloatingValue) -> tuple[ir.StringValue, ir.StringValue]:
    """Which is later, and by how long; both in seconds."""
    apart = (x - y).abs()
    rough = ibis.cases((apart.isnull(), "no dates"), (y > x, "b is later"), else_="b is earlier")
    bands = ((apart <= most, words) for most, words in MOMENT_BANDS)
    fine = ibis.cases((apart.isnull(), ""), *bands, else_="by more than a year")
    return rough, fine


def text_shape(a: ir.StringValue, b: ir.StringValue) -> ir.StringValue:
    """What is added or left out, or which is longer."""
    longer, shorter = b.length() > a.length(), b.length() < a.length()
    words: ir.StringValue = ibis.cases(
        (a == "", "a is empty"),
        (b == "", "b is empty"),
        (longer & b.startswith(a), "b goes on after a"),
        (longer & b.endswith(a), "b has more before a"),
        (shorter & a.startswith(b), "b stops before a does"),
        (shorter & a.endswith(b), "b begins after a does"),
        (longer, "b is longer"),
        (shorter, "b is shorter"),
        else_="as many characters",
    )
    return words


def text_details(
    a: ir.StringValue, b: ir.StringValue, of_a: ir.StringValue, of_b: ir.StringValue
) -> ir.StringValue:
    """The kinds of characters on both sides, or that they begin or end alike."""
    words: ir.StringValue = ibis.cases(
        ((of_a == "hexadecimal") & (of_b == of_a), "hexadecimal on both sides"),
        (alike(a, b, "left"), "beginning alike"),
        (alike(a, b, "right"), "ending alike"),
        (of_a == of_b, ibis.literal("like ") + of_a),
        else_=ibis.literal("like ") + of_a + " in a, like " + of_b + " in b",
    )
    return words


def alike(a: ir.StringValue, b: ir.StringValue, end: Literal["left", "right"]) -> ir.BooleanValue:
    """Whether two texts have their first, or last, characters in common."""
    least = ibis.least(a.length(), b.length()) > SAME_START
    if end == "left":
        return least & (a.left(SAME_START) == b.left(SAME_START))
    return least & (a.right(SAME_START) == b.right(SAME_START))


def pattern(text: ir.StringValue) -> ir.StringValue:
    """The kinds of characters of a text: ``A-9`` for ``TRD-0012``, ``hexadecimal`` for a hash."""
    letters = call("regexp_replace", dt.string, text.left(SHOWN), r"\p{L}+", "A", "g")
    digits = call("regexp_replace", dt.string, letters, r"\d+", "9", "g")
    hexadecimal = (
        (text.length() >= HASHED)
        & regexp_full(text, "[0-9a-f]+|[0-9A-F]+")
        & text.re_search("[0-9]")
        & text.re_search("[a-fA-F]")
    )
    words: ir.StringValue = hexadecimal.ifelse("hexadecimal", digits)
    return words
