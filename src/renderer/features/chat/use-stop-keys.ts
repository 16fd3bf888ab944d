import { useEffect } from "react";
import { matchesKeys } from "../../shell/keys.ts";

/** `Mod+.` and Esc stop the answer under way, wherever the focus is; Esc closes what floats above first. */
export function useStopKeys(running: boolean, stop: () => void): void {
  useEffect(() => {
    if (!running) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !(matchesKeys(event, "Mod+.") || matchesKeys(event, "Escape"))) return;
      event.preventDefault();
      stop();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [running, stop]);
}

/** `Mod+F` finds in the conversation. */
export function useFindKeys(enabled: boolean, find: () => void): void {
  useEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !matchesKeys(event, "Mod+F")) return;
      event.preventDefault();
      find();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [enabled, find]);
}
