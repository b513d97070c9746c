"""Values as the documents of the API write them: money, numbers of rows, names."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

MOST: Final = 2**63 - 1
"""The greatest number of a row."""


def _exact(value: Any) -> Any:
    if isinstance(value, (float, int)):
        raise ValueError("write it as a string, so that no digit is lost")
    return value


Money = Annotated[
    Decimal,
    BeforeValidator(_exact),
    Field(max_digits=60, allow_inf_nan=False),
    PlainSerializer(lambda amount: format(amount, "f"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["1250000.00"]}),
]
"""A decimal as a string, as exact as it is."""
Number = Annotated[int, Field(ge=1, le=MOST)]
"""The number of a row."""
Version = Annotated[int, Field(ge=0, le=2**31 - 1, description="The version that was seen.")]
BreakId = Annotated[str, Field(pattern="^[0-9a-f]{32}$", examples=["9e107d9d372bb6826bd81d3542a419d6"])]
Name = Annotated[str, Field(min_length=1, max_length=200)]
