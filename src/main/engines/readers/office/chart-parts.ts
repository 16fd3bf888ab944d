import type { OfficeParserAST } from "officeparser";
import { xmlAttribute, xmlParts, xmlText } from "./xml-parts.ts";
import { zipParts } from "./zip-part.ts";

/** Of a chart's XML, unpacked. */
const mostBytes = 16 * 1024 * 1024;
const mostCharts = 500;
const mostPoints = 10_000;

type Chart = NonNullable<OfficeParserAST["attachments"][number]["chartData"]>;

/**
 * Charts of a Word file, which its parser leaves out: their numbers as they are kept beside the drawing (ECMA-376 part
 * 1, 21.2.2). Where on the page they stand is not known.
 */
export function chartsOf(bytes: Uint8Array): Chart[] {
  const zip = zipParts(bytes);
  const number = (name: string) => Number(/(\d+)\.xml$/.exec(name)?.[1] ?? 0);
  return zip.names
    .filter((name) => /^word\/charts\/chart\d+\.xml$/.test(name))
    .sort((a, b) => number(a) - number(b))
    .slice(0, mostCharts)
    .flatMap((name) => {
      const xml = zip.text(name, mostBytes);
      const chart = xml === undefined ? undefined : chartOf(xml);
      return chart && chart.dataSets.length > 0 ? [chart] : [];
    });
}

function chartOf(xml: string): Chart {
  const series = inside(xml, "ser");
  const title = inside(xml.slice(0, Math.max(0, xml.search(/<(?:\w{1,40}:)?plotArea\b/))), "title")[0] ?? "";
  const [first = ""] = series;
  return {
    title: inside(title, "t").map(xmlText).join(" "),
    labels: pointsOf(inside(first, "cat")[0] ?? inside(first, "xVal")[0] ?? ""),
    dataSets: series.map((one) => ({
      name: xmlText(inside(inside(one, "tx")[0] ?? "", "v")[0] ?? ""),
      values: pointsOf(inside(one, "val")[0] ?? inside(one, "yVal")[0] ?? ""),
      pointLabels: [],
    })),
    rawTexts: [],
  };
}

const inside = (xml: string, name: string): string[] => xmlParts(xml, name).map((part) => part.inside);

/** Points by their index: those without a value are left out of the file. */
function pointsOf(xml: string): string[] {
  const points: string[] = [];
  for (const { attributes, inside: point } of xmlParts(xml, "pt")) {
    const index = Number(xmlAttribute(attributes, "idx") ?? Number.NaN);
    if (Number.isInteger(index) && index >= 0 && index < mostPoints) points[index] = xmlText(inside(point, "v")[0] ?? "");
  }
  return Array.from(points, (point) => point ?? "");
}
