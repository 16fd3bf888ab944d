import type { KeyboardEvent, PointerEvent } from "react";
import { useLayoutEffect, useRef, useState } from "react";
import { useWords } from "../i18n/use-words.ts";
import { messages } from "./messages.ts";
import { type Bounds, widthByKey, within } from "./panel-width.ts";
import type { PanelWidth } from "./use-panel-width.ts";

export type PanelEdgeProps = {
  /** What it widens, as its name says. */
  panel: string;
  /** `end`: the panel stands before the main part and is widened away from the window's edge at which lines begin. */
  side: "start" | "end";
  bounds: Bounds;
  width: PanelWidth;
};

/**
 * The edge between a panel and the main part: dragged, or moved by arrows while it has the focus; Home and End are the
 * ends, Enter and a double press go back to the width it has by itself. It lies beside the panel, within its element.
 */
export function PanelEdge({ panel, side, bounds, width: { chosen, choose } }: PanelEdgeProps) {
  const say = useWords(messages);
  const edge = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(bounds.min);
  const measure = () => setShown(within(widthOf(edge.current), bounds));
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- what is on screen is measured whenever another width was chosen
  useLayoutEffect(measure, [chosen]);

  /** 1 where the panel grows to the right. */
  const outward = (): 1 | -1 => {
    const isRightToLeft = edge.current !== null && getComputedStyle(edge.current).direction === "rtl";
    return (side === "end") === isRightToLeft ? -1 : 1;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = widthByKey(event.key, event.shiftKey, within(widthOf(edge.current), bounds), bounds, outward());
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    choose(next === "default" ? undefined : next);
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const handle = edge.current;
    if (event.button !== 0 || !handle) return;
    event.preventDefault();
    const { pointerId, clientX } = event;
    const [from, way] = [widthOf(handle), outward()];
    handle.setPointerCapture(pointerId);
    handle.dataset["dragged"] = "";
    const drag = new AbortController();
    handle.addEventListener("pointermove", (moved) => choose(within(from + way * (moved.clientX - clientX), bounds)), {
      signal: drag.signal,
    });
    const end = () => {
      drag.abort();
      delete handle.dataset["dragged"];
    };
    handle.addEventListener("lostpointercapture", end, { once: true });
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a separator that takes the focus is a control
    <div
      ref={edge}
      role="separator"
      aria-orientation="vertical"
      aria-label={say("widthOf", { panel })}
      aria-valuemin={bounds.min}
      aria-valuemax={bounds.max}
      aria-valuenow={shown}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
      tabIndex={0}
      onFocus={measure}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onDoubleClick={() => choose(undefined)}
      className={`absolute inset-y-0 z-20 w-2 cursor-col-resize touch-none before:absolute before:inset-y-0 before:w-0.5 hover:before:bg-accent data-dragged:before:bg-accent ${
        side === "end" ? "-end-2 before:start-0" : "-start-2 before:end-0"
      }`}
    />
  );
}

const widthOf = (edge: HTMLElement | null): number => edge?.parentElement?.offsetWidth ?? 0;
