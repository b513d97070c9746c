import { useSyncExternalStore } from "react";
import { text } from "@/texts/text";
import { Button, IconButton } from "./Button";
import { Icon } from "./Icon";

interface Notice {
  id: number;
  tone: "rejected" | "passed" | "neutral";
  title: string;
  detail?: string | undefined;
  action?: { label: string; run: () => void } | undefined;
}

const STAY = 6000;
const MOST = 4;

let notices: readonly Notice[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

function dismiss(id: number): void {
  set(notices.filter((notice) => notice.id !== id));
}

/** Says something in the corner. Refusals (`rejected`) stay until they are dismissed; good news leaves by itself. */
export function notify(notice: Omit<Notice, "id">): void {
  const id = (last += 1);
  set([...notices, { ...notice, id }].slice(-MOST));
  if (notice.tone !== "rejected") setTimeout(() => dismiss(id), STAY);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The corner in which notices appear; one per page. */
export function Notices() {
  const shown = useSyncExternalStore(subscribe, () => notices);
  return (
    <div className="notices" role="log" aria-live="polite" aria-label={text("kit.notices")}>
      {shown.map((notice) => (
        <div key={notice.id} className="notice" data-tone={notice.tone}>
          <Icon name={notice.tone === "rejected" ? "warning" : "tick"} />
          <div>
            <p className="notice__title">{notice.title}</p>
            {notice.detail !== undefined && <p className="soft">{notice.detail}</p>}
            {notice.action !== undefined && (
              <p className="notice__actions">
                <Button
                  onClick={() => {
                    notice.action?.run();
                    dismiss(notice.id);
                  }}
                >
                  {notice.action.label}
                </Button>
              </p>
            )}
          </div>
          <IconButton icon="close" label={text("kit.dismiss")} onClick={() => dismiss(notice.id)} />
        </div>
      ))}
    </div>
  );
}
