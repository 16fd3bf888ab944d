import { type Figure, isMet } from "../bench/row.ts";

/** Bars of shares (0 to 1), each with the value that it is held to, where there is one. */
export type Chart = { title: string; bars: readonly Omit<Figure, "unit">[] };

const WIDTH = 760;
const NAMES = 330;
const ROW = 26;
const TOP = 46;

/** The chart as SVG, readable on light and dark ground. A bar that misses its target is drawn in another shade and says so. */
export function barChart({ title, bars }: Chart): string {
  const room = WIDTH - NAMES - 90;
  const rows = bars.map(({ name, value, target }, index) => {
    const y = TOP + index * ROW;
    const limit = target === undefined ? undefined : "atLeast" in target ? target.atLeast : target.atMost;
    const isMissed = isMet({ name, value, unit: "", ...(target ? { target } : {}) }) === false;
    const x = (share: number) => (NAMES + room * Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0))).toFixed(1);
    const sign = target === undefined ? "" : ` (${"atLeast" in target ? "≥" : "≤"} ${limit})`;
    return [
      `<text x="${NAMES - 8}" y="${y + 14}" text-anchor="end">${escape(name)}</text>`,
      `<rect x="${NAMES}" y="${y + 2}" width="${(Number(x(value)) - NAMES).toFixed(1)}" height="${ROW - 10}" fill="${isMissed ? "#c2571a" : "#2a6f97"}"/>`,
      limit === undefined ? "" : `<path d="M${x(limit)} ${y}v${ROW - 6}" stroke="#808080" stroke-width="2"/>`,
      `<text x="${Number(x(Math.max(value, limit ?? 0))) + 6}" y="${y + 14}">${value.toFixed(3)}${escape(sign)}${isMissed ? " missed" : ""}</text>`,
    ].join("");
  });
  const height = TOP + bars.length * ROW + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH + 90} ${height}" role="img" aria-label="${escape(title)}" font-family="sans-serif" font-size="12" fill="#808080">
<text x="8" y="22" font-size="15">${escape(title)}</text>
${rows.join("\n")}
</svg>
`;
}

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
