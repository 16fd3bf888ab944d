import { ORPCError } from "@orpc/server";
import { describe, expect, it } from "vitest";
import { toRpcError } from "../../../src/main/core/implementer.ts";
import { createLogger, type LogRecord } from "../../../src/main/core/logger.ts";
import { owner, type Principal } from "../../../src/main/core/principal.ts";
import { createMemoryClient } from "../../../src/main/transport/memory-client.ts";
import { fromRpcError } from "../../../src/shared/client/rpc-error.ts";
import { type Effect, effects } from "../../../src/shared/contract/define.ts";
import { AppError, type ErrorCode, errorCodes, toWire } from "../../../src/shared/errors.ts";
import { routes } from "../../helpers/contract-routes.ts";
import { sampleOf } from "../../helpers/sample.ts";
import { createTestContext, createTestRouter, type TestHandler } from "../../helpers/test-router.ts";
import { callByName } from "../../helpers/transports.ts";

/** A client with these rights, which routes ran for it, and what was logged. */
function served(rights: readonly Effect[], handlers: Record<string, TestHandler> = {}) {
  const { context, records } = createTestContext();
  const principal: Principal = { kind: "agent", name: "the agent", effects: new Set(rights) };
  return { client: createMemoryClient(createTestRouter(handlers), { ...context, principal }), records };
}

describe("rights", () => {
  // Catches: one new route that anybody may call; a handler that runs before its caller is looked at.
  it.each(routes)("$name needs exactly the right to its effect", async ({ name, path, effect, input }) => {
    let ran = 0;
    const run: TestHandler = () => {
      ran += 1;
      throw new AppError("CONFLICT", "It ran.");
    };
    const others = effects.filter((one) => one !== effect);
    const refused = served(others, { [name]: run });
    await expect(callByName(refused.client, path, sampleOf(input))).rejects.toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringContaining(`the agent may not call ${name}`),
    });
    expect(ran).toBe(0);
    const allowed = served(
      effects.filter((one) => one === effect),
      { [name]: run },
    );
    await expect(callByName(allowed.client, path, sampleOf(input))).rejects.toMatchObject({ code: "CONFLICT" });
    expect(ran).toBe(1);
  });

  // Catches: input that is looked at, and its rules told, before the caller is known to have the right.
  it("are looked at before the input is", async () => {
    await expect(callByName(served([]).client, ["jobs", "get"], { id: "no id" })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("of the person at the machine are all there are", () => {
    expect([...owner("window").effects].sort()).toEqual([...effects].sort());
    expect(owner("window").collections).toBeUndefined();
  });
});

describe("what a handler throws", () => {
  const failing = (thrown: unknown) =>
    served(["read"], {
      "system.info": () => {
        throw thrown;
      },
    });

  // Catches: a stack, a path or a secret in what a client is told; a fault of which the log knows nothing.
  it.each([
    ["an error", new Error("secret at /home/someone")],
    ["a type error", new TypeError("secret")],
    ["a text", "secret"],
    ["an object in the form of an error", { code: "NOT_FOUND", message: "secret" }],
    ["nothing", undefined],
    ["an error of the library with an unknown code", new ORPCError("TEAPOT", { status: 418, message: "secret" })],
    ["an error of the library with a name of the prototype", new ORPCError("constructor", { status: 400, message: "secret" })],
  ])("is hidden when it is %s", async (_what, thrown) => {
    const { client, records } = failing(thrown);
    const error: unknown = await client.system.info({}).catch((refused: unknown) => refused);
    expect(error).toMatchObject({ code: "INTERNAL" });
    expect(JSON.stringify(toWire(error))).not.toMatch(/secret|someone|stack/);
    expect(records.filter(({ event }) => event === "route.failed")).toEqual([
      expect.objectContaining({ level: "error", route: "system.info" }),
    ]);
  });

  // Catches: refusals that fill the log as though they were faults.
  it("is told as it is when it is typed, and is no entry of the log", async () => {
    const { client, records } = failing(new AppError("MODEL_MISSING", "No model.", { hint: "Fetch it.", data: { id: "m" } }));
    await expect(client.system.info({})).rejects.toMatchObject({ code: "MODEL_MISSING", hint: "Fetch it.", data: { id: "m" } });
    expect(records).toEqual([]);
  });

  it("is ABORTED when it is an abort of the platform", async () => {
    await expect(failing(AbortSignal.abort().reason).client.system.info({})).rejects.toMatchObject({ code: "ABORTED" });
  });

  // Catches: an answer that breaks the contract, which is blamed on the caller or handed out as it is.
  it("is a fault of ours when the answer breaks the contract", async () => {
    const { client, records } = served(["read"], { "system.info": () => ({ version: 7, password: "secret" }) });
    await expect(client.system.info({})).rejects.toMatchObject({ code: "INTERNAL", message: expect.not.stringContaining("secret") });
    expect(records).toHaveLength(1);
  });
});

describe("input", () => {
  // Catches: a refusal that does not say which field is wrong, or that lists ten thousand of them.
  it("that is refused is INVALID_INPUT with the place, at most five of them", async () => {
    const { client, records } = served(["read"]);
    await expect(callByName(client, ["jobs", "list"], { limit: 0, states: ["no state"] })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining("limit"),
    });
    const states = Array.from({ length: 1000 }, () => "no state");
    const error: unknown = await callByName(client, ["jobs", "list"], { states }).catch((refused: unknown) => refused);
    const { data, message } = toWire(error);
    expect(data?.["issues"]).toHaveLength(5);
    expect(message.length).toBeLessThan(2000);
    expect(records).toEqual([]);
  });

  it.each(routes.filter(({ input }) => !input.safeParse(null).success))("$name refuses null", async ({ path }) => {
    await expect(callByName(served(effects).client, path, null)).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("toRpcError", () => {
  const records: LogRecord[] = [];
  const log = createLogger(
    (record) => void records.push(record),
    () => 0,
  );

  it.each(Object.keys(errorCodes) as ErrorCode[])("and back keeps %s whole", (code) => {
    const error = new AppError(code, "What.", { hint: "Do.", data: { a: [1] } });
    const rpc = toRpcError(error, log, "a.b");
    expect(rpc).toMatchObject({ code, status: errorCodes[code].status });
    expect(toWire(fromRpcError(rpc))).toEqual(toWire(error));
  });

  // Catches: an error that passes two rules and is wrapped twice.
  it("leaves alone what it made itself", () => {
    const once = toRpcError(new AppError("CLOSED", "Over."), log, "a.b");
    expect(toRpcError(once, log, "a.b")).toBe(once);
  });
});
