/**
 * The one form of all stored text; offsets everywhere count its UTF-16 units:
 * - every line end (CR LF, CR, NEL, LS, PS, vertical tab, form feed) is one `\n`;
 * - Unicode NFC, so that a letter and its accent are one character wherever Unicode has it;
 * - control characters other than tab and newline, byte order marks, soft hyphens and interlinear marks are dropped;
 * - a lone surrogate becomes U+FFFD, since UTF-8 cannot hold it and the text's hash would not survive storage.
 * White space is otherwise kept. Applying it twice changes nothing.
 */
export function normaliseText(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029\v\f]/g, "\n")
    .replace(dropped, "")
    .toWellFormed()
    .normalize("NFC");
}

// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const dropped = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\ufeff\ufff9-\ufffb]/g;

/** Normalised, and every run of white space one space: the text of a title, a cell, a line of running text. */
export function oneLine(text: string): string {
  return normaliseText(text).replace(/\s+/g, " ").trim();
}
