import type { RefObject } from "react";
import { isSingleKey } from "../../../shell/keys.ts";
import { useWindowKeys } from "../../../shell/use-window-keys.ts";

export type ReviewKeys = Record<"Enter" | "Shift+Enter" | "e" | "b" | "f" | "a" | "s" | "z" | "n" | "p", () => unknown> & {
  choose(index: number): unknown;
};

/** Single keys over the desk. Enter belongs to a button that has the focus; letters belong to what is typed. */
export function useReviewKeys(desk: RefObject<HTMLElement | null>, keys: ReviewKeys): void {
  useWindowKeys((event) => {
    if (!isSingleKey(event)) return false;
    const target = event.target instanceof Element ? event.target : undefined;
    if (target?.closest("[role=dialog],[role=alertdialog],[role=menu],[data-drawing]")) return false;
    const isOnDesk = target === document.body || (target !== undefined && desk.current?.contains(target) === true);
    const run = isOnDesk ? actionOf(event, keys, target) : undefined;
    run?.();
    return run !== undefined;
  });
}

function actionOf(event: KeyboardEvent, keys: ReviewKeys, target: Element | undefined): (() => unknown) | undefined {
  if (event.key === "Enter") {
    if (event.shiftKey) return keys["Shift+Enter"];
    return target?.hasAttribute("data-field") ? keys.Enter : undefined;
  }
  const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : undefined;
  if (digit !== undefined) return () => keys.choose(digit - 1);
  switch (event.key.toLowerCase()) {
    case "e":
      return keys.e;
    case "b":
      return keys.b;
    case "f":
      return keys.f;
    case "a":
      return keys.a;
    case "s":
      return keys.s;
    case "z":
      return keys.z;
    case "n":
      return keys.n;
    case "p":
      return keys.p;
    default:
      return undefined;
  }
}
