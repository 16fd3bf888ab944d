import { stat } from "node:fs/promises";
import { AppError } from "../../../../shared/errors.ts";
import { INSIDE, namesInside, readingsOf } from "./inside-path.ts";

/** A file on disk, and the places that lead from it to a file inside; none for the file itself. */
export type FilePlace = { path: string; places: number[] };

/**
 * What a path means: a file on disk, or one inside it by the names that lead there (`mail.eml › invoice.pdf`). `list`
 * gives what lies inside a file.
 * @throws NOT_FOUND · whatever `list` throws
 */
export async function placeOf(path: string, list: (place: FilePlace) => Promise<readonly { name: string }[]>): Promise<FilePlace> {
  for (const { path: file, inside } of readingsOf(path)) {
    const isFile = await stat(file).then(
      (found) => inside.length === 0 || found.isFile(),
      () => false,
    );
    if (!isFile) continue;
    const places: number[] = [];
    for (const [depth, name] of inside.entries()) {
      const index = namesInside(await list({ path: file, places: [...places] })).indexOf(name);
      if (index < 0)
        throw new AppError("NOT_FOUND", `There is no ${name} inside ${[file, ...inside.slice(0, depth)].join(INSIDE)}.`, {
          hint: "`croft read` of the file lists what is attached to it.",
        });
      places.push(index);
    }
    return { path: file, places };
  }
  throw new AppError("NOT_FOUND", `There is no file ${path}.`, { hint: "Check the path; a relative one begins at the folder you are in." });
}
