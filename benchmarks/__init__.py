"""Whole-process benchmarks of `greenai diff` against the scan floor, plain DuckDB and its peers."""
