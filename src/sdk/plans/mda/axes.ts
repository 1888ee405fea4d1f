import type { LayoutWell } from '../../storage/layout.ts';
import { type GridPoints, gridPoints } from './grid-points.ts';
import type { MdaWellPlatePlan } from './plate-plan.ts';
import { refusal } from './refusal.ts';
import type { MdaAutofocusPlan, MdaAxis, MdaChannel, MdaPosition, MdaProperty, MdaSequence } from './sequence.ts';
import { type TimePoints, timePoints } from './time-points.ts';
import { rowName, wellPoints } from './well-plate-plan.ts';
import { type ZPlanes, zPlanes } from './z-planes.ts';

/** Axes in the order of the default. */
export const MDA_AXES: readonly MdaAxis[] = ['t', 'p', 'g', 'c', 'z'];

/** A place that a sequence visits. */
export interface StagePosition {
  /** um; null: stays. */
  readonly xUm: number | null;
  /** um; null: stays. */
  readonly yUm: number | null;
  /** um; null: stays. */
  readonly zUm: number | null;
  /** Height counted from the focus, um; null: `zUm` says where it is. */
  readonly zFromFocusUm: number | null;
  /** null: none. */
  readonly name: string | null;
  /** Of a plate; null: in none. */
  readonly well: LayoutWell | null;
  /** Set when it is reached; empty: nothing. */
  readonly properties: readonly MdaProperty[];
  /** What is acquired here; null: what the whole sequence says. */
  readonly own: SequenceAxes | null;
}

/** A sequence with its plans worked out: what each axis visits. */
export interface SequenceAxes {
  /** Asked for, outermost first. */
  readonly asked: readonly MdaAxis[];
  /** Those of them that something is planned for. */
  readonly order: readonly MdaAxis[];
  readonly times: TimePoints | null;
  readonly positions: readonly StagePosition[];
  readonly grid: GridPoints | null;
  readonly channels: readonly MdaChannel[];
  readonly planes: ZPlanes | null;
  readonly autofocus: MdaAutofocusPlan | null;
  /** Axes along which the light stays on. */
  readonly shutterOpenAcross: readonly string[];
}

/**
 * Works out the plans of a sequence.
 * @param path - what the sequence is called in messages.
 * @param random - from 0 up to but not including 1; asked for what is left to chance.
 * @throws RedsunError `mda/bad-sequence`, `mda/unknown-plate` with the place, the value and what was expected.
 */
export function sequenceAxes(sequence: MdaSequence, path: string, random: () => number): SequenceAxes {
  const asked = axesAsked(sequence.axis_order, `${path}.axis_order`);
  const grid = sequence.grid_plan ? gridPoints(sequence.grid_plan, `${path}.grid_plan`, random) : null;
  const axes: Omit<SequenceAxes, 'order'> = {
    asked,
    times: timePoints(sequence.time_plan, `${path}.time_plan`),
    positions: stagePositions(sequence, path, random),
    grid,
    channels: (sequence.channels ?? []).map((channel) => (typeof channel === 'string' ? { config: channel } : channel)),
    planes: zPlanes(sequence.z_plan, `${path}.z_plan`),
    autofocus: sequence.autofocus_plan ?? null,
    shutterOpenAcross: [...(sequence.keep_shutter_open_across ?? [])],
  };
  const worked = { ...axes, order: asked.filter((axis) => axisLength(axes, axis) > 0) };
  checkTogether(worked, path);
  return worked;
}

/** How many points an axis has; 0 where nothing is planned for it. */
export function axisLength(axes: Omit<SequenceAxes, 'order'>, axis: MdaAxis): number {
  switch (axis) {
    case 't':
      return axes.times?.length ?? 0;
    case 'p':
      return axes.positions.length;
    case 'g':
      return axes.grid?.length ?? 0;
    case 'c':
      return axes.channels.length;
    case 'z':
      return axes.planes?.length ?? 0;
  }
}

/** True when a position has something of its own to go through, and not a focus plan alone. */
export function hasAxes({ times, positions, grid, channels, planes }: SequenceAxes): boolean {
  return times !== null || planes !== null || grid !== null || channels.length > 0 || positions.length > 0;
}

function axesAsked(order: MdaSequence['axis_order'], path: string): MdaAxis[] {
  const asked = order === undefined ? [...MDA_AXES] : [...order].map((axis) => axis.toLowerCase());
  const known: readonly string[] = MDA_AXES;
  if (asked.some((axis) => !known.includes(axis)) || new Set(asked).size < asked.length) {
    throw refusal(path, order, 'letters of tpgcz, each at most once, outermost first');
  }
  return asked as MdaAxis[];
}

function stagePositions(sequence: MdaSequence, path: string, random: () => number): StagePosition[] {
  const { stage_positions: positions = [], grid_plan: grid } = sequence;
  const at = `${path}.stage_positions`;
  if (isPlate(positions)) {
    return wellPoints(positions, at, random).map(({ xUm, yUm, zUm, name, row, column }) => ({
      xUm,
      yUm,
      zUm: null,
      zFromFocusUm: zUm,
      name,
      well: wellAt(row, column),
      properties: [],
      own: null,
    }));
  }
  // An absolute grid says where the tiles are; what the position says about x and y is passed over.
  const isAbsolute = (plan: MdaSequence['grid_plan']) => plan != null && ('top' in plan || 'vertices' in plan);
  return positions.map((given, index): StagePosition => {
    const position: MdaPosition = isTuple(given) ? { x: given[0], y: given[1], z: given[2] } : given;
    const own = position.sequence ? sequenceAxes(position.sequence, `${at}[${index}].sequence`, random) : null;
    const gridHere = own?.grid ? position.sequence?.grid_plan : grid;
    const placed = !isAbsolute(gridHere);
    return {
      xUm: placed ? (position.x ?? null) : null,
      yUm: placed ? (position.y ?? null) : null,
      zUm: position.z ?? null,
      zFromFocusUm: null,
      name: position.name || null,
      well: wellAt(position.plate_row, position.plate_col),
      properties: position.properties ?? [],
      own,
    };
  });
}

function wellAt(row: number | null | undefined, column: number | null | undefined): LayoutWell | null {
  if (row === null || row === undefined || column === null || column === undefined) return null;
  return { row: rowName(row), column: `${column + 1}` };
}

/** True for wells of a plate in the place of positions. */
export function isPlate(positions: NonNullable<MdaSequence['stage_positions']>): positions is MdaWellPlatePlan {
  return !Array.isArray(positions);
}

function isTuple(position: MdaPosition | readonly (number | null)[]): position is readonly (number | null)[] {
  return Array.isArray(position);
}

function checkTogether({ asked, positions, planes, autofocus }: SequenceAxes, path: string): void {
  const own = positions.map((position) => position.own);
  if (asked.includes('p')) {
    const nested = own.findIndex((axes) => (axes?.positions.length ?? 0) > 0);
    if (nested !== -1) {
      const at = `${path}.stage_positions[${nested}].sequence.stage_positions`;
      throw refusal(at, own[nested]?.positions.length, 'no positions within a position');
    }
  }
  const shut = own.findIndex((axes) => (axes?.shutterOpenAcross.length ?? 0) > 0);
  if (shut !== -1) {
    const at = `${path}.stage_positions[${shut}].sequence.keep_shutter_open_across`;
    throw refusal(at, own[shut]?.shutterOpenAcross, 'to be said for the whole sequence');
  }
  const before = asked.includes('z') && asked.includes('p') && asked.indexOf('z') < asked.indexOf('p');
  if (before && planes && own.some((axes) => axes?.planes)) {
    throw refusal(`${path}.axis_order`, asked.join(''), 'p before z, as a position has planes of its own');
  }
  const focuses = autofocus !== null || own.some((axes) => axes?.autofocus);
  if (asked.includes('z') && planes?.kind === 'absolute' && focuses) {
    throw refusal(`${path}.autofocus_plan`, autofocus, 'planes relative to the focus that is found');
  }
}
