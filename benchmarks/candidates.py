"""Who is measured on what: groups of candidates that take part in the same rounds."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks import environments

CONTENDERS = Path(__file__).parent / "contenders"
FLOOR = "floor"
CSV_DIFF_LIMIT = 1_000_000  # csv-diff holds every cell as a Python string
RELADIFF_LIMIT = 10_000_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A command to measure; `{data}` and `{out}` in it stand for the folders of data and of results.

    `role` is ``floor``, ``greenai``, ``reference`` or ``peer``; `judged` says what of its output is held
    against the truth: ``nothing``, ``counts`` (its ``summary.json``) or ``breaks`` (each break too).
    """

    name: str
    label: str
    role: str
    command: tuple[str, ...]
    judged: str = "counts"
    exit_code: int = 0
    prepare: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates over one data set, measured in turn; the first is what the others are relative to."""

    name: str
    title: str
    variant: str
    csv: bool
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Tools:
    """Where to find `greenai`, and whether peers take part."""

    greenai: str
    peers: bool

    def peer(self, name: str) -> str:
        return str(environments.python_of(name))


GROUPS = ("parquet", "every", "composite", "csv", "small")


def group(name: str, tools: Tools, rows: int) -> Group:
    """The group called `name`, with those peers that can be expected to finish on `rows` rows."""
    make = {"parquet": _parquet, "every": _every, "composite": _composite, "csv": _csv, "small": _small}
    return make[name](tools, rows)


def _parquet(tools: Tools, rows: int) -> Group:
    peers: list[Candidate] = []
    if tools.peers:
        peers.append(_peer(tools, "datacompy", "datacompy (Polars)", "datacompy_polars.py"))
        if rows <= RELADIFF_LIMIT:
            peers += [_reladiff(tools, "joindiff"), _reladiff(tools, "hashdiff")]
    return Group(
        "parquet", "Parquet, key of one integer, 1 % of rows changed", "mixed", False,
        (
            _floor("DuckDB: scan and hash both", "parquet"),
            _greenai(tools, "greenai", ("id",)),
            *(_greenai(tools, f"greenai-{size}", ("id",), "--memory", size) for size in ("2GB", "1GB", "500MB")),
            _greenai(tools, "greenai-exact", ("id",), "--exact"),
            _full_join(),
            *peers,
        ),
    )


def _every(tools: Tools, _rows: int) -> Group:
    return Group(
        "every", "Parquet, every row changed", "every", False,
        (
            _floor("DuckDB: scan and hash both", "parquet"),
            _greenai(tools, "greenai", ("id",)),
            _greenai(tools, "greenai-2GB", ("id",), "--memory", "2GB"),
            _full_join(),
            _full_join("2GB"),
        ),
    )


def _composite(tools: Tools, _rows: int) -> Group:
    return Group(
        "composite", "Parquet, key of two strings, 1 % of rows changed", "composite", False,
        (
            _floor("DuckDB: scan and hash both", "parquet"),
            _greenai(tools, "greenai", ("book", "trade")),
            _full_join(),
        ),
    )


def _csv(tools: Tools, rows: int) -> Group:
    peers: list[Candidate] = []
    if tools.peers:
        peers.append(_peer(tools, "datacompy", "datacompy (Polars)", "datacompy_polars.py", "--format", "csv"))
        if rows <= CSV_DIFF_LIMIT:
            peers.append(_peer(tools, "csv-diff", "csv-diff", "csv_diff_files.py", "--format", "csv"))
    return Group(
        "csv", "CSV, key of one integer, 1 % of rows changed", "mixed", True,
        (
            _floor("DuckDB: its own CSV scan of both", "csv"),
            _greenai(tools, "greenai", ("id",), format="csv"),
            _full_join(format="csv"),
            *peers,
        ),
    )


def _small(tools: Tools, _rows: int) -> Group:
    return Group(
        "small", "Small processes: two files of 1,000 rows", "mixed", True,
        (
            Candidate(FLOOR, "python -c pass", "floor", (sys.executable, "-c", "pass"), judged="nothing"),
            Candidate("version", "greenai --version", "greenai", (tools.greenai, "--version"), judged="nothing"),
            _greenai(tools, "greenai-parquet", ("id",), label="greenai diff (Parquet)"),
            _greenai(tools, "greenai-csv", ("id",), format="csv", label="greenai diff (CSV)"),
        ),
    )


def _floor(label: str, format: str) -> Candidate:
    command = (sys.executable, str(CONTENDERS / "floor.py"), "{data}", "--format", format, "--out", "{out}")
    return Candidate(FLOOR, label, "floor", command)


def _full_join(memory: str | None = None, format: str = "parquet") -> Candidate:
    limit = ("--memory", memory) if memory else ()
    return Candidate(
        f"full-join-{memory}" if memory else "full-join",
        "DuckDB: filtered full join" + (f", memory limit {memory}" if memory else ""),
        "reference",
        (sys.executable, str(CONTENDERS / "full_join.py"), "{data}", "--format", format, "--out", "{out}", *limit),
        judged="breaks",
    )


def _greenai(
    tools: Tools, name: str, key: tuple[str, ...], *options: str,
    format: str = "parquet", label: str | None = None,
) -> Candidate:
    keys = [word for column in key for word in ("--key", column)]
    return Candidate(
        name,
        label or " ".join(("greenai diff", *options)),
        "greenai",
        (tools.greenai, "diff", f"{{data}}/a.{format}", f"{{data}}/b.{format}", *keys,
         "--format", "json", "--out", "{out}", *options),
        judged="breaks",
        exit_code=1,  # different, as in diff(1)
    )


def _peer(tools: Tools, environment: str, label: str, script: str, *options: str) -> Candidate:
    return Candidate(
        environment, label, "peer",
        (tools.peer(environment), str(CONTENDERS / script), "{data}", "--out", "{out}", *options),
    )


def _reladiff(tools: Tools, algorithm: str) -> Candidate:
    python = tools.peer("reladiff")
    return Candidate(
        f"reladiff-{algorithm}",
        f"reladiff {algorithm} (tables already loaded)",
        "peer",
        (python, str(CONTENDERS / "reladiff_tables.py"), "{data}", "--out", "{out}", "--algorithm", algorithm),
        prepare=(python, str(CONTENDERS / "reladiff_load.py"), "{data}", "--out", "{out}"),
    )
