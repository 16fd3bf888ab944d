import { Check, Copy, CopyX } from "lucide-react";
import { useEffect, useState } from "react";
import { useWords } from "../i18n/use-words.ts";
import { IconButton, type IconButtonProps } from "./icon-button.tsx";
import { messages } from "./messages.ts";

export type CopyButtonProps = Omit<IconButtonProps, "icon" | "onClick"> & { text(): string };

const icons = { idle: Copy, copied: Check, failed: CopyX };
const shownMs = 1600;

/** Copies a text and says for a moment whether that worked. */
export function CopyButton({ text, label, ...props }: CopyButtonProps) {
  const say = useWords(messages);
  const [state, setState] = useState<keyof typeof icons>("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), shownMs);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () =>
    void navigator.clipboard.writeText(text()).then(
      () => setState("copied"),
      () => setState("failed"),
    );
  const word = state === "copied" ? say("copied") : state === "failed" ? say("nothingWasCopied") : "";
  return (
    <>
      <IconButton {...props} icon={icons[state]} label={label} onClick={copy} />
      <span role="status" className="sr-only">
        {word}
      </span>
    </>
  );
}
