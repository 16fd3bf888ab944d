import { Undo2, X } from "lucide-react";
import { Button } from "../components/button.tsx";
import { IconButton } from "../components/icon-button.tsx";
import { ErrorNotice } from "../components/notice.tsx";
import { AppError } from "../../shared/errors.ts";
import { useWords } from "../i18n/use-words.ts";
import { useUndo } from "../view/undo-store.ts";
import { messages } from "./messages.ts";

/** What was taken away a moment ago, and the way back. */
export function UndoBar() {
  const say = useWords(messages);
  const { waiting, problem, undo, dismiss } = useUndo((state) => state);
  if (!waiting && !problem) return null;
  return (
    <section
      aria-label={say("undo")}
      className="absolute bottom-8 start-14 z-30 flex max-w-60 items-center gap-2 rounded-panel bg-bg2 py-1.5 pe-1.5 ps-3 shadow-float"
    >
      {waiting ? (
        <>
          <p role="status" className="line-clamp-2 min-w-0 flex-1 break-words" title={waiting.text}>
            {waiting.text}
          </p>
          <Button onClick={undo}>
            <Undo2 aria-hidden size={14} strokeWidth={1.5} />
            {say("undo")}
          </Button>
        </>
      ) : (
        problem && (
          <>
            <ErrorNotice error={new AppError(problem.code, problem.message, { hint: problem.hint })} />
            <IconButton icon={X} label={say("close")} onClick={dismiss} />
          </>
        )
      )}
    </section>
  );
}
