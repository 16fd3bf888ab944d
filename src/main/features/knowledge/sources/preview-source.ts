import { extname } from "node:path";
import type { SourcePreview } from "../../../../shared/contract/knowledge.ts";
import { type LeftOut, walk } from "./walk.ts";

const MOST_TYPES = 40;
const MOST_EXAMPLES = 3;
const MOST_UNREADABLE = 20;

/** Names of what no reader takes. A file is judged by its content when it is read; before that, its name says enough. */
export const UNREAD_EXTENSIONS: ReadonlySet<string> = new Set(
  "doc xls ppt heic heif bmp zip rar 7z gz tar mp3 wav flac ogg m4a mp4 mov avi mkv webm exe dll iso".split(" "),
);

type Why = LeftOut | "type";

/**
 * Counts what linking a folder with these rules would index and leave out.
 * @throws NOT_FOUND when the path cannot be reached
 */
export async function previewSource(
  { path, include, exclude }: { path: string; include: readonly string[]; exclude: readonly string[] },
  signal: AbortSignal,
): Promise<SourcePreview> {
  const leftOut = new Map<Why, { entries: number; examples: string[] }>();
  const leaveOut = (at: string, why: Why): void => {
    const group = leftOut.get(why) ?? { entries: 0, examples: [] };
    group.entries += 1;
    if (group.examples.length < MOST_EXAMPLES) group.examples.push(at);
    leftOut.set(why, group);
  };
  const walked = await walk(path, { include, exclude, signal, onLeftOut: leaveOut });

  const types = new Map<string, { files: number; bytes: number }>();
  let files = 0;
  let bytes = 0;
  for (const file of walked.files) {
    const type = extname(file.path).slice(1).toLowerCase();
    if (UNREAD_EXTENSIONS.has(type)) {
      leaveOut(file.path, "type");
      continue;
    }
    const group = types.get(type) ?? { files: 0, bytes: 0 };
    types.set(type, { files: group.files + 1, bytes: group.bytes + file.size });
    files += 1;
    bytes += file.size;
  }
  return {
    path,
    files,
    bytes,
    types: [...types]
      .map(([type, counts]) => ({ type, ...counts }))
      .sort((a, b) => b.files - a.files || (a.type < b.type ? -1 : 1))
      .slice(0, MOST_TYPES),
    leftOut: [...leftOut].map(([why, group]) => ({ why, ...group })),
    unreadable: walked.unreadable.slice(0, MOST_UNREADABLE),
  };
}
