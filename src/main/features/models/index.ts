export { readCatalogue } from "./catalogue.ts";
export { hubEndpoint } from "./hub.ts";
export { knownModelFolders } from "./known-folders.ts";
export { createModelChecks } from "./model-checks.ts";
export type { ModelChecks } from "./model-checks.ts";
export { downloadJob, modelRoutes } from "./model-routes.ts";
export { createModelStore } from "./model-store.ts";
export type { ModelStore } from "./model-store.ts";
