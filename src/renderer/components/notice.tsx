import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { toProblem } from "../api/problem.ts";
import { useWords } from "../i18n/use-words.ts";
import { Button } from "./button.tsx";
import { messages } from "./messages.ts";
import { problemName } from "./problem-name.ts";

/** An error in its place: what failed and was kept, what to do next, the code for those who look further. */
export function ErrorNotice({ error, onRetry, children }: { error: unknown; onRetry?: (() => void) | undefined; children?: ReactNode }) {
  const say = useWords(messages);
  const { code, message, hint } = toProblem(error);
  return (
    <div role="alert" className="flex items-start gap-2 rounded-panel border border-line bg-bg1 p-3">
      <TriangleAlert aria-hidden size={16} strokeWidth={1.5} className="mt-0.5 shrink-0 text-danger" />
      <div className="min-w-0 flex-1">
        <p className="text-fg">{message}</p>
        {hint && <p className="text-fg2">{hint}</p>}
        <p className="mt-1 text-fg3">
          <code className="tnum">{code}</code> · {problemName(code, say)}
        </p>
        {children}
      </div>
      {onRetry && <Button onClick={onRetry}>{say("tryAgain")}</Button>}
    </div>
  );
}

/** A place with nothing in it yet: one sentence and what can be done about it. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-3 p-6">
      <h2 className="text-16 font-title">{title}</h2>
      {children && <div className="max-w-[60ch] text-fg2">{children}</div>}
      {action}
    </div>
  );
}
