/** A point in the plane of a spiral, in the unit of its axes. */
export type PlanePoint = readonly [x: number, y: number];

/** Where a spiral lies and how far it reaches. */
export interface SpiralArea {
  /** Centre. */
  readonly xStart: number;
  /** Centre. */
  readonly yStart: number;
  /** Width. */
  readonly xRange: number;
  /** Height. */
  readonly yRange: number;
  /** Distance between turns, along x. */
  readonly dr: number;
  /** Distance between turns along y; absent: as along x. */
  readonly drY?: number | null;
  /** Tilt of the left and right edges, rad. Default 0. */
  readonly tilt?: number;
}

/** A spiral of Archimedes, cut to its area. @param nth - points on the first turn. Numbers: bluesky 1.15. */
export function spiralPoints(
  { xStart, yStart, xRange, yRange, dr, drY, tilt = 0 }: SpiralArea,
  nth: number,
): PlanePoint[] {
  const aspect = drY ? drY / dr : 1;
  const halfX = xRange / 2;
  const halfY = yRange / (2 * aspect);
  const rings = 1 + Math.trunc(Math.sqrt(halfX ** 2 + halfY ** 2) / dr);
  const tiltTan = Math.tan(tilt + Math.PI / 2);
  const points: PlanePoint[] = [];
  for (let ring = 1; ring < rings + 2; ring++) {
    const radius = ring * dr;
    const angleStep = (2 * Math.PI) / (ring * nth);
    for (let at = 0; at < Math.trunc(ring * nth); at++) {
      const angle = at * angleStep;
      const x = radius * Math.cos(angle);
      const y = radius * Math.sin(angle) * aspect;
      if (Math.abs(x - y / aspect / tiltTan) <= halfX && Math.abs(y / aspect) <= halfY) {
        points.push([xStart + x, yStart + y]);
      }
    }
  }
  return points;
}

/** A spiral of Fermat, cut to its area: points of even density. @param factor - the larger, the denser. Numbers: bluesky 1.15. */
export function fermatPoints(
  { xStart, yStart, xRange, yRange, dr, drY, tilt = 0 }: SpiralArea,
  factor: number,
): PlanePoint[] {
  const aspect = drY ? drY / dr : 1;
  const phi = (137.508 * Math.PI) / 180;
  const halfX = xRange / 2;
  const halfY = yRange / (2 * aspect);
  const tiltTan = Math.tan(tilt + Math.PI / 2);
  const rings = Math.trunc(((1.5 * Math.sqrt(halfX ** 2 + halfY ** 2)) / (dr / factor)) ** 2);
  const points: PlanePoint[] = [];
  for (let ring = 1; ring < rings; ring++) {
    const radius = (Math.sqrt(ring) * dr) / factor;
    const angle = phi * ring;
    const x = radius * Math.cos(angle);
    const y = radius * Math.sin(angle) * aspect;
    if (Math.abs(x - y / aspect / tiltTan) <= halfX && Math.abs(y) <= halfY) points.push([xStart + x, yStart + y]);
  }
  return points;
}

/** Where a square spiral lies, and how many points it has. */
export interface SquareSpiralArea {
  /** Centre. */
  readonly xCenter: number;
  /** Centre. */
  readonly yCenter: number;
  /** Width. */
  readonly xRange: number;
  /** Height. */
  readonly yRange: number;
  /** Points along x. */
  readonly xNum: number;
  /** Points along y. */
  readonly yNum: number;
}

/** The points of a mesh from the middle outwards, ring by ring: right, down, left, up. Numbers: bluesky 1.15. */
export function squareSpiralPoints({ xCenter, yCenter, xRange, yRange, xNum, yNum }: SquareSpiralArea): PlanePoint[] {
  const xOffset = xNum % 2 === 0 ? 0.5 : 0;
  const yOffset = yNum % 2 === 0 ? -0.5 : 0;
  const xDelta = xRange / (xNum - 1);
  const yDelta = yRange / (yNum - 1);
  const total = xNum * yNum;
  const points: PlanePoint[] = [];
  const add = (x: number, y: number) => {
    points.push([xCenter - xDelta * xOffset + xDelta * x, yCenter - yDelta * yOffset + yDelta * y]);
  };
  const insideX = (x: number) => Math.abs(x - xOffset) < xNum / 2;
  const insideY = (y: number) => Math.abs(y - yOffset) < yNum / 2;
  add(0, 0);
  for (let ring = 2; ring <= Math.max(xNum, yNum); ring++) {
    const edge = ring - 1;
    const down = Array.from({ length: 2 * ring - 2 }, (_, at) => ring - 2 - at);
    const up = down.map((n) => -n);
    // The right edge alone may lie exactly on the border.
    if (Math.abs(edge - xOffset) <= xNum / 2)
      for (const y of down) if (insideY(y) && points.length < total) add(edge, y);
    if (insideY(-edge)) for (const x of down) if (insideX(x) && points.length < total) add(x, -edge);
    if (insideX(-edge)) for (const y of up) if (insideY(y) && points.length < total) add(-edge, y);
    if (insideY(edge)) for (const x of up) if (insideX(x) && points.length < total) add(x, edge);
  }
  return points;
}
