import { open } from "node:fs/promises";
import type { ExportWriter } from "./writer.ts";

/** A document a line, whole as it is shown. */
export async function openJsonl(path: string): Promise<ExportWriter> {
  const file = await open(path, "w");
  return {
    write: ({ results }) => file.writeFile(results.map((result) => `${JSON.stringify(result)}\n`).join("")),
    end: () => undefined,
    close: () => file.close(),
  };
}
