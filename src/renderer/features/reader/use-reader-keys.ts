import { useEffect } from "react";
import { isTyping } from "../../shell/keys.ts";
import { useReader } from "../../view/reader-store.ts";

/** Keys of an open reader: `[` `]` and `Esc` wherever a person is, those that change how it is shown from inside of it. */
export function useReaderKeys(isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!press(event.key)) return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [isOpen]);
}

function press(key: string): boolean {
  const { step, close } = useReader.getState();
  if (key === "[") step(-1);
  else if (key === "]") step(1);
  else if (key === "Escape") close();
  else return false;
  return true;
}

/** What a key does inside of the reader; false where it does nothing. */
export function pressInside(key: string): boolean {
  const { view, setView, setZoom, zoomBy } = useReader.getState();
  if (key === "+" || key === "=") zoomBy(1);
  else if (key === "-") zoomBy(-1);
  else if (key === "0") setZoom("fit");
  else if (key === "t" || key === "T") setView(view === "page" ? "text" : "page");
  else return false;
  return true;
}
