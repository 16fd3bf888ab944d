export { createKnowledge } from "./create-knowledge.ts";
export type { FoundPassage } from "./found-passage.ts";
export type { Search } from "./search.ts";
export type { ThreadFiles } from "./thread-files.ts";
export { hashFile } from "./file-hash.ts";
export { boxesFor, defaultLimits, packGeometry, unpackGeometry } from "./reading/index.ts";
export type { Geometry, ReadDocument, Reading } from "./reading/index.ts";
export { walk } from "./walk.ts";
export { createSourceWatch } from "./watch-sources.ts";
