import { open } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "../../shared/errors.ts";

const Query = z.object({ _id: z.union([z.string(), z.number()]).optional(), text: z.string().min(1) });

export type QueryLine = { queryId?: string; text: string };

/**
 * The questions of a JSON Lines file, one `{"_id","text"}` a line; empty lines are left out.
 * @throws NOT_FOUND · FILE_UNREADABLE · INVALID_INPUT with the number of the line
 */
export async function* readQueries(file: string): AsyncGenerator<QueryLine> {
  const unreadable = (error?: NodeJS.ErrnoException): never => {
    throw new AppError(error?.code === "ENOENT" ? "NOT_FOUND" : "FILE_UNREADABLE", `${file} cannot be read.`, {
      hint:
        error?.code === "ENOENT"
          ? "Check the path; it is looked for from the folder you are in."
          : "Name a file of JSON Lines that you may read.",
      cause: error,
    });
  };
  const handle = await open(file).catch(unreadable);
  if ((await handle.stat()).isDirectory()) {
    await handle.close();
    unreadable();
  }
  let number = 0;
  for await (const line of handle.readLines()) {
    number += 1;
    if (line.trim() === "") continue;
    const parsed = parseLine(line);
    if (!parsed)
      throw new AppError("INVALID_INPUT", `Line ${number} of ${file} is not {"_id","text"}.`, {
        hint: 'Write one question a line, such as {"_id":"1","text":"Who signed?"}; the lines before it were answered.',
        data: { file, line: number },
      });
    const { _id, text } = parsed;
    yield { ...(_id === undefined ? {} : { queryId: String(_id) }), text };
  }
}

function parseLine(line: string): z.infer<typeof Query> | undefined {
  try {
    return Query.safeParse(JSON.parse(line.trim())).data;
  } catch {
    return undefined;
  }
}
