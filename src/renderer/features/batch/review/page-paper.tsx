import { useEffect, useRef } from "react";
import type { Box } from "../../../../shared/contract/define.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { boxStyle, type PageSize } from "./boxes.ts";
import { DrawBox } from "./draw-box.tsx";
import { messages } from "../messages.ts";
import { type PathValue, provenanceOf } from "../values.ts";

export type PagePaperProps = {
  page: PageSize & { page: number; image?: string | undefined };
  values: readonly PathValue[];
  active: string | undefined;
  /** 1: as wide as the pane. */
  zoom: number;
  drawing: boolean;
  onDrawn(box: Box): void;
  onStop(): void;
};

const edges = { source: "outline-source", model: "outline-model", human: "outline-human", none: "outline-control" };

/** A page as it looks, every value outlined in the colour of where it came from, the one at hand marked. */
export function PagePaper({ page, values, active, zoom, drawing, onDrawn, onStop }: PagePaperProps) {
  const say = useWords(messages);
  const mark = useRef<HTMLDivElement>(null);
  const here = values.filter(({ value }) => value.page === page.page && value.value !== null);
  const chosen = values.find(({ path }) => path === active)?.value;
  const boxes = (value: PathValue["value"]) => value.boxes ?? (value.box ? [value.box] : []);
  const place = `${active ?? ""} ${page.page}`;
  useEffect(() => {
    if (place) void mark.current?.scrollIntoView({ block: "center", inline: "nearest" });
  }, [place]);
  return (
    <div
      role="region"
      aria-label={say("picturePage")}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached with the keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto p-4 focus-visible:outline-offset-[-2px]"
    >
      <div
        // A page is paper in every theme; the tokens on it are those of the light one.
        className="relative isolate mx-auto scheme-light overflow-hidden rounded-[2px] bg-[#fff] outline outline-line"
        style={{
          width: `${zoom * 100}%`,
          maxWidth: zoom <= 1 ? `${zoom * 52}rem` : undefined,
          aspectRatio: `${page.width} / ${page.height}`,
        }}
      >
        {page.image !== undefined && (
          <img
            alt={say("pageNumber", { page: page.page })}
            draggable={false}
            src={`data:image/png;base64,${page.image}`}
            className="absolute inset-0 size-full"
          />
        )}
        {here
          .filter(({ path }) => path !== active)
          .flatMap(({ path, value }) =>
            boxes(value).map((box) => (
              <div
                key={`${path} ${box.join()}`}
                aria-hidden
                className={`absolute rounded-[2px] outline-1 ${edges[provenanceOf(value)]}`}
                style={boxStyle(box, page)}
              />
            )),
          )}
        {chosen?.page === page.page &&
          boxes(chosen).map((box, index) => (
            <div
              key={box.join()}
              ref={index === 0 ? mark : undefined}
              data-mark
              aria-hidden
              className={`absolute rounded-[2px] bg-source-fill outline-2 mix-blend-multiply ${edges[provenanceOf(chosen)]}`}
              style={boxStyle(box, page)}
            />
          ))}
        {drawing && <DrawBox page={page} from={chosen?.page === page.page ? chosen.box : undefined} onDrawn={onDrawn} onStop={onStop} />}
      </div>
    </div>
  );
}
