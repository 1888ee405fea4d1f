import type { Movable } from '../../device/protocols.ts';
import type { Axis, Camera, XYStage } from '../../device/roles.ts';
import { msg, type Plan } from '../../engine/msg.ts';
import type { FrameLayout } from '../../storage/layout.ts';
import { checkpoint, mv, nothing, prepare, read, sleep, trigger, wait } from '../stubs.ts';
import { finalizeWrapper, runWrapper, stageWrapper } from '../wrappers.ts';
import { axisOrder, axisSizes, expandSequence, exposuresByChannel, type MdaEvent, zPlanes } from './expand.ts';
import type { MdaChannel, MdaSequence } from './sequence.ts';

/** What a named channel means on this microscope; given by the session. */
export interface ChannelPlans {
  /** `#rrggbb`, for the picture. */
  readonly colour: string;
  /** Exposure, ms, where the sequence gives none. */
  readonly exposureMs: number;
  /** Sets filter, intensities; lights stay as they are. */
  select(): Plan<unknown>;
  /** Lights of the channel on, shutter open. */
  illuminate(): Plan<unknown>;
  /** The same lights off, shutter closed. */
  darken(): Plan<unknown>;
}

/** The devices that a sequence is acquired with. */
export interface MdaContext {
  /** Cameras that expose at each event, in the order of the start document. */
  readonly cameras: readonly Camera[];
  /** Null: the microscope has none, and a sequence that needs it is refused before the run. */
  readonly xy: XYStage | null;
  /** Focus axis, um; null: the microscope has none, and a sequence with planes is refused before the run. */
  readonly z: Axis | null;
  /** Channels of the session, by the name that a sequence uses. */
  readonly channels: ReadonlyMap<string, ChannelPlans>;
  /** Monotonic time, s. */
  readonly nowS: () => number;
}

/** The layout of a sequence's frames in the store. */
export function mdaLayout(
  sequence: MdaSequence,
  channels: ReadonlyMap<string, { readonly colour: string }>,
): FrameLayout {
  const planes = zPlanes(sequence.z_plan)?.um ?? [];
  const [first, second] = planes;
  return {
    order: axisOrder(sequence),
    sizes: axisSizes(sequence),
    channels: (sequence.channels ?? []).map(({ config }) => ({
      name: config,
      colour: channels.get(config)?.colour ?? '#c9ced4',
    })),
    positions: (sequence.stage_positions ?? []).map((position, index) => ({
      name: position.name ?? `Pos${index}`,
      xUm: position.x ?? null,
      yUm: position.y ?? null,
      zUm: position.z ?? null,
    })),
    zStepUm: first !== undefined && second !== undefined ? Math.abs(second - first) : null,
    intervalS: sequence.time_plan?.interval || null,
  };
}

/**
 * Acquires a multi-dimensional sequence. One event per exposure; before it the axes have arrived and are read,
 * and the frame's place is announced with a `frame_place` message, so that the store knows where it goes.
 */
export function* mda(sequence: MdaSequence, context: MdaContext, metadata: Record<string, unknown> = {}): Plan<void> {
  const layout = mdaLayout(sequence, context.channels);
  const points = exposuresByChannel(sequence).reduce((sum, { exposures }) => sum + exposures, 0);
  const start = {
    detectors: context.cameras.map(({ name }) => name),
    num_points: points,
    plan_type: 'generator',
    plan_name: 'mda',
    mda_sequence: sequence,
    axis_order: layout.order,
    shape: layout.order.map((axis) => layout.sizes[axis]),
    hints: { dimensions: layout.order.map((axis) => [[axis], 'primary']) },
    ...metadata,
  };
  function* prepared(): Plan<void> {
    // Not a fixed number: a pause may cost a frame that is taken again. The layout says how large the store becomes.
    for (const camera of context.cameras) yield* prepare(camera, { frames: 0, layout });
    yield* runWrapper(new SequenceRun(sequence, context).plan(expandSequence(sequence)), start);
  }
  yield* stageWrapper(prepared(), context.cameras);
}

class SequenceRun {
  readonly #sequence: MdaSequence;
  readonly #context: MdaContext;
  #channel: MdaChannel | null = null;
  #exposureMs: number | null = null;
  #position = -1;
  /** Where the focus was when this position was reached: what relative planes count from. */
  #focusUm = 0;
  #z: number | null = null;
  #firstExposureS: number | null = null;

  constructor(sequence: MdaSequence, context: MdaContext) {
    this.#sequence = sequence;
    this.#context = context;
  }

  *plan(events: Iterable<MdaEvent>): Plan<void> {
    const { z } = this.#context;
    const home = z ? ((yield* readback(z)) ?? 0) : 0;
    this.#focusUm = home;
    const self = this;
    yield* finalizeWrapper(
      (function* () {
        for (const event of events) yield* self.#acquire(event);
      })(),
      () => (z && this.#z !== null ? this.#goHome(z, home) : nothing()),
    );
  }

  *#acquire(event: MdaEvent): Plan<void> {
    const { cameras } = this.#context;
    yield* checkpoint();
    yield* this.#waitForTime(event);
    const { asked, axes } = yield* this.#moveTo(event);
    const channel = yield* this.#choose(event);
    yield msg('frame_place', null, [], { index: event.index, asked });
    yield* finalizeWrapper(this.#expose(channel), () => channel?.darken() ?? nothing());
    yield msg('create', null, [], { name: 'primary' });
    for (const device of [...cameras, ...axes]) yield* read(device);
    yield msg('save');
  }

  *#expose(channel: ChannelPlans | null): Plan<void> {
    if (channel) yield* channel.illuminate();
    for (const camera of this.#context.cameras) yield* trigger(camera, { group: 'expose' });
    yield* wait('expose');
  }

  *#waitForTime({ minStartS }: MdaEvent): Plan<void> {
    const { nowS } = this.#context;
    if (this.#firstExposureS === null) this.#firstExposureS = nowS();
    if (minStartS === null) return;
    const leftS = this.#firstExposureS + minStartS - nowS();
    if (leftS > 0) yield* sleep(leftS);
  }

  *#moveTo(event: MdaEvent): Plan<{ asked: Record<string, number>; axes: Axis[] }> {
    const { xy, z } = this.#context;
    const targets = new Map<Movable<number>, number>();
    const asked: Record<string, number> = {};
    const { position } = event;
    if (position && (event.index.p ?? 0) !== this.#position) {
      this.#position = event.index.p ?? 0;
      if (xy && position.x != null) targets.set(xy.x, position.x);
      if (xy && position.y != null) targets.set(xy.y, position.y);
      if (z && position.z != null) this.#focusUm = position.z;
    }
    const height = event.z ?? (position?.z != null ? { kind: 'relative' as const, um: 0 } : null);
    if (z && height) {
      const target = height.kind === 'absolute' ? height.um : this.#focusUm + height.um;
      if (target !== this.#z) targets.set(z, target);
      this.#z = target;
      asked[z.name] = target;
    }
    if (xy && position?.x != null) asked[xy.x.name] = position.x;
    if (xy && position?.y != null) asked[xy.y.name] = position.y;
    yield* mv(targets as Map<Movable, unknown>, { group: 'mda-move' });
    const usesXY = (this.#sequence.stage_positions?.length ?? 0) > 0;
    return { asked, axes: [...(z && this.#z !== null ? [z] : []), ...(xy && usesXY ? [xy.x, xy.y] : [])] };
  }

  *#choose(event: MdaEvent): Plan<ChannelPlans | null> {
    if (!event.channel) return null;
    const channel = this.#context.channels.get(event.channel.config) ?? null;
    if (event.channel !== this.#channel) {
      this.#channel = event.channel;
      if (channel) yield* channel.select();
    }
    const exposureMs = event.channel.exposure ?? channel?.exposureMs ?? null;
    if (exposureMs !== null && exposureMs !== this.#exposureMs) {
      for (const camera of this.#context.cameras) yield msg('configure', camera, [{ exposure_ms: exposureMs }]);
      this.#exposureMs = exposureMs;
    }
    return channel;
  }

  *#goHome(z: Axis, home: number): Plan<void> {
    yield* mv(new Map([[z as Movable, home]]), { group: 'mda-home' });
  }
}

function* readback(axis: Axis): Plan<number | null> {
  const { readback } = yield msg('locate', axis);
  return readback;
}
