import { describe, expect, test } from "vitest";
import { checkout, loadScript } from "../../helpers/script.ts";

type Notice = { name: string; version: string; licence: string; texts: string[] };
const { noticesOf, renderNotices } = await loadScript<{
  noticesOf(folder: string): { notices: Notice[]; unknown: string[] };
  renderNotices(notices: Notice[], models: { name: string; licence: string }[]): string;
}>("notices.mjs");
const { notices, unknown } = noticesOf(checkout);

describe("third-party notices", () => {
  test("know the licence of everything that is shipped", () => {
    expect(unknown).toEqual([]);
    expect(notices.map(({ name }) => name)).toEqual(expect.arrayContaining(["better-sqlite3", "node-llama-cpp", "react"]));
    expect(notices.map(({ name }) => name)).not.toContain("vitest");
  });

  test("find nothing that may not be shipped with an Apache-2.0 program", () => {
    const forbidden = notices.filter(({ licence }) => /(^|[^L])A?GPL|CC-BY-NC|SSPL|BUSL|Elastic/.test(licence) && !/\bOR\b/.test(licence));
    expect(forbidden).toEqual([]);
  });

  test("carry every text once, with all it belongs to, and none can break out of its fence", () => {
    const text = "Permission\n```\nis granted";
    const one = { name: "one", version: "1", licence: "MIT", texts: [text] };
    const page = renderNotices([one, { ...one, name: "two" }], [{ name: "Model", licence: "MIT" }]);
    expect(page.split(text)).toHaveLength(2);
    expect(page).toContain("### one 1, two 1\n\n````text\n");
    expect(page).toContain("| Model | MIT |");
  });
});
