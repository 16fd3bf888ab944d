import { apply, boundingBox, identity, multiply } from "./matrix.ts";
import type { Matrix } from "./matrix.ts";
import type { Glyph } from "./page-content.ts";

/** What counts of a font: its box in units of the font size, and whether its codes have a meaning. */
export type Font = {
  unit: number;
  ascent: number;
  descent: number;
  /** Of the em. */ height: number;
  vertical: boolean;
  type3: boolean;
  bold: boolean;
  metrics: number[] | undefined;
};

/** Text state of ISO 32000-1, 9.3; `sign` is the sign of the font size. */
export type TextState = {
  matrix: Matrix;
  x: number;
  y: number;
  lineX: number;
  lineY: number;
  font: Font | undefined;
  size: number;
  sign: number;
  charSpacing: number;
  wordSpacing: number;
  scale: number;
  rise: number;
  leading: number;
  mode: number;
};

export const textState = (): TextState => ({
  matrix: identity,
  x: 0,
  y: 0,
  lineX: 0,
  lineY: 0,
  font: undefined,
  size: 0,
  sign: 1,
  charSpacing: 0,
  wordSpacing: 0,
  scale: 1,
  rise: 0,
  leading: 0,
  mode: 0,
});

/** A font by its name in the operator list, looked up once. */
export function fontOf(known: Map<string, Font>, objects: { has(id: string): boolean; get(id: string): unknown }, id: string): Font {
  const before = known.get(id);
  if (before) return before;
  const raw = asRecord(objects.has(id) ? objects.get(id) : undefined);
  const matrix = Array.isArray(raw["fontMatrix"]) ? raw["fontMatrix"].map(Number) : [];
  const type3 = raw["isType3Font"] === true;
  const bounds = Array.isArray(raw["bbox"]) ? raw["bbox"].map(Number) : [];
  // A drawn (Type 3) font has a unit of its own; its bounding box says how high its characters stand.
  const ascent = type3 ? finite(bounds[3]) * finite(matrix[3]) : finite(raw["ascent"]);
  const descent = type3 ? finite(bounds[1]) * finite(matrix[3]) : finite(raw["descent"]);
  const height = type3 && ascent > descent ? ascent - descent : 1;
  const font: Font = {
    unit: Math.abs(finite(matrix[0])) || 0.001,
    // Fonts often state nonsense; a box that is far off hides the text or covers the next line.
    ascent: ascent >= 0.4 * height && ascent <= 1.3 * height ? ascent : 0.85 * height,
    descent: descent <= -0.05 * height && descent >= -0.6 * height ? descent : -0.2 * height,
    height,
    vertical: raw["vertical"] === true,
    type3,
    bold: raw["bold"] === true || raw["black"] === true || /bold|black|heavy|semibd|demi/i.test(String(raw["name"] ?? "")),
    metrics: Array.isArray(raw["defaultVMetrics"]) ? raw["defaultVMetrics"].map(Number) : undefined,
  };
  known.set(id, font);
  return font;
}

/** Adds the glyphs of one show operator and moves the text position past them. */
export function drawText(base: Matrix, text: TextState, items: readonly unknown[], glyphs: Glyph[]): void {
  const { font, size } = text;
  if (!font || size === 0) return;
  const scale = text.scale * text.sign;
  const origin = multiply(multiply(base, text.matrix), [scale, 0, 0, text.sign, text.x, text.y + text.rise]);
  const advanceOf = (units: number) => units * size * font.unit;
  let at = 0;
  for (const item of items) {
    if (typeof item === "number") {
      at += ((font.vertical ? 1 : -1) * item * size) / 1000;
      continue;
    }
    const raw = asRecord(item);
    const spacing = (raw["isSpace"] === true ? text.wordSpacing : 0) + text.charSpacing;
    const own = advanceOf(finite(raw["width"]));
    if (font.vertical) {
      const metric = Array.isArray(raw["vmetric"]) ? raw["vmetric"].map(Number) : font.metrics;
      const advance = advanceOf(metric?.[0] === undefined ? -1 / font.unit : metric[0]);
      // Down the page: the glyph hangs below the position, centred on it.
      addGlyph(glyphs, raw, font, size, origin, {
        x0: -own / 2 || -size / 2,
        y0: -at,
        x1: own / 2 || size / 2,
        y1: -at + advance,
        down: true,
      });
      at += -advance - spacing * text.sign;
    } else {
      addGlyph(glyphs, raw, font, size, origin, { x0: at, y0: font.descent * size, x1: at + own, y1: font.ascent * size, down: false });
      at += own + spacing * text.sign;
    }
  }
  if (font.vertical) text.y -= at;
  else text.x += at * scale;
}

function addGlyph(
  glyphs: Glyph[],
  raw: Record<string, unknown>,
  font: Font,
  size: number,
  origin: Matrix,
  area: { x0: number; y0: number; x1: number; y1: number; down: boolean },
): void {
  const unicode = typeof raw["unicode"] === "string" ? raw["unicode"] : "";
  const [fromX, fromY] = area.down ? apply(origin, 0, area.y0) : apply(origin, area.x0, 0);
  const [toX, toY] = area.down ? apply(origin, 0, area.y1) : apply(origin, area.x1, 0);
  const box = boundingBox(origin, area.x0, area.y0, area.x1, area.y1);
  if (!box.every((edge) => Number.isFinite(edge) && Math.abs(edge) < 1e6)) return;
  const direction = directionOf(area.down ? [-origin[2], -origin[3]] : [origin[0], origin[1]]);
  const height = Math.hypot(origin[2], origin[3]) * size;
  const space = raw["isSpace"] === true || /^\s*$/.test(unicode);
  glyphs.push({
    text: readable(unicode),
    box,
    direction,
    from: fromX * direction[0] + fromY * direction[1],
    to: toX * direction[0] + toY * direction[1],
    base: -fromX * direction[1] + fromY * direction[0],
    size: height * font.height,
    bold: font.bold,
    space,
    hidden: false,
    unreadable: !space && (unicode === "" || meaningless.test(unicode)),
  });
}

/** Private use, controls, replacement character, unassigned: a code without a meaning. */
const meaningless = /[\p{Co}\p{Cc}\p{Cn}\ufffd]/u;

/** Ligatures and presentation forms as the letters they stand for. */
function readable(unicode: string): string {
  return unicode.replace(/[\ufb00-\ufb06\ufb1d-\ufdff\ufe70-\ufefc]/g, (form) => form.normalize("NFKC"));
}

/** Rounded to whole degrees, so that text of one direction compares equal. */
function directionOf([x, y]: readonly [number, number]): readonly [number, number] {
  const degrees = Math.round((Math.atan2(y, x) * 180) / Math.PI);
  if (degrees === 0) return [1, 0];
  const radians = (degrees * Math.PI) / 180;
  return [Math.round(Math.cos(radians) * 1e6) / 1e6, Math.round(Math.sin(radians) * 1e6) / 1e6];
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
}

function finite(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
