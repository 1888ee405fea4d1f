import { isConfigurable, type Movable, type Readable } from '../../device/protocols.ts';
import type { Axis } from '../../device/roles.ts';
import { msg, type Plan } from '../../engine/msg.ts';
import { RedsunError } from '../../util/errors.ts';
import { checkpoint, configure, mv, nothing, read, trigger, wait } from '../stubs.ts';
import { finalizeWrapper } from '../wrappers.ts';
import { autofocusNamed, findFocus } from './autofocus.ts';
import type { SequenceAxes } from './axes.ts';
import { BurstRun } from './burst-run.ts';
import { burstDevices, inBursts } from './bursts.ts';
import type { ChannelPlans, MdaContext } from './context.ts';
import type { MdaEvent } from './events.ts';
import type { MdaOrigin } from './expand.ts';
import type { PutBack } from './put-back.ts';

/** Carries events out, one after the other, and leaves the light off and everything that it changed as it was. */
export class SequenceRun {
  readonly #context: MdaContext;
  readonly #origin: MdaOrigin;
  readonly #putBack: PutBack;
  /** null: each exposure is taken by itself. */
  readonly #bursts: BurstRun | null;
  /** What is read into every event: the same from the first to the last, as a stream has one descriptor. */
  readonly #readings: readonly Readable[];
  #channel: string | null = null;
  #exposureMs: number | null = null;
  #lit: ChannelPlans | null = null;
  readonly #targets = new Map<Axis, number>();
  /** How far focusing has moved each position from where the sequence has it, um. */
  readonly #corrections = new Map<number, number>();
  #timerS: number | null = null;
  /** The place whose exposure, or the focusing before it, started the timer. */
  #startedAt: MdaEvent['place'] | null = null;
  /** The time that was told last. */
  #toldS: number | null = null;
  /** Time points that were asked about last: which is gone through, which is not. */
  #begun: number | null = null;
  #leftOut: number | null = null;

  /** @param putBack - told of all that is changed. */
  constructor(axes: SequenceAxes, context: MdaContext, origin: MdaOrigin, putBack: PutBack) {
    this.#context = context;
    this.#origin = origin;
    this.#putBack = putBack;
    const devices = burstDevices(context);
    this.#bursts = devices && new BurstRun(devices);
    this.#readings = readingsOf(axes, context).map((device) => this.#bursts?.standInFor(device) ?? device);
  }

  /** The plan of all events. */
  *plan(events: Iterable<MdaEvent>): Plan<void> {
    const self = this;
    yield* finalizeWrapper(
      (function* () {
        for (const group of inBursts(events, self.#bursts?.devices ?? null, self.#context)) {
          const [event] = group as readonly [MdaEvent];
          if (self.#isLeftOut(event)) continue;
          if (self.#bursts && group.length > 1) yield* self.#carryOutBurst(group, self.#bursts);
          else yield* self.#carryOut(event);
        }
      })(),
      () => finalizeWrapper(this.#darken(), () => this.#putBack.places()),
    );
  }

  *#carryOut(event: MdaEvent): Plan<void> {
    yield* checkpoint();
    // The way there is no part of the interval: it is gone before the time has come.
    const asked = yield* this.#moveTo(event);
    yield* this.#setProperties(event);
    if (event.action.type === 'hardware_autofocus') {
      yield* this.#waitForTime(event);
      yield* this.#focus(event);
      return;
    }
    const channel = yield* this.#choose(event);
    yield* this.#waitForTime(event);
    yield msg('frame_place', null, [], { index: event.place, asked });
    yield* finalizeWrapper(this.#expose(channel), () => (event.keepShutterOpen ? nothing() : this.#darken()));
    yield* this.#makeEvent();
  }

  *#makeEvent(): Plan<void> {
    yield msg('create', null, [], { name: 'primary' });
    for (const device of this.#readings) yield* read(device);
    yield msg('save');
  }

  /** Many exposures that the devices take on their own; documents have one event for each all the same. */
  *#carryOutBurst(events: readonly MdaEvent[], run: BurstRun): Plan<void> {
    const [first] = events as readonly [MdaEvent];
    yield* checkpoint();
    yield* this.#moveTo(first);
    yield* this.#setProperties(first);
    const channel = yield* this.#choose(first);
    yield* this.#waitForTime(first);
    const frames = events.map((event) => ({
      place: event.place,
      targets: this.#targetsOf(event),
      exposureMs: this.#exposureOf(event),
    }));
    for (const axis of frames.flatMap(({ targets }) => [...targets.keys()])) {
      this.#putBack.moves(axis, this.#homeOf(axis));
    }
    const keepsOpen = events.at(-1)?.keepShutterOpen ?? false;
    yield* finalizeWrapper(
      run.take(frames, () => this.#illuminate(channel)),
      () => (keepsOpen ? nothing() : this.#darken()),
    );
    for (const [axis, target] of frames.at(-1)?.targets ?? []) this.#targets.set(axis, target);
    for (const at of events.keys()) {
      yield* run.show(at);
      yield* this.#makeEvent();
    }
    yield* run.show(null);
  }

  *#illuminate(channel: ChannelPlans | null): Plan<void> {
    if (this.#lit !== channel) yield* this.#darken();
    if (!channel || this.#lit !== null) return;
    // Before it is lit: a light that fails to come on is put out all the same.
    this.#lit = channel;
    yield* channel.illuminate();
  }

  *#expose(channel: ChannelPlans | null): Plan<void> {
    yield* this.#illuminate(channel);
    for (const camera of this.#context.cameras) yield* trigger(camera, { group: 'expose' });
    yield* wait('expose');
  }

  *#darken(): Plan<void> {
    const lit = this.#lit;
    this.#lit = null;
    if (lit) yield* lit.darken();
  }

  /** Times are counted from where the first exposure, or the focusing before it, begins. */
  *#waitForTime({ minStartS, resetEventTimer, place }: MdaEvent): Plan<void> {
    const { nowS, onTimePoint } = this.#context;
    if (this.#timerS === null || (resetEventTimer && this.#startedAt !== place)) {
      this.#timerS = nowS() - (minStartS ?? 0);
      this.#startedAt = place;
      this.#toldS = null;
    }
    if (minStartS === null) return;
    const dueS = (this.#timerS ?? 0) + minStartS;
    const leftS = dueS - nowS();
    if (leftS > 0) yield msg('sleep', null, [leftS], { left: () => dueS - nowS() });
    if (this.#toldS === minStartS) return;
    this.#toldS = minStartS;
    onTimePoint?.({ kind: 'begun', dueS: minStartS, lateS: Math.max(0, nowS() - dueS) });
  }

  /** A time point is left out as a whole, and only when the next one is due before it has begun. */
  #isLeftOut({ place, nextStartS, skippedWhenLate, resetEventTimer }: MdaEvent): boolean {
    if (!skippedWhenLate || nextStartS === null) return false;
    const timePoint = place.t;
    if (this.#begun === timePoint) return false;
    if (this.#leftOut === timePoint) return true;
    const isFirst = this.#timerS === null || resetEventTimer;
    const late = !isFirst && this.#context.nowS() >= (this.#timerS ?? 0) + nextStartS;
    if (late) {
      this.#leftOut = timePoint;
      this.#context.onTimePoint?.({ kind: 'left-out' });
    } else this.#begun = timePoint;
    return late;
  }

  *#moveTo(event: MdaEvent): Plan<Record<string, number>> {
    const targets = this.#targetsOf(event);
    const moves = [...targets].filter(([axis, target]) => this.#targets.get(axis) !== target);
    for (const [axis, target] of moves) {
      this.#targets.set(axis, target);
      this.#putBack.moves(axis, this.#homeOf(axis));
    }
    yield* mv(moves as [Movable, number][], { group: 'mda-move' });
    return asked(targets);
  }

  #targetsOf(event: MdaEvent): Map<Axis, number> {
    const { xy, z } = this.#context;
    const targets = new Map<Axis, number>();
    if (xy && event.xUm !== null) targets.set(xy.x, event.xUm);
    if (xy && event.yUm !== null) targets.set(xy.y, event.yUm);
    const height = this.#heightOf(event);
    if (z && height !== null) targets.set(z, height);
    return targets;
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
      yield* this.#putBack.configure(device, { [property]: value });
    }
  }

  *#focus({ action, place }: MdaEvent): Plan<void> {
    if (action.type !== 'hardware_autofocus') return;
    const { z } = this.#context;
    if (z) this.#putBack.moves(z, this.#homeOf(z));
    const autofocus = autofocusNamed(this.#context.autofocuses ?? [], action.autofocus_device_name);
    this.#putBack.focuses(autofocus);
    const moved = yield* findFocus(autofocus, z, {
      offsetUm: action.autofocus_motor_offset,
      maxRetries: action.max_retries,
      place: `position ${place.p}, time point ${place.t}`,
    });
    this.#corrections.set(place.p, (this.#corrections.get(place.p) ?? 0) + moved);
    // The lock has moved the axis: where it is now is where it was last asked to be, corrected.
    if (z && this.#targets.has(z)) this.#targets.set(z, (this.#targets.get(z) ?? 0) + moved);
  }

  *#choose(event: MdaEvent): Plan<ChannelPlans | null> {
    const { channel } = event;
    const plans = channel ? (this.#context.channels.get(channel.config) ?? null) : null;
    if (channel && channel.config !== this.#channel) {
      this.#channel = channel.config;
      if (plans) yield* plans.select();
    }
    const exposure = this.#exposureOf(event);
    if (exposure !== null && exposure !== this.#exposureMs) {
      for (const camera of this.#context.cameras) {
        this.#putBack.exposes(camera);
        // What is read is configured, so that its descriptor tells.
        yield* configure(this.#bursts?.frames ?? camera, { exposure_ms: exposure });
      }
      this.#exposureMs = exposure;
    }
    return plans;
  }

  #exposureOf({ channel, exposureMs }: MdaEvent): number | null {
    return exposureMs ?? (channel ? this.#context.channels.get(channel.config)?.exposureMs : null) ?? null;
  }

  #homeOf(axis: Axis): number {
    const { xy } = this.#context;
    if (axis === xy?.x) return this.#origin.xUm;
    return axis === xy?.y ? this.#origin.yUm : this.#origin.zUm;
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

function asked(targets: ReadonlyMap<Axis, number>): Record<string, number> {
  return Object.fromEntries([...targets].map(([axis, target]) => [axis.name, target]));
}
