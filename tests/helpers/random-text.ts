/** A repeatable source of numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pools = {
  latin: ["the", "quick", "Zürich", "e.g.", "3.14", "naïve", "don't", "invoice", "№7", "a"],
  cjk: ["東京", "は", "日本の首都", "。", "北京是", "中国的首都", "，", "안녕하세요"],
  emoji: ["👩‍👩‍👧‍👦", "🇨🇭", "👍🏽", "✈️", "e\u0301", "𝒳"],
  marks: [". ", "! ", "? ", "\n", "\n\n", "\t", "  ", "\n\n\n", " — ", "```", "| ", "# ", "- "],
  long: ["x".repeat(700), "0123456789abcdef".repeat(40), "あ".repeat(400)],
};

/** Text of random scripts, marks and lengths; some without any space, some all white. */
export function randomText(random: () => number, pieces: number): string {
  const kinds = Object.values(pools).filter(() => random() < 0.6);
  const from = kinds.length === 0 ? [pools.marks] : kinds;
  let text = "";
  const spaced = random() < 0.7;
  for (let index = 0; index < pieces; index += 1) {
    const pool = from[Math.floor(random() * from.length)] ?? pools.latin;
    if (pool === pools.long && random() > 0.05) continue;
    text += (pool[Math.floor(random() * pool.length)] ?? "") + (spaced ? " " : "");
  }
  return text;
}
