export { boxesFor, packGeometry, unpackGeometry } from "./geometry.ts";
export type { Geometry } from "./geometry.ts";
export { createReading } from "./reading.ts";
export type { ReadDocument, Reading } from "./reading.ts";
export { toReadResult } from "./to-read-result.ts";
