import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { isSound } from "../../../src/main/db/snapshot.ts";
import { fieldOf, invoicePdf, resultsOf } from "../../helpers/batch.ts";
import { openTestCore, writeFiles } from "../../helpers/core.ts";
import { temporaryFolder } from "../../helpers/profile.ts";
import { seeded } from "../../helpers/random-text.ts";

/** Kills of one run; the full form is `CROFT_KILLS=300 npm run test:integration -- batch-killed`. */
const KILLS = Number(process.env["CROFT_KILLS"] ?? 3);
/** So many are unread when a round begins: it is killed before it has read them all. */
const AHEAD = 12;
/** A kill comes so long after a file is done: in the middle of the next one, or of writing it. */
const LONGEST_DELAY_MS = 60;

describe("a run that is killed again and again", () => {
  // Catches: a record that was told of and is gone, one that is made twice, a file that is in no state, a damaged database.
  it(`loses nothing that was acknowledged and repeats nothing in ${KILLS} kills`, { timeout: 60_000 + KILLS * 20_000 }, async () => {
    const folder = temporaryFolder();
    let documents = 0;
    const profile = temporaryFolder();
    const acknowledged = new Set<string>();
    const random = seeded(7);
    let kills = 0;
    let state: string | undefined;
    for (let round = 0; round <= KILLS && state === undefined; round += 1) {
      for (; documents < acknowledged.size + AHEAD; documents += 1)
        writeFiles(folder, { [`${documents}.pdf`]: invoicePdf({ number: `K-${documents}` }) });
      const child = fork(new URL("../../helpers/batch-process.ts", import.meta.url), [profile, folder], { execArgv: [] });
      onTestFinished(() => void child.kill("SIGKILL"));
      const before = acknowledged.size;
      child.on("message", (message: { acknowledged?: string[]; state?: string }) => {
        for (const id of message.acknowledged ?? []) acknowledged.add(id);
        state = message.state ?? state;
        if (round < KILLS && acknowledged.size > before) setTimeout(() => child.kill("SIGKILL"), random() * LONGEST_DELAY_MS);
      });
      const [, signal] = await once(child, "exit");
      if (signal === "SIGKILL") kills += 1;
      expect(isSound(join(profile, "croft.db"))).toBe(true);
      if (KILLS > 20 && round % 20 === 0) console.error(`${kills} kills, ${acknowledged.size} of ${documents} documents acknowledged`);
    }
    expect(state).toBe("done");
    expect(kills).toBe(KILLS);
    const { client } = await openTestCore({ profile });
    const results = [...(await resultsOf(client, "killed")).values()];
    expect(results).toHaveLength(documents);
    // A kill is no fault of the file that was being read: none is given up for it.
    const givenUp = results.flatMap(({ state, document, reason }) =>
      state === "done" || state === "review" ? [] : [{ document, reason }],
    );
    expect(givenUp).toEqual([]);
    expect(new Set(results.map((result) => fieldOf(result, "invoice_number").value)).size).toBe(documents);
    const ids = new Set(results.map(({ id }) => id));
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
    expect(await client.batch.showRun({ run: "killed" })).toMatchObject({ counts: { pending: 0, dead: 0 } });
  });
});
