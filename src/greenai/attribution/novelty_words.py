"""Groups of unexplained differences in words: what they look like, and why nothing explains them."""

from __future__ import annotations

from dataclasses import dataclass

from greenai.attribution.doubts import Refused
from greenai.attribution.novelty_shapes import PLURAL, Sort
from greenai.attribution.novelty_slices import Slice
from greenai.domain.causes import Cause

EXCEPTION = "an exception of "
REST = "other"
"""The shape of what is in no group of its own."""
HALVES = ("by ", "2 to", "10 to", "more than")


@dataclass(frozen=True, slots=True)
class Looks:
    """What makes a group: field (empty for whole records), kind, shape, and the slice of the context.

    `cause` is the identity of a cause that the breaks are exceptions of, else empty.
    """

    field: str
    kind: str
    cause: str = ""
    rough: str = ""
    fine: str = ""
    rest: bool = False
    slice: Slice | None = None

    @property
    def shape(self) -> str:
        """The shape in words: ``b is larger by 1 % to 10 %``."""
        if self.rest:
            return REST
        if not self.fine:
            return self.rough
        return f"{self.rough} {self.fine}" if self.fine.startswith(HALVES) else f"{self.rough}, {self.fine}"

    @property
    def text(self) -> str:
        """Everything as one text, to be ordered by."""
        return "|".join((self.field, self.kind, self.cause, self.shape, str(self.slice or "")))


def describe(look: Looks, breaks: int, sort: Sort, cause: Cause | None) -> str:
    """``312 values of price: numbers, b is larger by 1 % to 10 %; nothing else in common.``"""
    if look.kind != "value":
        noun = "record" if breaks == 1 else "records"
        return f"{breaks:,} {noun}: {look.kind.replace('_', ' ')}; nothing else in common."
    noun = "value" if breaks == 1 else "values"
    shape = "of many shapes" if look.rest else f"{PLURAL[sort]}, {look.shape}"
    words = f"{breaks:,} {noun} of {look.field}: {shape}"
    if cause is not None:
        words += f"; exceptions of {of_cause(cause)}"
    if look.slice is not None:
        return f"{words}; in {look.slice.words}."
    return words + ("." if look.rest or cause is not None else "; nothing else in common.")


def why_unknown(
    look: Looks, cause: Cause | None, differences: int, least: int, refused: Refused | None
) -> str:
    """Why the breaks of a group are not explained; the same for every one of them."""
    if look.kind != "value":
        return "no cause was found for records of this kind"
    if cause is not None:
        return exception_of(cause.expression, cause.scope)
    if differences < least:
        return (
            f"too few differences of {look.field} to tell a cause from chance "
            f"({differences:,}; at least {least} are needed)"
        )
    words = f"no transformation was found that turns a into b here and is more than chance in {look.field}"
    if refused is None:
        return words
    return (
        f"{words}; the best that was tried, {refused.expression}, holds for {refused.hits:,} of the "
        f"{refused.left:,} differences left, and was refused"
    )


def of_cause(cause: Cause) -> str:
    """``b = a * 100 where currency = 'JPY'``."""
    return where(cause.expression, cause.scope)


def exception_of(expression: str, scope: str) -> str:
    """What breaks say that are exceptions of a cause."""
    return EXCEPTION + where(expression, scope)


def where(expression: str, scope: str) -> str:
    """An expression with its scope."""
    return expression + ("" if scope == "true" else f" where {scope}")
