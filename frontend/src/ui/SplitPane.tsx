import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  useId,
  useRef,
  useState,
} from "react";
import { classes } from "@/lib/classes";
import { text } from "@/texts/text";
import { Icon } from "./Icon";

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
  /** From which width of the window down a pane at the start folds to a strip that opens it as a drawer. */
  folds?: "medium" | "small";
}

const STEP = 24;

/**
 * Two panes side by side; the edge between them is pulled, or moved by arrow keys. Where the window is too narrow for both, a
 * pane at the start becomes a drawer, and one at the end stands below.
 */
export function SplitPane(props: SplitPaneProps) {
  const { side, label, size, least, most, onSize, pane, children, folds = "small" } = props;
  const id = useId();
  const [pulled, setPulled] = useState<number>();
  const [out, setOut] = useState(false);
  const fold = useRef<HTMLButtonElement>(null);
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
    <section
      id={id}
      className="split__pane"
      aria-label={label}
      style={{ "--pane": `${width}px` } as CSSProperties}
    >
      {pane}
    </section>
  );
  const leave = (event: KeyboardEvent) => {
    if (!out || event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    setOut(false);
    fold.current?.focus();
  };
  const chosen = (event: MouseEvent) => {
    // What was asked for stands behind the drawer: it makes way.
    const { target } = event;
    if (out && target instanceof Element && target.closest(`[id="${id}"] :is(a, .side__item)`) !== null) {
      setOut(false);
    }
  };
  return (
    // Only what comes up from the links and buttons inside is listened to.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={classes("split", `split--${side}`, `split--${folds}`, out && "split--out")}
      onKeyDown={leave}
      onClick={chosen}
    >
      {side === "start" && (
        <button
          ref={fold}
          type="button"
          className="split__fold"
          aria-expanded={out}
          aria-controls={id}
          onClick={() => setOut(!out)}
        >
          <Icon name="forward" />
          <span>{label}</span>
        </button>
      )}
      {side === "start" && kept}
      {side === "start" && <div className="split__scrim" onClick={() => setOut(false)} aria-hidden="true" />}
      {side === "start" && edge}
      <div className="split__rest">{children}</div>
      {side === "end" && edge}
      {side === "end" && kept}
    </div>
  );
}
