import { createRequire } from "node:module";
import type * as Burner from "@kenjiuno/msgreader/lib/Burner";

const packages = createRequire(import.meta.url);
const { burn }: typeof Burner = packages("@kenjiuno/msgreader/lib/Burner");

export type MadeMsg = {
  subject?: string;
  body?: string;
  html?: string;
  senderName?: string;
  senderEmail?: string;
  messageClass?: string;
  /** `kind` is MS-OXPROPS PidTagRecipientType: 1 to, 2 cc, 3 bcc. */
  recipients?: { name: string; email: string; kind: number }[];
  attachments?: { name: string; type: string; content: Uint8Array }[];
};

type Tree = { [name: string]: Uint8Array | Tree };

// Each of a buffer of its own: the writer below looks at the whole of what lies under a view.
const own = (bytes: Uint8Array) => new Uint8Array(bytes);
const text = (value: string) => own(Buffer.from(value, "utf16le"));
const stream = (tag: string, type: "001F" | "0102") => `__substg1.0_${tag}${type}`;

/** The property stream (MS-OXMSG 2.4): a head of zeros, then rows of tag, flags and value. */
function properties(headBytes: number, values: Record<number, number> = {}): Uint8Array {
  const rows = Object.entries(values).map(([tag, value]) => {
    const row = Buffer.alloc(16);
    row.writeUInt32LE(Number(tag), 0);
    row.writeUInt32LE(value, 8);
    return row;
  });
  return own(Buffer.concat([Buffer.alloc(headBytes), ...rows]));
}

/** An Outlook message with these fields (MS-OXMSG), as small as one can be. */
export function makeMsg(message: MadeMsg): Uint8Array {
  const root: Tree = { "__properties_version1.0": properties(32, { 0x3fde0003: 65001 }), "__nameid_version1.0": {} };
  const fields = {
    "0037": message.subject,
    "1000": message.body,
    "0C1A": message.senderName,
    "0C1F": message.senderEmail,
    "001A": message.messageClass ?? "IPM.Note",
  };
  for (const [tag, value] of Object.entries(fields)) if (value !== undefined) root[stream(tag, "001F")] = text(value);
  if (message.html !== undefined) root[stream("1013", "0102")] = own(Buffer.from(message.html));
  for (const [index, { name, email, kind }] of (message.recipients ?? []).entries()) {
    const folder = `__recip_version1.0_#${index.toString(16).padStart(8, "0")}`;
    root[folder] = {
      "__properties_version1.0": properties(8, { 0x0c150003: kind }),
      [stream("3001", "001F")]: text(name),
      [stream("3003", "001F")]: text(email),
    };
  }
  for (const [index, { name, type, content }] of (message.attachments ?? []).entries()) {
    const folder = `__attach_version1.0_#${index.toString(16).padStart(8, "0")}`;
    root[folder] = {
      "__properties_version1.0": properties(8, { 0x37050003: 1 }),
      [stream("3707", "001F")]: text(name),
      [stream("370E", "001F")]: text(type),
      [stream("3701", "0102")]: own(content),
    };
  }
  return compound(root);
}

function compound(root: Tree): Uint8Array {
  const entries: Burner.Entry[] = [{ name: "Root Entry", type: 5, length: 0, children: [] }];
  const fill = (tree: Tree, parent: Burner.Entry): void => {
    for (const [name, value] of Object.entries(tree)) {
      const isFile = value instanceof Uint8Array;
      const entry: Burner.Entry = isFile
        ? { name, type: 2, length: value.length, binaryProvider: () => value }
        : { name, type: 1, length: 0, children: [] };
      parent.children?.push(entries.push(entry) - 1);
      if (!isFile) fill(value, entry);
    }
  };
  for (const entry of entries.slice(0, 1)) fill(root, entry);
  return burn(entries);
}
