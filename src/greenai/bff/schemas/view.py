"""Saved views: lists of breaks as people want to see them again."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field, field_validator
from pydantic.config import JsonDict

from greenai.bff.schemas.breaks import BreakFilter, SortText
from greenai.bff.schemas.common import Answer, Asked, Moment
from greenai.bff.schemas.values import Name, Version
from greenai.domain import work
from greenai.store.exports import COLUMNS

EXAMPLE: Final[JsonDict] = {
    "recon": "fx_trades",
    "name": "large, old",
    "shared": True,
    "document": {
        "filter": {"state": ["in_review"], "min_amount": "1000000", "older_than_days": 5},
        "columns": ["key", "field", "reason", "amount", "due_at"],
        "sort": "-amount",
    },
}


class ViewDocument(Asked):
    """Filter and sort as the list of breaks takes them, and the columns shown, in order."""

    filter: BreakFilter = Field(default_factory=lambda: BreakFilter.model_validate({}))
    columns: Annotated[list[str], Field(max_length=100)] = Field(default_factory=list)
    sort: SortText = "first_date"

    @field_validator("columns")
    @classmethod
    def _are_columns(cls, given: list[str]) -> list[str]:
        unknown = [one for one in given if one not in COLUMNS]
        if unknown:
            raise ValueError(f"there is no column {unknown[0][:100]!r}: there are {', '.join(COLUMNS)}")
        return list(dict.fromkeys(given))

    def document(self) -> dict[str, Any]:
        """As it is kept: of the filter what it says, its states always."""
        said = self.filter.model_dump(mode="json")
        kept = {name: value for name, value in said.items() if name == "state" or value not in (None, [])}
        return {"filter": kept, "columns": self.columns, "sort": self.sort}


class View(Answer):
    """A saved view. Only its owner changes it."""

    view: int
    owner: str
    recon: str
    name: str
    document: dict[str, Any]
    shared: bool
    version: int
    changed_at: Moment

    @classmethod
    def of(cls, one: work.SavedView) -> View:
        """As it is shown."""
        return cls(
            view=one.view_id,
            owner=one.owner,
            recon=one.recon,
            name=one.name,
            document=dict(one.document),
            shared=one.shared,
            version=one.version,
            changed_at=one.changed_at,
        )


class Views(Answer):
    """One's own views and those that others share."""

    items: list[View]
    next: str | None


class NewView(Asked):
    """A view to be saved; one that is shared is seen by all who may read the recon."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})
    recon: Name
    name: Name
    document: ViewDocument
    shared: bool = False


class ViewChange(Asked):
    """A view as it is to be from now on."""

    version: Version
    name: Name
    document: ViewDocument
    shared: bool = False
