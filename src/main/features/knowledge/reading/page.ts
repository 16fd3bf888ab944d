import type { Block } from "../../../engines/inference/protocol.ts";
import type { Geometry } from "./geometry.ts";

/** One page as it enters the stored text, whether its text was in the file or recognised. Offsets count from the page's start. */
export type PageText = {
  page: number;
  text: string;
  blocks: Block[];
  width?: number | undefined;
  height?: number | undefined;
  source: "text" | "ocr";
  confidence?: number | undefined;
  geometry?: Geometry | undefined;
};
