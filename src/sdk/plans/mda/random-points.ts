import type { MdaRandomPoints } from './grid-plan.ts';
import { MersenneTwister } from './mersenne-twister.ts';
import { refusal } from './refusal.ts';
import { nearestFirst, type Point, shuffled, twoOpt } from './visiting-order.ts';

/** Draws after which no more room is looked for. */
const MAX_DRAWS = 10_000;
const MAX_SEED = 2 ** 32 - 1;

/** True when the points of a plan are left to chance, and not yet drawn. */
export function isLeftToChance(plan: MdaRandomPoints): boolean {
  return !plan.points && (plan.random_seed == null || plan.order === 'random');
}

/**
 * The points of a plan in the order they are visited, um; those of numpy for a seed.
 * @param random - from 0 up to but not including 1; asked for what is left to chance.
 * @throws RedsunError `mda/bad-sequence` for a seed that numpy does not take.
 */
export function randomPoints(plan: MdaRandomPoints, path: string, random: () => number): readonly Point[] {
  if (plan.points) return plan.points;
  const seed = plan.random_seed ?? Math.floor(random() * (MAX_SEED + 1));
  if (!Number.isInteger(seed) || seed < 0 || seed > MAX_SEED) {
    throw refusal(`${path}.random_seed`, seed, 'a whole number from 0 to 4294967295');
  }
  const { start_at: start = 0 } = plan;
  const fixed: Point[] = typeof start === 'number' ? [] : [[start.x ?? 0, start.y ?? 0]];
  const points = drawn(plan, fixed, new MersenneTwister(seed));
  const startAt = typeof start === 'number' ? Math.min(start, plan.num_points - 1) : 0;
  switch (plan.order) {
    case null:
      return points;
    case 'nearest_neighbor':
      return nearestFirst(points, startAt);
    case 'random':
      return shuffled(points, random);
    default:
      return twoOpt(points, startAt);
  }
}

function drawn(plan: MdaRandomPoints, fixed: Point[], twister: MersenneTwister): Point[] {
  const wanted = plan.num_points - fixed.length;
  const { fov_width: width, fov_height: height } = plan;
  if ((plan.allow_overlap ?? true) || width == null || height == null)
    return [...fixed, ...batch(plan, wanted, twister)];
  const points = [...fixed];
  for (let tries = 0; tries < MAX_DRAWS && points.length < plan.num_points; tries += wanted) {
    for (const [x, y] of batch(plan, wanted, twister)) {
      if (points.length === plan.num_points) break;
      const meets = points.some(([px, py]) => Math.abs(x - px) < width && Math.abs(y - py) < height);
      if (!meets) points.push([x, y]);
    }
  }
  return points;
}

/** Three numbers for a point of an ellipse, two for one of a rectangle, as numpy's order of drawing has it. */
function batch(
  { max_width: width = 1, max_height: height = 1, shape }: MdaRandomPoints,
  count: number,
  twister: MersenneTwister,
): Point[] {
  return Array.from({ length: count }, (): Point => {
    const u = twister.uniform();
    const v = twister.uniform();
    if (shape === 'rectangle') return [u * width - width / 2, v * height - height / 2];
    const angle = twister.uniform() * 2 * Math.PI;
    return [u * ((width / 2) * Math.cos(angle)), v * ((height / 2) * Math.sin(angle))];
  });
}
