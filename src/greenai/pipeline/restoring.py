"""Golden rows of decisions that are taken back are again what was known before them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from greenai.pipeline.remembered import key_column
from greenai.store import golden
from greenai.store.golden_before import SINCE, rows_before

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.pipeline.affected import Affected
    from greenai.store.merging import Publisher


def restore(affected: Affected, publisher: Publisher, since: Mapping[str, int], held: ir.Table) -> None:
    """Bring the main table's rows of records back to what they were before a publication.

    `since` names the publication by record. A row that nobody knew before goes; both stay in the history.
    References stay: others may name them. What the gate says of the records is to be brought in after this.
    `held` is a relation like that of `greenai.pipeline.decide.Decided`, for its columns.
    """
    engine, layout = publisher.engine, affected.tables[-1]
    told = engine.register(
        pa.table(
            {"record_id": pa.array(list(since), pa.string()), SINCE: pa.array(since.values(), pa.int64())}
        )
    )
    keys = affected.keys.inner_join(told, "record_id")
    of_key = {name: keys[key_column(name)] for name in affected.key}
    asked = engine.materialise(keys.group_by(**of_key).aggregate(**{SINCE: keys[SINCE].min()}))
    before, touched = rows_before(publisher, layout, asked)
    golden.amend(publisher, layout, before, touched, held.limit(0), removes=True)
