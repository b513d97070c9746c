"""Who is measured on what: groups of candidates that take part in the same rounds."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks import environments

CONTENDERS = Path(__file__).parent / "contenders"
FLOOR = "floor"
CSV_DIFF_LIMIT = 1_000_000  # csv-diff holds every cell as a Python string
JOINDIFF_LIMIT = 10_000_000
HASHDIFF_LIMIT = 1_000_000  # where it took minutes: changes all over the table are its worst case


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
        peers.append(_datacompy(tools, "parquet"))
        if rows <= JOINDIFF_LIMIT:
            peers.append(_reladiff(tools, "joindiff"))
        if rows <= HASHDIFF_LIMIT:
            peers.append(_reladiff(tools, "hashdiff"))
    return Group(
        "parquet",
        "Parquet, key of one integer, 1 % of rows changed",
        "mixed",
        False,
        (
            _floor("DuckDB: scan and hash both", "parquet"),
            _greenai(tools, "greenai", ("id",)),
            _greenai(tools, "greenai-2GB", ("id",), "--memory", "2GB"),
            _greenai(tools, "greenai-1GB", ("id",), "--memory", "1GB"),
            _greenai(tools, "greenai-500MB", ("id",), "--memory", "500MB"),
            _greenai(tools, "greenai-exact", ("id",), "--exact"),
            _full_join(),
            *peers,
        ),
    )


def _every(tools: Tools, _rows: int) -> Group:
    return Group(
        "every",
        "Parquet, every row changed",
        "every",
        False,
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
        "composite",
        "Parquet, key of two strings, 1 % of rows changed",
        "composite",
        False,
        (
            _floor("DuckDB: scan and hash both", "parquet"),
            _greenai(tools, "greenai", ("book", "trade")),
            _full_join(),
        ),
    )


def _csv(tools: Tools, rows: int) -> Group:
    peers: list[Candidate] = []
    if tools.peers:
        peers.append(_datacompy(tools, "csv"))
        if rows <= CSV_DIFF_LIMIT:
            peers.append(_csv_diff(tools))
    return Group(
        "csv",
        "CSV, key of one integer, 1 % of rows changed",
        "mixed",
        True,
        (
            _floor("DuckDB: its own CSV scan of both", "csv"),
            _greenai(tools, "greenai", ("id",), format="csv"),
            _full_join(format="csv"),
            *peers,
        ),
    )


def _small(tools: Tools, _rows: int) -> Group:
    return Group(
        "small",
        "Small processes: two files of 1,000 rows",
        "mixed",
        True,
        (
            Candidate(FLOOR, "python -c pass", "floor", (sys.executable, "-c", "pass"), "nothing"),
            Candidate("version", "greenai --version", "greenai", (tools.greenai, "--version"), "nothing"),
            _greenai(tools, "greenai-parquet", ("id",), label="greenai diff (Parquet)"),
            _greenai(tools, "greenai-csv", ("id",), format="csv", label="greenai diff (CSV)"),
        ),
    )


def _floor(label: str, format: str) -> Candidate:
    return Candidate(FLOOR, label, "floor", _script("floor.py", "--format", format))


def _full_join(memory: str | None = None, format: str = "parquet") -> Candidate:
    limit = ("--memory", memory) if memory else ()
    return Candidate(
        f"full-join-{memory}" if memory else "full-join",
        "DuckDB: filtered full join" + (f", memory limit {memory}" if memory else ""),
        "reference",
        _script("full_join.py", "--format", format, *limit),
        judged="breaks",
    )


def _greenai(
    tools: Tools,
    name: str,
    key: tuple[str, ...],
    *options: str,
    format: str = "parquet",
    label: str | None = None,
) -> Candidate:
    keys = [word for column in key for word in ("--key", column)]
    return Candidate(
        name,
        label or " ".join(("greenai diff", *options)),
        "greenai",
        (
            tools.greenai,
            "diff",
            f"{{data}}/a.{format}",
            f"{{data}}/b.{format}",
            *keys,
            "--format",
            "json",
            "--out",
            "{out}",
            *options,
        ),
        judged="breaks",
        exit_code=1,  # different, as in diff(1)
    )


def _datacompy(tools: Tools, format: str) -> Candidate:
    command = _script("datacompy_polars.py", "--format", format, python=tools.peer("datacompy"))
    return Candidate("datacompy", "datacompy (Polars)", "peer", command)


def _csv_diff(tools: Tools) -> Candidate:
    command = _script("csv_diff_files.py", "--format", "csv", python=tools.peer("csv-diff"))
    return Candidate("csv-diff", "csv-diff", "peer", command)


def _reladiff(tools: Tools, algorithm: str) -> Candidate:
    python = tools.peer("reladiff")
    return Candidate(
        f"reladiff-{algorithm}",
        f"reladiff {algorithm} (tables already loaded)",
        "peer",
        _script("reladiff_tables.py", "--algorithm", algorithm, python=python),
        prepare=_script("reladiff_load.py", python=python),
    )


def _script(name: str, *options: str, python: str = sys.executable) -> tuple[str, ...]:
    return (python, str(CONTENDERS / name), "{data}", "--out", "{out}", *options)
