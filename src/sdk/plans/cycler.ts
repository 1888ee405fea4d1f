import { nameOf } from '../engine/described-object.ts';
import { ValueError } from '../util/errors.ts';

/** The values of one axis. Computed when they are asked for: a mesh of a million points costs nothing before it is walked. */
interface Column {
  readonly length: number;
  readonly at: (step: number) => unknown;
}

/** Where the axes of a scan go, step by step: a list of columns, one per axis, all of the same length. */
export class Cycler<Axis> implements Iterable<ReadonlyMap<Axis, unknown>> {
  readonly #columns: ReadonlyMap<Axis, Column>;

  /** What it was made of, for start documents. */
  readonly #text: (() => string) | null;

  private constructor(columns: ReadonlyMap<Axis, Column>, text: (() => string) | null = null) {
    this.#columns = columns;
    this.#text = text;
  }

  /** One axis along these values. */
  static of<Axis>(axis: Axis, values: Iterable<unknown>): Cycler<Axis> {
    const kept = [...values];
    return Cycler.computed(axis, kept.length, (step) => kept[step]);
  }

  /** One axis along values that are computed step by step. @param valueAt - for 0 to `length` - 1; always the same for a step. */
  static computed<Axis>(axis: Axis, length: number, valueAt: (step: number) => unknown): Cycler<Axis> {
    return new Cycler(new Map([[axis, { length, at: valueAt }]]));
  }

  /** What moves. */
  get axes(): readonly Axis[] {
    return [...this.#columns.keys()];
  }

  /** Number of steps. */
  get length(): number {
    const [first] = this.#columns.values();
    return first?.length ?? 0;
  }

  /** Both together, step for step. @throws ValueError for other lengths, or the same axis twice. */
  add(other: Cycler<Axis>): Cycler<Axis> {
    if (other.length !== this.length) {
      throw new ValueError(`Cyclers of ${this.length} and of ${other.length} steps cannot go together`);
    }
    const twice = other.axes.find((axis) => this.#columns.has(axis));
    if (twice !== undefined) throw new ValueError(`${String(twice)} is in both cyclers`);
    return new Cycler(new Map([...this.#columns, ...other.#columns]), () => `(${this} + ${other})`);
  }

  /** The other one whole at each step of this one. */
  multiply(other: Cycler<Axis>): Cycler<Axis> {
    const product = outerProduct<Axis>([
      [this, false],
      [other, false],
    ]);
    return new Cycler(product.#columns, () => `(${this} * ${other})`);
  }

  /** First this one, then the other. @throws ValueError when they move other axes. */
  concat(other: Cycler<Axis>): Cycler<Axis> {
    if (other.axes.length !== this.axes.length || other.axes.some((axis) => !this.#columns.has(axis))) {
      throw new ValueError('Cyclers of other axes cannot follow each other');
    }
    return this.#mapped((axis, column) => {
      const next = other.#columns.get(axis) ?? { length: 0, at: () => undefined };
      const length = column.length + next.length;
      return { length, at: (step) => (step < column.length ? column.at(step) : next.at(step - column.length)) };
    });
  }

  /** Some of the steps, as `slice` of an array. */
  slice(start?: number, end?: number): Cycler<Axis> {
    const places = Array.from({ length: this.length }, (_, step) => step).slice(start, end);
    return this.at(places);
  }

  /** The values of an axis, step by step; empty for one that does not move. */
  valuesOf(axis: Axis): readonly unknown[] {
    const column = this.#columns.get(axis);
    return column ? Array.from({ length: column.length }, (_, step) => column.at(step)) : [];
  }

  /** As it was put together, in the words of the Python package: `(cycler(x, [1, 2]) * cycler(y, [5, 6]))`. */
  toString(): string {
    if (this.#text) return this.#text();
    return this.axes.map((axis) => `cycler(${nameOf(axis)}, [${this.valuesOf(axis).join(', ')}])`).join(' + ');
  }

  /** The steps at these places. */
  at(places: readonly number[]): Cycler<Axis> {
    return this.steps(places.length, (step) => places[step] ?? -1);
  }

  /** Steps of this one in another order. @param placeAt - which step comes at this one. */
  steps(length: number, placeAt: (step: number) => number): Cycler<Axis> {
    return this.#mapped((_, { at }) => ({ length, at: (step) => at(placeAt(step)) }));
  }

  /** Step by step: where each axis goes. */
  *[Symbol.iterator](): Generator<ReadonlyMap<Axis, unknown>> {
    for (let step = 0; step < this.length; step++) {
      yield new Map([...this.#columns].map(([axis, { at }]) => [axis, at(step)]));
    }
  }

  #mapped(change: (axis: Axis, column: Column) => Column): Cycler<Axis> {
    return new Cycler(new Map([...this.#columns].map(([axis, column]) => [axis, change(axis, column)])));
  }
}

/** All combinations, the last cycler fastest. A cycler that snakes turns round at each end. @throws ValueError without any. */
export function outerProduct<Axis>(
  cyclers: readonly (readonly [cycler: Cycler<Axis>, snakes: boolean])[],
): Cycler<Axis> {
  const lengths = cyclers.map(([{ length }]) => length);
  const total = lengths.reduce((product, length) => product * length, 1);
  const columns = cyclers.map(([cycler, snakes], at) => {
    const repeats = lengths.slice(at + 1).reduce((product, length) => product * length, 1);
    return cycler.steps(total, (step) => {
      const turn = Math.floor(step / repeats);
      const place = turn % cycler.length;
      const backwards = snakes && Math.floor(turn / cycler.length) % 2 === 1;
      return backwards ? cycler.length - 1 - place : place;
    });
  });
  const [first, ...others] = columns;
  if (!first) throw new ValueError('A product needs at least one cycler');
  return others.reduce((product, column) => product.add(column), first);
}
