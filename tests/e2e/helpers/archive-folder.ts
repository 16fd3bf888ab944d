import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const letters = 2988;
/** Files of it that are damaged. */
export const archiveBroken = 8;
const empty = 4;
/** All files of the archive. */
export const archiveFiles = letters + archiveBroken + empty;

/** A folder of three thousand small documents, as somebody has them after years: letters, and some that cannot be read. */
export async function makeArchive(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "croft-archive-"));
  const boxes = Array.from({ length: 10 }, (_, box) => join(folder, `box-${box}`));
  await Promise.all(boxes.map((box) => mkdir(box)));
  const write = (name: string, n: number, text: string) => writeFile(join(boxes[n % boxes.length] ?? folder, name), text);
  const number = (n: number) => String(n).padStart(4, "0");
  for (let n = 1; n <= letters; n += 1)
    await write(`letter-${number(n)}.txt`, n, `Letter ${number(n)}\n\nThe harbour board thanks you for your letter about berth ${n}.\n`);
  for (let n = 1; n <= archiveBroken; n += 1) await write(`scan-${n}.pdf`, n, "%PDF-1.7\nthe rest of this file was lost");
  for (let n = 1; n <= empty; n += 1) await write(`void-${n}.txt`, n, "");
  return folder;
}
