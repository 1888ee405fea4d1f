import { isConfigurable, type Movable, type Readable } from '../../device/protocols.ts';
import type { Axis } from '../../device/roles.ts';
import { msg, type Plan } from '../../engine/msg.ts';
import { RedsunError } from '../../util/errors.ts';
import { checkpoint, configure, mv, nothing, read, sleep, trigger, wait } from '../stubs.ts';
import { finalizeWrapper } from '../wrappers.ts';
import { autofocusNamed, findFocus } from './autofocus.ts';
import type { SequenceAxes } from './axes.ts';
import type { ChannelPlans, MdaContext } from './context.ts';
import type { MdaEvent } from './events.ts';
import type { MdaOrigin } from './expand.ts';

/** Carries events out, one after the other, and leaves the light off and the focus where it was. */
export class SequenceRun {
  readonly #context: MdaContext;
  readonly #origin: MdaOrigin;
  /** What is read into every event: the same from the first to the last, as a stream has one descriptor. */
  readonly #readings: readonly Readable[];
  #channel: string | null = null;
  #exposureMs: number | null = null;
  #lit: ChannelPlans | null = null;
  readonly #targets = new Map<Axis, number>();
  /** How far focusing has moved each position from where the sequence has it, um. */
  readonly #corrections = new Map<number, number>();
  #timerS: number | null = null;
  /** Time points that were asked about last: which is gone through, which is not. */
  #begun: string | null = null;
  #leftOut: string | null = null;

  constructor(axes: SequenceAxes, context: MdaContext, origin: MdaOrigin) {
    this.#context = context;
    this.#origin = origin;
    this.#readings = readingsOf(axes, context);
  }

  /** The plan of all events. */
  *plan(events: Iterable<MdaEvent>): Plan<void> {
    const self = this;
    yield* finalizeWrapper(
      (function* () {
        for (const event of events) if (!self.#isLeftOut(event)) yield* self.#carryOut(event);
      })(),
      () => finalizeWrapper(this.#darken(), () => this.#goHome()),
    );
  }

  *#carryOut(event: MdaEvent): Plan<void> {
    yield* checkpoint();
    yield* this.#waitForTime(event);
    const asked = yield* this.#moveTo(event);
    yield* this.#setProperties(event);
    if (event.action.type === 'hardware_autofocus') {
      yield* this.#focus(event);
      return;
    }
    const channel = yield* this.#choose(event);
    yield msg('frame_place', null, [], { index: event.place, asked });
    yield* finalizeWrapper(this.#expose(channel), () => (event.keepShutterOpen ? nothing() : this.#darken()));
    yield msg('create', null, [], { name: 'primary' });
    for (const device of this.#readings) yield* read(device);
    yield msg('save');
  }

  *#expose(channel: ChannelPlans | null): Plan<void> {
    if (this.#lit !== channel) yield* this.#darken();
    if (channel && this.#lit === null) {
      // Before it is lit: a light that fails to come on is put out all the same.
      this.#lit = channel;
      yield* channel.illuminate();
    }
    for (const camera of this.#context.cameras) yield* trigger(camera, { group: 'expose' });
    yield* wait('expose');
  }

  *#darken(): Plan<void> {
    const lit = this.#lit;
    this.#lit = null;
    if (lit) yield* lit.darken();
  }

  *#waitForTime({ minStartS, resetEventTimer }: MdaEvent): Plan<void> {
    const { nowS } = this.#context;
    if (this.#timerS === null || resetEventTimer) this.#timerS = nowS();
    if (minStartS === null) return;
    const leftS = this.#timerS + minStartS - nowS();
    if (leftS > 0) yield* sleep(leftS);
  }

  /** A time point is left out as a whole, and only when the next one is due before it has begun. */
  #isLeftOut({ index, place, nextStartS, skippedWhenLate, resetEventTimer }: MdaEvent): boolean {
    if (!skippedWhenLate || nextStartS === null) return false;
    const timePoint = `${place.p} ${index.t}`;
    if (this.#begun === timePoint) return false;
    if (this.#leftOut === timePoint) return true;
    const isFirst = this.#timerS === null || resetEventTimer;
    const late = !isFirst && this.#context.nowS() >= (this.#timerS ?? 0) + nextStartS;
    if (late) this.#leftOut = timePoint;
    else this.#begun = timePoint;
    return late;
  }

  *#moveTo(event: MdaEvent): Plan<Record<string, number>> {
    const { xy, z } = this.#context;
    const targets = new Map<Axis, number>();
    if (xy && event.xUm !== null) targets.set(xy.x, event.xUm);
    if (xy && event.yUm !== null) targets.set(xy.y, event.yUm);
    const height = this.#heightOf(event);
    if (z && height !== null) targets.set(z, height);
    const moves = [...targets].filter(([axis, target]) => this.#targets.get(axis) !== target);
    for (const [axis, target] of moves) this.#targets.set(axis, target);
    yield* mv(moves as [Movable, number][], { group: 'mda-move' });
    return Object.fromEntries([...targets].map(([axis, target]) => [axis.name, target]));
  }

  /** null: the focus stays. Once it was moved, an event that asks for no height means where it was before the run. */
  #heightOf({ zUm, zOffsetUm, place }: MdaEvent): number | null {
    const { z } = this.#context;
    if (zUm === null && zOffsetUm === 0 && !(z && this.#targets.has(z))) return null;
    return (zUm ?? this.#origin.zUm) + zOffsetUm + (this.#corrections.get(place.p) ?? 0);
  }

  *#setProperties({ properties }: MdaEvent): Plan<void> {
    for (const [name, property, value] of properties) {
      const device = this.#context.devices?.get(name);
      if (!isConfigurable(device)) {
        throw new RedsunError('plan/unknown-device', `mda: properties: no device "${name}" that can be configured`);
      }
      yield* configure(device, { [property]: value });
    }
  }

  *#focus({ action, place }: MdaEvent): Plan<void> {
    if (action.type !== 'hardware_autofocus') return;
    const { z } = this.#context;
    const autofocus = autofocusNamed(this.#context.autofocuses ?? [], action.autofocus_device_name);
    const moved = yield* findFocus(autofocus, z, {
      offsetUm: action.autofocus_motor_offset,
      maxRetries: action.max_retries,
      place: `position ${place.p}, time point ${place.t}`,
    });
    this.#corrections.set(place.p, (this.#corrections.get(place.p) ?? 0) + moved);
    // The lock has moved the axis: where it is now is where it was last asked to be, corrected.
    if (z && this.#targets.has(z)) this.#targets.set(z, (this.#targets.get(z) ?? 0) + moved);
  }

  *#choose({ channel, exposureMs }: MdaEvent): Plan<ChannelPlans | null> {
    const plans = channel ? (this.#context.channels.get(channel.config) ?? null) : null;
    if (channel && channel.config !== this.#channel) {
      this.#channel = channel.config;
      if (plans) yield* plans.select();
    }
    const exposure = exposureMs ?? plans?.exposureMs ?? null;
    if (exposure !== null && exposure !== this.#exposureMs) {
      for (const camera of this.#context.cameras) yield* configure(camera, { exposure_ms: exposure });
      this.#exposureMs = exposure;
    }
    return plans;
  }

  *#goHome(): Plan<void> {
    const { z } = this.#context;
    if (z && this.#targets.has(z)) yield* mv([[z as Movable, this.#origin.zUm]], { group: 'mda-home' });
  }
}

function readingsOf(axes: SequenceAxes, { cameras, xy, z, autofocuses = [] }: MdaContext): Readable[] {
  const own = axes.positions.flatMap((position) => position.own ?? []);
  const all = [axes, ...own];
  const movesXY = axes.positions.length > 0 || all.some(({ grid }) => grid !== null);
  const focuses = all.some(({ autofocus }) => autofocus !== null);
  const movesZ =
    focuses ||
    all.some(({ planes, channels }) => planes !== null || channels.some(({ z_offset }) => (z_offset ?? 0) !== 0)) ||
    axes.positions.some(({ zUm, zFromFocusUm }) => zUm !== null || zFromFocusUm !== null);
  return [
    ...cameras,
    ...(z && movesZ ? [z] : []),
    ...(xy && movesXY ? [xy.x, xy.y] : []),
    ...(focuses ? autofocuses : []),
  ];
}
