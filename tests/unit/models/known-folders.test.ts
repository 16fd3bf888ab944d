import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findByIdentity, knownModelFolders } from "../../../src/main/features/models/known-folders.ts";
import { never, sha256Of } from "../../helpers/model-store.ts";

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), "croft-home-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const body = randomBytes(10_000);
const wanted = { bytes: body.length, sha256: sha256Of(body) };
function put(path: string, bytes = body): string {
  const full = join(home, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, bytes);
  return full;
}

describe("models of other programs", () => {
  test.each([
    [".lmstudio/models/someone/model/file.gguf"],
    [`.ollama/models/blobs/sha256-${wanted.sha256}`],
    [`.cache/huggingface/hub/models--someone--model/blobs/${wanted.sha256}`],
    [".config/Jan/data/llamacpp/models/model/model.gguf"],
    [".local/share/nomic.ai/GPT4All/model.gguf"],
    [".cache/llama.cpp/someone_model.gguf"],
  ])("are found at %s", async (path) => {
    const full = put(path);
    expect(await findByIdentity(knownModelFolders({}, home), wanted, never)).toBe(full);
  });

  test("are looked for where the environment says they are", () => {
    const folders = knownModelFolders({ OLLAMA_MODELS: "/big/ollama", HF_HOME: "/big/hf" }, home);
    expect(folders).toEqual(expect.arrayContaining([join("/big/ollama", "blobs"), join("/big/hf", "hub")]));
  });

  test("of the same size but other content are not taken", async () => {
    put(".lmstudio/models/a/b/file.gguf", randomBytes(body.length));
    expect(await findByIdentity(knownModelFolders({}, home), wanted, never)).toBeUndefined();
  });

  test("are not searched for ever: folders too deep are left", async () => {
    put(".lmstudio/models/1/2/3/4/5/6/7/file.gguf");
    expect(await findByIdentity(knownModelFolders({}, home), wanted, never)).toBeUndefined();
  });

  test("are not searched after the signal", async () => {
    put(".lmstudio/models/a/b/file.gguf");
    await expect(findByIdentity(knownModelFolders({}, home), wanted, AbortSignal.abort())).rejects.toThrow();
  });
});
