import { createElement, type ReactNode, useEffect, useState } from "react";
import { useWords } from "../../../i18n/use-words.ts";
import type { MathNode } from "./math.ts";
import { messages } from "../messages.ts";

export type FormulaProps = { tex: string; /** What is shown until, or instead. */ source: string; isBlock?: boolean };

/** A formula as MathML, which the browser sets with fonts of this machine; its source where it is none. */
export function Formula({ tex, source, isBlock = false }: FormulaProps) {
  const say = useWords(messages);
  const [made, setMade] = useState<{ tex: string; node: MathNode }>();
  useEffect(() => {
    let isWanted = true;
    void import("./math.ts")
      .then(({ parseMath }) => parseMath(tex, isBlock))
      .then((node) => isWanted && node && setMade({ tex, node }))
      .catch(() => undefined);
    return () => {
      isWanted = false;
    };
  }, [tex, isBlock]);
  if (made?.tex !== tex) return <code className="font-mono text-[0.92em]">{source}</code>;
  return isBlock ? (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a part that scrolls must be reachable by keyboard
    <div role="region" aria-label={say("formula")} tabIndex={0} className="overflow-x-auto overflow-y-hidden py-1">
      <MathView node={made.node} />
    </div>
  ) : (
    <MathView node={made.node} />
  );
}

function MathView({ node }: { node: MathNode }): ReactNode {
  if (typeof node === "string") return node;
  return createElement(node.name, node.attributes, ...node.children.map((child, index) => <MathView key={index} node={child} />));
}
