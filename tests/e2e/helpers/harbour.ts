import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A small folder as somebody has it: text, a table, one empty and one damaged file. Returns its path. */
export async function makeHarbour(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "croft-harbour-"));
  const log = Array.from(
    { length: 120 },
    (_, day) => `Day ${day + 1}. Wind from the west. The lamp was lit at dusk and put out at dawn; nothing else was to report.`,
  ).join("\n\n");
  const files = {
    "lighthouse.md": `# The Kesslar lighthouse\n\nThe Kesslar lighthouse was built in 1894 by the engineer Ada Brennholt. It stands 41 metres tall on the eastern cliff.\n\nThe last keeper, Tomas Irgendahl, retired in 1978.\n\n## Repairs\n\nThe tower was repaired in 2003 at a cost of 1.2 million crowns.\n`,
    "ferry.txt":
      "Ferry timetable\n\nThe ferry to Norholm leaves the east pier at 07:40 and 16:15 on weekdays. A ticket costs 14 crowns. Children under six travel free.\n",
    "keeper-log.txt": `${log}\n\nOn the last day the keeper hid the brass telescope below the third stair of the tower.\n\n${log}\n`,
    "tides.csv": "day,high,low\nMonday,3.1,0.4\nTuesday,3.3,0.3\n",
    "empty.txt": "",
    "broken.pdf": "%PDF-1.4 this is no document",
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  return folder;
}
