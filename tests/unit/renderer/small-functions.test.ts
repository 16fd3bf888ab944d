import { expect, test } from "vitest";
import type { Job } from "../../../src/shared/contract/jobs.ts";
import { readToken } from "../../../src/renderer/api/session.ts";
import { fileName, formatBytes, formatCount, formatDuration, languageName } from "../../../src/renderer/components/format.ts";
import { progressText } from "../../../src/renderer/features/jobs/progress-text.ts";
import { filterFiles } from "../../../src/renderer/features/knowledge/documents/filter-files.ts";
import { hereText, isDownloadOf, speedText } from "../../../src/renderer/features/models/model-facts.ts";
import { cutAtMark, widen, windowAround, windowUnits } from "../../../src/renderer/features/reader/text-window.ts";
import { groupSettings } from "../../../src/renderer/features/settings/group-settings.ts";
import { rankCommands } from "../../../src/renderer/shell/rank-commands.ts";
import { withDraft } from "../../../src/renderer/view/chat-store.ts";
import { messages as jobMessages } from "../../../src/renderer/features/jobs/messages.ts";
import { messages as modelMessages } from "../../../src/renderer/features/models/messages.ts";
import { messages as settingMessages } from "../../../src/renderer/features/settings/messages.ts";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";

const sayJobs = wordsIn(jobMessages, "en");
const sayModels = wordsIn(modelMessages, "en");
const saySettings = wordsIn(settingMessages, "en");

test("a token is read only from a whole well-formed start link", () => {
  expect(readToken("#token=abcDEF12_-")).toBe("abcDEF12_-");
  for (const hash of ["", "#/chat", "#token=", "#token=short", "#token=abcdefgh/../x", "#token=abcdefgh&next=x", "x#token=abcdefgh"])
    expect(readToken(hash)).toBeUndefined();
});

test("numbers are written with their unit and the right plural", () => {
  expect([formatBytes(0), formatBytes(999), formatBytes(1_117_320_736)]).toEqual(["0 B", "999 B", "1.1 GB"]);
  expect([formatCount(1, "file"), formatCount(1200, "file")]).toEqual(["1 file", "1,200 files"]);
  expect([formatDuration(31.4), formatDuration(1740)]).toEqual(["31 ms", "1.7 s"]);
});

// Catches: a code that stops the page instead of being shown as it is.
test("languages have names, and what is no language keeps its code", () => {
  expect(["deu", "fr", "chi_sim", "osd", "script/Fraktur", "_", ""].map(languageName)).toEqual([
    "German",
    "French",
    "Chinese (sim)",
    "osd",
    "script/Fraktur",
    "_",
    "",
  ]);
});

test("the name of a file is found on either kind of path", () => {
  expect([fileName("/a/b.txt"), fileName("C:\\a\\b.txt"), fileName("/a/folder/"), fileName("")]).toEqual(["b.txt", "b.txt", "folder", ""]);
});

test("progress is shown in its unit, bytes as megabytes, an unknown total as what is done", () => {
  expect(progressText({ done: 31e6, total: 91e6, unit: "bytes" }, sayJobs)).toBe("31 of 91 MB");
  expect(progressText({ done: 412, total: 1980, unit: "files" }, sayJobs)).toBe("412 of 1,980 files");
  expect(progressText({ done: 3, total: 0, unit: "files" }, sayJobs)).toBe("3 files");
  expect(progressText({ done: 0, total: 0, unit: "files" }, sayJobs)).toBe("");
});

test("files are filtered by name and state together", () => {
  const files = [
    { path: "/a/Deed.pdf", state: "failed" as const },
    { path: "/a/deed.txt", state: "indexed" as const },
    { path: "/b.txt", state: "failed" as const },
  ];
  expect(filterFiles(files, { text: " deed", state: undefined })).toHaveLength(2);
  expect(filterFiles(files, { text: "deed", state: "failed" }).map(({ path }) => path)).toEqual(["/a/Deed.pdf"]);
});

test("a download job is found by the id that started it, else by the model that it names, never of another kind", () => {
  const model = { id: "local:smollm2-135m", name: "SmolLM2" };
  const job = (kind: string, title: string): Job => ({
    id: "j",
    kind,
    title,
    state: "running",
    progress: { done: 0, total: 0, unit: "" },
    attempts: 1,
    createdAt: 0,
  });
  expect(isDownloadOf(job("models.download", "Download smollm2-135m"), model, undefined)).toBe(true);
  expect(isDownloadOf(job("models.download", "anything"), model, "j")).toBe(true);
  expect(isDownloadOf(job("models.download", "Download SmolLM2"), model, "other")).toBe(false);
  expect(isDownloadOf(job("knowledge.index", "SmolLM2"), model, undefined)).toBe(false);
  expect(speedText({ tokensPerSecond: 23.6 }, sayModels)).toBe("24 tokens/s");
  expect(speedText(undefined, sayModels)).toBe("");
});

test("the reader loads a window around a mark and cuts it exactly, wherever the slice begins", () => {
  expect(windowAround({ start: 100_000, end: 100_050 })).toEqual({ start: 100_000 - windowUnits, end: 100_050 + windowUnits });
  expect(windowAround({})).toEqual({ start: 0, end: windowUnits });
  expect(widen({ start: 10, end: 20 }, "before").start).toBe(0);
  expect(cutAtMark({ start: 10, text: "abcdef" }, { start: 12, end: 14 })).toEqual({ before: "ab", marked: "cd", after: "ef" });
  expect(cutAtMark({ start: 10, text: "abcdef" }, { start: 2, end: 12 })).toEqual({ before: "", marked: "ab", after: "cdef" });
  expect(cutAtMark({ start: 0, text: "abc" }, { start: 2, end: 99 })).toEqual({ before: "ab", marked: "c", after: "" });
  expect(cutAtMark({ start: 0, text: "abc" }, {})).toEqual({ before: "abc", marked: "", after: "" });
});

test("every setting is in one group, unknown words too, and search looks at keys and descriptions", () => {
  const row = (key: string, description: string) =>
    ({ key, value: 1, default: 1, description }) as Parameters<typeof groupSettings>[0][number];
  const rows = [row("zebra.x", "Stripes"), row("models.chat", "Writes answers"), row("ocr.mode", "Pages")];
  expect(groupSettings(rows, "", saySettings).map(({ title }) => title)).toEqual(["Models", "Text recognition", "zebra"]);
  expect(groupSettings(rows, "ANSWERS", saySettings).flatMap((group) => group.rows.map(({ key }) => key))).toEqual(["models.chat"]);
  expect(groupSettings(rows, "none of them", saySettings)).toEqual([]);
});

test("commands are found by any of their words, the ones that begin with it first", () => {
  const command = (title: string) => ({ id: title, title, group: "", run: () => {} });
  const commands = ["Go to Chat", "New conversation", "Theme: dark", "Chat export"].map(command);
  expect(rankCommands(commands, "chat").map(({ title }) => title)).toEqual(["Chat export", "Go to Chat"]);
  expect(rankCommands(commands, "dark theme").map(({ title }) => title)).toEqual(["Theme: dark"]);
  expect(rankCommands(commands, "  ")).toHaveLength(4);
});

test("an emptied draft leaves nothing behind", () => {
  expect(withDraft({ a: "x" }, "b", "y")).toEqual({ a: "x", b: "y" });
  expect(withDraft({ a: "x", b: "y" }, "b", "")).toEqual({ a: "x" });
});

test("what is known of a model here says first that it does not load, and nothing of one that is not here", () => {
  const speed = { tokensPerSecond: 24.4 };
  expect(hereText({ state: "installed", probed: "failed", speed }, sayModels)).toBe("Does not load");
  expect(hereText({ state: "installed", probed: "ok", speed }, sayModels)).toBe("24 tokens/s");
  expect(hereText({ state: "installed", probed: "ok" }, sayModels)).toBe("Loads");
  expect(hereText({ state: "installed", probed: "never" }, sayModels)).toBe("Not tried");
  expect(hereText({ state: "missing", probed: "ok", speed }, sayModels)).toBe("");
});
