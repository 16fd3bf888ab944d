import { existsSync } from "node:fs";
import { resolve } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";
import { entries } from "./src/main/engines/entries.ts";

const main = resolve(import.meta.dirname, "src/main");
const renderer = resolve(import.meta.dirname, "src/renderer");

/** Every program of the main side: the hosts, what Electron starts, and all threads and child processes. */
const programs: Record<string, string> = {
  index: "index.ts",
  "core-process": "core-process.ts",
  server: "server.ts",
  cli: "cli.ts",
  embed: "embed.ts",
  ...entries,
};

/** Sources that exist; a program still to be written is no reason to refuse the others. */
function existing(files: Record<string, string>): Record<string, string> {
  const found = Object.entries(files).map(([name, file]) => [name, resolve(main, file)] as const);
  return Object.fromEntries(found.filter(([, file]) => existsSync(file)));
}

export default defineConfig({
  main: {
    build: {
      // Names in `dependencies` stay imports: native parts, and packages whose own file layout matters to them.
      externalizeDeps: true,
      rolldownOptions: {
        input: existing(programs),
        // All files lie flat beside each other, because `entryUrl` looks for an entry beside the chunk it is in.
        output: { format: "es", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
      },
      sourcemap: "hidden",
    },
  },
  preload: {
    build: {
      // A sandboxed preload is one CommonJS file that requires nothing but electron.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve(import.meta.dirname, "src/preload/index.ts") },
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
  ...(existsSync(resolve(renderer, "index.html"))
    ? {
        renderer: {
          root: renderer,
          plugins: [react(), tailwindcss()],
          // Fonts stay files of their own: the policy of every host allows no others.
          build: { rolldownOptions: { input: resolve(renderer, "index.html") }, minify: true, assetsInlineLimit: 0 },
        },
      }
    : {}),
});
