import type { Axis } from '../../device/roles.ts';
import type { Plan } from '../../engine/msg.ts';
import { locate, prepare } from '../stubs.ts';
import { finalizeWrapper, runWrapper, stageWrapper } from '../wrappers.ts';
import { sequenceAxes } from './axes.ts';
import type { MdaContext } from './context.ts';
import { exposuresOf } from './count.ts';
import { eventsOf, type MdaOrigin } from './expand.ts';
import { freezeSequence } from './freeze.ts';
import { layoutOf } from './mda-layout.ts';
import { countMissing, missingEvents } from './missing-events.ts';
import { placesOf } from './places.ts';
import { PutBack } from './put-back.ts';
import { refusal } from './refusal.ts';
import type { MdaSequence } from './sequence.ts';
import { SequenceRun } from './sequence-run.ts';

/**
 * Acquires a multi-dimensional sequence. One event per exposure; before it the axes have arrived and are read,
 * and the frame's place is announced with a `frame_place` message, so that the store knows where it goes. What the
 * sequence leaves to chance or to the microscope is written into the start document as it was decided.
 * @throws RedsunError `mda/bad-sequence`, `mda/unknown-plate` before anything moves; `plan/autofocus` when a focus lock fails.
 */
export function* mda(sequence: MdaSequence, context: MdaContext, metadata: Record<string, unknown> = {}): Plan<void> {
  const { random = Math.random, fieldOfViewUm = null } = context;
  const frozen = freezeSequence(sequence, { random, fieldOfViewUm });
  const axes = sequenceAxes(frozen, 'sequence', random);
  const places = placesOf(axes);
  const points = exposuresOf(axes).reduce((sum, { exposures }) => sum + exposures, 0);
  if (points === 0) throw refusal('sequence', frozen, 'something to acquire');
  const { resume } = context;
  const origin = resume?.origin ?? (yield* whereItStands(context));
  const layout = layoutOf(axes, places, context.channels, origin);
  const start = {
    detectors: context.cameras.map(({ name }) => name),
    num_points: resume ? countMissing(eventsOf(axes, places, origin), resume.isDone) : points,
    plan_type: 'generator',
    plan_name: 'mda',
    mda_sequence: frozen,
    mda_origin_um: [origin.xUm, origin.yUm, origin.zUm],
    axis_order: layout.order,
    shape: layout.order.map((axis) => layout.sizes[axis]),
    hints: { dimensions: layout.order.map((axis) => [[axis], 'primary']) },
    ...metadata,
  };
  const putBack = new PutBack(context.rememberLightPath);
  function* prepared(): Plan<void> {
    // Not a fixed number: a pause may cost a frame that is taken again. The layout says how large the store becomes.
    for (const camera of context.cameras) {
      yield* prepare(camera, { frames: 0, layout, ...(resume && { firstFrame: resume.firstFrame }) });
    }
    const run = new SequenceRun(axes, context, origin, putBack);
    const events = eventsOf(axes, places, origin);
    yield* runWrapper(run.plan(resume ? missingEvents(events, resume.isDone) : events), start);
  }
  yield* finalizeWrapper(stageWrapper(prepared(), context.cameras), () => putBack.settings());
}

/** What places without a coordinate are counted from. */
function* whereItStands({ xy, z }: MdaContext): Plan<MdaOrigin> {
  const stands = function* (axis: Axis | undefined | null): Plan<number> {
    if (!axis) return 0;
    const { setpoint, readback } = (yield* locate(axis)) ?? {};
    return standsAt(axis, setpoint ?? null, readback ?? null);
  };
  return { xUm: yield* stands(xy?.x), yUm: yield* stands(xy?.y), zUm: yield* stands(z) };
}

/**
 * Where an axis stands: where it was sent, when that is where it is. Counted from the read-back, which is never quite there, runs that
 * follow each other would creep away.
 */
export function standsAt({ tolerance }: Axis, targetUm: number | null, positionUm: number | null): number {
  if (positionUm === null) return targetUm ?? 0;
  return targetUm !== null && Math.abs(targetUm - positionUm) <= tolerance ? targetUm : positionUm;
}
