// Files out of packages, for places that reach package registries and nothing else. A package is only a carrier: the
// pinned hash decides. The ordinary clients fetch it from wherever they are set up to.
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Transform } from "node:stream";
import { answers, run } from "./run.mjs";
import { readMember } from "./zip.mjs";

const mavenCopy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";
const pipCommands = [["pip"], ["pip3"], ["python3", "-m", "pip"], ["python", "-m", "pip"]];

/** How to call pip and Maven here, undefined where they are not installed. */
export function findClients() {
  const pip = pipCommands.find(([command, ...args]) => answers(command, [...args, "--version"]));
  return { pip, maven: answers("mvn", ["-v"]) ? ["mvn"] : undefined };
}

/** The package names of a source and the member of each, in order. */
function partsOf(source) {
  const name = source.type === "maven" ? source.artifact : source.package;
  return Array.from({ length: source.parts ?? 1 }, (_, index) => ({
    package: fill(name, index + 1),
    member: fill(source.member, index + 1),
  }));
}

const fill = (text, part) => text.replaceAll("{part:2}", String(part).padStart(2, "0")).replaceAll("{part}", String(part));

/**
 * Fetches the packages of a source into a folder, which keeps what is whole when this is stopped, and joins their
 * members into one file.
 * @returns {Promise<string>} the sha256 of what was joined
 */
export async function fetchFromCarrier(source, clients, folder, target, onBytes) {
  const client = source.type === "maven" ? clients.maven : clients.pip;
  if (!client) throw new Error(`${source.type === "maven" ? "Maven" : "pip"} is not installed`);
  // Clients fetch into a temporary folder first; here it lies on the same disk and shows how far they are.
  const temporary = join(folder, "tmp");
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  const parts = partsOf(source);
  const watch = setInterval(() => void bytesIn(folder).then(onBytes), 1_000);
  try {
    await download(source.type, client, parts, folder, { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary });
  } finally {
    clearInterval(watch);
  }
  const hash = createHash("sha256");
  const files = await readdir(folder);
  for (const [index, part] of parts.entries()) {
    const archive = files.find((name) => isArchiveOf(name, part.package, source.type));
    if (!archive) throw new Error(`${part.package} was not fetched`);
    const pass = new Transform({
      transform(chunk, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(
      await readMember(join(folder, archive), part.member),
      pass,
      createWriteStream(target, { flags: index === 0 ? "w" : "a" }),
    );
  }
  return hash.digest("hex");
}

/** Packages fetched in one call; what a call brought is kept when a later one is stopped. */
const batch = 6;

async function download(type, [command, ...args], parts, folder, env) {
  const files = await readdir(folder);
  const names = parts.map((part) => part.package).filter((name) => !files.some((file) => isArchiveOf(file, name, type)));
  for (let at = 0; at < names.length; at += batch) {
    const wanted = names.slice(at, at + batch);
    const call =
      type === "maven"
        ? [...args, "-q", "-B", mavenCopy, `-Dartifact=${wanted[0]}`, `-DoutputDirectory=${folder}`]
        : [...args, "download", "--no-deps", "--disable-pip-version-check", "-q", "-d", folder, ...wanted];
    const { code, output } = await run(command, call, { quiet: true, cwd: folder, env });
    if (code !== 0) throw new Error(`${command} could not fetch ${wanted[0]}: ${lastLine(output)}`);
  }
}

/** Wheels are named after their package with dashes as underscores; jars after their artifact. */
function isArchiveOf(file, name, type) {
  if (type === "maven") {
    const [, artifact, version] = name.split(":");
    return file === `${artifact}-${version}.jar`;
  }
  const [project, version] = name.split("==");
  return file.toLowerCase().startsWith(`${project.replaceAll(/[-_.]+/g, "_")}-${version}-`.toLowerCase());
}

async function bytesIn(folder) {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Removes what a carrier left. */
export const discardCarrier = (folder) => rm(folder, { recursive: true, force: true });

const lastLine = (text) => text.trim().split("\n").at(-1)?.slice(0, 300) ?? "";
