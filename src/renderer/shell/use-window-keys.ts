import { useLayoutEffect, useRef } from "react";

/**
 * Hears every key of the window, wherever the focus is; `press` says whether it took the key. It listens from the moment
 * that its component is on screen: a passive effect would come a frame later, and a quick key would be lost.
 */
export function useWindowKeys(press: (event: KeyboardEvent) => boolean, isEnabled = true): void {
  const latest = useRef(press);
  useLayoutEffect(() => {
    latest.current = press;
  });
  useLayoutEffect(() => {
    if (!isEnabled) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && latest.current(event)) event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [isEnabled]);
}
