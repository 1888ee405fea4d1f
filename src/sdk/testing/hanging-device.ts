import { Device } from '../device/device.ts';
import type {
  Collectable,
  Configurable,
  EventCollectable,
  Flyable,
  Locatable,
  Location,
  Movable,
  PartialEvent,
  Pausable,
  Readable,
  Stageable,
  Stoppable,
  Triggerable,
} from '../device/protocols.ts';
import { finishedStatus, Status } from '../device/status.ts';
import type { DataKey, Reading } from '../events/documents.ts';

/** What a device may never answer. */
export const HANGING_VERBS = [
  'set',
  'trigger',
  'read',
  'describe',
  'locate',
  'configure',
  'stage',
  'unstage',
  'stop',
  'pause',
  'resume',
  'kickoff',
  'complete',
  'collect',
] as const;
/** One of them. */
export type HangingVerb = (typeof HANGING_VERBS)[number];

/** A device that can do everything, and never answers some of it. */
export class HangingDevice
  extends Device
  implements
    Movable<unknown>,
    Triggerable,
    Readable,
    Locatable<number>,
    Configurable,
    Stageable,
    Stoppable,
    Pausable,
    Flyable,
    Collectable,
    EventCollectable
{
  readonly #hangs: ReadonlySet<HangingVerb>;
  readonly #answers: (() => void)[] = [];
  readonly #failures: ((error: Error) => void)[] = [];

  /** @param hangs - verbs that never settle, until `answer` or `fail`. */
  constructor(name: string, hangs: Iterable<HangingVerb>) {
    super(name);
    this.#hangs = new Set(hangs);
  }

  /** Everything that was asked is done, and so is what is asked from now on. */
  answer(): void {
    for (const answer of this.#answers.splice(0)) answer();
    (this.#hangs as Set<HangingVerb>).clear();
  }

  /** Everything that was asked fails. */
  fail(error: Error): void {
    for (const fail of this.#failures.splice(0)) fail(error);
  }

  set(_value: unknown): Status {
    return this.#status('set');
  }
  trigger(): Status {
    return this.#status('trigger');
  }
  kickoff(): Status {
    return this.#status('kickoff');
  }
  complete(): Status {
    return this.#status('complete');
  }
  read(): Promise<Record<string, Reading>> {
    return this.#promise('read', { [this.name]: { value: 1, timestamp: 0 } });
  }
  describe(): Promise<Record<string, DataKey>> {
    return this.#promise('describe', { [this.name]: { source: 'SIM', dtype: 'number', shape: [] } as const });
  }
  locate(): Promise<Location<number>> {
    return this.#promise('locate', { setpoint: 0, readback: 0 });
  }
  configure(): Promise<[Record<string, Reading>, Record<string, Reading>]> {
    return this.#promise('configure', [{}, {}]);
  }
  stage(): Promise<readonly unknown[]> {
    return this.#promise('stage', [this]);
  }
  unstage(): Promise<readonly unknown[]> {
    return this.#promise('unstage', [this]);
  }
  stop(): Promise<void> {
    return this.#promise('stop', undefined);
  }
  pause(): Promise<void> {
    return this.#promise('pause', undefined);
  }
  resume(): Promise<void> {
    return this.#promise('resume', undefined);
  }
  describeCollect(): Record<string, Record<string, DataKey>> {
    return { flown: { [this.name]: { source: 'SIM', dtype: 'number', shape: [] } } };
  }
  async *collect(): AsyncGenerator<PartialEvent> {
    await this.#promise('collect', undefined);
    yield { data: { [this.name]: 1 }, timestamps: { [this.name]: 0 }, time: 0 };
  }
  override readConfiguration(): Record<string, Reading> {
    return {};
  }
  override describeConfiguration(): Record<string, DataKey> {
    return {};
  }

  #status(verb: HangingVerb): Status {
    if (!this.#hangs.has(verb)) return finishedStatus(`${this.name}.${verb}`);
    const status = new Status({ label: `${this.name}.${verb}` });
    this.#answers.push(() => status.setFinished());
    this.#failures.push((error) => status.setException(error));
    return status;
  }

  #promise<T>(verb: HangingVerb, value: T): Promise<T> {
    if (!this.#hangs.has(verb)) return Promise.resolve(value);
    return new Promise((resolve, reject) => {
      this.#answers.push(() => resolve(value));
      this.#failures.push(reject);
    });
  }
}
