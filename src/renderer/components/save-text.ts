/** Hands a text to the browser as a file to keep. */
export function saveText(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 0);
}

/** A title as a file name that every system takes. */
export const fileNameOf = (title: string, extension: string): string => {
  const name = title
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{N} ._-]+/gu, " ")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/^[ .]+|[ .]+$/g, "")
    .slice(0, 80)
    .toWellFormed()
    .trim();
  return `${name || "conversation"}.${extension}`;
};
