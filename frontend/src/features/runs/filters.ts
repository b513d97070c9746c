/** The lists of present breaks that hold what a run counted, as long as nothing was published since. */
export const EVERY = { state: ["passed", "in_review", "proposed", "approved", "returned", "rejected"] };

export const BANDS = {
  passed: { state: ["passed", "approved"] },
  review: { state: ["in_review", "proposed", "returned"] },
  rejected: { state: ["rejected"] },
};

/** What passed, by what let it: a proof, an approved rule, a certified prediction, a person. What a policy of the definition let pass may be explained by anything. */
export const PASSED_BY: Partial<Record<string, Record<string, string[]>>> = {
  proof: { state: ["passed"], method: ["equivalence"] },
  rule: { state: ["passed"], method: ["rule", "cause"] },
  prediction: { state: ["passed"], method: ["model"] },
  policy: { state: ["passed"] },
  approved: { state: ["approved"] },
};
