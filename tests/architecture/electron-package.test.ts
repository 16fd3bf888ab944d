import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { validateConfiguration } from "app-builder-lib/out/util/config/config.js";
import { describe, expect, it } from "vitest";
import { builderConfig } from "../helpers/builder-config.ts";

/** What the validation would add to a report; there is none. */
const noReport = { isEnabled: false, data: new Map<string, unknown>(), add: () => {}, save: async () => {} };

const root = resolve(import.meta.dirname, "../..");

describe("the package", () => {
  it("is described in words that electron-builder knows", async () => {
    await expect(validateConfiguration(await builderConfig(), noReport)).resolves.toBeUndefined();
  });

  it("would be refused with a word it does not know, so the check checks", async () => {
    const wrong = { ...(await builderConfig()), electronFuses: { runAsNodee: false } } as never;
    await expect(validateConfiguration(wrong, noReport)).rejects.toThrow(/electronFuses should be/);
  });

  it("leaves every native part outside the archive, with the libraries it loads from beside itself", async () => {
    const unpacked = (await builderConfig()).asarUnpack as string[];
    for (const folder of [
      "@node-llama-cpp",
      "onnxruntime-node/bin",
      "@img",
      "sqlite-vec-",
      "@napi-rs/canvas-",
      "tesseract.js",
      "@tesseract.js-data",
    ]) {
      expect(
        unpacked.some((pattern) => pattern.includes(`node_modules/${folder}`)),
        folder,
      ).toBe(true);
    }
    expect(unpacked).toContain("**/*.{node,dll,dylib,so,so.*}");
  });

  it("compiles nothing and publishes nothing", async () => {
    expect(await builderConfig()).toMatchObject({ npmRebuild: false, publish: null });
  });

  it("offers each system only where its native parts exist", async () => {
    const { linux, mac, win } = await builderConfig();
    const targets = (platform: { target?: unknown } | null | undefined) => {
      const listed = platform?.target;
      if (!Array.isArray(listed)) return listed;
      return (listed as { target: string; arch: string[] }[]).map(({ target, arch }) => [target, arch.join()]);
    };
    expect(targets(linux)).toEqual([
      ["AppImage", "x64,arm64"],
      ["deb", "x64,arm64"],
    ]);
    expect(targets(mac)).toEqual([
      ["dmg", "arm64"],
      ["zip", "arm64"],
    ]);
    expect(targets(win)).toEqual([["nsis", "x64"]]);
  });

  it("names files that exist: icons, entitlements, the entry", async () => {
    const { linux, mac, win } = await builderConfig();
    for (const path of [linux?.icon, mac?.icon, win?.icon, mac?.entitlements])
      expect(existsSync(join(root, String(path))), String(path)).toBe(true);
    const { main } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { main: string };
    expect(main).toBe("out/main/index.js");
  });

  it("drops nothing that is loaded at run time: what is left out is never imported by Node", () => {
    // The Node build of tesseract.js loads <core>.js, which loads <core>.wasm beside it; *.wasm.js is for browsers.
    const core = readFileSync(join(root, "node_modules/tesseract.js/src/worker-script/node/getCore.js"), "utf8");
    expect(core.match(/tesseract\.js-core\/[\w-]+/g)?.every((name) => existsSync(join(root, "node_modules", `${name}.js`)))).toBe(true);
    expect(core).not.toContain(".wasm.js");
    // better-sqlite3 looks for one prebuild by platform and architecture.
    expect(readdirSync(join(root, "node_modules/better-sqlite3/prebuilds"))).toContain(`${process.platform}-${process.arch}.node`);
  });
});

describe("icons", () => {
  const icon = (name: string) => readFileSync(join(root, "resources/icons", name));

  it("are what their names say", () => {
    expect(icon("icon.png").subarray(1, 4).toString()).toBe("PNG");
    expect(icon("icon.png").readUInt32BE(16)).toBe(512);
    const icns = icon("icon.icns");
    expect([icns.toString("latin1", 0, 4), icns.readUInt32BE(4)]).toEqual(["icns", icns.length]);
    const ico = icon("icon.ico");
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2), ico.readUInt16LE(4)]).toEqual([0, 1, 7]);
  });

  it("of Windows hold a whole PNG at every offset they name", () => {
    const ico = icon("icon.ico");
    for (let index = 0; index < ico.readUInt16LE(4); index++) {
      const at = 6 + 16 * index;
      const [bytes, offset] = [ico.readUInt32LE(at + 8), ico.readUInt32LE(at + 12)];
      const png = ico.subarray(offset, offset + bytes);
      expect(png.subarray(1, 4).toString()).toBe("PNG");
      expect(png.readUInt32BE(16) % 256).toBe(ico.readUInt8(at));
    }
  });
});
