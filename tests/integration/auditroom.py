"""A database with an audit: events, decisions of a publication, a key, and an anchor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greenai.domain.audit import Verification
from greenai.pipeline import anchors, auditing
from greenai.store import actors
from greenai.store.database import connect
from greenai.store.partitions import ensure_partitions

DAY = "2026-03-02"


@dataclass
class Room:
    """A database that a superuser is at."""

    url: str
    connection: Any
    places: anchors.Places

    def happen(self, number: int, actor: str = "ann") -> None:
        """So many events, each in a transaction of its own."""
        actors.person(self.connection, actor)
        for count in range(number):
            details = {"count": count, "note": "ä\0 'quoted\""}
            actors.audit(
                self.connection,
                actor,
                "change",
                details,
                subject=f"thing {count}",
                before={"count": count - 1},
                after={"count": count},
                evidence={"share": 0.25},
                request_id=f"request-{count}",
                model_version="model 1",
            )

    def anchor(self) -> None:
        """Sign the head."""
        assert anchors.anchor(self.connection, self.places) is not None

    def verify(self, key: Path | None = None) -> Verification:
        """What a verification finds."""
        found = anchors.signing_key(self.places.key).public_key() if key is None else anchors.public_key(key)
        return auditing.verify(self.connection, self.places.anchor, {anchors.key_id(found): found})

    def found(self) -> set[str]:
        """What is wrong, in short."""
        return {one.what for one in self.verify().findings}

    def tamper(self, *statements: str | Callable[[Any], None]) -> None:
        """Do as a superuser what no trigger hinders."""
        with connect(self.url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            for one in statements:
                if callable(one):
                    one(connection)
                else:
                    connection.execute(one.encode())

    def decide(self, number: int, recon: str = "trades") -> int:
        """A run of a recon whose publication decides about so many breaks; returns the publication."""
        execute = self.connection.execute
        execute("INSERT INTO greenai.recon (name) VALUES (%s) ON CONFLICT DO NOTHING", [recon])
        (recon_id,) = execute("SELECT recon_id FROM greenai.recon WHERE name = %s", [recon]).fetchone()
        execute(
            "INSERT INTO greenai.definition_version (recon_id, version, fingerprint, document)"
            " VALUES (%s, 1, 'f', '') ON CONFLICT DO NOTHING",
            [recon_id],
        )
        execute(
            "INSERT INTO greenai.key_schema (recon_id, key_version, fingerprint, document)"
            " VALUES (%s, 1, 'k', '[]') ON CONFLICT DO NOTHING",
            [recon_id],
        )
        ensure_partitions(self.connection, recon_id, _day())
        with self.connection.transaction():
            (run,) = execute(
                "INSERT INTO greenai.run (recon_id, version, business_date, state)"
                " VALUES (%s, 1, %s, 'completed') RETURNING run_id",
                [recon_id, DAY],
            ).fetchone()
            (publication,) = execute(
                "INSERT INTO greenai.publication (run_id, kind) VALUES (%s, 'run') RETURNING publication_id",
                [run],
            ).fetchone()
            given = {"recon": recon_id, "day": DAY, "publication": publication, "number": number}
            execute(BREAKS, given)
        return int(publication)


BREAKS = """
WITH wanted AS (SELECT n, md5(n::text)::uuid AS id FROM generate_series(1, %(number)s) n),
records AS (
    INSERT INTO greenai.record SELECT %(recon)s, id, 1, '[]' FROM wanted ON CONFLICT DO NOTHING
), breaks AS (
    INSERT INTO greenai.break (recon_id, break_id, record_id, kind, field)
    SELECT %(recon)s, id, id, 'value', 'amount' FROM wanted ON CONFLICT DO NOTHING
), versions AS (
    INSERT INTO greenai.break_version
        (recon_id, business_date, break_id, publication_id, present, value_a, value_b)
    SELECT %(recon)s, %(day)s, id, %(publication)s, true, '1', '2' FROM wanted
)
INSERT INTO greenai.decision
    (recon_id, business_date, break_id, publication_id, decided_in, outcome, rule, policy, resolution,
     actor_id)
SELECT %(recon)s, %(day)s, id, %(publication)s, %(publication)s, 'passed', 'approved', 'pass', 'take_a', 0
FROM wanted
"""


def _day() -> Any:
    from datetime import date

    return date.fromisoformat(DAY)


def open_room(url: str, folder: Path) -> Room:
    """A room over an empty migrated database; whoever opens it closes its connection."""
    return Room(
        url,
        connect(url, autocommit=True),
        anchors.Places(folder / "audit.key", folder / "anchor.jsonl"),
    )
