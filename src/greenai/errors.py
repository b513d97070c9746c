"""Every error that greenai raises on purpose.

::

    GreenaiError
    ├── UsageError              the call or the options do not fit together
    ├── DefinitionError         a definition that cannot be used (file, line, path in the document)
    ├── SourceError             a source that cannot be read
    │   ├── MissingSourceError      no file, no match for a glob, no such sheet or table
    │   ├── UnreadableSourceError   the bytes are not what the format promises
    │   ├── ControlTotalError       a trailer's count or sum disagrees with the rows
    │   └── TooManyRejectsError     more unreadable rows than `max_rejects` allows
    ├── FieldError              a column or a normalisation step that does not fit the source
    ├── KeyFieldError           no key, or a key that identifies nothing
    ├── EngineError             the table engine gave up (memory, disk, interrupted)
    ├── StoreError              the database cannot be reached, used or started
    │   └── MigrationError          its tables and this program do not fit together
    ├── AuthenticationError     nobody known asks, or what proves who asks does not hold
    ├── ForbiddenError          who asks may not do this
    ├── NotFoundError           what was asked for does not exist, or not for who asks
    ├── ConflictError           it is no longer as who asks saw it, or it exists already
    ├── TooOftenError           asked more often than is allowed
    ├── NotificationError       a webhook or a mail server did not take a message
    └── PlatformError           a server or process of the platform cannot be started, reached or stopped

An error says what is wrong, where, and what to do. `str(error)` is the whole message for a person;
the attributes are for programs.
"""

from __future__ import annotations


class GreenaiError(Exception):
    """Root of the tree: a problem the user can understand and usually mend.

    `remedy` is one imperative sentence. `source`, `line` (1-based), `column` and `value` say where.
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str | None = None,
        source: str | None = None,
        line: int | None = None,
        column: str | None = None,
        value: object = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.source = source
        self.line = line
        self.column = column
        self.value = value

    @property
    def place(self) -> str:
        """Where it happened, e.g. ``trades.csv, line 7, column notional``; empty when unknown."""
        parts = []
        if self.source is not None:
            parts.append(self.source)
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return ", ".join(parts)

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        if self.value is not None:
            shown = repr(self.value)
            text += f" (value {shown[:120] + '…' if len(shown) > 120 else shown})"
        if self.remedy:
            text += f"\n  → {self.remedy}"
        return text


class UsageError(GreenaiError):
    """The call or the options do not fit together."""


class DefinitionError(GreenaiError):
    """A definition that cannot be used; `column` is the path inside the document."""

    @property
    def place(self) -> str:
        parts = []
        if self.source is not None:
            parts.append(self.source)
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(self.column)
        return ", ".join(parts)


class SourceError(GreenaiError):
    """A source that cannot be read."""


class MissingSourceError(SourceError):
    """No file, no match for a glob, no such sheet or table."""


class UnreadableSourceError(SourceError):
    """The bytes are not what the format promises."""


class ControlTotalError(SourceError):
    """A trailer's count or sum disagrees with the rows that were read."""


class TooManyRejectsError(SourceError):
    """More unreadable rows than `max_rejects` allows."""


class FieldError(GreenaiError):
    """A column or a normalisation step that does not fit the source."""


class KeyFieldError(GreenaiError):
    """No key, or a key that identifies nothing."""


class EngineError(GreenaiError):
    """The table engine gave up: memory, disk, or interrupted."""


class WorkspaceError(GreenaiError):
    """The folder in which stages hand over their tables cannot be read or written."""


class LostHandoverError(WorkspaceError):
    """What one stage left for the next is gone, or not what it wrote."""


class SupersededError(GreenaiError):
    """Somebody else does this work now, or nobody is to do it: what was found must not be written."""


class StoreError(GreenaiError):
    """The database cannot be reached, used or started."""


class StaleError(StoreError):
    """What was found was found from what is others now: `stage` and what follows is to be done again."""

    def __init__(self, message: str, *, stage: str) -> None:
        super().__init__(message, remedy="run it again")
        self.stage = stage


class MigrationError(StoreError):
    """The tables of the database and this program do not fit together, or a migration failed."""


class PlatformError(GreenaiError):
    """A server or process of the platform cannot be started, reached or stopped."""


class AuthenticationError(GreenaiError):
    """Nobody known asks, or what proves who asks does not hold."""


class ForbiddenError(GreenaiError):
    """Who asks may not do this."""


class NotFoundError(GreenaiError):
    """What was asked for does not exist, or not for who asks."""


class ConflictError(GreenaiError):
    """It is no longer as who asks saw it, or it exists already."""


class TooOftenError(GreenaiError):
    """Somebody asks more often than is allowed; `seconds` from now it may be asked again."""

    def __init__(self, seconds: int, message: str = "too many requests") -> None:
        super().__init__(message, remedy=f"ask again in {seconds} seconds")
        self.seconds = seconds


class NotificationError(GreenaiError):
    """A webhook or a mail server did not take a message."""
