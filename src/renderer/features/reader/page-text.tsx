import { memo } from "react";
import type { PageWords } from "../../../shared/contract/reading.ts";
import type { TextRange } from "./text-window.ts";
import { placeWords } from "./place-words.ts";

/**
 * The words of a page over its picture, without ink: to be chosen and copied with the mouse, found, and read aloud in
 * their order.
 */
export const PageText = memo(function PageText({ words, scale, mark }: { words: PageWords; scale: number; mark: Partial<TextRange> }) {
  // Without places there is nowhere to put the words: they are there for those who hear them.
  if (words.boxes.length === 0) return words.text ? <p className="sr-only">{words.text}</p> : null;
  return (
    <p className="absolute inset-0 cursor-text overflow-hidden text-transparent select-text">
      {placeWords(words, mark).map(({ text, box, marked, key }) => {
        const [x0, y0, x1, y1] = box;
        const style = {
          left: x0 * scale,
          top: y0 * scale,
          width: (x1 - x0) * scale,
          height: (y1 - y0) * scale,
          fontSize: (y1 - y0) * scale * 0.8,
          lineHeight: `${(y1 - y0) * scale}px`,
        };
        const Word = marked ? "mark" : "span";
        return (
          <Word key={key} className="absolute bg-transparent whitespace-pre text-transparent" style={style}>
            {text}
          </Word>
        );
      })}
    </p>
  );
});
