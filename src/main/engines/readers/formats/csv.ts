import { decodeText } from "../text/decode-text.ts";
import { likelyDelimiter, parseDelimited } from "../text/delimited.ts";
import type { Format } from "../format.ts";
import { normaliseText } from "../text/normalise-text.ts";
import { problems } from "../problems.ts";
import { tableText } from "../text/table-text.ts";
import { createTextBuilder } from "../text/text-builder.ts";
import { encodingWarnings } from "./text.ts";

/** Delimiter-separated rows: one table, its first row the header that goes with every chunk. */
export const csv: Format = {
  types: ["csv"],
  async read({ path, bytes, fileType, limits }, { emit }) {
    const decoded = decodeText(bytes);
    const content = normaliseText(decoded.text);
    if (content.length > limits.textUnits) throw problems.tooLarge(path, "textUnits", limits.textUnits, content.length);
    const delimiter = likelyDelimiter(content);
    const rows = parseDelimited(content, delimiter);
    if (rows.length === 0) throw problems.empty(path);
    const table = tableText(rows);
    const builder = createTextBuilder(path, limits.textUnits);
    const headerLength = rows.length > 1 ? table.rowEnds[0] : undefined;
    builder.add("table", table.text, headerLength === undefined ? {} : { headerLength });
    const text = builder.text();
    emit({
      kind: "head",
      head: {
        ...fileType,
        metadata: { encoding: decoded.encoding, delimiter, rows: rows.length, columns: rows[0]?.length ?? 0 },
        pages: 1,
      },
    });
    emit({ kind: "page", page: { page: 1, text, blocks: builder.blocks, needsOcr: false } });
    return { tables: [{ page: 1, start: 0, end: text.length, rows }], attachments: [], warnings: encodingWarnings(decoded) };
  },
};
