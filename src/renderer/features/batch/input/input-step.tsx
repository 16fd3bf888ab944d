import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import type { BatchRun } from "../../../../shared/contract/batch.ts";
import { Button } from "../../../components/button.tsx";
import { EmptyState, ErrorNotice } from "../../../components/notice.tsx";
import { ProgressBar } from "../../../components/progress-bar.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { DropZone } from "../../knowledge/sources/drop-zone.tsx";
import { messages as jobMessages } from "../../jobs/messages.ts";
import { progressText } from "../../jobs/progress-text.ts";
import { messages } from "../messages.ts";
import { PathForm } from "../path-form.tsx";
import { ScanReportView } from "./scan-report.tsx";
import { stepPath } from "../steps.ts";
import { useDraft } from "../recipe/use-draft.ts";
import { useScan } from "./use-scan.ts";

/** Which files, and what is in them before anything is done to them. */
export function InputStep({ run }: { run: BatchRun | undefined }) {
  const say = useWords(messages);
  const sayJobs = useWords(jobMessages);
  const navigate = useNavigate();
  const [draft, change] = useDraft(run);
  const [refused, setRefused] = useState(false);
  const { running, progress, result, error, start, stop } = useScan(draft);
  const chosen = draft.paths.join("\n");
  const next = useRef<HTMLButtonElement>(null);

  // What is chosen is looked at without being asked to; a scan of other paths is void.
  const scan = useRef({ start, stop });
  useEffect(() => {
    scan.current = { start, stop };
  });
  useEffect(() => {
    if (chosen === "") return;
    // The scan before it ends first, which takes one turn.
    const timer = setTimeout(() => scan.current.start(), 0);
    return () => {
      clearTimeout(timer);
      scan.current.stop();
    };
  }, [chosen]);

  const add = (paths: string[]) => {
    setRefused(false);
    change({ paths: [...new Set([...draft.paths, ...paths])] });
  };
  const fits = result !== undefined && chosen === lookedAt(result.paths, draft.paths);
  return (
    <DropZone title={say("readThese")} onPaths={add} onRefused={() => setRefused(true)}>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <PathForm
          paths={draft.paths}
          refused={refused}
          onAdd={add}
          onRemove={(path) => change({ paths: draft.paths.filter((one) => one !== path) })}
        />
        <div className="min-h-0 flex-1 overflow-y-auto">
          {draft.paths.length === 0 && <EmptyState title={say("whichDocuments")}>{say("nameFolderOrFiles")}</EmptyState>}
          {running && (
            <div role="status" className="flex items-center gap-3 px-4 py-3">
              <div className="min-w-0 flex-1">
                <p className="mb-1">
                  {say("lookingFiles")} {progress && <span className="tnum text-fg2">{progressText(progress, sayJobs)}</span>}
                </p>
                <ProgressBar done={progress?.done ?? 0} total={progress?.total ?? 0} label={say("lookingFiles")} />
              </div>
              <Button onClick={stop}>{say("stop")}</Button>
            </div>
          )}
          {error !== undefined && error !== null && (
            <div className="p-4">
              <ErrorNotice error={error} onRetry={start} />
            </div>
          )}
          {draft.paths.length > 0 && !running && !error && !result && (
            <div className="flex items-center gap-3 px-4 py-3">
              <p className="text-fg2">{say("filesWereNotLooked")}</p>
              <Button onClick={start}>{say("lookAgain")}</Button>
            </div>
          )}
          {result && fits && !running && <ScanReportView report={result} />}
        </div>
        <footer className="flex items-center justify-end gap-2 border-t border-line px-4 py-2">
          <Button
            ref={next}
            look="primary"
            size="normal"
            disabled={draft.paths.length === 0}
            onClick={() => void navigate(stepPath(run?.id ?? "new", "recipe"))}
          >
            {say("chooseTheRecipe")}
          </Button>
        </footer>
      </div>
    </DropZone>
  );
}

/** The report names absolute paths, in the order in which they were asked for. */
const lookedAt = (reported: readonly string[], asked: readonly string[]): string =>
  reported.length === asked.length ? asked.join("\n") : "";
