import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { AppError } from "../../shared/errors.ts";

const Query = z.object({ _id: z.union([z.string(), z.number()]).optional(), text: z.string().min(1) });

export type QueryLine = { queryId?: string; text: string };

/**
 * The questions of a JSON Lines file, one `{"_id","text"}` a line; empty lines are left out.
 * @throws NOT_FOUND · INVALID_INPUT with the number of the line
 */
export async function* readQueries(file: string): AsyncGenerator<QueryLine> {
  const stream = createReadStream(file, "utf8");
  // An error between two reads must not become an uncaught one.
  let failed: NodeJS.ErrnoException | undefined;
  stream.once("error", (error) => (failed = error));
  let number = 0;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === "") continue;
    const parsed = parseLine(line);
    if (!parsed) throw new AppError("INVALID_INPUT", `Line ${number} of ${file} is not {"_id","text"}.`, { data: { file, line: number } });
    const { _id, text } = parsed;
    yield { ...(_id === undefined ? {} : { queryId: String(_id) }), text };
  }
  if (failed) {
    throw new AppError(failed.code === "ENOENT" ? "NOT_FOUND" : "FILE_UNREADABLE", `${file} cannot be read.`, { cause: failed });
  }
}

function parseLine(line: string): z.infer<typeof Query> | undefined {
  try {
    return Query.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
