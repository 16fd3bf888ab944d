export { createRunStore, type Run, type RunStore, type Span } from "./run-store.ts";
