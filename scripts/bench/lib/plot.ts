import { type Figure, isMet } from "../row.ts";

const barPixels = 360;
const linePixels = 22;
const namePixels = 400;
const valuePixels = 90;
/** Of what is allowed; longer bars are cut. */
const widestShare = 1.6;

type Bar = { name: string; share: number; value: string; colour: string };

/**
 * A picture of figures as bars: against their targets where they have any, with a line where the target is; otherwise
 * beside each other on a logarithmic scale. Undefined when there is nothing to draw.
 */
export function plot(title: string, figures: readonly Figure[]): string | undefined {
  const held = figures.filter(({ target }) => target);
  const [first] = figures;
  if (held.length > 0) return draw(`${title}: how much of what is allowed was used`, held.map(againstTarget), 1 / widestShare);
  const sound = figures.filter(({ value, unit }) => value > 0 && Number.isFinite(value) && unit === first?.unit);
  if (sound.length === 0) return undefined;
  const least = Math.min(...sound.map(({ value }) => value)) / 2;
  const most = Math.max(...sound.map(({ value }) => value), least * 10);
  const bars = sound.map((figure): Bar => ({
    name: figure.name,
    share: Math.log(figure.value / least) / Math.log(most / least),
    value: valueOf(figure),
    colour: "#4a6fa5",
  }));
  return draw(`${title}: ${first?.unit ?? ""}, logarithmic`, bars);
}

function againstTarget(figure: Figure): Bar {
  const { name, value, target } = figure;
  const used = !target ? 0 : "atLeast" in target ? target.atLeast / value : value / target.atMost;
  const share = Number.isFinite(used) ? Math.min(used, widestShare) / widestShare : 1;
  return { name, share, value: valueOf(figure), colour: isMet(figure) ? "#3f7d58" : "#b3502f" };
}

const valueOf = ({ value, unit }: Figure): string => `${Number.isFinite(value) ? Number(value.toPrecision(3)) : "–"} ${unit}`.trim();

function draw(caption: string, bars: readonly Bar[], lineAt?: number): string {
  const width = namePixels + barPixels + valuePixels;
  const height = (bars.length + 2) * linePixels;
  const rows = bars.flatMap(({ name, share, value, colour }, index) => {
    const top = (index + 1.5) * linePixels;
    const length = Math.max(1, share * barPixels).toFixed(1);
    return [
      `<text x="${namePixels - 8}" y="${top + 14}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${namePixels}" y="${top + 3}" width="${length}" height="${linePixels - 7}" fill="${colour}"/>`,
      `<text x="${namePixels + barPixels + 6}" y="${top + 14}">${escaped(value)}</text>`,
    ];
  });
  const at = lineAt === undefined ? undefined : namePixels + lineAt * barPixels;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="8" y="18" font-weight="bold">${escaped(caption)}</text>`,
    ...rows,
    ...(at === undefined
      ? []
      : [`<line x1="${at}" x2="${at}" y1="${linePixels}" y2="${height - 8}" stroke="#222" stroke-dasharray="3 2"/>`]),
    "</svg>",
    "",
  ].join("\n");
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
