"""A definition proposed from two named sources, with the rows that it was seen in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from greenai.definition.model import Definition, Source, Sources
from greenai.inference.definition import field_names, write
from greenai.inference.infer import infer
from greenai.pipeline.activating import NOWHERE
from greenai.pipeline.connections import Rooted
from greenai.pipeline.trial import stopped
from greenai.sources.files import read_files

if TYPE_CHECKING:
    from greenai.engines.duckdb import DuckDBEngine
    from greenai.inference.model import Inferred
    from greenai.sources.base import SourceTable

LONGEST_CELL: Final = 500


@dataclass(frozen=True, slots=True)
class SampleRows:
    """First rows of a source as text, null as None."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True, slots=True)
class ProposedDefinition:
    """The YAML, what it was made from, and first rows of both sides."""

    document: str
    inferred: Inferred
    fields: Mapping[str, str]
    """Name in the definition of each pair."""
    a: SampleRows
    b: SampleRows


def proposed_definition(
    engine: DuckDBEngine,
    files: Rooted,
    given: Mapping[str, Source],
    day: date,
    *,
    recon: str,
    key: Sequence[str] | None,
    shown: int,
) -> ProposedDefinition:
    """Pair columns, types, key and context of two sources. `given` are the sources as they were named.

    Raises GreenaiError for what cannot be read, and where nothing pairs.
    """
    variables = {"business_date": day.isoformat()}
    with files.telling(), stopped(engine):
        files.insist_contained(variables)
        sources = {"a": files.definition.sources.a, "b": files.definition.sources.b}
        tables = {
            side: read_files(engine, source, side=side, base=NOWHERE, variables=variables)
            for side, source in sources.items()
        }
        found = infer(engine, tables["a"], tables["b"], key=key or None, pair_by_values=True)
        document = write(
            found,
            recon=recon,
            location_a=_location(given["a"]),
            location_b=_location(given["b"]),
            options_a=options(given["a"]),
            options_b=options(given["b"]),
        )
        rows = {side: sample_rows(engine, table, shown) for side, table in tables.items()}
    return ProposedDefinition(document, found, field_names(found.pairs), rows["a"], rows["b"])


def placeholder(a: Source, b: Source) -> Definition:
    """A definition of two sources and nothing else, by which they are found."""
    return Definition(recon="recon", sources=Sources(a=a, b=b))


def sample_rows(engine: DuckDBEngine, source: SourceTable, most: int) -> SampleRows:
    """First rows of a source as text; long cells are cut."""
    table = engine.rows(source.sample(most).select(*source.columns))
    return SampleRows(source.columns, tuple(tuple(_text(cell) for cell in row) for row in table))


def options(source: Source) -> dict[str, Any]:
    """The further keys of a source, as a definition writes them."""
    return source.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"location"})


def _location(source: Source) -> str | tuple[str, ...]:
    return source.location if len(source.location) > 1 else source.location[0]


def _text(cell: object) -> str | None:
    if cell is None:
        return None
    text = str(cell)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
