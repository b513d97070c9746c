import type { components } from "@/api/schema";

type BreakLine = components["schemas"]["BreakLine"];

/** A break as `GET /recons/{recon}/breaks` answered it, with some members changed. */
export function recordedBreak(change: Partial<BreakLine> = {}): BreakLine {
  return {
    break_id: "0007c3c173d6fd426a15f1ef0512515c",
    record_id: "4a8a08f09d37b73795649038408b5f33",
    key: ["TRD000001012"],
    kind: "value",
    field: "notional",
    check: null,
    state: "in_review",
    reason: "SCALE_ERROR",
    cause_id: "e4d909c290d0fb1ca068ffaddf22cbd0",
    group_id: null,
    method: "cause",
    confidence: 0.866,
    amount: "61646260.83",
    currency: "GBP",
    first_date: "2026-11-21",
    age_days: 0,
    assignee: null,
    assigned_group: null,
    due_at: null,
    value_a: "61646260.83",
    value_b: "6164626083.00",
    ...change,
  };
}
