import { CircleX, LoaderCircle, Check } from "lucide-react";
import type { Stoppable } from "../../api/use-stoppable.ts";
import { Button } from "../../components/button.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { messages } from "./messages.ts";
import type { Finding } from "./use-model-checks.ts";

export type CheckResultProps = { check: Stoppable<Finding>; runningText: string };

/** A check under way, with the way to stop it, or what it found. */
export function CheckResult({ check: { running, result, error, stop }, runningText }: CheckResultProps) {
  const say = useWords(messages);
  if (error !== undefined) return <ErrorNotice error={error} />;
  if (!running && !result) return null;
  const Icon = running ? LoaderCircle : result?.good ? Check : CircleX;
  return (
    <p role="status" className="flex min-h-8 items-center gap-2 px-2">
      <Icon
        aria-hidden
        size={14}
        strokeWidth={1.5}
        className={running ? "text-accent motion-safe:animate-spin" : result?.good ? "text-fg2" : "text-danger"}
      />
      <span className="min-w-0 flex-1">{running ? runningText : result?.text}</span>
      {running && <Button onClick={stop}>{say("stop")}</Button>}
    </p>
  );
}
