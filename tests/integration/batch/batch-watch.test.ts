import { describe, expect, it } from "vitest";
import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import { invoicePdf, resultsOf } from "../../helpers/batch.ts";
import { folderOf, jobEnd, openTestCore, writeFiles } from "../../helpers/core.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

/** Waits until so many documents of the run were read. */
async function untilRead(client: CroftClient, run: string, documents: number): Promise<void> {
  const stop = new AbortController();
  for await (const { run: now } of await client.batch.watchRun({ run }, { signal: stop.signal }))
    if (now.counts.done + now.counts.review >= documents && now.state === "done") break;
  stop.abort();
}

describe("a watched folder", () => {
  // Catches: a file that arrives and is never read, and one that arrived while nobody was there.
  it("reads what arrives, and what arrived while Croft was closed", async () => {
    const folder = folderOf({ "a.pdf": invoicePdf({ number: "W-1" }) });
    const profile = temporaryFolder();
    const first = await openTestCore({ profile });
    const { run, jobId } = await first.client.batch.run({ paths: [folder], recipe: { name: "invoice" }, model: "none", watch: true });
    await jobEnd(first.client, jobId);
    writeFiles(folder, { "b.pdf": invoicePdf({ number: "W-2" }) });
    await untilRead(first.client, run.name, 2);
    await first.close();

    writeFiles(folder, { "sub/c.pdf": invoicePdf({ number: "W-3" }) });
    const second = await openTestCore({ profile });
    await untilRead(second.client, run.name, 3);
    expect([...(await resultsOf(second.client, run.name)).keys()]).toEqual(["a.pdf", "b.pdf", "c.pdf"]);

    // Watched no more: what arrives now is left alone until somebody asks.
    expect((await second.client.batch.changeRun({ run: run.name, watch: false })).watch).toBe(false);
  });
});
