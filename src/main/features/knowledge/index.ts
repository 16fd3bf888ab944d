export { createKnowledge } from "./create-knowledge.ts";
export type { FoundPassage, Search } from "./search.ts";
