import { describe, expect, it } from "vitest";
import { answerBytes } from "../../../src/main/shell/answer-bytes.ts";
import type { FromCore } from "../../../src/main/shell/host-messages.ts";
import { isKind } from "../../../src/main/shell/host-messages.ts";
import { createRemoteHost } from "../../../src/main/shell/remote-host.ts";
import { createRestartPolicy } from "../../../src/main/shell/restart-policy.ts";
import { plainName } from "../../../src/main/shell/session-guard.ts";
import { AppError, type ErrorCode, errorCodes } from "../../../src/shared/errors.ts";
import { createTestContext } from "../../helpers/test-router.ts";
import { randomText, seeded } from "../../helpers/random-text.ts";

const paths = { profile: "/profile", models: "/models", resources: "/resources" };

function remote(offline = false) {
  const posted: FromCore[] = [];
  const made = createRemoteHost({ kind: "start", paths, offline }, (message) => void posted.push(message));
  const calls = () => posted.flatMap((message) => (message.kind === "call" ? [message] : []));
  return { ...made, posted, calls };
}

describe("the host as core sees it", () => {
  it("is where the shell says, and offline only when it says so", () => {
    expect(remote().host).toMatchObject({ kind: "electron", paths });
    expect(remote().host.offline).toBeUndefined();
    expect(remote(true).host.offline).toBe(true);
  });

  // Catches: an answer that is given to another question: two keys would be mixed up.
  it("gives each call its own answer, in whatever order they come", async () => {
    const { host, receive, calls } = remote();
    const asked = ["a", "b", "c"].map((name) => host.secrets.get(name));
    for (const { id, input } of calls().toReversed()) {
      const { name } = input as { name: string };
      expect(receive({ kind: "reply", id, output: `secret of ${name}` })).toBe(true);
    }
    expect(await Promise.all(asked)).toEqual(["secret of a", "secret of b", "secret of c"]);
  });

  it("passes a refusal on with its code and hint", async () => {
    const { host, receive, calls } = remote();
    const setting = host.secrets.set("openai.key", "x");
    receive({ kind: "replyFailed", id: calls()[0]?.id ?? 0, error: { code: "STORAGE_READONLY", message: "No.", hint: "Choose another." } });
    await expect(setting).rejects.toMatchObject({ code: "STORAGE_READONLY", hint: "Choose another." });
  });

  // Catches: an answer that comes twice, or to nobody, and throws in core.
  it("ignores answers to nothing", () => {
    const { receive } = remote();
    expect(receive({ kind: "reply", id: 99, output: 1 })).toBe(true);
    expect(receive({ kind: "replyFailed", id: 99, error: { code: "INTERNAL", message: "x" } })).toBe(true);
    for (const kind of ["child.message", "child.exit", "child.started"] as const)
      expect(receive({ kind, child: 99, message: 1, code: 0, pid: 1 } as never)).toBe(true);
  });

  it("leaves what is not for the host to others", () => {
    const { receive } = remote();
    expect([receive({ kind: "window" }), receive({ kind: "close" }), receive({ kind: "bytes.drop", id: 1 })]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("asks for each service by its name, with just what it needs", async () => {
    const { host, calls } = remote();
    void host.secrets.get("a");
    void host.secrets.set("a", "b");
    void host.secrets.delete("a");
    void host.secrets.isProtected();
    void host.showInFolder?.("/docs/a.pdf");
    expect(calls().map(({ name, input }) => [name, input])).toEqual([
      ["secrets.get", { name: "a" }],
      ["secrets.set", { name: "a", value: "b" }],
      ["secrets.delete", { name: "a" }],
      ["secrets.isProtected", {}],
      ["desktop.showInFolder", { path: "/docs/a.pdf" }],
    ]);
  });

  // Catches: a message of one child that reaches another, or one that comes after its end.
  it("hears each child by its number, until its end", () => {
    const { host, receive, posted } = remote();
    const heard: unknown[] = [];
    const children = ["one", "two"].map((name) => {
      const child = host.startChild({ entry: "readers", name, memoryMb: 64 });
      child.onMessage((message) => heard.push([name, message]));
      child.onExit((code) => heard.push([name, "exit", code]));
      return child;
    });
    expect(children[0]?.pid).toBeUndefined();
    receive({ kind: "child.started", child: 2, pid: 42 });
    expect(children.map(({ pid }) => pid)).toEqual([undefined, 42]);
    receive({ kind: "child.message", child: 2, message: "b" });
    receive({ kind: "child.message", child: 1, message: "a" });
    receive({ kind: "child.exit", child: 1, code: null });
    receive({ kind: "child.message", child: 1, message: "late" });
    receive({ kind: "child.exit", child: 1, code: 0 });
    expect(heard).toEqual([
      ["two", "b"],
      ["one", "a"],
      ["one", "exit", null],
    ]);
    children[1]?.post({ hello: 1 });
    children[1]?.kill();
    expect(posted.slice(-2)).toEqual([
      { kind: "child.post", child: 2, message: { hello: 1 } },
      { kind: "child.kill", child: 2 },
    ]);
  });

  it("sends its log to the shell, which keeps the file", () => {
    const { host, posted } = remote();
    host.log({ level: "info", at: 1, scope: "core", event: "x" });
    expect(posted).toEqual([{ kind: "log", record: { level: "info", at: 1, scope: "core", event: "x" } }]);
  });
});

describe("bytes for a page", () => {
  const { context, records } = createTestContext();
  const signal = new AbortController().signal;
  const get = { method: "GET" as const, path: "a%20b?page=2", range: undefined };
  const text = ({ body }: { body: Uint8Array }) => new TextDecoder().decode(body);

  it("are asked for as the page asked, and come with their status and headers", async () => {
    const seen: string[] = [];
    const answer = await answerBytes(
      async (request) => {
        seen.push(request.method, request.url, request.headers.get("range") ?? "none");
        return new Response("bytes", { status: 206, headers: { "content-type": "application/pdf", "content-range": "bytes 0-4/9" } });
      },
      { ...get, range: "bytes=0-4" },
      context,
      signal,
    );
    expect(seen).toEqual(["GET", "http://core/files/a%20b?page=2", "bytes=0-4"]);
    expect([answer.status, text(answer)]).toEqual([206, "bytes"]);
    expect(answer.headers).toMatchObject({ "content-type": "application/pdf", "content-range": "bytes 0-4/9" });
  });

  it("are none for a question about them alone", async () => {
    const answer = await answerBytes(
      async () => new Response(null, { headers: { "content-length": "900" } }),
      { ...get, method: "HEAD" },
      context,
      signal,
    );
    expect([answer.status, answer.body.length, answer.headers["content-length"]]).toEqual([200, 0, "900"]);
  });

  // Catches: a book of a gigabyte that is held twice in memory on its way to the page.
  it("that are more than one piece may have are refused before they are read", async () => {
    let cancelled = false;
    const body = new ReadableStream({ cancel: () => void (cancelled = true) });
    const answer = await answerBytes(
      async () => new Response(body, { headers: { "content-length": String(65 * 2 ** 20) } }),
      get,
      context,
      signal,
    );
    expect(answer.status).toBe(413);
    expect(JSON.parse(text(answer))).toMatchObject({ error: { code: "FILE_TOO_LARGE", hint: expect.stringContaining("range") } });
    expect(cancelled).toBe(true);
  });

  it("cannot be had before core is there", async () => {
    expect(await answerBytes(undefined, get, context, signal)).toMatchObject({
      status: 503,
      headers: { "content-type": "application/json" },
    });
  });

  it.each<ErrorCode>(["NOT_FOUND", "FILE_UNREADABLE", "FORBIDDEN", "INVALID_INPUT"])(
    "that are refused with %s come with its status",
    async (code) => {
      const answer = await answerBytes(() => Promise.reject(new AppError(code, "Refused.")), get, context, signal);
      expect([answer.status, JSON.parse(text(answer))]).toEqual([errorCodes[code].status, { error: { code, message: "Refused." } }]);
    },
  );

  // Catches: a path or a stack on the page, and a page that went on and is logged as a fault.
  it("that fail say nothing of why on the page, and are logged unless nobody waits any more", async () => {
    records.length = 0;
    const failing = () => Promise.reject(new Error("EIO /home/someone/secret.pdf"));
    const answer = await answerBytes(failing, get, context, signal);
    expect([answer.status, text(answer).includes("someone")]).toEqual([500, false]);
    expect(records.map(({ event }) => event)).toEqual(["bytes.failed"]);
    await answerBytes(failing, get, context, AbortSignal.abort());
    expect(records).toHaveLength(1);
  });
});

describe("when what died is started again", () => {
  // Catches: a core that is started a hundred times a second, or given up after a bad day a year.
  it("is at once, then later and later, and never after five deaths in a minute", () => {
    let now = 0;
    const policy = createRestartPolicy(() => now);
    expect([1, 2, 3, 4, 5, 6].map(() => policy.died())).toEqual([0, 500, 1000, 2000, undefined, undefined]);
    now += 60_000;
    expect(policy.died()).toBe(0);
    policy.forgive();
    expect(policy.died()).toBe(0);
  });

  it("counts only what died within the minute", () => {
    let now = 0;
    const policy = createRestartPolicy(() => now);
    for (let death = 0; death < 100; death += 1) {
      expect(policy.died(), `death ${death}`).toBeTypeOf("number");
      now += 15_001;
    }
  });
});

describe("the name of a file that a page saves", () => {
  // Catches: a name that leads out of the folder, hides its ending, or is none at all.
  it("holds nothing that leads elsewhere, whatever the page says", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seeded(seed);
      const evil = ["../", "..\\", "C:", "\u202e", "\u0000", "/", "\n", "|", "<", "*", "CON", ".", " "];
      const name = Array.from({ length: 6 }, () =>
        random() < 0.5 ? evil[Math.floor(random() * evil.length)] : randomText(random, 2),
      ).join("");
      const plain = plainName(name);
      // oxlint-disable-next-line no-control-regex -- these are what must not be there
      expect(plain).not.toMatch(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069/\\:*?"<>|]/);
      expect(plain).not.toMatch(/^[ .]/);
      expect(plain.length).toBeGreaterThan(0);
      expect(plain.length).toBeLessThanOrEqual(120);
    }
  });

  it.each([
    ["notes.md", "notes.md"],
    ["../../.bashrc", "bashrc"],
    ["", "file"],
    ["...", "file"],
    [`a .${"y".repeat(118)}`, "y".repeat(118)],
    ["invoice\u202efdp.exe", "invoice fdp.exe"],
    [`${"x".repeat(300)}.pdf`, `${"x".repeat(116)}.pdf`],
  ])("%j is saved as %j", (name, plain) => expect(plainName(name)).toBe(plain));
});

it.each([
  [{ kind: "ready" }, true],
  [{ kind: 1 }, false],
  [null, false],
  ["ready", false],
  [undefined, false],
])("%j is a message between processes: %s", (value, expected) => expect(isKind(value)).toBe(expected));
