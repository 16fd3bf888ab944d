// Completes package-lock.json with the platform builds that the registry in use does not serve.
//
// `npm install` leaves an optional package out of the lock when it cannot read its manifest, and
// `npm ci` then refuses the lock on every machine. A platform build of another platform is never
// fetched here, so its entry needs only a version and the os/cpu/libc that its name states.
// Run after `npm install`; does nothing where the lock is already complete.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));

const OS = {
  darwin: "darwin",
  mac: "darwin",
  win32: "win32",
  win: "win32",
  linux: "linux",
  android: "android",
  freebsd: "freebsd",
  openharmony: "openharmony",
};
const CPU = ["arm64", "x64", "ia32", "riscv64", "ppc64", "s390x", "loong64", "wasm32", "armv7l", "arm"];

/** The npm `os`, `cpu` and `libc` fields that a platform package's name states. */
function platformOf(name) {
  const words = name.replace(/^@[^/]+\//, "").split("-");
  const os = words.map((word) => OS[word]).find(Boolean) ?? (words.includes("wasm32") ? undefined : "none");
  const cpu = CPU.find((arch) => words.includes(arch)) ?? "none";
  const libc = words.includes("musl") ? "musl" : words.includes("gnu") ? "glibc" : undefined;
  return { cpu: [cpu], ...(os ? { os: [os] } : {}), ...(libc ? { libc: [libc] } : {}) };
}

let added = 0;
for (const parent of Object.values({ ...lock.packages })) {
  for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] || !/^\d+\.\d+\.\d+/.test(range)) continue;
    lock.packages[key] = { version: range, ...platformOf(name), ...(parent.dev ? { dev: true } : {}), optional: true };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
if (added) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} platform builds added`);
