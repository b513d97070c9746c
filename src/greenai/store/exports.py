"""Lists of breaks as they are exported: the columns that there are, and their rows through a cursor."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from psycopg import sql

from greenai.errors import UsageError
from greenai.store.filters import Filter, condition, newest
from greenai.store.lists import SORTS, Sort
from greenai.store.queries import queries

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

Kind = Literal["text", "decimal", "float", "integer", "date", "moment"]
AT_ONCE: Final = 5_000
"""Rows that are fetched at a time."""
SORTING: Final = "64MB"
"""Memory of PostgreSQL for each sort and hash of an export."""
STALLED: Final = "10min"
"""For so long a client may take nothing before its export is given up."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export: of which kind its values are, what it is in SQL, and which tables that needs."""

    kind: Kind
    sql: str
    joins: tuple[str, ...] = ()


_RECORD = "JOIN greenai.record r ON r.recon_id = p.recon_id AND r.record_id = p.record_id"
_BREAK = "JOIN greenai.break b ON b.recon_id = p.recon_id AND b.break_id = p.break_id"
_CHECK = "LEFT JOIN greenai.check_rule c ON c.rule_id = b.rule_id"
_VERSION = (
    "JOIN greenai.break_version v ON v.recon_id = p.recon_id AND v.business_date = p.business_date"
    " AND v.break_id = p.break_id AND v.publication_id = p.publication_id"
)
_ATTRIBUTION = (
    "JOIN greenai.attribution t ON t.recon_id = p.recon_id AND t.business_date = p.business_date"
    " AND t.break_id = p.break_id AND t.publication_id = p.publication_id"
)
_PUBLICATION = "LEFT JOIN greenai.publication o ON o.publication_id = p.publication_id"
_TOLD = (
    "LEFT JOIN greenai.run_cause rc ON rc.run_id = o.run_id AND rc.cause_id = p.cause_id",
    "LEFT JOIN greenai.run_group rg ON rg.run_id = o.run_id AND rg.group_id = p.group_id",
)
_DECISION = (
    "LEFT JOIN LATERAL (SELECT d.resolution, d.value, d.rule, w.name FROM greenai.decision d"
    " JOIN greenai.actor w USING (actor_id) WHERE d.recon_id = p.recon_id"
    " AND d.business_date = p.business_date AND d.break_id = p.break_id"
    " AND d.publication_id = p.publication_id ORDER BY d.decided_in DESC LIMIT 1) d ON true"
)
_ASSIGNEE = "LEFT JOIN greenai.actor a ON a.actor_id = p.assignee_id"
_CAUSE = "LEFT JOIN greenai.cause u ON u.cause_id = p.cause_id"
_REASON = "LEFT JOIN greenai.reason n ON n.reason_code = p.reason_code"

COLUMNS: Final[dict[str, Column]] = {
    "break_id": Column("text", "replace(p.break_id::text, '-', '')"),
    "key": Column(
        "text",
        "CASE WHEN jsonb_array_length(r.key) = 1 THEN coalesce(r.key ->> 0, '')"
        " ELSE array_to_string(ARRAY(SELECT jsonb_array_elements_text(r.key)), '|', '') END",
        (_RECORD,),
    ),
    "kind": Column("text", "p.kind"),
    "field": Column("text", "p.field"),
    "check": Column("text", "c.rule", (_BREAK, _CHECK)),
    "value_a": Column("text", "v.value_a", (_VERSION,)),
    "value_b": Column("text", "v.value_b", (_VERSION,)),
    "state": Column("text", "p.state"),
    "reason": Column("text", "p.reason_code"),
    "reason_name": Column("text", "n.name", (_REASON,)),
    "cause": Column("text", "replace(p.cause_id::text, '-', '')"),
    "expression": Column("text", "u.expression", (_CAUSE,)),
    "scope": Column("text", "u.scope", (_CAUSE,)),
    "group": Column("text", "replace(p.group_id::text, '-', '')"),
    "method": Column("text", "p.method"),
    "confidence": Column("float", "p.confidence"),
    "explanation": Column(
        "text",
        "coalesce(t.explanation, rc.explanation, rg.why)",
        (_ATTRIBUTION, _PUBLICATION, *_TOLD),
    ),
    "amount": Column("decimal", "p.amount"),
    "currency": Column("text", "p.currency"),
    "first_date": Column("date", "p.first_date"),
    "age_days": Column("integer", "greatest({today} - p.first_date, 0)"),
    "assignee": Column("text", "a.name", (_ASSIGNEE,)),
    "assigned_group": Column("text", "p.assigned_group"),
    "due_at": Column("moment", "p.due_at"),
    "business_date": Column("date", "p.business_date"),
    "resolution": Column("text", "d.resolution", (_DECISION,)),
    "value": Column("text", "d.value", (_DECISION,)),
    "rule": Column("text", "d.rule", (_DECISION,)),
    "decided_by": Column("text", "d.name", (_DECISION,)),
}
"""All columns of exports and of saved views, by name."""
DEFAULT: Final = (
    "break_id", "key", "kind", "field", "value_a", "value_b", "state", "reason", "cause", "method",
    "confidence", "amount", "currency", "first_date", "age_days", "assignee", "assigned_group", "due_at",
    "business_date",
)  # fmt: skip
"""The columns of an export that names none."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an export before it begins: rows, and how large its amounts are."""

    rows: int
    scale: int
    whole_digits: int


def columns_of(names: Sequence[str]) -> dict[str, Column]:
    """The columns of some names, each once, in order; the default ones of none. Raises UsageError."""
    for name in names:
        if name not in COLUMNS:
            raise UsageError(
                f"there is no column {name[:100]!r}",
                column="columns",
                remedy=f"name some of {', '.join(COLUMNS)}",
            )
    return {name: COLUMNS[name] for name in names or DEFAULT}


def begin(connection: Connection) -> None:
    """Open the transaction of an export: read-only, everything in it as of one moment."""
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    for name, value in (
        ("work_mem", SORTING),
        ("jit", "off"),
        # All rows will be read, not the first few.
        ("cursor_tuple_fraction", "1"),
        ("idle_in_transaction_session_timeout", STALLED),
    ):
        connection.execute("SELECT set_config(%s, %s, true)", [name, value])


def facts(connection: Connection, recon_id: int, chosen: Filter) -> Facts:
    """How many rows there will be, and how large their amounts are."""
    where, _ = condition(connection, recon_id, chosen)
    query = sql.SQL(queries("exports")["facts"]).format(where=where)
    row = connection.execute(query, prepare=False).fetchone()
    assert row is not None
    return Facts(*row)


def rows(
    connection: Connection, recon_id: int, chosen: Filter, sort: Sort, columns: dict[str, Column]
) -> Generator[list[tuple[Any, ...]], None, None]:
    """The rows in order, `AT_ONCE` at a time, through a cursor of the server: none is held longer.

    To be closed before the connection is used for anything else.
    """
    where, _ = condition(connection, recon_id, chosen)
    today = sql.Literal(newest(connection, recon_id))
    joins = dict.fromkeys(join for column in columns.values() for join in column.joins)
    way = sql.SQL("DESC" if sort.descending else "ASC")
    query = sql.SQL(queries("exports")["rows"]).format(
        columns=sql.SQL(", ").join(_sql(column.sql).format(today=today) for column in columns.values()),
        joins=sql.SQL(" ").join(_sql(join) for join in joins),
        where=where,
        order=sql.SQL("p.{} {} NULLS LAST, p.break_id {}").format(sql.Identifier(SORTS[sort.name]), way, way),
    )
    with connection.cursor(name="greenai_export") as cursor:
        cursor.execute(query)
        while found := cursor.fetchmany(AT_ONCE):
            yield found


def _sql(text: str) -> sql.SQL:
    return sql.SQL(text)  # a fixed word of this file
