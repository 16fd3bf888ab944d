import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCommandLine, parseFile, parseLink } from "../../../src/main/shell/launch-request.ts";

const id = "0192f3c4-1111-7222-8333-444455556666";

describe("links from outside", () => {
  it("show a chat or a collection", () => {
    expect(parseLink(`croft://chat/${id}`)).toEqual({ route: `/chat/${id}` });
    expect(parseLink(`croft://collection/${id}`)).toEqual({ route: `/knowledge/${id}` });
  });

  it.each([
    `https://chat/${id}`,
    `croft://delete/${id}`,
    `croft://constructor/${id}`,
    `croft://__proto__/${id}`,
    `croft://chat/${id}/../../settings`,
    `croft://chat/${id}?add=/etc/passwd`,
    `croft://chat/${id}#x`,
    `croft://user@chat/${id}`,
    `croft://chat/${id.toUpperCase()}`,
    "croft://chat/",
    "croft://chat/%2e%2e",
    "croft:",
    "",
    `croft://chat/${"0".repeat(400)}`,
  ])("%s does nothing", (link) => expect(parseLink(link)).toBeUndefined());
});

describe("files from outside", () => {
  it("become a place where the page offers to add them, whatever their name holds", () => {
    const request = parseFile("/home/x/a&add=b#c ü.pdf");
    const [path, query] = request?.route.split("?") ?? [];
    expect(path).toBe("/knowledge");
    expect([...new URLSearchParams(query)]).toEqual([["add", "/home/x/a&add=b#c ü.pdf"]]);
  });

  it("are refused when relative, endless or with a NUL", () => {
    expect(parseFile("a.pdf")).toBeUndefined();
    expect(parseFile("/a\0b")).toBeUndefined();
    expect(parseFile(`/${"a".repeat(5000)}`)).toBeUndefined();
  });
});

describe("a command line", () => {
  it("is read past Chromium's switches, files against the folder it came from", () => {
    const here = import.meta.dirname;
    const file = resolve(here, "launch-request.test.ts");
    expect(parseCommandLine(["--allow-file-access-from-files", "launch-request.test.ts"], here)).toEqual(parseFile(file));
    expect(parseCommandLine(["--original-process-start-time=1", `croft://chat/${id}`], here)).toEqual({ route: `/chat/${id}` });
  });

  it("with neither asks for nothing", () => {
    expect(parseCommandLine(["--x", "missing.pdf", "croft://evil/x"], "/")).toBeUndefined();
    expect(parseCommandLine([], "/")).toBeUndefined();
  });
});
