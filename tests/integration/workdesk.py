"""A recon with two days of breaks behind a BFF, and people with work to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from bffdesk import Desk as Bff
from publishing_desk import Desk as Recon

from greenai.store.database import connect

DAY, NEXT = "2026-01-06", "2026-01-07"
FIELDS = {
    "id": {"type": "string"},
    "amount": {"type": "decimal(18,2)"},
    "currency": {"type": "string"},
    "note": {"type": "string"},
}
MANY = 12


@dataclass
class WorkDesk:
    """What tests of work look at: the BFF, and the recon `trades` behind it."""

    bff: Bff
    recon: Recon

    def person(self, name: str, *roles: str, recons: list[str] | None = None) -> httpx.Client:
        """Somebody with an account, signed in."""
        return self.bff.person(name, *(roles or ("analyst",)), recons=recons)

    def breaks(self, state: str = "in_review") -> list[str]:
        """The breaks in a state, by key and field."""
        return [
            one
            for (one,) in self.recon.ask(
                "SELECT replace(break_id::text, '-', '') FROM greenai.present_break WHERE state = %s"
                " ORDER BY key_text, field",
                state,
            )
        ]

    def audited(self, action: str) -> list[tuple[Any, ...]]:
        """Who did something, about what, with which details."""
        return self.recon.ask(
            "SELECT a.name, e.subject, e.details, e.before, e.after FROM greenai.audit_event e"
            " JOIN greenai.actor a USING (actor_id) WHERE e.action = %s ORDER BY e.event_id",
            action,
        )


def open_work(bff: Bff, folder: Path, *, rows: int = MANY) -> WorkDesk:
    """Two days of a recon: `rows` records with a break in the amount, every third in the note too; a new one
    on the second day. Another recon, `other`, never ran."""
    assert bff.settings.database_url is not None
    recon = Recon(
        folder,
        bff.settings.database_url,
        {
            "key": ["id"],
            "fields": FIELDS,
            "store": {"table": "trade"},
            "amount": {"field": "amount", "currency": "currency"},
            "gate": {"reasons": {"FORMAT": "pass"}},
        },
    )
    first_a = [(f"k{n:03}", f"{n * 100}.50", "EUR" if n % 2 else "USD", "x") for n in range(1, rows + 1)]
    first_b = [
        (f"k{n:03}", f"{n * 100 + 7}.25", "EUR" if n % 2 else "USD", "y" if n % 3 == 0 else "x")
        for n in range(1, rows + 1)
    ]
    fine = [("zzz", "1.00", "EUR", "same")]
    recon.run(DAY, first_a + fine, first_b + fine)
    new_a, new_b = [("new", "5000000.00", "GBP", "x")], [("new", "5000001.00", "GBP", "x")]
    recon.run(NEXT, first_a + fine + new_a, first_b + fine + new_b)
    with connect(recon.url, autocommit=True) as connection:
        connection.execute("INSERT INTO greenai.recon (name) VALUES ('other')")
    return WorkDesk(bff, recon)
