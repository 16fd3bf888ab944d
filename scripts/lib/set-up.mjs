// Everything a checkout needs before it runs, each step done once.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { findBrowser, installBrowser } from "./browser.mjs";
import { build, isBuilt } from "./build.mjs";
import { missingFiles, readModels } from "./catalogue.mjs";
import { fetchModels } from "./fetch-models.mjs";
import { install, isInstalled } from "./install.mjs";
import { withFileLock } from "./lock.mjs";
import { failedLately, remember } from "./memory.mjs";
import { modelsFolder, root } from "./paths.mjs";
import { pinnedEnvironment, pinnedNode, run } from "./run.mjs";
import { say, withHeartbeat } from "./say.mjs";

/** What works without a model, told when it could not be fetched. */
const without = {
  start: "keyword search, reading documents and OCR work without it; answers and search by meaning do not",
  test: "tests that need it are skipped, and say so",
};

/**
 * @param {{ purpose: "setup" | "start" | "test", sets: string[], models?: string, browser: boolean }} options
 *   `purpose` setup tries again what failed before
 * @returns {Promise<{ usable: boolean, built: boolean }>} not usable: no packages or no Node, so nothing can run
 */
export async function setUp(options) {
  const lock = join(root, ".croft", "setup.lock");
  mkdirSync(join(root, ".croft"), { recursive: true });
  const alone = (work) => withFileLock(lock, work, () => say("Another set-up is running; waiting for it."));
  if (!(await alone(providePackages))) return { usable: false, built: false };
  if (Number.parseInt(process.versions.node, 10) < 24) await goOnUnderPinnedNode();
  return alone(() => provideRest(options));
}

async function providePackages() {
  if (!isInstalled()) {
    say("Installing packages …");
    if (!(await withHeartbeat("installing packages", install()))) {
      say("The packages could not be installed. Check the network, then run: npm ci");
      return false;
    }
  }
  if (pinnedNode()) return true;
  say(`Croft needs Node 24, and there is no package of it for ${process.platform} ${process.arch}. Install Node 24, then try again.`);
  return false;
}

/** The script that runs starts again under Node 24 and ends as that ends. */
async function goOnUnderPinnedNode() {
  const { code } = await run(pinnedNode(), process.argv.slice(1), { env: pinnedEnvironment(), cwd: process.cwd() });
  process.exit(code);
}

async function provideRest({ purpose, sets, models = process.env.CROFT_SETUP_MODELS, browser }) {
  const isNew = (what) => purpose === "setup" || !failedLately(what);
  await provideModels(chooseModels(sets, models), isNew);
  if (browser && !findBrowser() && isNew("browser")) await provideBrowser();
  return { usable: true, built: isBuilt() || (await provideBuild()) };
}

async function provideBuild() {
  say("Building …");
  const { code, output } = await build();
  if (code !== 0) say(`${stripVTControlCharacters(output).trim()}\nThe build failed.`);
  return code === 0;
}

/** The models of the sets, or those of a list with commas, `none` being none. @throws Error for a name nobody knows */
function chooseModels(sets, list) {
  const all = readModels();
  const named = list
    ? list
        .split(",")
        .map((id) => id.trim())
        .filter((id) => id !== "none")
    : undefined;
  const unknown = named?.find((id) => !all.some((model) => model.id === id));
  if (unknown !== undefined) throw new Error(`No model is called ${unknown}; resources/models.json lists them.`);
  return all.filter((model) => (named ? named.includes(model.id) : model.sets?.some((set) => sets.includes(set))));
}

async function provideModels(models, isNew) {
  const store = modelsFolder();
  const wanted = models.filter((model) => missingFiles(model, store).length > 0 && isNew(`model ${model.id}`));
  if (wanted.length === 0) return;
  const failures = await fetchModels(wanted, store);
  for (const { id } of wanted) {
    const failure = failures.find((one) => one.id === id);
    remember(`model ${id}`, failure !== undefined);
    if (!failure) continue;
    const model = models.find((one) => one.id === id);
    say(`${model.name} could not be fetched (${failure.reason}).`);
    say(`  Without it: ${without[model.starter ? "start" : "test"]}.`);
    say(`  To add it: npx croft models download ${id}, or npx croft models import PATH, or npm run setup where the network allows it.`);
  }
}

async function provideBrowser() {
  say("Installing Chromium for the browser tests …");
  const reason = await withHeartbeat("installing Chromium", installBrowser());
  remember("browser", reason !== undefined);
  if (reason !== undefined)
    say(`No Chromium: ${reason}. Without it the browser tests are skipped. To add it: install Chromium, or set CHROMIUM to its path.`);
}
