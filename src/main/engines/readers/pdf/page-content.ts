import type { Box } from "./matrix.ts";

/** One drawn character (or ligature), in page points from the top left. */
export type Glyph = {
  text: string;
  box: Box;
  /** Direction of writing as a unit vector. */
  direction: readonly [number, number];
  /** Where its advance begins and ends along the direction, and its base line across it. */
  from: number;
  to: number;
  base: number;
  /** Height of the font in points. */
  size: number;
  bold: boolean;
  space: boolean;
  /** Drawn without ink (mode 3) or in white on nothing: there, but not to be seen. */
  hidden: boolean;
  /** The font gives it no meaning. */
  unreadable: boolean;
};

/** What a page draws. */
export type PageContent = {
  width: number;
  height: number;
  glyphs: Glyph[];
  images: Box[];
  /** Filled or stroked outlines. */
  paths: Box[];
};
