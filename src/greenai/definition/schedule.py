"""When a recon runs by itself: cron, calendar and business date; waiting for files; who is told."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from greenai.definition.formats import check_cron, check_timezone
from greenai.definition.problems import Problem, UnfitError
from greenai.definition.written import Part, Short, Text, as_many, is_null

Event = Literal["missed_file", "overdue", "failed", "review_needed", "completed"]
EVENTS: Final[tuple[Event, ...]] = get_args(Event)
UNUSUAL: Final[tuple[Event, ...]] = ("missed_file", "overdue", "failed", "review_needed")
"""What is told unless `events` says otherwise: all but that everything went well."""
NAMED_CALENDARS: Final = ("weekends", "every_day", "target")
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FURTHEST: Final = 30
"""Business days that a business date may lie before its firing."""
WEBHOOK: Final = "webhook:"
_BUSINESS_DATES: Final = {"today": 0, "previous": -1}
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DURATION: Final = r"^[0-9]{1,4}[smhd]$"
_TARGET: Final = r"^(webhook:[A-Z][A-Z0-9_]{0,40}|[^@\s<>,;:\"]+@[^@\s<>,;:\"]+)$"


def _cron(text: str) -> str:
    check_cron(text)
    return text


def _zone(text: str) -> str:
    check_timezone(text)
    return text


def _duration(text: str) -> str:
    if not re.fullmatch(_DURATION, text):
        raise ValueError("is a number with a unit: 90s, 30m, 2h or 1d")
    return text


def _target(text: str) -> str:
    if not re.fullmatch(_TARGET, text):
        raise ValueError(
            "is an e-mail address, or webhook:NAME for the URL in the variable GREENAI_WEBHOOK_URL_NAME "
            "(capital letters, digits, _)"
        )
    return text


def _offset(value: Any) -> Any:
    if isinstance(value, str) and value in _BUSINESS_DATES:
        return _BUSINESS_DATES[value]
    whole = int(value) if isinstance(value, str) and re.fullmatch(r"0|-[0-9]{1,3}", value) else value
    if isinstance(whole, bool) or not isinstance(whole, int) or not -FURTHEST <= whole <= 0:
        raise ValueError(
            f"is today, previous, or a number of business days back, like -2 (down to -{FURTHEST})"
        )
    return whole


def _day(value: Any) -> Any:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("is not a date like 2026-12-25") from None


def _each_once(given: tuple[Any, ...]) -> tuple[Any, ...]:
    for index, one in enumerate(given):
        if one in given[:index]:
            raise ValueError(f"{one} is listed twice")
    return given


TARGET_SCHEMA: Final = {"type": "string", "pattern": _TARGET}
DAY_SCHEMA: Final = {"type": "string", "pattern": _DAY}
Duration = Annotated[
    Text, AfterValidator(_duration), WithJsonSchema({"type": "string", "pattern": _DURATION})
]
Holiday = Annotated[date, BeforeValidator(_day), WithJsonSchema(DAY_SCHEMA)]
Target = Annotated[Text, AfterValidator(_target), WithJsonSchema(TARGET_SCHEMA)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Calendar(Part):
    """The business days of a place: those of a known calendar, less further days of its own."""

    name: Annotated[
        Literal["weekends", "every_day", "target"],
        Field(description="weekends: Monday to Friday; target: less the holidays of the euro; every_day."),
    ] = "weekends"
    closed: Annotated[
        tuple[Weekday, ...],
        BeforeValidator(as_many),
        AfterValidator(_each_once),
        Short({"enum": list(DAYS)}),
        Field(description="Days of the week that are none: [friday, saturday] with every_day."),
    ] = ()
    holidays: Annotated[
        tuple[Holiday, ...],
        BeforeValidator(as_many),
        AfterValidator(_each_once),
        Short(DAY_SCHEMA),
        Field(description="Further days that are none, like 2026-12-25."),
    ] = ()

    @model_validator(mode="after")
    def _some_day_is_left(self) -> Calendar:
        weekend = () if self.name == "every_day" else DAYS[5:]
        if len({*self.closed, *weekend}) == len(DAYS):
            raise UnfitError([Problem(("closed",), "leaves no business day", "Leave one day out.")])
        return self


def _as_calendar(value: Any) -> Any:
    if isinstance(value, str) and not is_null(value):
        if value not in NAMED_CALENDARS:
            listed = ", ".join(NAMED_CALENDARS)
            raise ValueError(f"is one of {listed}, or a mapping with name, closed and holidays")
        return {"name": value}
    return value


class Notify(Part):
    """Who is told of what becomes of a run."""

    to: Annotated[
        tuple[Target, ...],
        Field(min_length=1, description="E-mail addresses, and webhook:NAME."),
        BeforeValidator(as_many),
        AfterValidator(_each_once),
        Short(TARGET_SCHEMA),
    ]
    events: Annotated[
        tuple[Event, ...],
        Field(min_length=1, description="What is told; all but completed when left out."),
        BeforeValidator(as_many),
        AfterValidator(_each_once),
        Short({"enum": list(EVENTS)}),
    ] = UNUSUAL


def _as_notify(value: Any) -> Any:
    return {"to": value} if isinstance(value, (str, list, tuple)) and not is_null(value) else value


class Schedule(Part):
    """When the recon runs by itself: registered with `greenai schedule add`."""

    cron: Annotated[
        Text,
        AfterValidator(_cron),
        Field(description="Five fields: minute, hour, day of the month, month, day of the week."),
    ]
    timezone: Annotated[
        Text, AfterValidator(_zone), Field(description="IANA time zone that the hours are meant in.")
    ] = "UTC"
    calendar: Annotated[
        Calendar,
        BeforeValidator(_as_calendar),
        Short({"enum": list(NAMED_CALENDARS)}),
        Field(description="Which days are business days: a name, or name, closed and holidays."),
    ] = Calendar()
    business_date: Annotated[
        int,
        BeforeValidator(_offset),
        WithJsonSchema(
            {
                "anyOf": [
                    {"enum": list(_BUSINESS_DATES)},
                    {"type": "integer", "minimum": -FURTHEST, "maximum": 0},
                ]
            }
        ),
        Field(description="The day that a run is for: today, previous, or business days back."),
    ] = -1
    wait_for_files: Annotated[
        Duration, Field(description="How long files may be late before somebody is told.")
    ] = "30m"
    overdue: Annotated[
        Duration | None, Field(description="How long after its time a run should have finished.")
    ] = None
    notify: Annotated[
        Notify | None,
        BeforeValidator(_as_notify),
        Short({"anyOf": [TARGET_SCHEMA, {"type": "array", "items": TARGET_SCHEMA, "minItems": 1}]}),
        Field(description="Who is told: a list of targets, or to: and events:."),
    ] = None


def span(duration: str) -> timedelta:
    """How long ``30m`` is."""
    return timedelta(seconds=int(duration[:-1]) * _UNITS[duration[-1]])
