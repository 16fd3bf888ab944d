import { makePdf } from "./make-pdf.ts";

/** A sentence that stands on one page of the book only, with what asks for it. */
export type Hidden = { page: number; sentence: string };

const lines = (page: number): string[] => [
  `Log of the harbour, sheet ${page}.`,
  `On day ${page} the wind came from the ${["west", "north", "east", "south"][page % 4]} and the lamp was lit at dusk.`,
  `The keeper counted ${(page * 7) % 90} sails and wrote them down with their flags.`,
  `A cart brought ${(page * 13) % 40} barrels of oil, and nothing else was to report.`,
];

const leading = 18;
const margin = 72;

/**
 * A book of so many A4 pages about nothing much, but for what is hidden in it; each hidden sentence is a line of its
 * page, a third from the top. Returns the PDF and where each sentence stands, in points from the page's top left.
 */
export function makeBook(
  pages: number,
  hidden: readonly Hidden[],
): { bytes: Uint8Array; boxOf(page: number): [number, number, number, number] } {
  const size = 11;
  const top = 300;
  const bytes = makePdf(
    Array.from({ length: pages }, (_, index) => {
      const found = hidden.filter(({ page }) => page === index + 1);
      return {
        texts: [
          ...lines(index + 1).map((text, line) => ({ x: margin, y: margin + line * leading, text, size })),
          ...found.map(({ sentence }) => ({ x: margin, y: top, text: sentence, size })),
        ],
      };
    }),
    { title: "The book of the harbour" },
  );
  return {
    bytes,
    boxOf(page) {
      const sentence = hidden.find((one) => one.page === page)?.sentence ?? "";
      // Helvetica's letters are on average half as wide as high; its ascent is 0.72 of its size.
      return [margin, top - size * 0.72, margin + sentence.length * size * 0.4, top];
    },
  };
}
