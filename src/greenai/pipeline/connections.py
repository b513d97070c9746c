"""From named locations to files: where connections lead to, and that nothing leads out of there.

A definition keeps naming the connection; only who opens its files sees the folder behind it. What is
told of files afterwards (lineage, errors) names the connection again.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from greenai.definition.named_locations import (
    SCHEME,
    UPLOADS,
    NamedLocation,
    is_named,
    named_location,
    named_locations,
)
from greenai.definition.problems import Problem
from greenai.errors import ConflictError, GreenaiError, MissingSourceError, NotFoundError, UsageError
from greenai.sources.locations import resolve
from greenai.store import connections, uploads
from greenai.store.actors import audit

if TYPE_CHECKING:
    import psycopg

    from greenai.definition.model import Definition, Source

    Connection = psycopg.Connection[Any]

_PLAIN_FOLDER = re.compile(r"/[^\x00-\x1f\x7f\\*?\[\]{}~]+")

SYSTEM: Final = tuple(map(Path, ("/proc", "/sys", "/dev", "/etc", "/boot")))
"""Folders that hold no data but the machine's own secrets: nobody approves them by mistake."""


@dataclass(frozen=True, slots=True)
class Rooted:
    """A definition whose locations are absolute paths and globs, and the folder behind each connection."""

    definition: Definition
    roots: Mapping[str, Path] = field(default_factory=dict)
    """Folder by what names it: ``connection://name`` or ``connection://uploads/id``."""

    def insist_contained(self, variables: Mapping[str, str]) -> None:
        """Refuse files outside of the folders, reached by a link. Raises MissingSourceError, UsageError."""
        if not self.roots:
            return
        homes = [root.resolve() for root in self.roots.values()]
        sources = self.definition.sources
        for path in resolve((*sources.a.location, *sources.b.location), Path("/"), variables):
            if not any(path.resolve().is_relative_to(home) for home in homes):
                raise MissingSourceError(
                    "the file is a link that leads out of its connection",
                    source=self.told(str(path)),
                    remedy="put the file itself into the connection's folder",
                )

    def told(self, text: str) -> str:
        """A text in which folders are named by their connections."""
        for name, root in sorted(self.roots.items(), key=lambda one: -len(str(one[1]))):
            text = text.replace(str(root), name)
        return text

    @contextlib.contextmanager
    def telling(self) -> Iterator[None]:
        """Errors name connections, not the folders behind them."""
        try:
            yield
        except GreenaiError as error:
            error.message = self.told(error.message)
            error.args = (error.message,)
            error.remedy = None if error.remedy is None else self.told(error.remedy)
            error.source = None if error.source is None else self.told(error.source)
            raise


def rooted(connection: Connection, definition: Definition) -> Rooted:
    """A definition with the folders behind its connections; one without connections as it is.

    Raises UsageError for a connection that is not approved, and for an upload that is gone.
    """
    if not any(is_named(one) for one in locations(definition)):
        return Rooted(definition)
    roots: dict[str, Path] = {}
    a, b = definition.sources.a, definition.sources.b
    sources = {"a": opened_source(connection, a, roots), "b": opened_source(connection, b, roots)}
    return Rooted(
        definition.model_copy(update={"sources": definition.sources.model_copy(update=sources)}), roots
    )


def locations(definition: Definition) -> tuple[str, ...]:
    """The locations of both sides."""
    return (*definition.sources.a.location, *definition.sources.b.location)


def opened_source(connection: Connection, source: Source, roots: dict[str, Path]) -> Source:
    """A source with absolute locations; the folders behind its connections are added to `roots`.

    Raises UsageError for a connection that is not approved, and for an upload that is gone.
    """
    found = []
    for location in source.location:
        if not is_named(location):
            found.append(location)
            continue
        try:
            named = named_location(location)
        except ValueError as error:
            raise UsageError(str(error), source=location, remedy="mend the definition") from None
        root, name, rest = _root(connection, named)
        roots[name] = root
        found.append(f"{root}/{rest}")
    return source.model_copy(update={"location": tuple(found)})


def _root(connection: Connection, named: NamedLocation) -> tuple[Path, str, str]:
    """The folder of a location, what names it, and the path below it."""
    if named.connection == UPLOADS:
        upload_id, _, rest = named.path.partition("/")
        folder = uploads.folder_of(connection, upload_id)
        if folder is None:
            raise UsageError(
                "the uploaded file is not there any more", source=str(named), remedy="upload it again"
            )
        return Path(folder), f"{SCHEME}{UPLOADS}/{upload_id}", rest
    folder = connections.folder_of(connection, named.connection)
    if folder is None:
        raise UsageError(
            f"the connection {named.connection!r} is not approved",
            source=str(named),
            remedy="let an administrator propose it and another approve it, or name another one",
        )
    return Path(folder), f"{SCHEME}{named.connection}", named.path


def unknown_connections(connection: Connection, definition: Definition) -> list[Problem]:
    """Problems of a definition with connections that are not approved, and uploads that are gone."""
    problems = []
    for side, source in (("a", definition.sources.a), ("b", definition.sources.b)):
        for index, location in enumerate(source.location):
            try:
                _root(connection, named_location(location))
            except UsageError as error:
                path = ("sources", side, "location", index)
                problems.append(Problem(path, error.message, error.remedy, location))
            except ValueError:
                continue
    return problems


def insist_own_uploads(connection: Connection, definition: Definition, actor_id: int) -> None:
    """Refuse uploads of others. Raises NotFoundError, as for one that does not exist."""
    for named in named_locations(definition):
        if named.connection == UPLOADS:
            upload_id = named.path.partition("/")[0]
            found = uploads.one(connection, upload_id)
            if found is None or found.actor_id != actor_id:
                raise NotFoundError(
                    "there is no such upload", source=str(named), remedy="upload the file, then name it"
                )


def propose(
    connection: Connection,
    name: str,
    folder: str,
    *,
    description: str,
    forbidden: tuple[Path, ...],
    actor: str,
    actor_id: int,
) -> int:
    """Propose where a connection leads to; returns its version. Another administrator decides.

    `forbidden` are folders of greenai's own. Raises UsageError for a folder that cannot be one, ConflictError
    where a version waits already.
    """
    path = checked_folder(folder, forbidden)
    connection_id = connections.locked(connection, name, create=True)
    assert connection_id is not None
    if any(one.state == "proposed" for one in connections.versions(connection, name)):
        raise ConflictError(
            f"a version of {name!r} waits for a decision already", remedy="decide about it, or withdraw it"
        )
    version = connections.propose(
        connection, connection_id, kind="folder", folder=path, description=description, actor_id=actor_id
    )
    details = {"connection": name, "version": version, "folder": path}
    audit(connection, actor, "propose_connection", details)
    return version


def checked_folder(folder: str, forbidden: tuple[Path, ...]) -> str:
    """A folder as it is kept: absolute, plain, neither greenai's own nor the system's. Raises UsageError.

    Touches no file.
    """
    import posixpath

    if not _PLAIN_FOLDER.fullmatch(folder) or posixpath.normpath(folder) != folder.rstrip("/"):
        raise UsageError(
            "the folder is not a plain absolute path",
            value=folder,
            remedy="write it from /, without .. and without * ? [ ] { } ~",
        )
    path = Path(folder)
    for own in forbidden:
        if path.is_relative_to(own) or own.is_relative_to(path):
            raise UsageError(
                "the folder holds files of greenai itself",
                value=folder,
                remedy="name a folder apart from GREENAI_HOME and GREENAI_WORKSPACE",
            )
    for system in SYSTEM:
        if path.is_relative_to(system) or system.is_relative_to(path):
            raise UsageError(
                f"the folder holds files of the operating system ({system})",
                value=folder,
                remedy="name the folder that the feeds are put into",
            )
    return str(path)


def decide(
    connection: Connection,
    name: str,
    version: int,
    what: connections.Decision,
    *,
    comment: str | None,
    actor: str,
    actor_id: int,
) -> None:
    """Approve, reject or withdraw a proposed version.

    Raises NotFoundError, ConflictError where it is decided already, or where who proposed it decides.
    """
    connection_id = known(connection, name)
    found = next((one for one in connections.versions(connection, name) if one.version == version), None)
    if found is None:
        raise NotFoundError("the connection has no such version", value=version)
    if (found.proposed_by == actor) != (what == "withdrawn"):
        raise ConflictError(
            "who proposed a version withdraws it, another person approves or rejects it",
            remedy="ask another administrator" if what != "withdrawn" else "reject it instead",
        )
    if not connections.decide(connection, connection_id, version, what, actor_id=actor_id, comment=comment):
        raise ConflictError(f"version {version} of {name!r} is {found.state} already")
    details = {"connection": name, "version": version, "folder": found.folder, "comment": comment}
    audit(connection, actor, f"{WORDS[what]}_connection", details)


WORDS: Mapping[str, str] = {"approved": "approve", "rejected": "reject", "withdrawn": "withdraw"}


def suspend(connection: Connection, name: str, *, actor: str, actor_id: int) -> None:
    """Let nothing be read through a connection from now on: the safe direction needs one person only."""
    if not connections.suspend(connection, known(connection, name), actor_id=actor_id):
        raise ConflictError(f"{name!r} is suspended already")
    audit(connection, actor, "suspend_connection", {"connection": name})


def resume(connection: Connection, name: str, *, actor: str) -> None:
    """Let a connection be used again; that takes another person than suspended it. Raises ConflictError."""
    connection_id = known(connection, name)
    row = connection.execute(
        "SELECT a.name FROM greenai.connection c JOIN greenai.actor a ON a.actor_id = c.suspended_by "
        "WHERE connection_id = %s",
        [connection_id],
    ).fetchone()
    if row is None:
        raise ConflictError(f"{name!r} is not suspended")
    if row[0] == actor:
        raise ConflictError(
            "who suspended a connection does not resume it", remedy="ask another administrator"
        )
    connections.resume(connection, connection_id)
    audit(connection, actor, "resume_connection", {"connection": name})


def known(connection: Connection, name: str) -> int:
    """The number of a connection, locked. Raises NotFoundError."""
    found = connections.locked(connection, name)
    if found is None:
        raise NotFoundError("there is no such connection", value=name, remedy="GET /connections lists them")
    return found
