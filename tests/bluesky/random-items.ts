// Random items of every plan of bluesky over the devices of plugins/bluesky-sim, the same ones for the same seed.
import type { PlanItem } from '../../src/shared/channels/acquisition.ts';

/** What a queue client may send: metadata as an object or a list of objects. */
export type WireItem = Omit<PlanItem, 'meta'> & { readonly meta: Record<string, unknown> | Record<string, unknown>[] };

/** Where bluesky lists motors from a set, its order is that in which devices were made. We keep the order of the item. */
const MOTORS = ['m1', 'm2', 'm3', 'lm', 'am'] as const;
const SIGNALS = ['sig', 'rsig'] as const;
const DETECTORS = ['det', 'det2', 'plain', 'sdet', 'sd1', 'sd2', 'fd', 'peak', 'm3', 'lm', 'sig'] as const;
const TRIGGERED = ['det', 'det2', 'sdet', 'sd1', 'fd', 'peak'] as const;

/** Draws numbers and choices. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to 1. Mulberry32: 32 bits of state are enough to choose parameters. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** Sometimes whole, mostly with three decimals. */
  between(low: number, high: number): number {
    const value = low + this.next() * (high - low);
    return this.next() < 0.3 ? Math.round(value) : Math.round(value * 1000) / 1000;
  }

  maybe(chance = 0.5): boolean {
    return this.next() < chance;
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.whole(0, choices.length - 1)] as T;
  }

  /** Some of them, each once, in the order of the list. */
  someInOrder<T>(choices: readonly T[], least: number, most: number): T[] {
    const wanted = new Set(this.some(choices, least, most));
    return choices.filter((choice) => wanted.has(choice));
  }

  /** Some of them, each once, in any order. */
  some<T>(choices: readonly T[], least: number, most: number): T[] {
    const left = [...choices];
    return Array.from({ length: this.whole(least, most) }, () => {
      return left.splice(this.whole(0, left.length - 1), 1)[0] as T;
    });
  }

  list<T>(length: number, draw: () => T): T[] {
    return Array.from({ length }, draw);
  }
}

type Draw = (dice: Dice) => { readonly args?: readonly unknown[]; readonly kwargs?: Record<string, unknown> };

const detectors = (dice: Dice) => dice.some(DETECTORS, 0, 3);
const motor = (dice: Dice) => dice.one(dice.maybe(0.85) ? MOTORS : SIGNALS);
const motors = (dice: Dice, most = 3) => dice.some([...MOTORS, ...SIGNALS.slice(0, 1)], 1, most);
const place = (dice: Dice) => dice.between(-5, 5);

/** All of them by name, or some by position. */
function named(dice: Dice, positional: readonly (readonly [name: string, value: unknown])[], kwargs = {}) {
  const byPosition = dice.maybe() ? positional.length : dice.whole(0, positional.length);
  return {
    args: positional.slice(0, byPosition).map(([, value]) => value),
    kwargs: { ...Object.fromEntries(positional.slice(byPosition)), ...kwargs },
  };
}

const ranges: Draw = (dice) => {
  const args = [detectors(dice), ...motors(dice).flatMap((name) => [name, place(dice), place(dice)])];
  const num = dice.whole(1, 6);
  return dice.maybe() ? { args: [...args, num] } : { args, kwargs: { num } };
};

const innerProduct: Draw = (dice) => ({
  args: [detectors(dice), dice.whole(1, 5), ...motors(dice).flatMap((name) => [name, place(dice), place(dice)])],
});

const lists: Draw = (dice) => {
  const length = dice.whole(1, 5);
  const columns = motors(dice).flatMap((name) => [name, dice.list(length, () => place(dice))]);
  return { args: [detectors(dice), ...columns] };
};

const listGrid: Draw = (dice) => {
  const columns = motors(dice).flatMap((name) => [name, dice.list(dice.whole(1, 4), () => place(dice))]);
  return {
    args: [detectors(dice), ...columns],
    kwargs: dice.maybe() ? { snake_axes: dice.maybe() } : {},
  };
};

const grid: Draw = (dice) => {
  const names = motors(dice);
  const older = names.length > 1 && dice.maybe(0.3);
  const axes = names.flatMap((name, at) => {
    const range = [name, place(dice), place(dice), dice.whole(1, 4)];
    return older && at > 0 ? [...range, dice.maybe()] : range;
  });
  const args = [detectors(dice), ...axes];
  if (older || dice.maybe(0.3)) return { args };
  return {
    args,
    kwargs: { snake_axes: dice.one([true, false, null, dice.some(names.slice(1), 0, names.length - 1)]) },
  };
};

const log: Draw = (dice) =>
  named(dice, [
    ['detectors', detectors(dice)],
    ['motor', motor(dice)],
    ['start', dice.between(-2, 1)],
    ['stop', dice.between(-1, 2)],
    ['num', dice.whole(1, 5)],
  ]);

// Narrow enough that every spiral has points: one without any is refused here and fails there.
const spiralKeywords = (dice: Dice) => ({
  ...(dice.maybe(0.3) ? { dr_y: Math.round((0.4 + dice.next() / 2) * 100) / 100 } : {}),
  ...(dice.maybe(0.3) ? { tilt: Math.round(dice.next() * 300) / 1000 } : {}),
});

function spiral(last: 'nth' | 'factor', centre: boolean): Draw {
  return (dice) => {
    const [x, y] = dice.someInOrder(MOTORS, 2, 2);
    const start = [
      ['x_start', place(dice)],
      ['y_start', place(dice)],
    ] as const;
    return named(
      dice,
      [
        ['detectors', detectors(dice)],
        ['x_motor', x],
        ['y_motor', y],
        ...(centre ? start : []),
        ['x_range', dice.whole(3, 5)],
        ['y_range', dice.whole(3, 5)],
        ['dr', Math.round((0.4 + dice.next() / 2) * 1000) / 1000],
        [last, last === 'nth' ? dice.whole(2, 5) : 1 + Math.round(dice.next() * 100) / 100],
      ],
      spiralKeywords(dice),
    );
  };
}

function spiralSquare(centre: boolean): Draw {
  return (dice) => {
    const [x, y] = dice.someInOrder(MOTORS, 2, 2);
    const middle = [
      ['x_center', place(dice)],
      ['y_center', place(dice)],
    ] as const;
    return named(dice, [
      ['detectors', detectors(dice)],
      ['x_motor', x],
      ['y_motor', y],
      ...(centre ? middle : []),
      ['x_range', dice.between(1, 5)],
      ['y_range', dice.between(1, 5)],
      ['x_num', dice.whole(2, 5)],
      ['y_num', dice.whole(2, 5)],
    ]);
  };
}

const adaptive: Draw = (dice) => {
  const start = dice.between(-3, 1);
  const others = dice.some(TRIGGERED.slice(0, 3), 0, 2);
  const threshold = dice.maybe(0.3) ? [['threshold', 0.6] as const] : [];
  return named(dice, [
    ['detectors', ['peak', ...others]],
    ['target_field', dice.one(['peak', ...others])],
    ['motor', dice.one(MOTORS)],
    ['start', start],
    ['stop', start + dice.between(-4, 4)],
    ['min_step', 0.1 + Math.round(dice.next() * 100) / 1000],
    ['max_step', 0.5 + Math.round(dice.next() * 1000) / 1000],
    ['target_delta', dice.whole(1, 20)],
    ['backstep', dice.maybe()],
    ...threshold,
  ]);
};

const tune: Draw = (dice) =>
  named(
    dice,
    [
      ['detectors', ['peak', ...dice.some(TRIGGERED.slice(0, 3), 0, 1)]],
      ['signal', 'peak'],
      ['motor', dice.one(MOTORS)],
      ['start', dice.between(-4, 0)],
      ['stop', dice.between(2, 5)],
      ['min_step', 0.05 + Math.round(dice.next() * 100) / 1000],
    ],
    { ...(dice.maybe() ? { num: dice.whole(4, 9) } : {}), ...(dice.maybe() ? { snake: dice.maybe() } : {}) },
  );

const nd: Draw = (dice) => {
  const names = dice.someInOrder(MOTORS, 1, 3);
  const factors: Record<string, number[]>[] = [];
  for (const name of names) {
    const last = factors.at(-1);
    const length = last ? (Object.values(last)[0]?.length ?? 1) : dice.whole(1, 4);
    if (last && dice.maybe()) last[name] = dice.list(length, () => place(dice));
    else factors.push({ [name]: dice.list(dice.whole(1, 3), () => place(dice)) });
  }
  const [only] = factors;
  return named(dice, [
    ['detectors', detectors(dice)],
    ['cycler', factors.length === 1 && dice.maybe() ? only : factors],
  ]);
};

const count: Draw = (dice) => {
  const num = dice.whole(1, 4);
  const given: [string, unknown][] = [['detectors', detectors(dice)]];
  if (dice.maybe(0.8)) given.push(['num', num]);
  if (given.length === 2 && dice.maybe(0.4)) given.push(['delay', dice.maybe() ? 0.001 : dice.list(num, () => 0.001)]);
  return named(dice, given);
};

const x2x: Draw = (dice) => {
  const [motor1, motor2] = dice.some(MOTORS, 2, 2);
  return named(dice, [
    ['detectors', detectors(dice)],
    ['motor1', motor1],
    ['motor2', motor2],
    ['start', place(dice)],
    ['stop', place(dice)],
    ['num', dice.whole(1, 5)],
  ]);
};

const fly: Draw = (dice) => named(dice, [['flyers', dice.some(['flyer', 'flyer2', 'pflyer'], 1, 3)]]);
const moves: Draw = (dice) => ({ args: motors(dice).flatMap((name) => [name, place(dice)]) });
const set: Draw = (dice) => ({ args: [motor(dice), place(dice)], kwargs: { wait: true } });

/** Every plan and stub that an item may name; how its arguments are drawn. */
export const DRAWS: Readonly<Record<string, Draw>> = {
  count,
  scan: ranges,
  rel_scan: ranges,
  relative_scan: ranges,
  inner_product_scan: innerProduct,
  relative_inner_product_scan: innerProduct,
  log_scan: log,
  rel_log_scan: log,
  relative_log_scan: log,
  x2x_scan: x2x,
  list_scan: lists,
  rel_list_scan: lists,
  relative_list_scan: lists,
  list_grid_scan: listGrid,
  rel_list_grid_scan: listGrid,
  grid_scan: grid,
  rel_grid_scan: grid,
  outer_product_scan: grid,
  relative_outer_product_scan: grid,
  scan_nd: nd,
  spiral: spiral('nth', true),
  rel_spiral: spiral('nth', false),
  relative_spiral: spiral('nth', false),
  spiral_fermat: spiral('factor', true),
  rel_spiral_fermat: spiral('factor', false),
  relative_spiral_fermat: spiral('factor', false),
  spiral_square: spiralSquare(true),
  rel_spiral_square: spiralSquare(false),
  adaptive_scan: adaptive,
  rel_adaptive_scan: adaptive,
  relative_adaptive_scan: adaptive,
  tune_centroid: tune,
  fly,
  mv: moves,
  mov: moves,
  mvr: moves,
  movr: moves,
  abs_set: set,
  rel_set: set,
  sleep: () => ({ args: [0.001] }),
  stop: (dice) => ({ args: [dice.one(MOTORS)] }),
  configure: (dice) => ({ args: [dice.one(['det', 'det2', 'peak']), { exposure: dice.between(0, 2) }] }),
};

/** Takes the plans in turn, so that few items are enough to see each of them. */
export function randomItems(seed: number, count: number): WireItem[] {
  const dice = new Dice(seed);
  const names = Object.keys(DRAWS);
  let turn: string[] = [];
  return Array.from({ length: count }, () => {
    if (turn.length === 0) turn = dice.some(names, names.length, names.length);
    const name = turn.pop() ?? 'count';
    const { args = [], kwargs = {} } = DRAWS[name]?.(dice) ?? {};
    const md = takesMetadata(name) && dice.maybe(0.2) ? { md: metadata(dice) } : {};
    return { item_type: 'plan', name, args: [...args], kwargs: { ...kwargs, ...md }, meta: wireMetadata(dice) };
  });
}

const STUBS = ['mv', 'mov', 'mvr', 'movr', 'abs_set', 'rel_set', 'sleep', 'stop', 'configure'];

function takesMetadata(name: string): boolean {
  return !STUBS.includes(name);
}

function metadata(dice: Dice): Record<string, unknown> {
  return dice.one<Record<string, unknown>>([
    { operator: 'det' },
    { plan_name: 'mine', nested: { list: [1, 'm1', null] } },
    { hints: { dimensions: [[['time'], 'primary']] } },
    { sample: { name: 'slide 1', number: dice.whole(1, 9) } },
  ]);
}

function wireMetadata(dice: Dice): WireItem['meta'] {
  if (dice.maybe(0.6)) return {};
  return dice.maybe() ? metadata(dice) : [metadata(dice), metadata(dice)];
}
