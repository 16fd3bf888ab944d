import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, folderOf, openTestCore, resultOf } from "../../helpers/core.ts";
import { jobEnd } from "../../helpers/job-end.ts";

// Catches: what cannot be listed (a folder without rights, a name that is no text) that no report names, so that nobody misses it.
it.runIf(process.platform === "linux")("names places that cannot be looked into, each time, and no longer when they are gone", async () => {
  const { client } = await openTestCore({ engines: { inference: createFakeInference() } });
  const folder = folderOf({ "a.md": "one" });
  const unnamed = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])]);
  writeFileSync(unnamed, "two");
  const failure = { path: join(folder, "\ufffd\ufffd"), code: "FILE_UNREADABLE" };
  const report = async () =>
    (await client.knowledge.status({ collection: "notes" })).files.map(({ path, state, reason }) => [path, state, reason?.code]);

  expect(await addAndWait(client, "notes", folder)).toMatchObject({ indexed: 1, failed: 1, unavailable: 0, failures: [failure] });
  const sync = async () => resultOf(await jobEnd(client, (await client.knowledge.sync({ collection: "notes" })).jobId));
  expect(await sync()).toMatchObject({ indexed: 0, skipped: 1, failed: 1, removed: 0, unavailable: 0, failures: [failure] });
  expect(await report()).toEqual([
    [join(folder, "a.md"), "indexed", undefined],
    [failure.path, "failed", failure.code],
  ]);

  rmSync(unnamed);
  expect(await sync()).toMatchObject({ skipped: 1, failed: 0, unavailable: 0 });
  expect(await report()).toEqual([[join(folder, "a.md"), "indexed", undefined]]);
});
