import type { KeyboardEvent, PointerEvent } from "react";
import { useLayoutEffect, useRef, useState } from "react";
import type { Box } from "../../../../shared/contract/define.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { boxBetween, boxStyle, middleBox, nudgeBox, type PageSize } from "./boxes.ts";
import { messages } from "../messages.ts";

export type DrawBoxProps = { page: PageSize; from: Box | undefined; onDrawn(box: Box): void; onStop(): void };

/** A box that a person draws over a page, with the pointer or with arrow keys. */
export function DrawBox({ page, from, onDrawn, onStop }: DrawBoxProps) {
  const say = useWords(messages);
  const [box, setBox] = useState<Box>(from ?? middleBox(page));
  const [start, setStart] = useState<readonly [number, number]>();
  const layer = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => layer.current?.focus(), []);

  const pointOf = ({ clientX, clientY, currentTarget }: PointerEvent): readonly [number, number] => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    return [((clientX - left) / width) * page.width, ((clientY - top) / height) * page.height];
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") onDrawn(box);
    else if (event.key === "Escape") onStop();
    else if (event.key.startsWith("Arrow")) setBox(nudgeBox(box, event.key, event.shiftKey, page));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application of its own: a box over a page
    <div
      ref={layer}
      data-drawing
      role="application"
      aria-label={say("boxAroundValue")}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the box is moved by keys
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setStart(pointOf(event));
      }}
      onPointerMove={(event) => start && setBox(boxBetween(start, pointOf(event)))}
      onPointerUp={(event) => {
        if (!start) return;
        const drawn = boxBetween(start, pointOf(event));
        setStart(undefined);
        // A press without a drag moves nothing.
        if (drawn[2] - drawn[0] > 2 && drawn[3] - drawn[1] > 2) onDrawn(drawn);
      }}
      className="absolute inset-0 cursor-crosshair"
    >
      <div className="absolute rounded-[2px] bg-accent/15 outline-2 outline-accent" style={boxStyle(box, page, 0)} />
    </div>
  );
}
