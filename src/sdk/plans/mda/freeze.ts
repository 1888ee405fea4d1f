import { sequenceAxes } from './axes.ts';
import type { MdaGridPlan, MdaRandomPoints } from './grid-plan.ts';
import { isRandom, isTiled } from './grid-points.ts';
import type { MdaWellPlatePlan } from './plate-plan.ts';
import { isLeftToChance, randomPoints } from './random-points.ts';
import type { MdaPosition, MdaSequence } from './sequence.ts';

const SEEDS = 2 ** 32;

/** What a sequence leaves open. */
export interface MdaFreezing {
  /** From 0 up to but not including 1. */
  readonly random: () => number;
  /** Size of the camera's field of view in the sample, um; null: nobody knows. */
  readonly fieldOfViewUm: readonly [widthUm: number, heightUm: number] | null;
}

/**
 * The sequence with everything decided that it leaves to chance or to the microscope: the points that were drawn, and the
 * field of view. What comes out makes the same events each time, here and in useq-schema, and may be frozen again.
 * A plate with random points becomes the list of its positions.
 * @throws RedsunError `mda/bad-sequence`, `mda/unknown-plate` as `expandSequence` does.
 */
export function freezeSequence(sequence: MdaSequence, freezing: MdaFreezing): MdaSequence {
  return freeze(sequence, 'sequence', freezing);
}

/** True when a grid needs the field of view and does not say it. */
export function lacksFieldOfView(plan: MdaGridPlan): boolean {
  const needed = isTiled(plan) || (isRandom(plan) && plan.allow_overlap === false && !plan.points);
  return needed && (plan.fov_width == null || plan.fov_height == null);
}

function freeze(sequence: MdaSequence, path: string, freezing: MdaFreezing): MdaSequence {
  const { grid_plan: grid, stage_positions: positions } = sequence;
  return {
    ...sequence,
    ...(grid && { grid_plan: frozenGrid(grid, `${path}.grid_plan`, freezing) }),
    ...(positions && { stage_positions: frozenPositions(positions, `${path}.stage_positions`, freezing) }),
  };
}

function frozenGrid(plan: MdaGridPlan, path: string, freezing: MdaFreezing): MdaGridPlan {
  const sized = withFieldOfView(plan, freezing);
  if (!isRandom(sized) || !isLeftToChance(sized)) return sized;
  const seeded: MdaRandomPoints = { ...sized, random_seed: sized.random_seed ?? Math.floor(freezing.random() * SEEDS) };
  return { ...seeded, points: randomPoints(seeded, path, freezing.random) };
}

function frozenPositions(
  positions: NonNullable<MdaSequence['stage_positions']>,
  path: string,
  freezing: MdaFreezing,
): NonNullable<MdaSequence['stage_positions']> {
  if (!isList(positions)) return frozenPlate(positions, freezing);
  return positions.map((position, index) =>
    'sequence' in position && position.sequence
      ? { ...position, sequence: freeze(position.sequence, `${path}[${index}].sequence`, freezing) }
      : position,
  );
}

function frozenPlate(given: MdaWellPlatePlan, freezing: MdaFreezing): NonNullable<MdaSequence['stage_positions']> {
  const { well_points_plan: points } = given;
  if (!points) return given;
  const plan = { ...given, well_points_plan: withFieldOfView(points, freezing) };
  if (!isRandom(points) || !isLeftToChance(points)) return plan;
  const { positions } = sequenceAxes({ stage_positions: plan }, 'sequence', freezing.random);
  return positions.map(({ xUm, yUm, name }): MdaPosition => ({ x: xUm, y: yUm, name }));
}

function withFieldOfView<Plan extends MdaGridPlan>(plan: Plan, { fieldOfViewUm }: MdaFreezing): Plan {
  if (!lacksFieldOfView(plan) || fieldOfViewUm === null) return plan;
  const [widthUm, heightUm] = fieldOfViewUm;
  return { ...plan, fov_width: plan.fov_width ?? widthUm, fov_height: plan.fov_height ?? heightUm };
}

function isList(
  positions: NonNullable<MdaSequence['stage_positions']>,
): positions is Exclude<NonNullable<MdaSequence['stage_positions']>, MdaWellPlatePlan> {
  return Array.isArray(positions);
}
