import { useState } from "react";
import type { ScanReport } from "../../../../shared/contract/batch.ts";
import type { Progress } from "../../../../shared/contract/jobs.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { useStoppable } from "../../../api/use-stoppable.ts";
import type { BatchDraft } from "../../../view/batch-store.ts";

/** Looks at the chosen paths; it can be stopped, and ends with the view. */
export function useScan({ paths, recipe, model }: BatchDraft) {
  const { client } = useCroft();
  const [progress, setProgress] = useState<Progress>();
  const scan = useStoppable(async (signal): Promise<ScanReport | undefined> => {
    setProgress(undefined);
    for await (const item of await client.batch.scan({ paths, recipe, ...(model === undefined ? {} : { model }) }, { signal })) {
      if (item.type === "report") return item.report;
      setProgress(item.progress);
    }
    return undefined;
  });
  return { ...scan, progress };
}
