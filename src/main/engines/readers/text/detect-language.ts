/**
 * ISO 639-1 code of a text's language, undefined where there is too little of it or the detector is not sure. The
 * detector takes some 400 ms to load: only the process that uses it does so, at the first text.
 */
export async function detectLanguage(sample: string): Promise<string | undefined> {
  const words = sample.replace(/https?:\S+|[\d_|#*=]+/g, " ").toWellFormed();
  if (words.trim().length < 20) return undefined;
  const { eld } = await import("eld/small");
  const found = eld.detect(words);
  return found.isReliable() && found.language !== "" ? found.language : undefined;
}
