"""Definitions on the platform: saved as versions, proposed, approved by another, effective from a date."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from greenai.definition.fingerprint import fingerprint
from greenai.definition.loading import loads
from greenai.definition.named_locations import insist_named, placed
from greenai.errors import ConflictError, ForbiddenError, NotFoundError, UsageError
from greenai.pipeline import registering, submission
from greenai.pipeline.connections import insist_own_uploads, rooted, unknown_connections
from greenai.pipeline.effective import effective_definition
from greenai.pipeline.golden_tables import make_tables
from greenai.pipeline.passing import may_let_pass
from greenai.store import activations, definition_changes, definitions
from greenai.store.actors import audit

if TYPE_CHECKING:
    import psycopg

    from greenai.definition.model import Definition
    from greenai.store.definition_changes import Change

    Connection = psycopg.Connection[Any]

NOWHERE: Final = Path("/dev/null")
"""Where relative locations of the platform's runs start: nothing lies below it, or ever will."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who does something: number and name."""

    actor_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A definition that was saved: `new` where its meaning was not known yet."""

    recon_id: int
    recon: str
    version: int
    new: bool


@dataclass(frozen=True, slots=True)
class Activated:
    """What came of an activation: golden tables that were made, and whether it runs by itself now."""

    tables: tuple[str, ...]
    later: bool
    """Whether golden tables are made by the first run, because the definition leaves types to it."""
    scheduled: bool


def read(connection: Connection, document: str) -> Definition:
    """A definition as the platform takes it: named connections alone, all of them approved.

    Raises DefinitionError with every problem, each with line, path, value and remedy.
    """
    definition = loads(document)
    insist_named(definition, document)
    placed(unknown_connections(connection, definition), document, source="definition")
    return definition


def save(connection: Connection, document: str, *, recon: str | None, comment: str, person: Person) -> Saved:
    """Save a definition; another meaning is another version. `recon` is the name that it must have, if any.

    With None the recon must be a new one. Raises DefinitionError, ConflictError, NotFoundError.
    """
    definition = read(connection, document)
    insist_own_uploads(connection, definition, person.actor_id)
    known = definition_changes.recon_id(connection, definition.recon)
    if recon is None and known is not None:
        raise ConflictError(
            f"there is a recon {definition.recon!r} already",
            remedy="save another version of it, or give this one another name",
        )
    if recon is not None and definition.recon != recon:
        raise UsageError(
            f"the definition is that of {definition.recon!r}, not of {recon!r}",
            column="recon",
            value=definition.recon,
            remedy="a recon keeps its name; make a new recon for another one",
        )
    if recon is not None and known is None:
        raise not_found(recon)
    # The row of the recon is locked from here on: versions are counted by one at a time.
    before = (
        {one.version for one in definition_changes.versions(connection, known, limit=1)} if known else set()
    )
    recon_id, version = definitions.register(
        connection, definition, fingerprint=fingerprint(definition), document=document
    )
    new = not before or version > max(before)
    definition_changes.written(connection, recon_id, version, actor_id=person.actor_id, comment=comment)
    if new:
        details = {"version": version, "before": max(before, default=None), "comment": comment}
        audit(connection, person.name, "save_definition", details, recon_id=recon_id)
    return Saved(recon_id, definition.recon, version, new)


def propose(
    connection: Connection,
    recon: str,
    version: int | None,
    effective_from: date,
    *,
    comment: str,
    person: Person,
) -> int:
    """Propose that a version holds from a business date on, or (None) that nothing does; returns the number.

    Raises NotFoundError, DefinitionError where the version cannot be used on the platform, ConflictError
    where the same waits for a decision.
    """
    recon_id = insist_recon(connection, recon)
    if version is not None:
        read(connection, insist_document(connection, recon_id, version))
    change_id = definition_changes.propose(
        connection, recon_id, version, effective_from, actor_id=person.actor_id, comment=comment
    )
    if change_id is None:
        raise ConflictError("the same change waits for a decision already", remedy="see its proposals")
    details = {
        "change": change_id,
        "version": version,
        "effective_from": effective_from.isoformat(),
        "comment": comment,
    }
    audit(connection, person.name, "propose_definition", details, recon_id=recon_id)
    return change_id


def decide(
    connection: Connection,
    change: Change,
    what: Literal["approved", "rejected", "withdrawn"],
    *,
    comment: str,
    person: Person,
) -> None:
    """Approve, reject or withdraw a change that is locked.

    Raises ForbiddenError where a person would decide about own work, ConflictError where it is decided.
    """
    own = change.proposed_by == person.name
    if what == "withdrawn" and not own:
        raise ForbiddenError("who proposed a change withdraws it", remedy="reject it instead")
    if what != "withdrawn" and own:
        raise ForbiddenError(
            "who proposed a change does not decide about it", remedy="ask another person with this right"
        )
    recon_id = insist_recon(connection, change.recon)
    if what == "approved" and change.version is not None:
        if person.name in _authors(connection, recon_id, change.version):
            raise ForbiddenError(
                "who wrote a version does not approve it", remedy="ask another person with this right"
            )
        insist_not_maker(connection, recon_id, change.version, change.effective_from, person)
    if not definition_changes.decide(
        connection, change.change_id, what, actor_id=person.actor_id, comment=comment
    ):
        raise ConflictError(f"the change is {change.state} already", remedy="look at it again")
    details = {
        "change": change.change_id,
        "version": change.version,
        "effective_from": change.effective_from.isoformat(),
        "before": change.state,
        "after": what,
        "comment": comment,
    }
    words = {"approved": "approve", "rejected": "reject", "withdrawn": "withdraw"}
    audit(connection, person.name, f"{words[what]}_definition", details, recon_id=recon_id)


def activate(connection: Connection, change: Change, *, person: Person) -> Activated:
    """Let an approved change hold: its golden tables are made, its schedule is registered.

    Raises ConflictError where it is not approved, StoreError where the golden tables do not fit.
    """
    recon_id = insist_recon(connection, change.recon)
    before = activations.effective(connection, recon_id, change.effective_from)
    if not definition_changes.activate(connection, change.change_id, actor_id=person.actor_id):
        raise ConflictError(
            f"the change is {change.state}, not approved", remedy="let another person approve it first"
        )
    done = Activated((), False, False)
    if change.version is None:
        retire_schedule(connection, change.recon)
    else:
        definition = read(connection, insist_document(connection, recon_id, change.version))
        tables, later = make_tables(connection, recon_id, definition)
        scheduled = definition.schedule is not None
        if scheduled:
            registering.register(connection, definition, folder=NOWHERE, actor=person.name)
        done = Activated(tables, later, scheduled)
    details = {
        "change": change.change_id,
        "before": None if before is None else before.version,
        "after": change.version,
        "effective_from": change.effective_from.isoformat(),
        "tables": list(done.tables),
    }
    audit(connection, person.name, "activate_definition", details, recon_id=recon_id)
    return done


def retire_schedule(connection: Connection, recon: str) -> None:
    """Let a retired recon run by itself no more."""
    from greenai.store import schedules

    with contextlib.suppress(UsageError):  # it has none
        schedules.change(connection, recon, "removed")


def start(
    connection: Connection,
    recon: str,
    day: date,
    *,
    urgency: int = 0,
    causes: bool = True,
    person: Person,
) -> int:
    """Ask the engines for a run of a business date under the version that holds on it; returns its number.

    Raises NotFoundError, UsageError where no version holds.
    """
    recon_id = insist_recon(connection, recon)
    definition = effective_definition(connection, recon_id, day)
    if definition is None:
        raise UsageError(
            "no version of the recon is effective", remedy="propose one, and let another person approve it"
        )
    files = rooted(connection, definition)
    return submission.submit(
        connection,
        definition,
        base=NOWHERE,
        business_date=day,
        urgency=urgency,
        requested_by=person.name,
        causes=causes,
        size=submission.size_of(files.definition, NOWHERE, day),
    )


def insist_recon(connection: Connection, recon: str) -> int:
    """The number of a recon. Raises NotFoundError."""
    found = definition_changes.recon_id(connection, recon)
    if found is None:
        raise not_found(recon)
    return found


def insist_document(connection: Connection, recon_id: int, version: int) -> str:
    """The YAML of a version. Raises NotFoundError."""
    found = definition_changes.document(connection, recon_id, version)
    if found is None:
        raise NotFoundError("the recon has no such version", value=version, remedy="see its versions")
    return found


def not_found(recon: str) -> NotFoundError:
    """The error for a recon that is not there."""
    return NotFoundError("there is no such recon", value=recon, remedy="GET /recons lists them")


def _authors(connection: Connection, recon_id: int, version: int) -> tuple[str, ...]:
    found = definition_changes.versions(connection, recon_id, version=version, limit=1)
    return found[0].authors if found else ()


def insist_not_maker(
    connection: Connection, recon_id: int, version: int, effective_from: date, person: Person
) -> None:
    """Refuse a maker of breaks that may pass because of what a version changes. Raises ForbiddenError."""
    made = definition_changes.made_breaks(connection, recon_id, person.actor_id)
    if not made:
        return
    held = activations.effective(connection, recon_id, effective_from)
    before = None if held is None or held.document is None else loads(held.document)
    after = loads(insist_document(connection, recon_id, version))
    if may_let_pass(before, after, made):
        raise ForbiddenError(
            "who proposed something about breaks does not approve a definition that may let them pass",
            remedy="ask another person with this right, or have the proposals decided first",
        )
