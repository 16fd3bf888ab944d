import { join } from "node:path";
import envPaths from "env-paths";
import { describe, expect, test } from "vitest";
import { nodePaths } from "../../../src/main/core/node-host.ts";
import { isFetched, readCatalogue, writtenText } from "../../../src/main/features/models/catalogue.ts";
import { hubEndpoint, hubUrl } from "../../../src/main/features/models/hub.ts";
import { checkout, loadScript } from "../../helpers/script.ts";

const scripts = {
  ...(await loadScript<{ readModels(): unknown[]; writtenText(content: object): string }>("catalogue.mjs")),
  ...(await loadScript<{ modelsFolder(environment: NodeJS.ProcessEnv, platform?: string, home?: string): string }>("paths.mjs")),
};
const hub = await loadScript<{ hubEndpoint(environment: NodeJS.ProcessEnv): string; hubUrl(endpoint: string, source: object): string }>(
  "hub.mjs",
);
const catalogue = await readCatalogue(join(checkout, "resources"));

describe("the set-up scripts and the app", () => {
  test("read the same catalogue, value for value", () => {
    expect(scripts.readModels()).toEqual(catalogue.models);
  });

  test("write the same text from facts", () => {
    const content = { a: [1, { b: null }], c: "ü" };
    expect(scripts.writtenText(content)).toBe(writtenText(content));
  });

  test("ask the hub at the same address", () => {
    for (const environment of [{}, { HF_ENDPOINT: "" }, { HF_ENDPOINT: "https://mirror.example//" }])
      expect(hub.hubEndpoint(environment)).toBe(hubEndpoint(environment));
    for (const source of catalogue.models.flatMap((model) => model.files.filter(isFetched).flatMap((file) => file.sources))) {
      if (source.type === "hub") expect(hub.hubUrl("https://h", source)).toBe(hubUrl("https://h", source));
    }
  });

  test("put models into the same folder", () => {
    expect(scripts.modelsFolder({ ...process.env, CROFT_MODELS: "" })).toBe(join(envPaths("croft", { suffix: "" }).data, "models"));
    for (const CROFT_MODELS of ["/somewhere/models", "~/models", "relative"]) {
      expect(scripts.modelsFolder({ CROFT_MODELS })).toBe(nodePaths({}, { CROFT_MODELS }).models);
    }
  });

  test("know the folders of other platforms", () => {
    expect(scripts.modelsFolder({}, "darwin", "/Users/me")).toBe("/Users/me/Library/Application Support/croft/models");
    expect(scripts.modelsFolder({ LOCALAPPDATA: "/L" }, "win32", "/h")).toBe(join("/L", "croft", "Data", "models"));
    expect(scripts.modelsFolder({ XDG_DATA_HOME: "/x" }, "linux", "/h")).toBe("/x/croft/models");
  });
});
