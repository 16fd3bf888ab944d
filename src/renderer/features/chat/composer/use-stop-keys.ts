import { matchesKeys } from "../../../shell/keys.ts";
import { useWindowKeys } from "../../../shell/use-window-keys.ts";

/** `Mod+.` and Esc stop the answer under way, wherever the focus is; Esc closes what floats above first. */
export function useStopKeys(running: boolean, stop: () => void): void {
  useWindowKeys((event) => {
    if (!matchesKeys(event, "Mod+.") && !matchesKeys(event, "Escape")) return false;
    stop();
    return true;
  }, running);
}

/** `Mod+F` finds in the conversation. */
export function useFindKeys(enabled: boolean, find: () => void): void {
  useWindowKeys((event) => {
    if (!matchesKeys(event, "Mod+F")) return false;
    find();
    return true;
  }, enabled);
}
