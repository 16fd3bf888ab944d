import { isSingleKey } from "../../../shell/keys.ts";
import { useWindowKeys } from "../../../shell/use-window-keys.ts";
import { useReader } from "../../../view/reader-store.ts";

/**
 * Single keys on the message that has the focus, else on the last: `J`/`K` move, `E` `C` `R` `←` `→` press the button
 * of the message that carries the key as `data-key`, `[` `]` open its evidence. A message without such a button asks
 * its neighbours: `E` on an answer edits its question, `R` on a question answers it again.
 */
export function useMessageKeys(column: React.RefObject<HTMLElement | null>): void {
  useWindowKeys((event) => {
    if (!isSingleKey(event)) return false;
    if (event.target instanceof Element && event.target.closest("[role=dialog],[role=alertdialog],[role=menu],[role=grid]")) return false;
    return column.current !== null && press(event.key, [...column.current.querySelectorAll<HTMLElement>("[data-message]")]);
  });
}

/** Does what a key stands for; false where it stands for nothing. */
function press(key: string, messages: HTMLElement[]): boolean {
  const focused = messages.findIndex((message) => message.contains(document.activeElement));
  const at = focused < 0 ? messages.length - 1 : focused;
  const step = { j: 1, k: -1 }[key];
  if (step !== undefined) {
    const next = focused < 0 ? at : Math.min(messages.length - 1, Math.max(0, focused + step));
    messages[next]?.focus();
    messages[next]?.scrollIntoView({ block: "nearest" });
    return messages.length > 0;
  }
  const isEvidence = key === "[" || key === "]";
  // An open reader steps through its evidence by itself.
  if (isEvidence && useReader.getState().evidence.length > 0) return false;
  const nearest = key === "e" ? [at, at - 1] : key === "r" ? [at, at + 1] : [at];
  const selector = isEvidence ? '[data-key="evidence"]' : `[data-key="${CSS.escape(key)}"]`;
  const button = nearest.map((one) => messages[one]?.querySelector<HTMLElement>(`${selector}:not(:disabled)`)).find(Boolean);
  button?.click();
  return button !== undefined && button !== null;
}
