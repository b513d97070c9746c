"""The definition of a recon as a model: what the YAML of a recon may say, and nothing more.

Text enters here, so this is pydantic. `greenai.definition.loading` reads YAML into it and turns
validation errors into messages with file, line and path. The parts live in modules of their own and
are offered here under one roof.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from greenai.definition.consistency import Name, check_locations, check_whole
from greenai.definition.gate import Gate
from greenai.definition.rules import (
    EXACT,
    Compare,
    FieldRule,
    FieldSide,
    Steps,
    Type,
)
from greenai.definition.schedule import Schedule
from greenai.definition.source import Aggregate, ControlTotals, FixedColumn, Format, Source, Sources
from greenai.definition.store import Reference, Store
from greenai.definition.written import (
    CELL_SCHEMA,
    TEXT_SCHEMA,
    CellText,
    Part,
    Share,
    Short,
    Text,
    Texts,
    as_many,
    is_null,
)


class Amount(Part):
    """The field that totals are counted in, and the field or context column with its currency."""

    field: Annotated[Text, Field(description="A numeric field.")]
    currency: Annotated[Text | None, Field(description="A field or a context column.")] = None


class Age(Part):
    """The field from which the age of a break is counted."""

    field: Annotated[Text, Field(description="A field of type date or timestamp.")]


class Defaults(Part):
    """What holds for every field that does not say otherwise."""

    normalise: Annotated[
        Steps, Field(description="Steps for text columns of fields that name none of their own.")
    ] = ()
    # None: an empty cell is null in text formats (csv, fixed width, xml, excel), where nothing else
    # can be; in typed formats an empty text and null differ unless listed here.
    null_values: Annotated[
        Annotated[tuple[CellText, ...], Short(CELL_SCHEMA), BeforeValidator(as_many)] | None,
        Field(description="Texts that stand for null. Left out: an empty cell of a text format."),
    ] = None


def _as_fields(value: Any) -> Any:
    if isinstance(value, (list, tuple, str)):
        names = [value] if isinstance(value, str) else value
        for name in names:
            if not isinstance(name, str):
                raise ValueError("a list of fields holds names; to say more, make `fields` a mapping")
            if sum(other == name for other in names) > 1:
                raise ValueError(f"the field {str(name)!r} is listed twice")
        return {name: {} for name in names}
    if isinstance(value, dict):
        return {name: {} if is_null(rule) else rule for name, rule in value.items()}
    return value


def _as_rule(value: Any) -> Any:
    if isinstance(value, str):
        raise ValueError("a field is written as keys and values, like {type: decimal(18,2)}")
    return value


Fields = Annotated[
    dict[Name, Annotated[FieldRule, Short({"type": "null"}), BeforeValidator(_as_rule)]],
    Field(min_length=1),
    Short({"type": "array", "minItems": 1, "uniqueItems": True, "items": {"named": "FieldName"}}),
    BeforeValidator(_as_fields),
]


class Definition(Part):
    """A recon as written: see docs/definition.md for every key."""

    recon: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$",
            description="Name of the recon: letters, digits and _, at most 63.",
        ),
    ]
    description: Annotated[str | None, Field(description="One sentence for people.")] = None
    population: Annotated[
        Literal["full", "flow"],
        Field(
            description="full: each input is complete, absence resolves. "
            "flow: inputs hold new items, open ones wait for the other side."
        ),
    ] = "full"
    sources: Annotated[
        Sources, AfterValidator(check_locations), Field(description="The two sides to reconcile.")
    ]
    key: Annotated[
        Texts | None,
        Field(description="The fields that identify a record; inferred when left out."),
    ] = None
    fields: Annotated[
        Fields | None,
        Field(description="The fields that are compared; every shared column when left out."),
    ] = None
    amount: Annotated[
        Amount | None, Field(description="What totals, limits and value at risk are counted in.")
    ] = None
    age: Annotated[
        Age | None,
        Field(
            description="What the age of a break is counted from; left out, the business date on which it "
            "was seen first."
        ),
    ] = None
    context: Annotated[
        tuple[Text, ...],
        BeforeValidator(as_many),
        Short(TEXT_SCHEMA),
        Field(description="Columns carried for explanations, not compared; b.desk names the other side's."),
    ] = ()
    max_rejects: Annotated[
        Share, Field(ge=0, le=1, description="Share of unreadable rows at which the run stops.")
    ] = 0.01
    defaults: Annotated[Defaults, Field(description="What holds for every field.")] = Defaults()
    gate: Annotated[
        Gate | None, Field(description="What passes by itself, and what must hold of what is stored.")
    ] = None
    store: Annotated[
        Store | None,
        Field(description="The golden tables; left out, runs, breaks and decisions are stored alone."),
    ] = None
    schedule: Annotated[
        Schedule | None,
        Field(description="When it runs by itself, and who is told."),
    ] = None
    engine: Annotated[Literal["duckdb"] | None, Field(description="The table engine.")] = None

    @model_validator(mode="before")
    @classmethod
    def _key_is_listed(cls, data: Any) -> Any:
        # A list of fields is a list of what to compare; that the key comes first goes without saying.
        if isinstance(data, dict) and isinstance(data.get("fields"), (list, tuple)):
            key, fields = as_many(data.get("key")), data["fields"]
            if isinstance(key, (list, tuple)) and not is_null(data.get("key")):
                return {**data, "fields": [*(name for name in key if name not in fields), *fields]}
        return data

    @model_validator(mode="after")
    def _parts_agree(self) -> Definition:
        check_whole(self)
        return self


__all__ = [
    "EXACT",
    "Age",
    "Aggregate",
    "Amount",
    "Compare",
    "ControlTotals",
    "Defaults",
    "Definition",
    "FieldRule",
    "FieldSide",
    "FixedColumn",
    "Format",
    "Gate",
    "Part",
    "Reference",
    "Schedule",
    "Source",
    "Sources",
    "Steps",
    "Store",
    "Type",
]
