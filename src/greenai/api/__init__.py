"""What ``import greenai`` offers: `diff`, `infer`, `run`, what they return, and what the store knows."""

from greenai.api.calls import check, diff, infer, run
from greenai.api.results import Diff, Inference, Result, Run
from greenai.api.stored import rejected, runs, show

__all__ = ["Diff", "Inference", "Result", "Run", "check", "diff", "infer", "rejected", "run", "runs", "show"]
