import type { ReactNode } from "react";
import { classes } from "@/lib/classes";
import { textOf } from "@/texts/text";

export type Tone = "passed" | "review" | "proposed" | "rejected" | "neutral";

interface Look {
  tone: Tone;
  /** The shape that says the same as the colour. */
  shape: string;
}

const CHECK = "M3.5 8.5l3 3 6-7";
const STATES: Partial<Record<string, Look>> = {
  passed: { tone: "passed", shape: CHECK },
  approved: { tone: "passed", shape: "M1.5 8.5l3 3 5-6M8 11.3l.5.5 6-7" },
  completed: { tone: "passed", shape: CHECK },
  active: { tone: "passed", shape: CHECK },
  done: { tone: "passed", shape: CHECK },
  accepted: { tone: "passed", shape: CHECK },
  in_review: { tone: "review", shape: "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM8 5v3.3l2 1.5" },
  awaiting_review: { tone: "review", shape: "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM8 5v3.3l2 1.5" },
  waiting: { tone: "review", shape: "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM8 5v3.3l2 1.5" },
  returned: { tone: "review", shape: "M6 3.5 3 6.5l3 3M3.4 6.5H10a3 3 0 0 1 0 6H7" },
  suspended: { tone: "review", shape: "M6 3.5v9M10 3.5v9" },
  proposed: { tone: "proposed", shape: "M3 8h9M8.5 4.5 12 8l-3.5 3.5" },
  running: { tone: "proposed", shape: "M5 3.5v9L12 8z" },
  rejected: { tone: "rejected", shape: "M4 4l8 8M12 4l-8 8" },
  failed: { tone: "rejected", shape: "M4 4l8 8M12 4l-8 8" },
};
const OTHER: Look = { tone: "neutral", shape: "M8 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z" };

/** A state in its colour, with its shape and its word; `bare` keeps the word for pointing and for screen readers. */
export function StateBadge({
  state,
  filled = false,
  bare = false,
}: {
  state: string;
  filled?: boolean;
  bare?: boolean;
}) {
  const look = STATES[state] ?? OTHER;
  return (
    <span
      className={classes("badge", filled && "badge--filled")}
      data-tone={look.tone}
      title={bare ? textOf("state", state) : undefined}
    >
      <svg
        className="icon"
        width="12"
        height="12"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        <path d={look.shape} />
      </svg>
      {bare ? <span className="visually-hidden">{textOf("state", state)}</span> : textOf("state", state)}
    </span>
  );
}

/** A short word set apart; `tone` only where the word has that meaning. */
export function Badge({ children, tone = "neutral" }: { children: ReactNode; tone?: Tone }) {
  return (
    <span className="badge badge--filled" data-tone={tone}>
      {children}
    </span>
  );
}
