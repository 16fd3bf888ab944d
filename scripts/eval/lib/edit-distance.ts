/**
 * Levenshtein distance of two sequences, 32 rows at a time (Myers 1999, in the form of Hyyrö 2003), so that texts of
 * a hundred thousand characters take seconds.
 */
export function editDistance<Item>(from: ArrayLike<Item>, to: ArrayLike<Item>): number {
  if (from.length === 0 || to.length === 0) return Math.max(from.length, to.length);
  const blocks = Math.ceil(from.length / 32);
  const matches = new Map<Item, Int32Array>();
  for (const [index, item] of Array.from(from).entries()) {
    let bits = matches.get(item);
    if (!bits) matches.set(item, (bits = new Int32Array(blocks)));
    bits[index >> 5] = (bits[index >> 5] ?? 0) | (1 << (index & 31));
  }
  const none = new Int32Array(blocks);
  const rises = new Int32Array(blocks).fill(-1);
  const falls = new Int32Array(blocks);
  const last = 1 << ((from.length - 1) & 31);
  let distance = from.length;
  for (const item of Array.from(to)) {
    const bits = matches.get(item) ?? none;
    let carry = 1;
    for (let block = 0; block < blocks; block += 1) {
      const rise = rises[block] ?? 0;
      const fall = falls[block] ?? 0;
      const equal = (bits[block] ?? 0) | (carry < 0 ? 1 : 0);
      const vertical = (bits[block] ?? 0) | fall;
      const horizontal = ((((equal & rise) + rise) | 0) ^ rise) | equal;
      let up = fall | ~(horizontal | rise);
      let down = rise & horizontal;
      const top = block === blocks - 1 ? last : 1 << 31;
      const out = (up & top) !== 0 ? 1 : (down & top) !== 0 ? -1 : 0;
      up = (up << 1) | (carry > 0 ? 1 : 0);
      down = (down << 1) | (carry < 0 ? 1 : 0);
      rises[block] = down | ~(vertical | up);
      falls[block] = up & vertical;
      carry = out;
    }
    distance += carry;
  }
  return distance;
}
