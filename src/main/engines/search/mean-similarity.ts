/**
 * The mean cosine of a query and the vectors of one group, for the group where it is highest. Groups are languages:
 * a query lies nearest to texts of its own, so this is the mean that a hit has to stand out from, however many other
 * languages the index holds.
 */
export type GroupMeans = {
  add(group: string, vector: Int8Array, offset: number): void;
  remove(group: string, vector: Int8Array, offset: number): void;
  highest(query: Float32Array): number;
};

/** Smaller groups say too little: then the mean of all vectors counts. */
const minGroup = 20;

type Sum = { count: number; values: Float64Array };

export function createGroupMeans(dimensions: number): GroupMeans {
  const groups = new Map<string, Sum>();

  function change(group: string, vector: Int8Array, offset: number, sign: 1 | -1): void {
    let sum = groups.get(group);
    if (!sum) groups.set(group, (sum = { count: 0, values: new Float64Array(dimensions) }));
    let square = 0;
    for (let index = 0; index < dimensions; index++) square += (vector[offset + index] ?? 0) ** 2;
    const scale = sign / (Math.sqrt(square) || 1);
    for (let index = 0; index < dimensions; index++) sum.values[index] = (sum.values[index] ?? 0) + (vector[offset + index] ?? 0) * scale;
    sum.count += sign;
  }

  return {
    add: (group, vector, offset) => change(group, vector, offset, 1),
    remove: (group, vector, offset) => change(group, vector, offset, -1),
    highest: (query) => highestMean(Array.from(groups.values(), ({ count, values }) => ({ count, total: product(query, values) }))),
  };
}

/** The highest mean among groups that are large enough, else the mean of all; 0 when there is nothing. */
function highestMean(groups: readonly { count: number; total: number }[]): number {
  const large = groups.filter(({ count }) => count >= minGroup);
  if (large.length > 0) return Math.max(...large.map(({ count, total }) => total / count));
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  return count === 0 ? 0 : groups.reduce((sum, group) => sum + group.total, 0) / count;
}

function product(a: Float32Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
