"""The metrics are those of the contract, and nothing at a program's start pays for them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from prometheus_client import Counter, Gauge, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from greenai.telemetry import metrics

CONTRACT = {
    "greenai_runs_total": ("counter", ("recon", "state")),
    "greenai_stage_seconds": ("histogram", ("stage",)),
    "greenai_rows_total": ("counter", ("recon", "side")),
    "greenai_breaks_total": ("counter", ("recon", "decision")),
    "greenai_queue_depth": ("gauge", ("queue",)),
    "greenai_review_backlog": ("gauge", ("recon",)),
    "greenai_auto_pass_precision": ("gauge", ("recon",)),
    "greenai_http_request_seconds": ("histogram", ("route", "method", "status")),
    "greenai_oldest_break_days": ("gauge", ("recon",)),
}


def test_names_kinds_and_labels_are_those_of_the_contract() -> None:
    made = {}
    for metric in vars(metrics).values():
        if isinstance(metric, (Counter, Gauge, Histogram)):
            (family,) = metric.describe()
            name = f"{family.name}_total" if family.type == "counter" else family.name
            made[name] = (family.type, metric._labelnames)
    assert made == CONTRACT


def test_what_is_counted_is_served_under_the_names_of_the_contract() -> None:
    metrics.RUNS.labels(recon="unit", state="completed").inc()
    metrics.STAGE_SECONDS.labels(stage="unit").observe(1.5)
    metrics.OLDEST_BREAK_DAYS.labels(recon='odd "name"\n').set(3)
    text = generate_latest(metrics.REGISTRY).decode()
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["greenai_runs_total", ("recon", "unit"), ("state", "completed")] == 1
    assert samples["greenai_stage_seconds_count", ("stage", "unit")] == 1
    assert samples["greenai_stage_seconds_bucket", ("le", "2.5"), ("stage", "unit")] == 1
    assert samples["greenai_stage_seconds_bucket", ("le", "1.0"), ("stage", "unit")] == 0
    assert samples["greenai_oldest_break_days", ("recon", 'odd "name"\n')] == 3
    assert not [name for name, *_ in samples if name.startswith("greenai_") and name.endswith("_created")]


@pytest.mark.parametrize(
    "program", ["import greenai.cli.main", "import greenai.telemetry.logs", "import greenai"]
)
def test_prometheus_is_not_imported_before_it_is_used(program: str) -> None:
    code = f"{program}; import sys; sys.exit('prometheus_client' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
