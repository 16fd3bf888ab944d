import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The renderer alone, as every host serves it. Relative addresses, because Electron has no server root. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [react(), tailwindcss()],
  build: {
    outDir: "../../out/renderer",
    emptyOutDir: true,
    target: "chrome140",
    modulePreload: { polyfill: false },
    // Fonts stay files of their own: the policy of every host allows no others.
    assetsInlineLimit: 0,
  },
});
