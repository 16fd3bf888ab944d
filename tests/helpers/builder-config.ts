import { resolve } from "node:path";
import { getConfig } from "app-builder-lib/out/util/config/config.js";

const root = resolve(import.meta.dirname, "../..");

/** `electron-builder.yml` as electron-builder reads it. */
export const builderConfig = () => getConfig(root, "electron-builder.yml", null);
