import type { ReactNode } from "react";
import type { Problem } from "@/api/problem";
import { text } from "@/texts/text";
import { Button } from "./Button";
import { Icon } from "./Icon";

/** Grey lines where text will be, so that nothing jumps when it comes. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">{text("kit.loading")}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span
          key={line}
          className="skeleton__line"
          style={{ width: `${[92, 70, 84, 58][line % 4] ?? 80}%` }}
        />
      ))}
    </div>
  );
}

/** An empty place: what would be here and what to do next. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      <p className="empty__title">{title}</p>
      {children !== undefined && <div className="soft">{children}</div>}
      {action}
    </div>
  );
}

/** What happened, what was kept, and how to retry. */
export function ProblemView({
  problem,
  kept,
  retry,
}: {
  problem: Problem;
  kept?: string;
  retry?: (() => void) | undefined;
}) {
  return (
    <div className="problem" role="alert">
      <Icon name="warning" />
      <div>
        <p className="problem__title">{problem.title}</p>
        <p>{problem.detail}</p>
        {problem.remedy !== undefined && <p className="soft">{problem.remedy}</p>}
        {kept !== undefined && <p className="soft">{kept}</p>}
        {problem.requestId !== undefined && (
          <p className="faint small">{text("kit.request", { id: problem.requestId })}</p>
        )}
        {retry !== undefined && <Button onClick={retry}>{text("kit.retry")}</Button>}
      </div>
    </div>
  );
}

interface Loadable<T> {
  data: T | undefined;
  error: Problem | null;
  refetch: () => unknown;
}

/** A query as a page part: skeleton, problem with retry, or what it brought. */
export function Loaded<T>({
  query,
  lines,
  children,
}: {
  query: Loadable<T>;
  lines?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null) return <ProblemView problem={query.error} retry={() => void query.refetch()} />;
  return <Skeleton {...(lines === undefined ? {} : { lines })} />;
}
