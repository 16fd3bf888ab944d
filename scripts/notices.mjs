// npm run notices [-- --check]: writes THIRD-PARTY-NOTICES.md, the licences of everything that Croft is shipped with.
// The list comes from the lock file and is the same on every platform; --check fails when it is out of date.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readModels } from "./lib/catalogue.mjs";
import { noticesOf, renderNotices } from "./lib/notices.mjs";
import { root } from "./lib/paths.mjs";
import { say } from "./lib/say.mjs";

const path = join(root, "THIRD-PARTY-NOTICES.md");
const { notices, unknown } = noticesOf(root);
const text = renderNotices(notices, readModels());
if (unknown.length > 0) {
  say(`No licence is known for ${unknown.join(", ")}. Look it up and leave the package out if there is none.`);
  process.exitCode = 1;
}
if (process.argv.includes("--check")) {
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
    say("THIRD-PARTY-NOTICES.md is out of date; write it with: node scripts/notices.mjs");
    process.exitCode = 1;
  }
} else {
  writeFileSync(path, text);
  say(`${notices.length} packages in THIRD-PARTY-NOTICES.md`);
}
