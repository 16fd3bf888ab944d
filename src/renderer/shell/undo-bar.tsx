import { Undo2, X } from "lucide-react";
import { Button } from "../components/button.tsx";
import { IconButton } from "../components/icon-button.tsx";
import { ErrorNotice } from "../components/notice.tsx";
import { AppError } from "../../shared/errors.ts";
import { useUndo } from "../view/undo-store.ts";

/** What was taken away a moment ago, and the way back. */
export function UndoBar() {
  const { waiting, problem, undo, dismiss } = useUndo((state) => state);
  if (!waiting && !problem) return null;
  return (
    <section
      aria-label="Undo"
      className="absolute bottom-8 left-14 z-30 flex max-w-60 items-center gap-2 rounded-panel bg-bg2 py-1.5 pr-1.5 pl-3 shadow-float"
    >
      {waiting ? (
        <>
          <p role="status" className="line-clamp-2 min-w-0 flex-1 break-words" title={waiting.text}>
            {waiting.text}
          </p>
          <Button onClick={undo}>
            <Undo2 aria-hidden size={14} strokeWidth={1.5} />
            Undo
          </Button>
        </>
      ) : (
        problem && (
          <>
            <ErrorNotice error={new AppError(problem.code, problem.message, { hint: problem.hint })} />
            <IconButton icon={X} label="Close" onClick={dismiss} />
          </>
        )
      )}
    </section>
  );
}
