import { describe, expect, it } from "vitest";
import { AppError, errorCodes, fromWire, isAbort, isErrorCode, toAppError, toWire } from "../../../src/shared/errors.ts";

const codes = Object.keys(errorCodes).filter(isErrorCode);

describe("error codes", () => {
  // Catches: a code without a status that HTTP knows, or with an exit code that scripts take for success.
  it.each(codes)("%s has an HTTP status of an error and a documented exit code", (code) => {
    const { status, exit } = errorCodes[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect([1, 2, 3, 4, 6, 130]).toContain(exit);
  });

  // Catches: an interrupted command that a script cannot tell from a failed one.
  it("keeps 130 for interruptions, 3 for what is not there, 4 for refused files", () => {
    expect(codes.filter((code) => errorCodes[code].exit === 130)).toEqual(["ABORTED"]);
    expect(codes.filter((code) => errorCodes[code].exit === 3)).toEqual(["NOT_FOUND"]);
    for (const code of codes.filter((name) => name.startsWith("FILE_"))) expect(errorCodes[code].exit, code).toBe(4);
  });

  // Catches: names of Object.prototype taken for codes, whose status and exit code are undefined.
  it.each(["constructor", "toString", "__proto__", "hasOwnProperty", "internal", ""])("does not know %j", (name) => {
    expect(isErrorCode(name)).toBe(false);
  });
});

describe("toWire and fromWire", () => {
  // Catches: a hint or fact that is lost between two processes.
  it.each(codes)("carry %s there and back", (code) => {
    const error = new AppError(code, "What failed.", { hint: "What to do.", data: { count: 3, nested: { a: [1, null] } } });
    const wire: unknown = JSON.parse(JSON.stringify(toWire(error)));
    expect(wire).toEqual({ code, message: "What failed.", hint: "What to do.", data: { count: 3, nested: { a: [1, null] } } });
    const back = fromWire(toWire(error));
    expect(back).toBeInstanceOf(AppError);
    expect(toWire(back)).toEqual(wire);
  });

  // Catches: `"hint":null` or `"hint":undefined` in the JSON that others parse.
  it("leave out what is not there", () => {
    expect(Object.keys(toWire(new AppError("CONFLICT", "No.")))).toEqual(["code", "message"]);
    expect(Object.keys(toWire(fromWire({ code: "CONFLICT", message: "No." })))).toEqual(["code", "message"]);
  });

  // Catches: a stack, a cause or a secret of the server in what a client sees.
  it("hide unknown errors, and keep them as the cause", () => {
    const secret = new Error("password=hunter2 in /home/someone");
    const error = toAppError(secret);
    expect(error).toMatchObject({ code: "INTERNAL", cause: secret });
    expect(JSON.stringify(toWire(secret))).not.toMatch(/hunter2|someone|stack|cause/);
  });

  it.each([undefined, null, "text", 42, { code: "NOT_FOUND", message: "forged" }])("make INTERNAL of %j, which was thrown", (thrown) => {
    expect(toWire(thrown).code).toBe("INTERNAL");
  });

  // Catches: a code of a newer Croft, or of the prototype, that ends with exit code undefined.
  it.each(["SOMETHING_NEW", "constructor", "toString", "__proto__"])("make INTERNAL of the code %s", (code) => {
    expect(fromWire({ code, message: "kept" })).toMatchObject({ code: "INTERNAL", message: "kept" });
  });

  it("leave an AppError as it is", () => {
    const error = new AppError("DISK_FULL", "No space.");
    expect(toAppError(error)).toBe(error);
  });
});

describe("isAbort", () => {
  // Catches: a cancelled call that is reported as a fault, or a fault that passes for a cancelled call.
  it("knows aborts of the platform and of Croft, and nothing that only looks like one", () => {
    expect(isAbort(AbortSignal.abort().reason)).toBe(true);
    expect(isAbort(new AppError("ABORTED", "Stopped."))).toBe(true);
    expect(isAbort(Object.assign(new Error("x"), { name: "AbortError" }))).toBe(true);
    expect(isAbort(Object.assign(new AppError("TIMEOUT", "Late."), { cause: AbortSignal.abort().reason }))).toBe(false);
    expect(isAbort({ name: "AbortError" })).toBe(false);
    expect(isAbort("AbortError")).toBe(false);
  });

  it("becomes ABORTED, with its own text", () => {
    expect(toWire(AbortSignal.abort().reason)).toEqual({ code: "ABORTED", message: "The operation was cancelled." });
  });
});
