import { type SequenceAxes, type StagePosition, sequenceAxes } from './axes.ts';
import type { MdaEvent, MdaEventChannel } from './events.ts';
import { isSkipped, type PassIndex, type PositionPass, passIndices } from './passes.ts';
import { type Places, placesOf } from './places.ts';
import type { MdaAutofocusPlan, MdaAxis, MdaChannel, MdaProperty, MdaSequence } from './sequence.ts';
import type { ZPlanes } from './z-planes.ts';

/** Where the stage and the focus are: what a place without a coordinate is counted from, um. */
export interface MdaOrigin {
  /** um */
  readonly xUm: number;
  /** um */
  readonly yUm: number;
  /** um */
  readonly zUm: number;
}

const STAGE_ORIGIN: MdaOrigin = { xUm: 0, yUm: 0, zUm: 0 };
const MAX_RETRIES = 3;

/** What is known about an event while it is put together; of an inner sequence it is kept from one event to the next. */
interface Draft {
  index: PassIndex;
  xUm: number | null;
  yUm: number | null;
  zUm: number | null;
  zOffsetUm: number;
  posName: string | null;
  properties: readonly MdaProperty[];
  channel: MdaEventChannel | null;
  exposureMs: number | null;
  minStartS: number | null;
  nextStartS: number | null;
  skippedWhenLate: boolean;
}

const BLANK: Draft = {
  index: {},
  xUm: null,
  yUm: null,
  zUm: null,
  zOffsetUm: 0,
  posName: null,
  properties: [],
  channel: null,
  exposureMs: null,
  minStartS: null,
  nextStartS: null,
  skippedWhenLate: false,
};

/**
 * Every event of a sequence in order, those of useq-schema 0.9; docs/useq-schema.md lists where it goes its own way.
 * @param origin - default: the zero of the stage, as useq has it.
 * @throws RedsunError `mda/bad-sequence`, `mda/unknown-plate` before the first event.
 */
export function* expandSequence(sequence: MdaSequence, origin: MdaOrigin = STAGE_ORIGIN): Generator<MdaEvent> {
  const axes = sequenceAxes(sequence, 'sequence', Math.random);
  yield* eventsOf(axes, placesOf(axes), origin);
}

/** Every event of a sequence whose plans are worked out. */
export function* eventsOf(axes: SequenceAxes, places: Places, origin: MdaOrigin = STAGE_ORIGIN): Generator<MdaEvent> {
  const events = new Expansion(axes, places, origin).outer();
  const { shutterOpenAcross } = axes;
  if (shutterOpenAcross.length === 0) {
    yield* events;
    return;
  }
  let last: MdaEvent | null = null;
  for (const event of events) {
    if (last) yield { ...last, keepShutterOpen: onlyMovesAlong(shutterOpenAcross, last, event) };
    last = event;
  }
  if (last) yield last;
}

function onlyMovesAlong(axes: readonly string[], { index }: MdaEvent, next: MdaEvent): boolean {
  const names = Object.keys(index) as MdaAxis[];
  return names.every((axis) => index[axis] === next.index[axis] || axes.includes(axis));
}

class Expansion {
  readonly #axes: SequenceAxes;
  readonly #places: Places;
  readonly #origin: MdaOrigin;
  /** Index of the last event that each focus plan was asked about, by the sequence it belongs to. */
  readonly #focused = new Map<SequenceAxes, PassIndex>();

  constructor(axes: SequenceAxes, places: Places, origin: MdaOrigin) {
    this.#axes = axes;
    this.#places = places;
    this.#origin = origin;
  }

  *outer(): Generator<MdaEvent> {
    const axes = this.#axes;
    let lastT = -1;
    let lastP = -1;
    for (const index of passIndices(axes)) {
      const pass = this.#places.passes[index.p ?? 0]!;
      if (isSkipped(axes, index, pass.firstOnly)) continue;
      const { position, inner } = pass;
      const draft = { ...BLANK };
      const channel = this.#fill(draft, axes, index, position, this.#origin);
      if (position?.name) draft.posName = position.name;
      // Set on arrival, not again at each exposure.
      if (position && (index.p ?? -1) !== lastP) draft.properties = position.properties;
      lastP = index.p ?? -1;
      if (inner) {
        yield* this.#inner(pass, inner, index, draft, channel, lastT);
        continue;
      }
      const own = position?.own?.autofocus ? position.own : null;
      const place = this.#places.placeOf(index, null);
      yield* this.#finished(draft, place, index.t === 0 && lastT !== 0, own ?? axes, null);
      lastT = index.t ?? lastT;
    }
  }

  /** The sequence of a position, at one point of the sequence around it. */
  *#inner(
    { position }: PositionPass,
    inner: SequenceAxes,
    outerIndex: PassIndex,
    outer: Draft,
    outerChannel: MdaChannel | null,
    lastOuterT: number,
  ): Generator<MdaEvent> {
    const { zUm, xUm, yUm } = outer;
    const draft = { ...outer };
    const shift = this.#shiftOf(position!, inner);
    let lastT = lastOuterT;
    for (const index of passIndices(inner)) {
      if (isSkipped(inner, index, new Set())) continue;
      const channel = this.#fill(draft, inner, index, null, STAGE_ORIGIN);
      if (!channel && draft.zUm !== null && inner.planes) draft.zOffsetUm = outerChannel?.z_offset ?? 0;
      if (position?.name) draft.posName = position.name;
      if (!inner.planes) draft.zUm = zUm;
      if (!inner.grid) [draft.xUm, draft.yUm] = [xUm, yUm];
      if (draft.xUm !== null) draft.xUm += shift.xUm;
      if (draft.yUm !== null) draft.yUm += shift.yUm;
      if (draft.zUm !== null) draft.zUm += shift.zUm;
      const place = this.#places.placeOf(outerIndex, index);
      const timed = draft.index.t === 0 && lastT !== 0;
      yield* this.#finished(draft, place, timed, inner.autofocus ? inner : this.#axes, inner.planes);
      lastT = draft.index.t ?? lastT;
    }
  }

  /** What the points of one sequence say about an event. @returns the channel, null when it says nothing about it. */
  #fill(
    draft: Draft,
    axes: SequenceAxes,
    index: PassIndex,
    position: StagePosition | null,
    origin: MdaOrigin,
  ): MdaChannel | null {
    const channel = index.c === undefined ? null : axes.channels[index.c]!;
    const plane = index.z === undefined ? undefined : axes.planes?.at(index.z);
    const tile = index.g === undefined ? undefined : axes.grid?.at(index.g);
    draft.index = { ...draft.index, ...index };
    draft.zUm = position ? heightOf(position, origin) : null;
    if (plane !== undefined) {
      const base = axes.planes?.kind === 'relative' ? (draft.zUm ?? origin.zUm) : 0;
      draft.zUm = plane + (channel?.z_offset ?? 0) + base;
    }
    const counted = tile && axes.grid?.kind === 'relative';
    draft.xUm = tile ? tile.xUm + (counted ? (position?.xUm ?? origin.xUm) : 0) : (position?.xUm ?? null);
    draft.yUm = tile ? tile.yUm + (counted ? (position?.yUm ?? origin.yUm) : 0) : (position?.yUm ?? null);
    if (channel) {
      draft.channel = { config: channel.config, group: channel.group ?? 'Channel' };
      draft.exposureMs = channel.exposure ?? draft.exposureMs;
      draft.zOffsetUm = plane === undefined ? (channel.z_offset ?? 0) : 0;
    }
    if (index.t !== undefined && axes.times) {
      const { times } = axes;
      draft.minStartS = times.at(index.t);
      draft.nextStartS = index.t + 1 < times.length ? times.at(index.t + 1) : null;
      draft.skippedWhenLate = times.skippedWhenLate(index.t);
    }
    return channel;
  }

  /** What the relative plans of a position are counted from. */
  #shiftOf(position: StagePosition, { grid, planes }: SequenceAxes): MdaOrigin {
    const relativeGrid = grid?.kind === 'relative';
    return {
      xUm: relativeGrid ? (position.xUm ?? this.#origin.xUm) : 0,
      yUm: relativeGrid ? (position.yUm ?? this.#origin.yUm) : 0,
      zUm: planes?.kind === 'relative' ? (heightOf(position, this.#origin) ?? this.#origin.zUm) : 0,
    };
  }

  *#finished(
    draft: Draft,
    place: MdaEvent['place'],
    resetEventTimer: boolean,
    focusing: SequenceAxes,
    innerPlanes: ZPlanes | null,
  ): Generator<MdaEvent> {
    const action = { type: 'acquire_image' } as const;
    const event: MdaEvent = { ...draft, action, place, keepShutterOpen: false, resetEventTimer };
    const { autofocus } = focusing;
    if (autofocus && this.#focusIsDue(autofocus, focusing, event.index)) {
      yield this.#focusEvent(autofocus, event, innerPlanes);
    }
    yield event;
  }

  #focusIsDue({ axes }: MdaAutofocusPlan, owner: SequenceAxes, index: PassIndex): boolean {
    const before = this.#focused.get(owner) ?? {};
    this.#focused.set(owner, index);
    const names = Object.keys(index) as MdaAxis[];
    return names.some((axis) => axes.includes(axis) && before[axis] !== index[axis]);
  }

  /** At the home plane of the stack: there, the surface is looked for. */
  #focusEvent(plan: MdaAutofocusPlan, event: MdaEvent, innerPlanes: ZPlanes | null): MdaEvent {
    const { z } = event.index;
    let { zUm } = event;
    // useq takes the plane of the outer stack, which is the home plane's distance where both begin alike.
    const outer = this.#axes.planes;
    const planes = outer && z !== undefined && z >= outer.length ? innerPlanes : outer;
    if (zUm !== null && planes?.kind === 'relative' && z !== undefined) zUm -= planes.at(z);
    const { autofocus_device_name = null, autofocus_motor_offset = null } = plan;
    const action = {
      type: 'hardware_autofocus' as const,
      autofocus_device_name,
      autofocus_motor_offset,
      max_retries: MAX_RETRIES,
    };
    return { ...event, action, zUm, zOffsetUm: 0 };
  }
}

function heightOf({ zUm, zFromFocusUm }: StagePosition, origin: MdaOrigin): number | null {
  return zUm ?? (zFromFocusUm === null ? null : origin.zUm + zFromFocusUm);
}
