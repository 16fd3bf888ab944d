import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SettingKey, Settings } from "../../../src/shared/contract/settings.ts";
import { createLogger } from "../../../src/main/core/logger.ts";
import { openSettings } from "../../../src/main/features/settings/index.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const log = createLogger(
  () => {},
  () => 0,
);
const open = (profile = temporaryFolder()) => ({ profile, settings: openSettings(profile, log) });

describe("settings", () => {
  it("have a valid default and a description each, so that every row can be shown", () => {
    const { settings } = open();
    const rows = settings.list();
    expect(rows.map(({ key }) => key)).toEqual(SettingKey.options);
    for (const { key, value, default: standard, description } of rows) {
      expect(value).toEqual(standard);
      expect(description).not.toBe("");
      expect(Settings.shape[key].safeParse(standard ?? undefined).success).toBe(true);
    }
  });

  it("survive a restart, and only what differs from the default is written", () => {
    const { profile, settings } = open();
    settings.set("search.limit", 25);
    const again = openSettings(profile, log);
    expect(again.get("search.limit")).toBe(25);
    expect(JSON.parse(readFileSync(join(profile, "settings.json"), "utf8"))).toEqual({ "search.limit": 25 });
    expect(statSync(join(profile, "settings.json")).mode & 0o777).toBe(0o600);
  });

  it("refuse a value of the wrong form and keep the old one", () => {
    const { settings } = open();
    settings.set("search.limit", 25);
    for (const value of [0, "many", null, { $gt: 1 }]) {
      expect(() => settings.set("search.limit", value)).toThrowError(expect.objectContaining({ code: "INVALID_INPUT" }));
    }
    expect(settings.get("search.limit")).toBe(25);
  });

  it("fall back to the default where the file was edited into nonsense, one setting at a time", () => {
    const profile = temporaryFolder();
    writeFileSync(
      join(profile, "settings.json"),
      JSON.stringify({ "search.limit": "ten", "network.offline": true, __proto__: { polluted: true } }),
    );
    const { settings } = open(profile);
    expect(settings.get("search.limit")).toBe(10);
    expect(settings.get("network.offline")).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each(["{ broken", "[1, 2]", "null", ""])("start over from a file that is no object (%s) and keep it under another name", (content) => {
    const profile = temporaryFolder();
    writeFileSync(join(profile, "settings.json"), content);
    const { settings } = open(profile);
    expect(settings.get("search.limit")).toBe(10);
    expect(readFileSync(join(profile, "settings.json.invalid"), "utf8")).toBe(content);
  });

  it("go back to the default on reset, and tell who listens", () => {
    const { settings } = open();
    const told: string[] = [];
    const leave = settings.onChange((key) => told.push(key));
    settings.set("answer.effort", "instant");
    expect(settings.reset("answer.effort").value).toBe("normal");
    leave();
    settings.set("answer.effort", "thorough");
    expect(told).toEqual(["answer.effort", "answer.effort"]);
  });

  it("can take an optional setting out again", () => {
    const { profile, settings } = open();
    settings.set("models.reranker", "local:some-reranker");
    expect(settings.reset("models.reranker").value).toBeNull();
    expect(JSON.parse(readFileSync(join(profile, "settings.json"), "utf8"))).toEqual({});
    expect(existsSync(join(profile, "settings.json.partial"))).toBe(false);
  });
});
