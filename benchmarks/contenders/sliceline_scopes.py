"""sliceline on one field: the slices of context in which records differ most.

Arguments: a folder with ``codes`` (32-bit integers from 1, row by row) and ``flags`` (bytes, 1 where the
field differs), and the number of columns. Prints JSON: ``slices``, each a list with a code or null for every
column, and ``cpu`` seconds.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy
from sliceline.slicefinder import Slicefinder

SLICES = 12
"""Slices of one field; a simulated field has at most five causes."""
LEAST = 20
SIZE_MATTERS_LESS = 0.95
"""alpha: how much the share of differences in a slice weighs beside its size."""


def main() -> None:
    """Read, search, print."""
    folder, columns = Path(sys.argv[1]), int(sys.argv[2])
    codes = numpy.fromfile(folder / "codes", dtype=numpy.int32).reshape(-1, columns)
    flags = numpy.fromfile(folder / "flags", dtype=numpy.int8).astype(float)
    finder = Slicefinder(alpha=SIZE_MATTERS_LESS, k=SLICES, max_l=3, min_sup=LEAST, verbose=False)
    finder.fit(codes, flags)
    found = [[None if code is None else int(code) for code in one] for one in finder.top_slices_]
    print(json.dumps({"slices": found, "cpu": time.process_time()}))


if __name__ == "__main__":
    main()
