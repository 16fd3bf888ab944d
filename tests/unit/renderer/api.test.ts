import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import { AppError, errorCodes, isErrorCode } from "../../../src/shared/errors.ts";
import { pageWidths } from "../../../src/shared/page-widths.ts";
import { dialWebSocket } from "../../../src/renderer/api/dial-websocket.ts";
import { desktopHost } from "../../../src/renderer/api/host.ts";
import { applyJobsItem } from "../../../src/renderer/api/live.ts";
import { toProblem } from "../../../src/renderer/api/problem.ts";
import { readToken } from "../../../src/renderer/api/session.ts";
import { startedThrottle } from "../../../src/renderer/api/throttle.ts";
import { sendFile } from "../../../src/renderer/features/chat/composer/send-file.ts";
import { imageWidth, originalAddress, pageImage } from "../../../src/renderer/features/reader/page-image.ts";
import type { Job } from "../../../src/shared/contract/jobs.ts";
import { seeded } from "../../helpers/random-text.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** What the browser would give for a WebSocket; the test opens and closes it. */
class ScriptedSocket extends EventTarget {
  static made: ScriptedSocket[] = [];
  readyState = 0;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    ScriptedSocket.made.push(this);
  }
  send() {}
  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }
  close() {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }
}

describe("a connection over a WebSocket", () => {
  const asked = vi.fn<typeof fetch>();
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => "opened",
      (error: unknown) => (error instanceof AppError ? error.code : String(error)),
    );
  const dial = () => {
    const own = new AbortController();
    const opened = dialWebSocket("ws://127.0.0.1:7777/")(own.signal);
    const socket = ScriptedSocket.made.at(-1);
    if (!socket) throw new Error("no socket was made");
    return { opened, socket, own };
  };
  beforeEach(() => {
    ScriptedSocket.made = [];
    asked.mockReset().mockResolvedValue(new Response(null, { status: 200 }));
    vi.stubGlobal("WebSocket", ScriptedSocket);
    vi.stubGlobal("fetch", asked);
  });

  test("is there once it is open, and tells when it ends", async () => {
    const { opened, socket } = dial();
    socket.open();
    const wire = await opened;
    const ended = vi.fn<() => void>();
    void wire.closed.then(ended);
    socket.close();
    await wire.closed;
    expect(ended).toHaveBeenCalledOnce();
    expect(asked).not.toHaveBeenCalled();
  });

  // Catches: a page that was never let in knocking for ever, since a refused upgrade tells a page nothing.
  test.each([
    [401, "UNAUTHORIZED"],
    [200, "CLOSED"],
    [404, "CLOSED"],
    [500, "CLOSED"],
  ])("that is refused while its address answers %i is %s", async (status, code) => {
    asked.mockResolvedValue(new Response(null, { status }));
    const { opened, socket } = dial();
    socket.close();
    expect(await codeOf(opened)).toBe(code);
    expect(String(asked.mock.calls[0]?.[0])).toBe("http://127.0.0.1:7777/files/");
    expect(asked.mock.calls[0]?.[1]?.method).toBe("HEAD");
  });

  test("to a machine that does not answer at all is closed, not refused: it is tried again", async () => {
    asked.mockRejectedValue(new TypeError("Failed to fetch"));
    const { opened, socket } = dial();
    socket.close();
    expect(await codeOf(opened)).toBe("CLOSED");
  });

  test("that is no longer wanted is closed while it is still being made", async () => {
    const { opened, socket, own } = dial();
    own.abort();
    expect(socket.readyState).toBe(3);
    expect(await codeOf(opened)).toBe("CLOSED");
  });
});

describe("an error in the words of the view", () => {
  // Catches: the name of a class, a stack or a path of this machine on the screen.
  test.each([new TypeError("x of undefined at /home/ada/secret.ts"), "text", 7, null, undefined, { message: "m" }])(
    "that is none of Croft's is INTERNAL and quotes nothing of it (%#)",
    (thrown) => {
      const problem = toProblem(thrown);
      expect(problem.code).toBe("INTERNAL");
      expect(problem.message).not.toContain("secret");
      expect(problem.message.length).toBeGreaterThan(10);
    },
  );

  test.each(Object.keys(errorCodes).filter(isErrorCode))("%s keeps its code, its words and what to do next", (code) => {
    expect(toProblem(new AppError(code, "It failed.", { hint: "Do this." }))).toMatchObject({
      code,
      message: "It failed.",
      hint: "Do this.",
    });
  });
});

describe("the token of a start link", () => {
  test("is read only whole, at the begin of what stands behind the sign", () => {
    expect(readToken("#token=abcd1234")).toBe("abcd1234");
    expect(readToken(`#token=${"a".repeat(500)}`)).toHaveLength(500);
    for (const hash of [
      "#token=short",
      `#token=${"a".repeat(501)}`,
      "#/x#token=abcd1234",
      "#token=abcd1234&b",
      "token=abcd1234",
      "#token=abcd 1234",
      "#token=abcd1234\n#",
    ])
      expect(readToken(hash), hash).toBeUndefined();
  });
});

describe("a throttle", () => {
  // Catches: an item that is lost at the edge of two windows, told twice, or told too often.
  test.each([1, 2, 3, 4, 5])("hands every item on exactly once after it came, never more often than it says (%i)", (seed) => {
    vi.useFakeTimers();
    const random = seeded(seed);
    const runs: { at: number; items: number[] }[] = [];
    const push = startedThrottle<number>(1000, (items) => runs.push({ at: Date.now(), items: [...items] }));
    const came = new Map<number, number>();
    for (let item = 0; item < 200; item += 1) {
      vi.advanceTimersByTime(Math.floor(random() * 400));
      came.set(item, Date.now());
      push(new Set([item]));
    }
    vi.advanceTimersByTime(1000);
    expect(runs.flatMap(({ items }) => items)).toEqual([...came.keys()]);
    for (const { at, items } of runs) for (const item of items) expect(at - (came.get(item) ?? 0)).toBeLessThanOrEqual(1000);
    for (const [index, { at }] of runs.entries()) if (index > 0) expect(at - (runs[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  test("told of nothing runs nothing", () => {
    const run = vi.fn<() => void>();
    startedThrottle(1000, run)(new Set());
    expect(run).not.toHaveBeenCalled();
  });
});

describe("the list of jobs", () => {
  const job = (id: string, createdAt: number, state: Job["state"] = "running"): Job => ({
    id,
    kind: "k",
    title: id,
    state,
    progress: { done: 0, total: 0, unit: "" },
    attempts: 1,
    createdAt,
  });

  // Catches: a row that is there twice, lost, or jumps to another place when its job changes.
  test.each([1, 2, 3])("after any changes has every job once, newest first, as it was told last (%i)", (seed) => {
    const random = seeded(seed);
    const truth = new Map<string, Job>();
    let jobs: Job[] = [];
    for (let step = 1; step < 150; step += 1) {
      const number = Math.floor(random() * 30);
      const next = job(`j${number}`, number, random() < 0.5 ? "running" : "done");
      truth.set(next.id, next);
      jobs = applyJobsItem(jobs, { type: "change", seq: step, job: next });
      expect(jobs).toEqual([...truth.values()].sort((a, b) => b.createdAt - a.createdAt));
    }
    expect(applyJobsItem(jobs, { type: "snapshot", seq: 1, jobs: [job("a", 1), job("b", 2)] }).map(({ id }) => id)).toEqual(["b", "a"]);
  });

  test("of what was told before is not changed: a view that holds it sees what it drew", () => {
    const before = [job("a", 1)];
    applyJobsItem(before, { type: "change", seq: 1, job: job("a", 1, "done") });
    expect(before[0]?.state).toBe("running");
  });
});

describe("a file that is attached", () => {
  const parts: { upload?: string | undefined; data: string }[] = [];
  const client = {
    chat: {
      uploadPart: async (part: { upload?: string; data: string }, { signal }: { signal: AbortSignal }) => {
        signal.throwIfAborted();
        parts.push(part);
        return { upload: "u1" };
      },
    },
    // Of the whole client only this is called.
  } as unknown as CroftClient;
  const send = (bytes: Uint8Array<ArrayBuffer>, signal = new AbortController().signal) =>
    sendFile(client, new File([bytes], "a.bin"), signal);
  const sent = () => Buffer.concat(parts.map(({ data }) => Buffer.from(data, "base64")));
  beforeEach(() => {
    parts.length = 0;
    vi.stubGlobal("window", {});
  });

  test("is read where it lies when the app knows its path, and nothing is sent", async () => {
    vi.stubGlobal("window", { desktop: { pathForFile: (file: File) => `/home/ada/${file.name}` } });
    expect(await send(new Uint8Array(3))).toEqual({ path: "/home/ada/a.bin" });
    expect(parts).toEqual([]);
  });

  // Catches: a file pasted from the clipboard, which has no path even in the app.
  test("without a path is sent in parts, in the app too", async () => {
    vi.stubGlobal("window", { desktop: { pathForFile: () => "" } });
    expect(await send(new Uint8Array([1, 2]))).toEqual({ upload: "u1" });
    expect([...sent()]).toEqual([1, 2]);
  });

  test.each([0, 1, 8191, 8192, 8193, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 2.5 * 2 ** 20])(
    "of %i bytes arrives byte for byte",
    async (size) => {
      const random = seeded(size);
      const bytes = Uint8Array.from({ length: size }, () => Math.floor(random() * 256));
      await send(bytes);
      expect(sent().equals(bytes)).toBe(true);
      expect(parts).toHaveLength(Math.max(1, Math.ceil(size / 2 ** 20)));
      expect(parts.map(({ upload }) => upload)).toEqual([undefined, ...Array.from({ length: parts.length - 1 }, () => "u1")]);
    },
  );

  test("that is stopped sends no more", async () => {
    const own = new AbortController();
    own.abort();
    await expect(send(new Uint8Array(10), own.signal)).rejects.toThrow(/abort/i);
    expect(parts).toEqual([]);
  });
});

describe("the picture of a page", () => {
  const answer = (response: Response | Error) =>
    vi.stubGlobal("fetch", vi.fn<typeof fetch>(response instanceof Error ? () => Promise.reject(response) : async () => response));
  const wanted = () => new QueryClient().fetchQuery({ ...pageImage("d1", "hash", 3, 960), retry: false });
  beforeEach(() => vi.stubGlobal("window", { location: { href: "http://127.0.0.1:7777/app/#/chat" } }));

  test("is asked for beside the page, by document, page and width", async () => {
    answer(new Response("png"));
    expect(await (await wanted()).text()).toBe("png");
    expect(String(vi.mocked(fetch).mock.calls[0]?.[0])).toBe("http://127.0.0.1:7777/app/files/documents/d1/pages/3?width=960");
  });

  test("comes over the app's own way where there is one", () => {
    expect(originalAddress("d1")).toBe("http://127.0.0.1:7777/app/files/documents/d1/original");
    vi.stubGlobal("window", { desktop: { pathForFile: () => "" } });
    expect(originalAddress("d1", "app://croft/index.html")).toBe("app://croft/bytes/documents/d1/original");
    expect(desktopHost()).toBeDefined();
  });

  test("that core refuses says why, in core's words", async () => {
    answer(Response.json({ error: { code: "CONFLICT", message: "The file was changed.", hint: "Index it again." } }, { status: 409 }));
    await expect(wanted()).rejects.toMatchObject({ code: "CONFLICT", message: "The file was changed.", hint: "Index it again." });
  });

  // Catches: a broken picture without a word when something that is not core answers.
  test.each([
    ["text", "<html>"],
    ["no error", "{}"],
    ["an error of another form", '{"error":{"code":7}}'],
    ["null", "null"],
  ])("that is refused with %s is an error all the same", async (_, body) => {
    answer(new Response(body, { status: 502 }));
    await expect(wanted()).rejects.toMatchObject({ code: "INTERNAL", message: "The page could not be fetched." });
  });

  // Catches: pages drawn anew for every pixel of a window, and pages that are not sharp.
  test("has one of few widths, never narrower than what is shown while there is a wider one", () => {
    const random = seeded(9);
    const most = Math.max(...pageWidths);
    for (let turn = 0; turn < 500; turn += 1) {
      const [shown, ratio] = [random() * 3000, 1 + random() * 2];
      const width = imageWidth(shown, ratio);
      expect(pageWidths).toContain(width);
      if (width < most) expect(width).toBeGreaterThanOrEqual(shown * ratio);
    }
  });
});
