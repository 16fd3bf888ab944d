import type { DocumentView } from "../document-view.ts";

/** Columns of a line, as a model is shown them. */
export const lineText = ({ cells }: DocumentView["lines"][number]): string => cells.map(({ text }) => text).join("  ");

/**
 * A document in sections that a model can be shown one at a time, in their order and with nothing left out: as many whole
 * pages as fit, and of a page that is longer than a section as many lines. One that is short enough is its only section.
 */
export function sectionsOf(view: DocumentView, mostCharacters: number): DocumentView[] {
  const sections: DocumentView["lines"][] = [];
  let room = 0;
  const add = (lines: DocumentView["lines"], length: number) => {
    const last = sections.at(-1);
    if (last && length <= room) last.push(...lines);
    else sections.push([...lines]);
    room = (last && length <= room ? room : mostCharacters) - length;
  };
  for (const lines of Map.groupBy(view.lines, ({ page }) => page).values()) {
    const length = charactersOf(lines);
    if (length <= mostCharacters) add(lines, length);
    else for (const line of lines) add([line], charactersOf([line]));
  }
  return sections.length === 0 ? [view] : sections.map((lines) => ({ ...view, lines }));
}

/** The two halves of a section that is too long after all, or undefined for a single line. */
export function halved(section: DocumentView): [DocumentView, DocumentView] | undefined {
  const middle = Math.ceil(section.lines.length / 2);
  if (section.lines.length < 2) return undefined;
  return [
    { ...section, lines: section.lines.slice(0, middle) },
    { ...section, lines: section.lines.slice(middle) },
  ];
}

const charactersOf = (lines: DocumentView["lines"]): number => lines.reduce((sum, line) => sum + lineText(line).length + 1, 0);
