/** One byte a pixel, 0 is black; rows from the top. */
export type GreyImage = { data: Uint8Array; width: number; height: number };

const toRadians = Math.PI / 180;
/** A page further askew than this was not scanned but photographed. */
const maxDegrees = 15;
/** Steps of the search, each around the best angle of the step before. */
const stepsInDegrees = [0.5, 0.1];
/** Level lines make the rows of a page differ this much more than slanted ones; a picture has no such angle. */
const clearGain = 1.3;

/**
 * The angle by which lines of text slope, in radians, positive where they fall to the right; 0 where no angle is
 * clearly better than level. Method: projection profile (Postl 1986). Along the true angle the dark pixels gather in
 * rows, so the squared differences of neighbouring rows' counts are greatest.
 */
export function estimateSkew(image: GreyImage): number {
  const dark = darkPixels(image);
  const profile = new Int32Array(2 * (image.width + image.height));
  const level = contrast(dark, 0, profile);
  let best = { degrees: 0, contrast: level };
  let reach = maxDegrees;
  for (const step of stepsInDegrees) {
    const { degrees: middle } = best;
    for (let degrees = middle - reach; degrees <= middle + reach; degrees += step) {
      const found = contrast(dark, degrees * toRadians, profile);
      if (found > best.contrast) best = { degrees, contrast: found };
    }
    reach = step;
  }
  return best.contrast > level * clearGain ? best.degrees * toRadians : 0;
}

/** Coordinates of dark pixels, x and y in turn. */
function darkPixels({ data, width, height }: GreyImage): Int16Array {
  const limit = threshold(data);
  const found = new Int16Array(2 * data.length);
  let count = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if ((data[y * width + x] ?? 255) >= limit) continue;
      found[count] = x;
      found[count + 1] = y;
      count += 2;
    }
  }
  return found.subarray(0, count);
}

/** The grey value that parts dark from light best (Otsu 1979). */
function threshold(data: Uint8Array): number {
  const counts = new Float64Array(256);
  for (const value of data) counts[value] = (counts[value] ?? 0) + 1;
  const sum = counts.reduce((total, count, value) => total + count * value, 0);
  let [best, limit, below, sumBelow] = [0, 0, 0, 0];
  for (let value = 0; value < 256; value += 1) {
    below += counts[value] ?? 0;
    sumBelow += (counts[value] ?? 0) * value;
    const above = data.length - below;
    if (below === 0 || above === 0) continue;
    const apart = below * above * (sumBelow / below - (sum - sumBelow) / above) ** 2;
    if (apart > best) [best, limit] = [apart, value + 1];
  }
  return limit;
}

function contrast(dark: Int16Array, radians: number, profile: Int32Array): number {
  profile.fill(0);
  const middle = profile.length >> 1;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  for (let at = 0; at < dark.length; at += 2) {
    const row = middle + Math.round((dark[at + 1] ?? 0) * cos - (dark[at] ?? 0) * sin);
    profile[row] = (profile[row] ?? 0) + 1;
  }
  let sum = 0;
  for (let row = 1; row < profile.length; row += 1) sum += ((profile[row] ?? 0) - (profile[row - 1] ?? 0)) ** 2;
  return sum;
}
