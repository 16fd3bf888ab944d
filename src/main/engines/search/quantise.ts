/**
 * The length that every int8 vector is brought to, so that inner products order as cosines do. Components of a unit vector spread by 1/√dimensions; those beyond ten times that are cut
 * off. Cutting at five loses neighbours: models have single components that are large in every vector (0.38 ± 0.05 in
 * bge-small). At ten, int8 alone found 0.967 of the ten nearest among SciFact's abstracts and its best 30 all of them.
 */
export function smallLength(dimensions: number): number {
  return (127 * Math.sqrt(dimensions)) / 10;
}

/** A vector as int8, of the length above; zeros stay zeros. */
export function quantise(vector: Float32Array): Int8Array {
  let square = 0;
  for (let index = 0; index < vector.length; index++) square += (vector[index] ?? 0) ** 2;
  const scale = square === 0 ? 0 : smallLength(vector.length) / Math.sqrt(square);
  const small = new Int8Array(vector.length);
  for (let index = 0; index < vector.length; index++) {
    small[index] = Math.max(-127, Math.min(127, Math.round((vector[index] ?? 0) * scale)));
  }
  return small;
}

/** The inner product of two float vectors of equal length; their cosine where both have length 1. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
