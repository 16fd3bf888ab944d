import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CatalogueModel } from "../../../src/main/features/models/catalogue.ts";
import { describeCatalogue, describeInstalled } from "../../../src/main/features/models/describe-model.ts";
import { findGgufFiles } from "../../../src/main/features/models/find-on-disk.ts";
import type { Installed } from "../../../src/main/features/models/installed.ts";
import { Model } from "../../../src/shared/contract/models.ts";
import { temporaryFolder } from "../../helpers/profile.ts";
import { writeSyntheticGguf } from "../../helpers/synthetic-gguf.ts";

const gigabyte = 1024 ** 3;
const never = new AbortController().signal;
const hash = "b".repeat(64);
const chat: CatalogueModel = {
  id: "tiny",
  name: "Tiny",
  role: "chat",
  format: "gguf",
  licence: "MIT",
  languages: ["en", "de"],
  starter: true,
  contextTokens: 8_192,
  contextBytesPerToken: 1_000,
  files: [{ path: "tiny.gguf", bytes: gigabyte, sha256: hash, sources: [{ type: "hub", repo: "a/b", file: "tiny.gguf" }] }],
};
const embedder: CatalogueModel = {
  id: "small",
  name: "Small",
  role: "embedding",
  format: "onnx",
  licence: "MIT",
  languages: ["en"],
  starter: false,
  onnx: { dtype: "q8", pooling: "cls", queryPrefix: "", maxTokens: 512, dimensions: 384 },
  files: [
    { path: "onnx/model.onnx", approximateBytes: 1_000, sources: [{ type: "hub", repo: "a/b", file: "onnx/model.onnx" }] },
    { path: "config.json", content: { a: 1 } },
  ],
};
const installed: Installed = {
  id: "tiny",
  name: "Tiny",
  role: "chat",
  licence: "MIT",
  format: "gguf",
  path: "/models/tiny/tiny.gguf",
  bytes: gigabyte,
  sha256: hash,
  origin: "fetched",
  contextTokens: 8_192,
  contextBytesPerToken: 1_000,
};

describe("a model of the catalogue as it is shown", () => {
  // Catches: a list of models that no client can read since one of them is not of the contract's form.
  it.each([chat, embedder])("is of the contract's form: $id", (model) => {
    for (const state of ["missing", "partial"] as const) {
      const shown = describeCatalogue(model, state, 8 * gigabyte);
      expect(Model.parse(shown)).toEqual(shown);
      expect(shown).toMatchObject({ state, probed: "never", languages: model.languages, starter: model.starter });
    }
  });

  it("has the size of all its files, written ones too, and a hash only where one is pinned", () => {
    expect(describeCatalogue(chat, "missing", gigabyte)).toMatchObject({ bytes: gigabyte, sha256: hash });
    const shown = describeCatalogue(embedder, "missing", gigabyte);
    expect(shown.bytes).toBe(1_000 + '{\n  "a": 1\n}\n'.length);
    expect("sha256" in shown).toBe(false);
  });

  // Catches: an embedder with a context and a writer with dimensions, of which each would be shown as the other.
  it("has dimensions where it embeds, and a context where it writes", () => {
    expect(describeCatalogue(embedder, "missing", gigabyte)).toMatchObject({ dimensions: 384 });
    expect("contextTokens" in describeCatalogue(embedder, "missing", gigabyte)).toBe(false);
    expect(describeCatalogue(chat, "missing", gigabyte)).toMatchObject({ contextTokens: 8_192 });
  });

  // Catches: a model that is offered as fitting and for whose context there is no room.
  it("says whether it would fit, with its context", () => {
    const { fit } = describeCatalogue(chat, "missing", 8 * gigabyte);
    expect(fit).toMatchObject({ verdict: "fits", weights: gigabyte, context: 4_096 * 1_000, learned: false });
    expect(describeCatalogue(chat, "missing", gigabyte).fit?.verdict).toBe("too-large");
  });
});

describe("an installed model as it is shown", () => {
  it("is of the contract's form, with what was learned of it here", () => {
    const shown = describeInstalled(
      installed,
      { probe: { ok: true, message: "", at: 1 }, memoryBytes: 3 * gigabyte, speed: { tokensPerSecond: 9 } },
      chat,
      8 * gigabyte,
    );
    expect(Model.parse(shown)).toEqual(shown);
    expect(shown).toMatchObject({
      state: "installed",
      probed: "ok",
      speed: { tokensPerSecond: 9 },
      starter: true,
      languages: ["en", "de"],
    });
    expect(shown.fit).toMatchObject({ learned: true, required: 3 * gigabyte });
  });

  // Catches: a model that failed its probe and is offered as if nobody had tried it.
  it.each([
    [undefined, "never"],
    [true, "ok"],
    [false, "failed"],
  ] as const)("says how its probe went: %s is %s", (ok, probed) => {
    const learned = ok === undefined ? {} : { probe: { ok, message: "it broke", at: 1 } };
    expect(describeInstalled(installed, learned, undefined, gigabyte).probed).toBe(probed);
  });

  it("that a person brought has no languages of the catalogue, and is no starter", () => {
    const shown = describeInstalled({ ...installed, id: "mine", origin: "linked" }, {}, undefined, 8 * gigabyte);
    expect([shown.origin, shown.starter, "languages" in shown, "speed" in shown]).toEqual(["linked", false, false, false]);
  });

  it("says the memory that a real load took, not the guess of the catalogue", () => {
    const guessed = describeInstalled(installed, {}, chat, 4 * gigabyte).fit;
    const known = describeInstalled(installed, { memoryBytes: 5 * gigabyte }, chat, 4 * gigabyte).fit;
    expect([guessed?.verdict, known?.verdict]).toEqual(["fits", "too-large"]);
  });
});

describe("models found in folders of other programs", () => {
  const folder = () => temporaryFolder("croft-found-");
  const put = (path: string, bytes: Buffer | string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  };

  it("are those that write text, by their headers, whatever they are called", async () => {
    const root = folder();
    writeSyntheticGguf(join(root, "Good.GGUF"));
    mkdirSync(join(root, "blobs"));
    writeSyntheticGguf(join(root, "blobs", `sha256-${hash}`));
    writeSyntheticGguf(join(root, "blobs", "sha256-short"));
    const found = await findGgufFiles([root], never);
    expect(found.map(({ path }) => path.slice(root.length + 1)).sort()).toEqual(["Good.GGUF", join("blobs", `sha256-${hash}`)]);
    for (const { bytes, name } of found) expect([bytes > 0, name.trim() !== ""]).toEqual([true, true]);
  });

  // Catches: a broken or hostile file that ends the search for all the others.
  it("are not those that are broken, empty or something else", async () => {
    const root = folder();
    put(join(root, "empty.gguf"), "");
    put(join(root, "text.gguf"), "this is a letter");
    put(join(root, "cut.gguf"), Buffer.from("GGUF\u0003\0\0\0", "latin1"));
    put(join(root, "huge.gguf"), Buffer.concat([Buffer.from("GGUF\u0003\0\0\0", "latin1"), Buffer.alloc(64, 0xff)]));
    writeSyntheticGguf(join(root, "good.gguf"));
    expect((await findGgufFiles([join(root, "missing"), root], never)).map(({ path }) => path)).toEqual([join(root, "good.gguf")]);
  });

  it("are not looked for behind links, nor after the signal", async () => {
    const [root, outside] = [folder(), folder()];
    writeSyntheticGguf(join(outside, "other.gguf"));
    symlinkSync(outside, join(root, "link"));
    symlinkSync(join(outside, "other.gguf"), join(root, "link.gguf"));
    expect(await findGgufFiles([root], never)).toEqual([]);
    await expect(findGgufFiles([root], AbortSignal.abort())).rejects.toThrow();
  });

  it("are fifty at most: a list to choose from", async () => {
    const root = folder();
    writeSyntheticGguf(join(root, "0.gguf"));
    const bytes = readFileSync(join(root, "0.gguf"));
    for (let at = 1; at < 60; at += 1) put(join(root, `${at}.gguf`), bytes);
    expect(await findGgufFiles([root], never)).toHaveLength(50);
  });
});
