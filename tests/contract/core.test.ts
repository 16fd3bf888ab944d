import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Core, createCore } from "../../src/main/core/create-core.ts";
import { createNodeHost, type NodeHost } from "../../src/main/core/node-host.ts";
import { owner } from "../../src/main/core/principal.ts";
import { createFakeGeneration } from "../../src/main/engines/fakes/fake-generation.ts";
import { createFakeInference } from "../../src/main/engines/fakes/fake-inference.ts";
import type { CroftClient } from "../../src/shared/client/create-client.ts";
import { AppError } from "../../src/shared/errors.ts";
import { routes } from "../helpers/contract-routes.ts";
import { hostileInputs } from "../helpers/hostile-inputs.ts";
import { sampleOf } from "../helpers/sample.ts";
import { type TestTransport, transports } from "../helpers/transports.ts";

/** The real core, with the network forbidden and the models faked, behind every transport. */
describe("the real core", () => {
  let folder: string;
  let host: NodeHost;
  let core: Core;
  const open: Partial<Record<keyof typeof transports, TestTransport>> = {};

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "croft-contract-"));
    host = createNodeHost({ kind: "embedded", profile: join(folder, "profile"), models: join(folder, "models"), offline: true });
    core = await createCore(host, {
      engines: { inference: createFakeInference(), generation: createFakeGeneration({ reply: () => "Yes." }) },
    });
    // A fast machine calls everything wrong more than a thousand times a second; the limit has tests of its own.
    const limits = { callsPerSecond: 100_000 };
    const served = { router: core.router, context: { principal: owner("embedder"), log: core.log }, limits };
    for (const name of Object.keys(transports) as (keyof typeof transports)[]) open[name] = await transports[name](served);
  });
  afterAll(async () => {
    for (const transport of Object.values(open)) await transport.close();
    await core.close();
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(Object.keys(transports) as (keyof typeof transports)[])("over %s", (name) => {
    const client = (): CroftClient => {
      const transport = open[name];
      if (!transport) throw new Error(`${name} is not open`);
      return transport.client;
    };

    // Catches: a handler that sees what its schema refuses, and a core that does not survive it.
    it.each(routes)("refuses what the schema of $name refuses", async (route) => {
      for (const { what, input } of hostileInputs(route.input)) {
        if (route.input.safeParse(input).success) continue;
        expect(await outcome(client(), route.path, input), what).toMatchObject({ code: "INVALID_INPUT" });
      }
      await expect(client().system.info({})).resolves.toMatchObject({ host: "embedded" });
    });

    // Catches: a value that the schema accepts and the code behind it does not expect: SQL, FTS syntax, paths, ids of nothing.
    it.each(routes.filter(({ effect }) => effect === "read"))(
      "answers strange but valid input of $name, or refuses it typed",
      async (route) => {
        const inputs = [sampleOf(route.input), ...hostileInputs(route.input).map(({ input }) => input)];
        for (const input of inputs) {
          if (!route.input.safeParse(input).success) continue;
          const result = await outcome(client(), route.path, input);
          expect(result instanceof AppError ? result.code : "answered", JSON.stringify(input)?.slice(0, 200)).not.toBe("INTERNAL");
        }
      },
    );
  });
});

/** What a call came to: its answer, its error, or that it is a stream, which is ended at once. */
async function outcome(client: CroftClient, path: [string, string], input: unknown): Promise<unknown> {
  const route: unknown = Reflect.get(Reflect.get(client, path[0]), path[1]);
  if (typeof route !== "function") throw new TypeError(`no route ${path.join(".")}`);
  try {
    const output: unknown = await route(input);
    if (typeof output !== "object" || output === null || !("return" in output) || typeof output.return !== "function") return output;
    await output.return();
    return "a stream";
  } catch (error) {
    return error;
  }
}
