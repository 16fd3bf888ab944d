export { createBatch } from "./create-batch.ts";
