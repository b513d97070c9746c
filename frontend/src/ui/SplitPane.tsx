import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useRef,
  useState,
} from "react";
import { text } from "@/texts/text";

interface SplitPaneProps {
  /** The pane whose width is kept. */
  side: "start" | "end";
  label: string;
  size: number;
  least: number;
  most: number;
  onSize: (size: number) => void;
  pane: ReactNode;
  children: ReactNode;
}

const STEP = 24;

/** Two panes side by side; the edge between them is pulled, or moved by arrow keys. */
export function SplitPane({ side, label, size, least, most, onSize, pane, children }: SplitPaneProps) {
  const [pulled, setPulled] = useState<number>();
  const from = useRef({ x: 0, size: 0 });
  const width = Math.min(most, Math.max(least, pulled ?? size));
  const sign = side === "start" ? 1 : -1;
  const clamp = (next: number) => Math.round(Math.min(most, Math.max(least, next)));

  const begin = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { x: event.clientX, size: width };
    setPulled(width);
  };
  const pull = (event: PointerEvent<HTMLDivElement>) => {
    if (pulled === undefined) return;
    setPulled(clamp(from.current.size + sign * (event.clientX - from.current.x)));
  };
  const end = () => {
    if (pulled !== undefined) onSize(pulled);
    setPulled(undefined);
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === "ArrowLeft" ? -STEP : event.key === "ArrowRight" ? STEP : 0;
    if (step === 0) return;
    event.preventDefault();
    onSize(clamp(width + sign * step));
  };

  const edge = (
    // A separator that can be moved is a widget with a value; the lint rules know only the other kind.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className="split__edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={text("kit.paneWidth", { pane: label })}
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onPointerDown={begin}
      onPointerMove={pull}
      onPointerUp={end}
      onPointerCancel={end}
      onKeyDown={press}
    />
  );
  const kept = (
    <section className="split__pane" aria-label={label} style={{ "--pane": `${width}px` } as CSSProperties}>
      {pane}
    </section>
  );
  return (
    <div className="split">
      {side === "start" && kept}
      {side === "start" && edge}
      <div className="split__rest">{children}</div>
      {side === "end" && edge}
      {side === "end" && kept}
    </div>
  );
}
