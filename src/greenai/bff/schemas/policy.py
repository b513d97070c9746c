"""Due policies of a recon: until when breaks are to be decided, and who is told when they were not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, PlainSerializer, field_validator, model_validator
from pydantic.config import JsonDict

from greenai.bff.schemas.common import Answer, Asked, Moment
from greenai.bff.schemas.values import Money, Name, Version
from greenai.definition.formats import check_timezone
from greenai.domain import work

Kind = Literal["value", "only_a", "only_b", "duplicate_a", "duplicate_b", "check"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
FORMS: Final = {
    "person": ".+",
    "group": "[a-z0-9][a-z0-9_-]{0,62}",
    "email": r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+",
    "webhook": "[A-Z][A-Z0-9_]{0,40}",
}
"""How names of those who are told look."""
EXAMPLE: Final[JsonDict] = {
    "version": 0,
    "policies": [
        {
            "name": "large amounts",
            "min_amount": "1000000",
            "currency": "EUR",
            "business_days": 1,
            "by_time": "12:00",
            "timezone": "Europe/London",
            "calendar": {"name": "target"},
            "tell": [{"kind": "group", "name": "fx-desk"}, {"kind": "webhook", "name": "OPS"}],
        },
        {"name": "all others", "business_days": 5},
    ],
}


class Calendar(Asked):
    """Business days: those of a known calendar, less further days of its own."""

    name: Literal["weekends", "every_day", "target"] = "weekends"
    closed: Annotated[list[Weekday], Field(max_length=7, default_factory=list)]
    holidays: Annotated[list[date], Field(max_length=2000, default_factory=list)]

    @model_validator(mode="after")
    def _some_day_is_left(self) -> Calendar:
        weekend = set() if self.name == "every_day" else {"saturday", "sunday"}
        if len({*self.closed, *weekend}) == 7:
            raise ValueError("leaves no business day")
        return self


class Told(Asked):
    """Who is told: a person or a group by name, an e-mail address, or the NAME of a webhook."""

    kind: Literal["person", "group", "email", "webhook"]
    name: Name

    @model_validator(mode="after")
    def _looks_like_one(self) -> Told:
        if not re.fullmatch(FORMS[self.kind], self.name):
            raise ValueError(f"is no name of: {self.kind}")
        return self


class Policy(Asked):
    """Until when breaks are to be decided. What is left out fits any break; the first that fits holds."""

    name: Name
    kind: Kind | None = None
    reason: Annotated[str | None, Field(pattern=r"^[A-Z][A-Z0-9_]{0,62}$")] = None
    min_amount: Annotated[Money | None, Field(description="Of the amount without its sign.")] = None
    currency: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    business_days: Annotated[int, Field(ge=0, le=3660, description="After the first date of the break.")]
    by_time: Annotated[
        time, PlainSerializer(lambda at: at.strftime("%H:%M"), return_type=str), Field(examples=["17:00"])
    ] = time(17)
    timezone: Annotated[str, Field(max_length=100, description="IANA time zone of `by_time`.")] = "UTC"
    calendar: Annotated[Calendar, Field(default_factory=Calendar)]
    tell: Annotated[
        list[Told], Field(max_length=50, description="Who is told of what is overdue.", default_factory=list)
    ]

    @field_validator("by_time")
    @classmethod
    def _to_the_minute(cls, at: time) -> time:
        if at.tzinfo is not None or at.second or at.microsecond:
            raise ValueError("is a time like 17:00; its zone is `timezone`")
        return at

    @field_validator("min_amount")
    @classmethod
    def _not_negative(cls, amount: Decimal | None) -> Decimal | None:
        if amount is not None and amount < 0:
            raise ValueError("is compared with amounts without their sign")
        return amount

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        check_timezone(zone)
        return zone

    @field_validator("tell")
    @classmethod
    def _each_once(cls, tell: list[Told]) -> list[Told]:
        if len({(one.kind, one.name) for one in tell}) < len(tell):
            raise ValueError("names somebody twice")
        return tell

    def policy(self) -> work.DuePolicy:
        """As the store takes it."""
        return work.DuePolicy(
            name=self.name,
            business_days=self.business_days,
            by_time=self.by_time,
            timezone=self.timezone,
            calendar=self.calendar.model_dump(mode="json"),
            kind=self.kind,
            reason=self.reason,
            min_amount=self.min_amount,
            currency=self.currency,
            tell=tuple(work.Told(one.kind, one.name) for one in self.tell),
        )

    @classmethod
    def of(cls, one: work.DuePolicy) -> Policy:
        """As it is shown."""
        given: Mapping[str, Any] = {
            "name": one.name,
            "kind": one.kind,
            "reason": one.reason,
            "min_amount": one.min_amount,
            "currency": one.currency,
            "business_days": one.business_days,
            "by_time": one.by_time,
            "timezone": one.timezone,
            "calendar": dict(one.calendar),
            "tell": [{"kind": told.kind, "name": told.name} for told in one.tell],
        }
        return cls.model_validate(given)


class Policies(Answer):
    """The policies of a recon in the order in which they are asked; version 0 was never set."""

    version: int
    at: Moment | None
    by: str | None
    policies: list[Policy]

    @classmethod
    def of(cls, held: work.DuePolicies) -> Policies:
        """As they are shown."""
        return cls(
            version=held.version,
            at=held.at,
            by=held.by,
            policies=[Policy.of(one) for one in held.policies],
        )


class NewPolicies(Asked):
    """All policies of a recon, in place of those of the version that was seen."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})
    version: Version
    policies: Annotated[list[Policy], Field(max_length=200)]


class Escalation(Answer):
    """Breaks that were overdue by a policy, as those concerned were told."""

    escalation: int
    recon: str
    policy: str
    at: Moment
    breaks: int
    oldest_due: Moment

    @classmethod
    def of(cls, one: work.Escalation) -> Escalation:
        """As it is shown."""
        return cls(
            escalation=one.escalation_id,
            recon=one.recon,
            policy=one.policy,
            at=one.at,
            breaks=one.breaks,
            oldest_due=one.oldest_due,
        )


class Escalations(Answer):
    """Escalations, the last one first."""

    items: list[Escalation]
    next: str | None
