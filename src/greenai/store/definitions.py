"""Definitions in the store: a recon, its systems, its keys and policies, and its versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    from greenai.definition.model import Definition

    Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class SavedDefinition:
    """A definition as the store knows it: its recon, its version, and the version of its key."""

    recon_id: int
    version: int
    key_version: int


def save(
    connection: Connection,
    definition: Definition,
    *,
    fingerprint: str,
    document: str,
    key_document: Mapping[str, Any],
) -> SavedDefinition:
    """Save what is not there yet, and tell under which numbers it is.

    `fingerprint` is that of the meaning, `document` the YAML, `key_document` the key fields in order with
    what identifies records by them. Of two at once the second waits for the first's transaction.
    """
    recon_id, version = register(connection, definition, fingerprint=fingerprint, document=document)
    # Inferred keys or types may be others for the same text of a definition: the run's own key counts.
    return SavedDefinition(recon_id, version, identify(connection, recon_id, version, key_document))


def register(
    connection: Connection, definition: Definition, *, fingerprint: str, document: str
) -> tuple[int, int]:
    """Save recon and version without reading data; returns both numbers. See `save`."""
    recon_id = _recon(connection, definition.recon)
    found = connection.execute(
        "SELECT version FROM greenai.definition_version WHERE recon_id = %s AND fingerprint = %s",
        [recon_id, fingerprint],
    ).fetchone()
    if found is None:
        found = connection.execute(
            "INSERT INTO greenai.definition_version (recon_id, version, fingerprint, document) "
            "SELECT %s, coalesce(max(version), 0) + 1, %s, %s FROM greenai.definition_version "
            "WHERE recon_id = %s RETURNING version",
            [recon_id, fingerprint, plain(document), recon_id],
        ).fetchone()
        assert found is not None
        _policies(connection, recon_id, found[0], definition)
    version = int(found[0])
    _systems(connection, recon_id, version, definition)
    return recon_id, version


def identify(connection: Connection, recon_id: int, version: int, key_document: Mapping[str, Any]) -> int:
    """Save how a run of a version identifies records; returns the version of the key."""
    connection.execute("SELECT FROM greenai.recon WHERE recon_id = %s FOR NO KEY UPDATE", [recon_id])
    key_version = _key_version(connection, recon_id, key_document)
    connection.execute(
        "UPDATE greenai.definition_version SET key_version = %s "
        "WHERE recon_id = %s AND version = %s AND key_version IS NULL",
        [key_version, recon_id, version],
    )
    return key_version


def own_reasons(connection: Connection) -> tuple[str, ...]:
    """Reasons that were added to the store by name; one that a definition or a break only uses has none."""
    rows = connection.execute("SELECT reason_code FROM greenai.reason WHERE name <> reason_code ORDER BY 1")
    return tuple(code for (code,) in rows)


def _recon(connection: Connection, name: str) -> int:
    """The recon's number; its row is locked, so that versions are counted by one at a time."""
    connection.execute("INSERT INTO greenai.recon (name) VALUES (%s) ON CONFLICT DO NOTHING", [name])
    row = connection.execute(
        "SELECT recon_id FROM greenai.recon WHERE name = %s FOR NO KEY UPDATE", [name]
    ).fetchone()
    assert row is not None
    return int(row[0])


def _key_version(connection: Connection, recon_id: int, document: Mapping[str, Any]) -> int:
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    fingerprint = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    row = connection.execute(
        "SELECT key_version FROM greenai.key_schema WHERE recon_id = %s AND fingerprint = %s",
        [recon_id, fingerprint],
    ).fetchone()
    if row is None:
        row = connection.execute(
            "INSERT INTO greenai.key_schema (recon_id, key_version, fingerprint, document) "
            "SELECT %s, coalesce(max(key_version), 0) + 1, %s, %s FROM greenai.key_schema "
            "WHERE recon_id = %s RETURNING key_version",
            [recon_id, fingerprint, Jsonb(_storable(document)), recon_id],
        ).fetchone()
    assert row is not None
    return int(row[0])


def _systems(connection: Connection, recon_id: int, version: int, definition: Definition) -> None:
    """Name the systems; they are words for people, so another name makes no version."""
    for side, source in (("a", definition.sources.a), ("b", definition.sources.b)):
        if not source.system:
            continue
        name = plain(source.system)
        connection.execute(
            "INSERT INTO greenai.source_system (name) VALUES (%s) ON CONFLICT DO NOTHING", [name]
        )
        connection.execute(
            "INSERT INTO greenai.definition_source AS known (recon_id, version, side, source_system_id) "
            "SELECT %s, %s, %s, source_system_id FROM greenai.source_system WHERE name = %s "
            "ON CONFLICT (recon_id, version, side) DO UPDATE "
            "SET source_system_id = excluded.source_system_id "
            "WHERE known.source_system_id <> excluded.source_system_id",
            [recon_id, version, side, name],
        )


def _policies(connection: Connection, recon_id: int, version: int, definition: Definition) -> None:
    for code, rule in sorted((definition.gate.reasons if definition.gate else {}).items()):
        connection.execute(
            "INSERT INTO greenai.reason (reason_code, name) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [code, code],
        )
        connection.execute(
            "INSERT INTO greenai.definition_policy (recon_id, version, reason_code, policy, resolution) "
            "VALUES (%s, %s, %s, %s, %s)",
            [recon_id, version, code, rule.policy, rule.resolution],
        )


def _storable(value: Any) -> Any:
    """A JSON value without characters that PostgreSQL has no room for."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {plain(str(name)): _storable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(one) for one in value]
    return value


def version_of(connection: Connection, recon_id: int, fingerprint: str) -> int | None:
    """The version of a recon that means the same; None where none does."""
    row = connection.execute(
        "SELECT version FROM greenai.definition_version WHERE recon_id = %s AND fingerprint = %s",
        [recon_id, fingerprint],
    ).fetchone()
    return None if row is None else int(row[0])
