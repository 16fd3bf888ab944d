// Who wrote what Croft is shipped with, and under which licence.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const licenceFile = /^(licen[cs]e|copying|notice)([.-].*)?$/i;
/** Packages that are bundled into the renderer although they are devDependencies. */
const bundled =
  /^node_modules\/(react|react-dom|react-router|scheduler|zustand|@tanstack\/[\w-]+|@fontsource-variable\/[\w-]+|tailwindcss|@orpc\/tanstack-query)$/;

/**
 * @param {string} folder
 * @returns {{ notices: { name: string, version: string, licence: string, texts: string[] }[], unknown: string[] }}
 */
export function noticesOf(folder) {
  const { packages } = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  const shipped = Object.entries(packages).filter(([path, entry]) => path !== "" && (!entry.dev || bundled.test(path)) && !entry.link);
  const notices = shipped.map(([path, entry]) => {
    const name = path.split("node_modules/").at(-1);
    // Builds for one platform are on one machine and not on another; their family's text stands for them.
    const platform = entry.os !== undefined || entry.cpu !== undefined || entry.optional === true;
    return {
      name,
      version: entry.version,
      licence: licenceOf(folder, path, entry, packages),
      texts: platform ? [] : textsOf(join(folder, path)),
    };
  });
  const unique = [...new Map(notices.map((notice) => [`${notice.name}@${notice.version}`, notice])).values()];
  unique.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
  return { notices: unique, unknown: unique.filter(({ licence }) => licence === "").map(({ name }) => name) };
}

/** What the lock says, then the package itself, then the package whose platform build it is. */
function licenceOf(folder, path, entry, packages) {
  if (entry.license) return entry.license;
  const manifest = join(folder, path, "package.json");
  if (existsSync(manifest)) {
    const { license, licenses } = JSON.parse(readFileSync(manifest, "utf8"));
    const stated = typeof license === "string" ? license : (license?.type ?? licenses?.map(({ type }) => type).join(" OR "));
    if (stated) return stated;
  }
  const name = path.split("node_modules/").at(-1);
  const parent = Object.values(packages).find(({ optionalDependencies, license }) => license && optionalDependencies?.[name] !== undefined);
  return parent?.license ?? "";
}

function textsOf(folder) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => licenceFile.test(name));
  return names.sort().map((name) => readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n").trim());
}

/** The page: a table of all packages, then every text once with those it belongs to. */
export function renderNotices(notices, models) {
  const byText = new Map();
  for (const { name, version, texts } of notices)
    for (const text of texts) byText.set(text, [...(byText.get(text) ?? []), `${name} ${version}`]);
  const fence = (text) => "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return [
    "# Third-party notices",
    "",
    "Croft is shipped with the packages below, and fetches the models at the end when a person asks for them.",
    "",
    "| package | version | licence |",
    "|---|---|---|",
    ...notices.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`),
    "",
    "## Models",
    "",
    "| model | licence |",
    "|---|---|",
    ...models.map(({ name, licence }) => `| ${name} | ${licence} |`),
    "",
    "## Licence texts",
    ...[...byText].flatMap(([text, names]) => ["", `### ${names.join(", ")}`, "", `${fence(text)}text`, text, fence(text)]),
    "",
  ].join("\n");
}
