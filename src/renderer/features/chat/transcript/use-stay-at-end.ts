import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from "react";

/** So near to the end the reader is at it, in pixels. */
const nearPx = 48;

/**
 * Keeps a reader who is at the end of something at its end, whatever is added, measured anew or grows around it; one who
 * went elsewhere is left alone. `size` is the height of the content as it is known.
 */
export function useStayAtEnd(scroller: RefObject<HTMLElement | null>, size: number): { onScroll(): void; leave(): void } {
  const isAtEnd = useRef(true);
  const height = useRef(0);

  useLayoutEffect(() => {
    if (size > 0 && isAtEnd.current) toEnd(scroller.current);
  }, [scroller, size]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd(element);
    });
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    // Upwards by hand: at once, since a frame in which the content grows as well would take the reader back.
    const onWheel = ({ deltaY }: WheelEvent) => {
      if (deltaY < 0) isAtEnd.current = false;
    };
    element.addEventListener("wheel", onWheel, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("wheel", onWheel);
    };
  }, [scroller]);

  const leave = useCallback(() => {
    isAtEnd.current = false;
  }, []);

  return {
    leave,
    onScroll() {
      const element = scroller.current;
      if (!element) return;
      const { scrollHeight, scrollTop, clientHeight } = element;
      const hasGrown = scrollHeight !== height.current;
      height.current = scrollHeight;
      // What moved with the content was not moved by the reader.
      if (hasGrown && isAtEnd.current) toEnd(element);
      else isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearPx;
    },
  };
}

function toEnd(element: HTMLElement | null): void {
  if (element) element.scrollTop = element.scrollHeight;
}
