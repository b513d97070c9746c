import type { ReactNode } from "react";
import "./charts.css";

export interface Bar {
  id: string;
  name: ReactNode;
  /** The length of the bar; only for the eye, the text says the value. */
  size: number;
  value: ReactNode;
  more?: ReactNode;
  tone?: "passed" | "review" | "rejected" | undefined;
}

/** Names, bars and values in lines: read as a list, seen as a chart. */
export function BarList({ label, bars }: { label: string; bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map((bar) => bar.size));
  return (
    <ul className="bars" aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.id} className="bars__line">
          <span className="bars__name">{bar.name}</span>
          <span className="bars__track" aria-hidden="true">
            <span
              className="bars__bar"
              data-tone={bar.tone}
              style={{ width: `${(bar.size / most) * 100}%` }}
            />
          </span>
          <span className="bars__value">{bar.value}</span>
          {bar.more !== undefined && <span className="bars__more">{bar.more}</span>}
        </li>
      ))}
    </ul>
  );
}
