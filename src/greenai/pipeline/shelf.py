"""Handing over between stages of a run: values and the relations they speak of, in a folder.

A stage ends by putting what it found on the shelf, and another process takes it from there. Relations
become Parquet files under their own names; what speaks of them (plans, expressions, numbers) is
pickled, and in the other engine the names mean the files. Unpickling runs code, so the hash of what was
written is kept where only engines write (PostgreSQL), and nothing else is ever unpickled.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import pickle
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ibis.expr.operations as ops

from greenai.engines.duckdb import quoted
from greenai.engines.functions import function_of, recipe_of
from greenai.errors import LostHandoverError, UnreadableSourceError, WorkspaceError

if TYPE_CHECKING:
    from greenai.engines.duckdb import DuckDBEngine

VALUE: Final = "value.pickle"
ANOTHER: Final = "see who else writes into the workspace, and that all engines share one (GREENAI_WORKSPACE)"


@dataclass(frozen=True, slots=True)
class Handover:
    """What a stage put on the shelf: where the value is, its hash, and the file of each relation.

    Paths are relative to the shelf's root, with ``/``.
    """

    folder: str
    digest: str
    relations: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"folder": self.folder, "digest": self.digest, "relations": dict(self.relations)}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Handover:
        """From JSON."""
        return cls(document["folder"], document["digest"], dict(document["relations"]))


def put(
    engine: DuckDBEngine, value: object, root: Path, folder: str, before: Handover | None = None
) -> Handover:
    """Write a value and the relations that it speaks of into a new folder of the shelf.

    Relations of `before`, the handover that this engine took, stay where they are. Raises
    WorkspaceError where the folder cannot be written.
    """
    home = root / folder
    buffer = io.BytesIO()
    pickler = _Pickler(buffer, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dump(value)
    known = {} if before is None else before.relations
    relations: dict[str, str] = {}
    with told(home):
        home.mkdir(parents=True)
        for name in sorted(pickler.relations):
            if name in known:
                relations[name] = known[name]
                continue
            engine.write_parquet(pickler.relations[name].to_expr(), home / f"{name}.parquet")
            relations[name] = f"{folder}/{name}.parquet"
        data = buffer.getvalue()
        (home / VALUE).write_bytes(data)
    return Handover(folder, hashlib.sha256(data).hexdigest(), relations)


def take(engine: DuckDBEngine, root: Path, handover: Handover) -> Any:
    """The value of a handover, its relations known to the engine. Raises WorkspaceError."""
    path = root / handover.folder / VALUE
    for needed in (path, *(root / one for one in handover.relations.values())):
        if not needed.exists():
            raise LostHandoverError("a file of the workspace is gone", source=str(needed), remedy=ANOTHER)
    with told(path):
        data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != handover.digest:
        raise LostHandoverError(
            "a file of the workspace is not the one that was written", source=str(path), remedy=ANOTHER
        )
    for name, file in handover.relations.items():
        with told(root / file):
            engine.view(f"SELECT * FROM read_parquet({quoted(str(root / file))})", name)
        if found := re.search(r"_(\d+)$", name):
            engine.skip(int(found[1]))
    return pickle.loads(data)


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns what the system says of a file of the workspace into ours."""
    try:
        yield
    except FileExistsError:
        raise WorkspaceError(
            "two processes work on one attempt", source=str(path), remedy="let the queue try again"
        ) from None
    except OSError as error:
        raise unusable(str(error.strerror or error), str(error.filename or path)) from error
    except UnreadableSourceError as error:
        # The table engine does not tell files of the workspace from files of the user; their names do.
        if str(path) not in error.message:
            raise
        full = "No space left on device"
        raise unusable(full if full in error.message else error.message, str(path)) from error


def unusable(why: str, where: str) -> WorkspaceError:
    """The error of a workspace that cannot be read or written."""
    return WorkspaceError(
        f"the workspace cannot be used: {why}",
        source=where,
        remedy="free disk space, or check the rights of GREENAI_WORKSPACE; then `greenai jobs retry`",
    )


class _Pickler(pickle.Pickler):
    """Pickles values and expressions, and remembers the relations that they name."""

    def __init__(self, file: io.BytesIO, protocol: int) -> None:
        super().__init__(file, protocol)
        self.relations: dict[str, ops.UnboundTable] = {}

    def persistent_id(self, value: object) -> None:
        """Notes a relation; it is pickled as it is, by its name."""
        if isinstance(value, ops.UnboundTable):
            self.relations[value.name] = value

    def reducer_override(self, value: Any) -> Any:
        """Functions of the engine are classes made on demand: made again where they are needed."""
        recipe = recipe_of(value) if isinstance(value, type) else None
        return NotImplemented if recipe is None else (function_of, recipe)
