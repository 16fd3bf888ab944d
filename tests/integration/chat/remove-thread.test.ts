import { expect, it } from "vitest";
import { createFakeGeneration } from "../../../src/main/engines/fakes/fake-generation.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { openTestCore } from "../../helpers/core.ts";

// Catches a model that goes on writing an answer nobody can see, into rows that are gone.
it("a conversation that is removed takes its running answer along", async () => {
  const generation = createFakeGeneration({ reply: () => "word ".repeat(1_000_000) });
  const { client, records } = await openTestCore({ engines: { inference: createFakeInference(), generation } });
  let removed = false;
  const answered = (async () => {
    for await (const item of await client.chat.ask({ question: "And then?", collections: [], model: "smollm2-135m-instruct" })) {
      if (item.type !== "token" || removed) continue;
      removed = true;
      const [thread] = await client.chat.listThreads({});
      await client.chat.removeThread({ id: thread?.id ?? "" });
    }
  })();
  await answered.catch((error: unknown) => expect(error).toMatchObject({ code: "ABORTED" }));
  expect(removed).toBe(true);
  // The caller is let go at once, the computation ends with its next word.
  await expect.poll(() => generation.state, { timeout: 1_000 }).not.toBe("busy");
  expect(await client.chat.listThreads({})).toEqual([]);
  expect(records.filter(({ level }) => level === "error")).toEqual([]);
});
