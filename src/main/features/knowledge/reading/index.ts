export { boxesFor, packGeometry, unpackGeometry } from "./geometry.ts";
export type { Geometry } from "./geometry.ts";
export { defaultLimits } from "./limits.ts";
export { createReading } from "./reading.ts";
export type { ReadDocument, Reading } from "./reading.ts";
export { toReadResult } from "./to-read-result.ts";
export { INSIDE, freeName, namesInside } from "./inside-path.ts";
export { maxDepth } from "./with-attachment.ts";
export type { FilePlace } from "./places-of.ts";
