type Box = [number, number, number, number];
type Size = { width: number; height: number };
type Point = [x: number, y: number];

/** How the image that Tesseract read came from the one given: scaled, turned by right angles, then made level. */
export type Turned = {
  given: Size;
  scale: number;
  /** Clockwise, a multiple of 90. */
  degrees: number;
  /** Clockwise about the centre, without a change of size. */
  radians: number;
  /** Size of the image read, after the right angles. */
  read: Size;
};

/**
 * The box around what `box` of the image read covers in the image given, inside its edges. A level box becomes the
 * smallest upright one around the slanted word.
 */
export function placeBack(box: Box, turned: Turned): Box {
  const [left, top, right, bottom] = box;
  const corners = (
    [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ] satisfies Point[]
  ).map((corner) => pointBack(corner, turned));
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const { width, height } = turned.given;
  const clamp = (value: number, limit: number) => Math.min(limit, Math.max(0, Math.round(value)));
  return [clamp(Math.min(...xs), width), clamp(Math.min(...ys), height), clamp(Math.max(...xs), width), clamp(Math.max(...ys), height)];
}

function pointBack([x, y]: Point, { read, radians, degrees, scale }: Turned): Point {
  const slanted = rotate([x - read.width / 2, y - read.height / 2], -radians);
  const [fromCentreX, fromCentreY] = rotate(slanted, (-degrees * Math.PI) / 180);
  const sideways = degrees % 180 !== 0;
  const width = sideways ? read.height : read.width;
  const height = sideways ? read.width : read.height;
  return [(fromCentreX + width / 2) / scale, (fromCentreY + height / 2) / scale];
}

/** Clockwise, with y pointing down. */
function rotate([x, y]: Point, radians: number): Point {
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  return [x * cos - y * sin, x * sin + y * cos];
}
