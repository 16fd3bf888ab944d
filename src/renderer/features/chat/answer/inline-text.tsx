import { Fragment } from "react";
import { inlineSpans } from "./answer-marks.ts";
import { Formula } from "./formula.tsx";

/** A piece of a line with its marks. */
export function Inline({ text }: { text: string }) {
  return inlineSpans(text).map((span, index) => {
    const key = `${index}-${span.kind}`;
    switch (span.kind) {
      case "strong":
        return (
          <strong key={key} className="font-title">
            {span.text}
          </strong>
        );
      case "em":
        return <em key={key}>{span.text}</em>;
      case "code":
        return (
          <code key={key} className="rounded-input bg-bg3 px-1 font-mono text-[0.92em]">
            {span.text}
          </code>
        );
      case "math":
        return <Formula key={key} tex={span.text} source={span.text} />;
      case "text":
        return <Fragment key={key}>{span.text}</Fragment>;
    }
  });
}
