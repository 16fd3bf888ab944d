import { fork } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { fieldOf, invoicePdf, resultsOf } from "../../helpers/batch.ts";
import { folderOf, openTestCore } from "../../helpers/core.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const DOCUMENTS = 12;
const KILLS = 3;

describe("a run that is killed again and again", () => {
  // Catches: a record that was told of and is gone, one that is made twice, a file that is in no state, a damaged database.
  it("loses nothing that was acknowledged and repeats nothing", { timeout: 300_000 }, async () => {
    const folder = folderOf(
      Object.fromEntries(Array.from({ length: DOCUMENTS }, (_, index) => [`${index}.pdf`, invoicePdf({ number: `K-${index}` })])),
    );
    const profile = temporaryFolder();
    const acknowledged = new Set<string>();
    let state: string | undefined;
    for (let round = 0; round <= KILLS && state === undefined; round += 1) {
      const child = fork(new URL("../../helpers/batch-process.ts", import.meta.url), [profile, folder], { execArgv: [] });
      onTestFinished(() => void child.kill("SIGKILL"));
      const before = acknowledged.size;
      child.on("message", (message: { acknowledged?: string[]; state?: string }) => {
        for (const id of message.acknowledged ?? []) acknowledged.add(id);
        state = message.state ?? state;
        // Somewhere in the middle of the next file.
        if (round < KILLS && acknowledged.size > before) child.kill("SIGKILL");
      });
      await once(child, "exit");
    }
    expect(state).toBe("done");
    const { client } = await openTestCore({ profile });
    const results = [...(await resultsOf(client, "killed")).values()];
    expect(results).toHaveLength(DOCUMENTS);
    expect(results.every((result) => result.state === "done" || result.state === "review")).toBe(true);
    expect(new Set(results.map((result) => fieldOf(result, "invoice_number").value)).size).toBe(DOCUMENTS);
    const ids = new Set(results.map(({ id }) => id));
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
    expect(await client.batch.showRun({ run: "killed" })).toMatchObject({ counts: { pending: 0, dead: 0 } });
  });
});
