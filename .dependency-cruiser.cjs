/** Who may import whom; ARCHITECTURE.md has the picture. */
const electronFiles = "^src/main/(index|core-process)\\.ts$|^src/main/shell/|^src/main/transport/electron-|^src/preload/";

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^(virtual:|@tesseract\\.js-data)" } },
    {
      name: "shared-imports-zod-and-itself",
      comment: "The contract has no environment: routes are built on zod and oRPC's contract, its client side on oRPC's client.",
      severity: "error",
      from: { path: "^src/shared/" },
      to: {
        pathNot: ["^src/shared/", "node_modules/(zod|@orpc/(contract|client|shared|standard-server-peer|standard-server|openapi-client))/"],
      },
    },
    {
      name: "preload-imports-electron-only",
      severity: "error",
      from: { path: "^src/preload/" },
      to: { pathNot: ["^src/preload/", "^electron$", "node_modules/electron/"] },
    },
    { name: "renderer-never-imports-main", severity: "error", from: { path: "^src/renderer/" }, to: { path: "^src/(main|preload)/" } },
    { name: "renderer-has-no-node", severity: "error", from: { path: "^src/renderer/" }, to: { dependencyTypes: ["core"] } },
    { name: "main-never-imports-renderer", severity: "error", from: { path: "^src/main/" }, to: { path: "^src/(renderer|preload)/" } },
    {
      name: "electron-in-the-shell-only",
      severity: "error",
      from: { path: "^src/", pathNot: electronFiles },
      to: { path: ["^electron$", "node_modules/electron/"] },
    },
    {
      name: "core-knows-no-shell",
      severity: "error",
      from: { path: "^src/main/(core|features|jobs|engines|providers|db)/" },
      to: { path: electronFiles },
    },
    {
      name: "features-by-their-index",
      comment: "Another feature is used through its index.ts only.",
      severity: "error",
      from: { path: "^src/main/features/([^/]+)/" },
      to: { path: "^src/main/features/([^/]+)/", pathNot: ["^src/main/features/$1/", "^src/main/features/[^/]+/index\\.ts$"] },
    },
    {
      name: "layers-below-know-no-feature",
      severity: "error",
      from: { path: "^src/main/(engines|jobs|db|providers|text)/" },
      to: { path: "^src/main/features/" },
    },
    {
      name: "engines-stand-alone",
      comment:
        "An engine's thread loads its own folder, the kernel, the text tools and shared; never features, jobs or the app's database.",
      severity: "error",
      from: { path: "^src/main/engines/(inference|generation|ocr|search|readers|pages)/" },
      to: { path: "^src/main/(features|jobs|db|providers|transport|shell|cli)/" },
    },
    {
      name: "main-needs-dependencies",
      comment: "What ships in main must be installed with it.",
      severity: "error",
      from: { path: "^src/(main|shared)/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], pathNot: "node_modules/electron/|node_modules/@types/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(out|dist|tests|scripts)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json"],
    },
  },
};
