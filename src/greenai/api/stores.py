"""Opening the store for a verb."""

from __future__ import annotations

from greenai.embedded.migrated import bring_up_to_date, migrated_store

__all__ = ["bring_up_to_date", "migrated_store"]
