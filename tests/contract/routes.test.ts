import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callByName, type TestTransport, transports } from "../helpers/transports.ts";
import { routes } from "../helpers/contract-routes.ts";
import { hostileInputs } from "../helpers/hostile-inputs.ts";
import { sampleOf } from "../helpers/sample.ts";
import { createTestContext, createTestRouter } from "../helpers/test-router.ts";
import { AppError } from "../../src/shared/errors.ts";

/** What core answers, whatever the way: fields that are undefined are left out on the wire. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe.each(Object.keys(transports) as (keyof typeof transports)[])("over %s", (name) => {
  let transport: TestTransport;
  beforeAll(async () => {
    // A fast machine calls everything wrong more than a thousand times a second; the limit has tests of its own.
    const limits = { callsPerSecond: 100_000 };
    transport = await transports[name]({ router: createTestRouter(), context: createTestContext().context, limits });
  });
  afterAll(() => transport.close());

  // Catches: a route that one transport cannot carry (a name, a type that is lost, a stream that is no stream there).
  it.each(routes)("carries $name", async (route) => {
    // As parsed: a schema may fill in defaults.
    const sample = route.output.parse(sampleOf(route.output));
    const expected = route.stream ? [sample, sample] : sample;
    expect(plain(await callByName(transport.client, route.path, sampleOf(route.input)))).toEqual(plain(expected));
  });

  // Catches: input that reaches a handler unparsed, a crash while parsing, an error without a code.
  it.each(routes)("refuses malformed input of $name, typed", async (route) => {
    for (const { what, input } of hostileInputs(route.input)) {
      if (route.input.safeParse(input).success) continue;
      const error: unknown = await callByName(transport.client, route.path, input).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error, what).toBeInstanceOf(AppError);
      expect(error, what).toMatchObject({ code: "INVALID_INPUT" });
    }
    // The server is still there and well.
    await callByName(transport.client, route.path, sampleOf(route.input));
  });

  // Catches: an unknown route that hangs or is answered with something untyped.
  it("answers an unknown route with a typed error", async () => {
    await expect(callUnknown(transport)).rejects.toBeInstanceOf(AppError);
  });
});

async function callUnknown(transport: TestTransport): Promise<unknown> {
  const client: unknown = Reflect.get(transport.client, "nothing");
  const route: unknown = Reflect.get(Object(client), "here");
  return typeof route === "function" ? await route({}) : undefined;
}
