import type { PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { AppError } from "../../../../shared/errors.ts";
import { drawText, fontOf, textState } from "./draw-text.ts";
import type { Font, TextState } from "./draw-text.ts";
import { loadPdfjs } from "./library.ts";
import { boundingBox, identity, multiply, toMatrix } from "./matrix.ts";
import type { Box, Matrix } from "./matrix.ts";
import type { PageContent } from "./page-content.ts";

type State = { matrix: Matrix; text: TextState; fill: string };

/** Whether content of an optional layer is switched on. */
export type LayersShown = (properties: unknown) => boolean;

/** Operators of one page that are followed; a page with more is a drawing, and what was found so far is kept. */
const maxOperators = 3_000_000;

/**
 * Runs a page's operator list as a canvas would, and notes where every glyph, image and outline falls (ISO 32000-1,
 * 8.3 coordinate systems, 9.4 text objects). Unlike a list of strings this gives exact boxes, what is invisible, and
 * what lies below what.
 */
export async function pageContent(page: PDFPageProxy, layersShown: LayersShown, signal: AbortSignal): Promise<PageContent> {
  const { OPS } = await loadPdfjs();
  const viewport = page.getViewport({ scale: 1 });
  const toPage = toMatrix(viewport.transform) ?? identity;
  const list = await page.getOperatorList();
  signal.throwIfAborted();
  const content: PageContent = { width: viewport.width, height: viewport.height, glyphs: [], images: [], paths: [] };
  const fonts = new Map<string, Font>();
  const stack: State[] = [];
  const layers: boolean[] = [];
  let state: State = { matrix: toPage, text: textState(), fill: "#000000" };

  const push = () => void stack.push({ ...state, text: { ...state.text } });
  const pop = () => {
    state = stack.pop() ?? state;
  };
  const transform = (value: unknown) => {
    const matrix = toMatrix(value);
    if (matrix) state.matrix = multiply(state.matrix, matrix);
  };
  const isVisible = () => !layers.includes(false);
  const addImage = (matrix: Matrix) => {
    const box = clipToPage(boundingBox(matrix, 0, 0, 1, 1), content);
    if (box && isVisible()) content.images.push(box);
  };

  for (let index = 0; index < Math.min(list.fnArray.length, maxOperators); index += 1) {
    const args: unknown[] = list.argsArray[index] ?? [];
    const [first, second] = args;
    const text = state.text;
    switch (list.fnArray[index]) {
      case OPS.save:
        push();
        break;
      case OPS.restore:
        pop();
        break;
      case OPS.transform:
        transform(args);
        break;
      case OPS.paintFormXObjectBegin:
        push();
        transform(first);
        break;
      case OPS.beginGroup:
        push();
        break;
      case OPS.paintFormXObjectEnd:
      case OPS.endGroup:
      case OPS.endAnnotation:
        pop();
        break;
      case OPS.beginAnnotation:
        push();
        state = { matrix: toPage, text: textState(), fill: "#000000" };
        transform(args[2]);
        transform(args[3]);
        break;
      case OPS.beginMarkedContent:
        layers.push(true);
        break;
      case OPS.beginMarkedContentProps:
        layers.push(first !== "OC" || layersShown(second));
        break;
      case OPS.endMarkedContent:
        layers.pop();
        break;
      case OPS.setFillRGBColor:
        state.fill = String(first);
        break;
      case OPS.setFillColorN:
      case OPS.setFillTransparent:
        state.fill = "pattern";
        break;
      case OPS.beginText:
        text.matrix = identity;
        moveTo(text, 0, 0);
        break;
      case OPS.setFont:
        text.font = fontOf(fonts, page.commonObjs, String(first));
        text.size = Math.abs(number(second));
        text.sign = number(second) < 0 ? -1 : 1;
        break;
      case OPS.setTextMatrix:
        text.matrix = toMatrix(first) ?? identity;
        moveTo(text, 0, 0);
        break;
      case OPS.moveText:
        moveTo(text, text.lineX + number(first), text.lineY + number(second));
        break;
      case OPS.setLeadingMoveText:
        text.leading = number(second);
        moveTo(text, text.lineX + number(first), text.lineY + number(second));
        break;
      case OPS.nextLine:
        moveTo(text, text.lineX, text.lineY + text.leading);
        break;
      case OPS.setLeading:
        text.leading = -number(first);
        break;
      case OPS.setCharSpacing:
        text.charSpacing = number(first);
        break;
      case OPS.setWordSpacing:
        text.wordSpacing = number(first);
        break;
      case OPS.setHScale:
        text.scale = number(first) / 100;
        break;
      case OPS.setTextRise:
        text.rise = number(first);
        break;
      case OPS.setTextRenderingMode:
        text.mode = number(first);
        break;
      case OPS.showText: {
        const before = content.glyphs.length;
        drawText(state.matrix, text, Array.isArray(first) ? first : [], content.glyphs);
        if (!isVisible()) content.glyphs.length = before;
        else markHidden(content, before, text.mode, state.fill);
        break;
      }
      case OPS.constructPath: {
        const bounds =
          second === undefined || args[2] === undefined || args[2] === null ? undefined : Array.from(args[2] as ArrayLike<number>);
        const [x0, y0, x1, y1] = bounds ?? [];
        if (first === OPS.endPath || x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined) break;
        const box = clipToPage(boundingBox(state.matrix, x0, y0, x1, y1), content);
        const isWhite = state.fill === "#ffffff" && first !== OPS.stroke && first !== OPS.closeStroke;
        if (box && isVisible() && !isWhite) content.paths.push(box);
        break;
      }
      case OPS.shadingFill:
        content.paths.push([0, 0, content.width, content.height]);
        break;
      case OPS.paintImageXObject:
      case OPS.paintInlineImageXObject:
      case OPS.paintImageMaskXObject:
      case OPS.paintSolidColorImageMask:
        addImage(state.matrix);
        break;
      case OPS.paintImageXObjectRepeat:
      case OPS.paintImageMaskXObjectRepeat:
        for (const matrix of repeats(list.fnArray[index] === OPS.paintImageXObjectRepeat ? args : [first, second, args[4], args[5]]))
          addImage(multiply(state.matrix, matrix));
        break;
      case OPS.paintInlineImageXObjectGroup:
        for (const placed of placements(second)) addImage(multiply(state.matrix, placed));
        break;
      case OPS.paintImageMaskXObjectGroup:
        for (const placed of placements(first)) addImage(multiply(state.matrix, placed));
        break;
    }
    if (content.glyphs.length > maxGlyphs)
      throw new AppError("FILE_HOSTILE", "A page draws more characters than any page holds.", {
        hint: "Do not open this file unless you know where it comes from.",
      });
  }
  return content;
}

const maxGlyphs = 1_000_000;

function moveTo(text: TextState, x: number, y: number): void {
  text.x = text.lineX = x;
  text.y = text.lineY = y;
}

/** Invisible ink (mode 3, 7) over an image is the text layer of a scan and is kept; elsewhere nobody can see it. White needs something below. */
function markHidden(content: PageContent, from: number, mode: number, fill: string): void {
  const isInvisible = mode === 3 || mode === 7;
  if (!isInvisible && fill !== "#ffffff") return;
  const below = isInvisible ? content.images : [...content.images, ...content.paths];
  for (let index = from; index < content.glyphs.length; index += 1) {
    const glyph = content.glyphs[index];
    if (glyph) glyph.hidden = !below.some((box) => contains(box, (glyph.box[0] + glyph.box[2]) / 2, (glyph.box[1] + glyph.box[3]) / 2));
  }
}

const contains = ([x0, y0, x1, y1]: Box, x: number, y: number) => x >= x0 && x <= x1 && y >= y0 && y <= y1;

function clipToPage([x0, y0, x1, y1]: Box, { width, height }: PageContent): Box | undefined {
  const box: Box = [Math.max(0, x0), Math.max(0, y0), Math.min(width, x1), Math.min(height, y1)];
  return box[0] <= box[2] && box[1] <= box[3] && box.every(Number.isFinite) ? box : undefined;
}

function* repeats([, scaleX, scaleY, positions]: unknown[]): Generator<Matrix> {
  const at = positions !== null && typeof positions === "object" ? Array.from(positions as ArrayLike<number>) : [];
  for (let index = 0; index + 1 < Math.min(at.length, 20_000); index += 2)
    yield [number(scaleX), 0, 0, number(scaleY), at[index] ?? 0, at[index + 1] ?? 0];
}

function* placements(list: unknown): Generator<Matrix> {
  for (const item of Array.isArray(list) ? list.slice(0, 20_000) : []) {
    const matrix: unknown = item !== null && typeof item === "object" && "transform" in item ? item.transform : undefined;
    const placed = toMatrix(matrix);
    if (placed) yield placed;
  }
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
