"""What ``import greenai`` offers: `diff`, `infer`, `run`, and what they return."""

from greenai.api.calls import check, diff, infer, run
from greenai.api.results import Diff, Inference, Result, Run

__all__ = ["Diff", "Inference", "Result", "Run", "check", "diff", "infer", "run"]
