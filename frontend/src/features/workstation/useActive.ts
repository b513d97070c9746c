import { useCallback, useEffect, useRef, useState } from "react";

const PAUSE = 150;

/**
 * The row one stands on: at once on the screen, a moment later in the address, so that holding a key down moves as fast as
 * it repeats. An address that changes by itself (a link, going back) moves it too.
 */
export function useActive(
  given: string | undefined,
  write: (key: string | undefined) => void,
): [string | undefined, (key: string | undefined) => void] {
  const [active, setActive] = useState(given);
  const [seen, setSeen] = useState(given);
  const [written, setWritten] = useState(given);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(write);
  useEffect(() => {
    latest.current = write;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  if (seen !== given) {
    setSeen(given);
    // What we have written ourselves is no news: the person may stand elsewhere by now.
    if (given !== written) setActive(given);
  }
  const move = useCallback((key: string | undefined) => {
    setActive(key);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setWritten(key);
      latest.current(key);
    }, PAUSE);
  }, []);
  return [active, move];
}
