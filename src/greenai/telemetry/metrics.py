"""The metrics of every process, in Prometheus' terms: names and labels are fixed.

Each process fills what it knows. Importing this file costs 50 ms (prometheus-client):
import it where metrics are served or counted, not at the top of what the command line imports.

Labels are names of recons, stages, queues, routes (as templates:
``/api/v1/runs/{run}``) and states, never values of data: each distinct label is a series that is kept.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

# A second series per counter, which says only when the process began.
disable_created_metrics()  # type: ignore[no-untyped-call]

REGISTRY = CollectorRegistry(auto_describe=True)
"""What ``/metrics`` serves."""

ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

RUNS = Counter("greenai_runs_total", "Runs that reached a state.", ["recon", "state"], registry=REGISTRY)

STAGE_SECONDS = Histogram(
    "greenai_stage_seconds",
    "Seconds that a stage of a run took, from claim to commit.",
    ["stage"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200),
    registry=REGISTRY,
)

ROWS = Counter("greenai_rows_total", "Rows read, by side (a, b).", ["recon", "side"], registry=REGISTRY)

BREAKS = Counter(
    "greenai_breaks_total",
    "Breaks by the gate's decision (passed, review, rejected).",
    ["recon", "decision"],
    registry=REGISTRY,
)

QUEUE_DEPTH = Gauge("greenai_queue_depth", "Jobs that wait, by queue.", ["queue"], registry=REGISTRY)

REVIEW_BACKLOG = Gauge(
    "greenai_review_backlog", "Breaks that wait for a person.", ["recon"], registry=REGISTRY
)

AUTO_PASS_PRECISION = Gauge(
    "greenai_auto_pass_precision",
    "Share of audited breaks that passed by themselves and whose reason was right.",
    ["recon"],
    registry=REGISTRY,
)

HTTP_REQUEST_SECONDS = Histogram(
    "greenai_http_request_seconds",
    "Seconds until a request was answered, by route template.",
    ["route", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)

OLDEST_BREAK_DAYS = Gauge(
    "greenai_oldest_break_days", "Age of the oldest open break in days.", ["recon"], registry=REGISTRY
)
