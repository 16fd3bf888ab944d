/** Units looked at: enough to be sure, few enough to cost milliseconds. */
const sampleUnits = 4000;

/**
 * ISO 639-1 code of a text's language, undefined where there is too little of it or the detector is not sure. Looks at
 * the middle, since texts often begin with names, numbers and boilerplate.
 */
export async function detectLanguage(text: string): Promise<string | undefined> {
  const start = Math.max(0, Math.floor((text.length - sampleUnits) / 2));
  const sample = text
    .slice(start, start + sampleUnits)
    .replace(/https?:\S+|[\d_|#*=]+/g, " ")
    .toWellFormed();
  if (sample.trim().length < 20) return undefined;
  const { eld } = await import("eld/small");
  const found = eld.detect(sample);
  return found.isReliable() && found.language !== "" ? found.language : undefined;
}
