import type { Group } from "../command.ts";
import { recipes } from "./batch-recipes.ts";
import { review } from "./batch-review.ts";
import { cancel, exportCommand, pause, results, resume, retry, run, scan, status } from "./batch-runs.ts";

export const batch: Group = {
  summary: "Documents in, a checked table out",
  commands: { scan, run, status, results, review, retry, pause, resume, cancel, export: exportCommand, recipes },
};
