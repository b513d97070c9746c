"""Dates, numbers and nulls in other notations, recognised for a proposed definition.

``31/12/2024``, ``1,234.50``, ``(12.00)`` and ``N/A`` are read by normalisation steps. A comparison
without definition does not guess them: it compares the texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from greenai.definition.steps import NullIf, ParseDate, ParseNumber, Step
from greenai.engines.functions import regexp_full, try_strptime
from greenai.inference.profiles import Profile, distinct_values
from greenai.inference.samples import Samples

_DAY, _YEAR = "[0-9]{1,2}", "[0-9]{4}"
FORMATS = {
    "%d/%m/%Y": f"{_DAY}/{_DAY}/{_YEAR}",
    "%m/%d/%Y": f"{_DAY}/{_DAY}/{_YEAR}",
    "%d.%m.%Y": rf"{_DAY}\.{_DAY}\.{_YEAR}",
    "%d-%m-%Y": f"{_DAY}-{_DAY}-{_YEAR}",
    "%m-%d-%Y": f"{_DAY}-{_DAY}-{_YEAR}",
    "%Y/%m/%d": f"{_YEAR}/{_DAY}/{_DAY}",
    "%Y.%m.%d": rf"{_YEAR}\.{_DAY}\.{_DAY}",
    "%Y%m%d": "(19|20)[0-9]{6}",
    "%d-%b-%Y": f"{_DAY}-[A-Za-z]{{3}}-{_YEAR}",
    "%d/%b/%Y": f"{_DAY}/[A-Za-z]{{3}}/{_YEAR}",
    "%d %b %Y": f"{_DAY} [A-Za-z]{{3}} {_YEAR}",
    "%d %B %Y": f"{_DAY} [A-Za-z]{{3,9}} {_YEAR}",
}
"""strptime formats of dates, and the shape that a text must have for each."""
FEW_DATES = 5
"""Eight digits are a date only where at least this many different values all are."""


@dataclass(frozen=True, slots=True)
class Notation:
    """How one text column is written: the profile of its cells as they are `seen`, and of the same
    cells once `parse` has `read` them; `nulls` are the texts that stand for null. `ambiguous` holds
    date formats between which the sample cannot decide."""

    seen: Profile
    read: Profile
    nulls: tuple[str, ...] = ()
    parse: Step | None = None
    ambiguous: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The normalisation that reads the cells."""
        nulls = (NullIf(values=list(self.nulls)),) if self.nulls else ()
        return (*nulls, self.parse) if self.parse else nulls

    def unread(self) -> Notation:
        """The same cells, not parsed."""
        return replace(self, read=self.seen, parse=None)


def notations(side: Samples, profiles: Mapping[str, Profile]) -> dict[str, Notation]:
    """The notation of each profiled text column of a side."""
    written = [name for name, profile in profiles.items() if profile.filled == profile.written_dates > 0]
    formats = _date_formats(side, written)
    return {name: _notation(profile, formats.get(name, ())) for name, profile in profiles.items()}


def as_seen(profile: Profile) -> Notation:
    """The notation of cells that are taken as they are."""
    return Notation(profile, profile)


def _notation(profile: Profile, formats: Sequence[str]) -> Notation:
    plain = Notation(profile, profile, profile.null_words)
    count = profile.filled
    if len(formats) == 1 and (formats[0] != "%Y%m%d" or count >= FEW_DATES):
        read = replace(profile, dates=count, timestamps=count, written_dates=0, plain=0, integers=0)
        return replace(plain, read=read, parse=ParseDate(formats=[formats[0]]))
    if len(formats) > 1:
        return replace(plain, ambiguous=tuple(formats))
    if profile.grouped and profile.plain + profile.grouped == count and not profile.zero_led:
        read = replace(profile, plain=count, integers=0 if profile.scale else count, grouped=0)
        return replace(plain, read=read, parse=ParseNumber())
    return plain


def _date_formats(side: Samples, columns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """For each column the formats that read all its values; several where days stay below 13."""
    if not columns:
        return {}
    engine = side.engine
    values = distinct_values(engine, side.table, columns)
    text = values.value.strip()
    known = values.filter(text.notnull() & ~text.isin([*side.null_values, *side.null_words]))
    text = known.value.strip()
    asked = {"all": known.count()}
    for i, (written, shape) in enumerate(FORMATS.items()):
        asked[f"f{i}"] = known.count(where=regexp_full(text, shape) & try_strptime(text, [written]).notnull())
    found = engine.rows(known.group_by("position").aggregate(**asked))
    engine.drop(values)
    return {
        columns[position]: tuple(
            written for written, fits in zip(FORMATS, fitting, strict=True) if fits == count
        )
        for position, count, *fitting in found
    }
