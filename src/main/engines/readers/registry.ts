import type { Format } from "./format.ts";
import { csv } from "./formats/csv.ts";
import { html } from "./formats/html.ts";
import { image } from "./formats/image.ts";
import { json } from "./formats/json.ts";
import { mail } from "./formats/mail.ts";
import { markdown } from "./formats/markdown.ts";
import { office } from "./formats/office.ts";
import { pdf } from "./formats/pdf.ts";
import { text } from "./formats/text.ts";

const formats: readonly Format[] = [text, markdown, html, pdf, image, csv, json, office, mail];

const byType = new Map(formats.flatMap((format) => format.types.map((type) => [type, format] as const)));

/** The reader of a type, undefined where there is none. */
export const formatOf = (type: string): Format | undefined => byType.get(type);
