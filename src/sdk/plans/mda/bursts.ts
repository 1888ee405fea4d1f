import type { Axis, Camera } from '../../device/roles.ts';
import { isSequenceable, type Sequenceable, type TakesBursts, takesBursts } from '../../device/sequencing.ts';
import type { MdaContext } from './context.ts';
import type { MdaEvent } from './events.ts';

/** What a microscope can do without the computer in between. */
export interface BurstDevices {
  /** The only camera: one trigger line leads to the others. */
  readonly camera: Camera & TakesBursts;
  /** Axes that go on with each exposure. */
  readonly axes: readonly (Axis & Sequenceable<number>)[];
}

/** null: a camera that takes no bursts, or several cameras. */
export function burstDevices({ cameras, xy, z }: MdaContext): BurstDevices | null {
  const [camera, ...others] = cameras;
  if (!camera || others.length > 0 || !takesBursts(camera)) return null;
  const axes = [xy?.x, xy?.y, z].filter((axis): axis is Axis & Sequenceable<number> => isSequenceable(axis));
  return { camera, axes };
}

/** Events in the groups that can be taken in one burst each; without such devices, one by one. */
export function* inBursts(
  events: Iterable<MdaEvent>,
  devices: BurstDevices | null,
  context: MdaContext,
): Generator<readonly MdaEvent[]> {
  let group: MdaEvent[] = [];
  const limit = devices ? Math.min(devices.camera.burstLimit, ...devices.axes.map((axis) => axis.sequenceLimit)) : 1;
  for (const event of events) {
    const last = group.at(-1);
    const joins = devices && last && group.length < limit && follows(last, event, devices, context);
    if (last && !joins) {
      yield group;
      group = [];
    }
    group.push(event);
  }
  if (group.length > 0) yield group;
}

/** The second comes at once after the first, in the same light, and only devices of the burst have to move. */
function follows(first: MdaEvent, second: MdaEvent, { axes }: BurstDevices, { xy, z }: MdaContext): boolean {
  const atOnce = second.minStartS === first.minStartS && !second.resetEventTimer && !second.skippedWhenLate;
  const alike = first.action.type === 'acquire_image' && second.action.type === 'acquire_image';
  const sameLight =
    first.channel === null || (first.keepShutterOpen && first.channel.config === second.channel?.config);
  const moves = [
    ...(first.xUm === second.xUm ? [] : [xy?.x]),
    ...(first.yUm === second.yUm ? [] : [xy?.y]),
    ...(first.zUm === second.zUm && first.zOffsetUm === second.zOffsetUm ? [] : [z]),
  ];
  // A burst has a value for each exposure, so that an axis is either placed in all of them or in none.
  const placed = ({ xUm, yUm, zUm }: MdaEvent) => [xUm, yUm, zUm].map((um) => um !== null).join();
  const samePlaces = placed(first) === placed(second);
  const known: readonly unknown[] = axes;
  const properties = second.properties === first.properties || second.properties.length === 0;
  return atOnce && alike && sameLight && properties && samePlaces && moves.every((axis) => known.includes(axis));
}
