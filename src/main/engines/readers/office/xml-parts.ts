/** An element that was found: its attributes as written, and what stands between its tags. */
export type XmlPart = { attributes: string; inside: string };

/**
 * Elements of a name in a piece of XML, whatever their prefix, in order; for elements that never lie in their like.
 * Looks once at each character, also of hostile XML: what is not closed ends the search.
 */
export function xmlParts(xml: string, name: string): XmlPart[] {
  const parts: XmlPart[] = [];
  const opening = new RegExp(`<(?:\\w{1,40}:)?${name}(\\s[^<>]*|/)?>`, "g");
  const closing = new RegExp(`</(?:\\w{1,40}:)?${name}>`, "g");
  for (let open = opening.exec(xml); open; open = opening.exec(xml)) {
    const attributes = open[1] ?? "";
    if (attributes.endsWith("/")) {
      parts.push({ attributes, inside: "" });
      continue;
    }
    closing.lastIndex = opening.lastIndex;
    const close = closing.exec(xml);
    if (!close) break;
    parts.push({ attributes, inside: xml.slice(opening.lastIndex, close.index) });
    opening.lastIndex = closing.lastIndex;
  }
  return parts;
}

/** The value of an attribute. */
export function xmlAttribute(attributes: string, name: string): string | undefined {
  const value = new RegExp(`\\s(?:\\w{1,40}:)?${name}="([^"<>]{0,1000})"`).exec(attributes)?.[1];
  return value === undefined ? undefined : xmlText(value);
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Text of XML with its five own entities resolved. */
export const xmlText = (text: string): string => text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? "").trim();
