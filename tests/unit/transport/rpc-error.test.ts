import { ORPCError } from "@orpc/client";
import { expect, test } from "vitest";
import { fromRpcError } from "../../../src/shared/client/rpc-error.ts";
import { AppError } from "../../../src/shared/errors.ts";

const reject = (code: string, data?: unknown) => fromRpcError(new ORPCError(code, { message: "It failed.", data }));

test("an error of the wire keeps its code, hint and facts", () => {
  const facts = { id: "m" };
  expect(reject("MODEL_MISSING", { hint: "Get it.", data: facts })).toMatchObject({
    code: "MODEL_MISSING",
    message: "It failed.",
    hint: "Get it.",
    data: facts,
  });
});

test("details that are not what they should be are left out, one by one", () => {
  expect(reject("NOT_FOUND", { hint: 7, data: { id: "m" } })).toMatchObject({ hint: undefined, data: { id: "m" } });
  expect(reject("NOT_FOUND", { hint: "Look.", data: ["m"] })).toMatchObject({ hint: "Look.", data: undefined });
  for (const data of [undefined, null, "text", ["hint"]])
    expect(reject("NOT_FOUND", data)).toMatchObject({ hint: undefined, data: undefined });
});

test("codes of the library become ours, codes nobody knows INTERNAL", () => {
  expect(reject("BAD_REQUEST").code).toBe("INVALID_INPUT");
  expect(reject("TOO_MANY_REQUESTS").code).toBe("RATE_LIMITED");
  expect(reject("TEAPOT").code).toBe("INTERNAL");
});

test("an abort, a dead server and our own errors are told apart", () => {
  const own = new AppError("OFFLINE", "Offline.");
  expect(fromRpcError(own)).toBe(own);
  expect(fromRpcError(new DOMException("gone", "AbortError")).code).toBe("ABORTED");
  expect(fromRpcError(new TypeError("fetch failed")).code).toBe("CLOSED");
  expect(fromRpcError("text").code).toBe("INTERNAL");
});
