"""Reasons of breaks, and the rules by which causes have them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from greenai.bff.schemas.common import Answer, Asked
from greenai.domain import reasons
from greenai.store.reason_policies import UsedReason

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,62}$", examples=["NETTING"])]
Kind = Literal["value", "only_a", "only_b", "duplicate_a", "duplicate_b"]
Word = Annotated[str, Field(min_length=1, max_length=200)]


class Reason(Answer):
    """A business label of breaks. `functional`: the systems legitimately differ; null: nobody knows."""

    code: Code
    name: str
    functional: bool | None

    @classmethod
    def of(cls, one: reasons.Reason) -> Reason:
        """As it is shown."""
        return cls(code=one.code, name=one.name, functional=one.functional)


class Reasons(Answer):
    """All reasons of the store, by code."""

    items: list[Reason]


class NewReason(Asked):
    """A reason of one's own."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"code": "NETTING", "name": "Netted in b", "functional": True}]}
    )
    code: Code
    name: Word
    functional: bool | None = None


class Terms(Asked):
    """Which causes a rule is about; what is left out is any."""

    kind: Kind = "value"
    family: Word | None = None
    field: Word | None = None
    column: Annotated[Word | None, Field(description="A context column that the scope speaks of.")] = None
    whole: Annotated[bool | None, Field(description="Whether the whole scope is concerned.")] = None


class NewRule(Terms):
    """Causes of these terms have this reason in the next runs of the recon."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "NETTING", "family": "scale", "field": "notional"}]}
    )
    reason: Code


class Rule(Answer):
    """Causes of these terms have this reason; `recon` null: in any recon."""

    reason: str
    kind: str
    family: str | None
    field: str | None
    column: str | None
    whole: bool | None
    recon: str | None

    @classmethod
    def of(cls, one: reasons.ReasonRule) -> Rule:
        """As it is shown."""
        return cls(**one.as_dict())


class ReasonInRecon(Answer):
    """A reason as a recon uses it: what its gate does, and how many open breaks have it."""

    code: str
    name: str
    functional: bool | None
    policy: str | None
    resolution: str | None
    open: int

    @classmethod
    def of(cls, one: UsedReason) -> ReasonInRecon:
        """As it is shown."""
        return cls(
            code=one.reason.code,
            name=one.reason.name,
            functional=one.reason.functional,
            policy=one.policy,
            resolution=one.resolution,
            open=one.open_breaks,
        )


class ReasonsInRecon(Answer):
    """All reasons as a recon uses them, and the rules that hold for it: of those that fit the first holds."""

    items: list[ReasonInRecon]
    rules: list[Rule]
