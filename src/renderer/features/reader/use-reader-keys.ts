import { isSingleKey } from "../../shell/keys.ts";
import { useWindowKeys } from "../../shell/use-window-keys.ts";
import { useReader } from "../../view/reader-store.ts";

/** Keys of an open reader: `[` `]` and `Esc` wherever a person is, those that change how it is shown from inside of it. */
export function useReaderKeys(isOpen: boolean): void {
  useWindowKeys((event) => isSingleKey(event) && press(event.key), isOpen);
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
