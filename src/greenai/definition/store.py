"""Where a recon's golden records go.

`store` is used by every `greenai run` that stores (`greenai.store.layout` makes tables of it), and validated
by all.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from greenai.definition.problems import Problem, UnfitError
from greenai.definition.written import Part, Texts

LONGEST_TABLE = 55
"""Characters of a table's name: PostgreSQL has room for 63, and its history is called ``<name>_history``."""


def _short_enough(name: str) -> str:
    if len(name) > LONGEST_TABLE:
        raise ValueError(
            f"a table's name has at most {LONGEST_TABLE} characters, this one {len(name)}: its history is "
            "called <name>_history, and PostgreSQL has room for 63"
        )
    return name


TableName = Annotated[
    str,
    Field(pattern=r"^[a-z_][a-z0-9_]*$", json_schema_extra={"maxLength": LONGEST_TABLE}),
    AfterValidator(_short_enough),
]


class Reference(Part):
    """A table of its own for what depends on less than the key (third normal form)."""

    key: Annotated[Texts, Field(description="The fields that identify a row of the reference.")]
    fields: Annotated[Texts, Field(description="The fields that depend on that key.")]

    @model_validator(mode="after")
    def _apart(self) -> Reference:
        if both := [name for name in self.fields if name in self.key]:
            raise UnfitError([Problem(("fields",), f"{', '.join(both)} is part of the key already")])
        return self


class Store(Part):
    """The golden table of a recon and the references it is split into."""

    table: Annotated[TableName, Field(description="Name of the golden table.")]
    references: Annotated[
        dict[TableName, Reference],
        Field(
            default_factory=dict,
            description="Tables for what depends on less than the key, by name.",
        ),
    ]

    @model_validator(mode="after")
    def _tables_differ(self) -> Store:
        if self.table in self.references:
            raise UnfitError([Problem(("references", self.table), "is the name of the golden table itself")])
        return self
