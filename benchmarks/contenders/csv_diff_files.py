"""csv-diff over two CSV files with one key column."""

from __future__ import annotations

from collections import Counter

from csv_diff import compare, load_csv
from shared import task


def main() -> None:
    """Compare and count."""
    asked = task()
    [key] = asked.key
    with asked.a.open(newline="") as a, asked.b.open(newline="") as b:
        found = compare(load_csv(a, key=key), load_csv(b, key=key))
    fields = Counter(name for change in found["changed"] for name in change["changes"])
    asked.report(
        {
            "different": len(found["changed"]),
            "only_a": len(found["removed"]),
            "only_b": len(found["added"]),
        },
        dict(fields),
    )


if __name__ == "__main__":
    main()
