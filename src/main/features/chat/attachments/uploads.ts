import { randomUUID } from "node:crypto";
import { appendFile, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { AppError } from "../../../../shared/errors.ts";

/** A file that is sent in parts is for a question, not a library. */
const MOST_BYTES = 256 * 2 ** 20;
const UPLOAD = /^[0-9a-f-]{36}$/;

export type Uploads = ReturnType<typeof createUploads>;

/** Files that came over the wire, since the page that sent them knows no paths. They lie in `folder`, under names of ours. */
export function createUploads(folder: string) {
  const partial = (upload: string): string => {
    if (!UPLOAD.test(upload)) throw new AppError("INVALID_INPUT", "This is no upload.");
    return join(folder, `${upload}.part`);
  };
  const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? -1;

  return {
    /** Appends a part, in base64; the first one names no upload. @throws NOT_FOUND · FILE_TOO_LARGE */
    async append(upload: string | undefined, data: string): Promise<{ upload: string; bytes: number }> {
      const id = upload ?? randomUUID();
      const path = partial(id);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const before = await sizeOf(path);
      if (upload !== undefined && before < 0) throw new AppError("NOT_FOUND", "There is no such upload; nothing was kept.");
      const bytes = Buffer.from(data, "base64");
      if (Math.max(0, before) + bytes.length > MOST_BYTES) {
        await rm(path, { force: true });
        throw new AppError("FILE_TOO_LARGE", `A file of more than ${MOST_BYTES / 2 ** 20} MB cannot be attached here. Nothing was kept.`, {
          hint: "Add it to a collection instead.",
        });
      }
      await appendFile(path, bytes, { mode: 0o600 });
      return { upload: id, bytes: Math.max(0, before) + bytes.length };
    },
    /** Makes an upload a file with the extension of `name`; the rest of that name is hostile and not used. @throws NOT_FOUND */
    async finish(upload: string, name: string): Promise<string> {
      const extension = /^\.\w{1,10}$/.exec(extname(name))?.[0] ?? "";
      const path = join(folder, `${upload}${extension}`);
      await rename(partial(upload), path).catch((cause: unknown) => {
        throw new AppError("NOT_FOUND", "There is no such upload; nothing was attached.", { cause });
      });
      return path;
    },
    /** Deletes a file that was uploaded; files that lie elsewhere belong to somebody else, whatever a restored database says. */
    async remove(path: string): Promise<void> {
      // A path that leads out of the folder by `..` begins with it, too.
      if (dirname(path) === resolve(folder)) await rm(path, { force: true });
    },
  };
}
