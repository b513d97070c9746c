"""What ``import greenai`` offers: `diff`, `infer`, `run`, what they return, and what the store knows."""

from greenai.api.calls import check, diff, infer, run
from greenai.api.queue import cancel, follow, jobs, retry, submit
from greenai.api.reasons import add_reason, reasons, set_reason, unset_reason
from greenai.api.results import Diff, Inference, Result, Run
from greenai.api.rules import accept_cause, cause, causes, change_rule
from greenai.api.schedules import (
    add_schedule,
    backfill,
    change_schedule,
    notices,
    retry_notice,
    schedules,
)
from greenai.api.stored import rejected, runs, show

__all__ = [
    "Diff",
    "Inference",
    "Result",
    "Run",
    "accept_cause",
    "add_reason",
    "add_schedule",
    "backfill",
    "cancel",
    "cause",
    "causes",
    "change_rule",
    "change_schedule",
    "check",
    "diff",
    "follow",
    "infer",
    "jobs",
    "notices",
    "reasons",
    "rejected",
    "retry",
    "retry_notice",
    "run",
    "runs",
    "schedules",
    "set_reason",
    "show",
    "submit",
    "unset_reason",
]
