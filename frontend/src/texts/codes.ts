/** Words for the codes the server sends: `group.code`. A code that is not here is shown as it is. */
export const codes = {
  "state.passed": "passed",
  "state.in_review": "in review",
  "state.proposed": "proposed",
  "state.approved": "approved",
  "state.returned": "returned",
  "state.rejected": "rejected",
  "state.resolved": "resolved",
  "state.awaiting_review": "awaiting review",

  "kind.value": "value differs",
  "kind.only_a": "only in a",
  "kind.only_b": "only in b",
  "kind.duplicate_a": "duplicate in a",
  "kind.duplicate_b": "duplicate in b",
  "kind.check": "check failed",

  "method.equivalence": "proof",
  "method.cause": "cause",
  "method.model": "model",
  "method.person": "person",

  "resolution.take_a": "take a",
  "resolution.take_b": "take b",
  "resolution.take_value": "take another value",
  "resolution.exclude": "exclude the record",

  "proposal.accept": "accept",
  "proposal.override": "override",
  "proposal.reject": "reject",
  "proposal.request_information": "ask",
} as const;
