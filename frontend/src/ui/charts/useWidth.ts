import { type RefObject, useLayoutEffect, useRef, useState } from "react";

/** The width of an element, followed as it changes; charts are drawn in the pixels they get. */
export function useWidth<E extends Element>(first: number): [RefObject<E | null>, number] {
  const element = useRef<E>(null);
  const [width, setWidth] = useState(first);
  useLayoutEffect(() => {
    const seen = element.current;
    if (seen === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.max(160, Math.floor(entry.contentRect.width)));
    });
    observer.observe(seen);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
