import type { Awaitable, Subscribable } from '../device/protocols.ts';
import type { Reading } from '../events/documents.ts';
import { after } from '../util/awaitable.ts';
import { describeRead, nameOf } from './described-object.ts';
import { IllegalMessageSequence } from './errors.ts';
import { EventStream, type RunIdentity } from './event-stream.ts';

interface Monitor {
  readonly stream: EventStream;
  readonly listen: (readings: Record<string, Reading>) => void;
}

/** What a run hears of by itself: each change of a monitored device is an event of a stream of its own. */
export class Monitors {
  readonly #run: RunIdentity;
  readonly #streams: Map<string, EventStream>;
  readonly #onError: (thrown: unknown) => void;
  readonly #monitors = new Map<Subscribable, Monitor>();

  /** @param streams - of the run, by name. @param onError - hears what a subscriber of the documents throws. */
  constructor(run: RunIdentity, streams: Map<string, EventStream>, onError: (thrown: unknown) => void) {
    this.#run = run;
    this.#streams = streams;
    this.#onError = onError;
  }

  /** Emits the descriptor and listens from now on. @throws IllegalMessageSequence when it is monitored already. */
  add(obj: Subscribable, streamName: string): Awaitable<void> {
    if (this.#monitors.has(obj)) {
      throw new IllegalMessageSequence(`A 'monitor' message was sent for ${nameOf(obj)} which is already monitored`);
    }
    return after(describeRead(obj), (described) => {
      const stream = new EventStream(this.#run, streamName, new Map([[obj, described]]), this.#streams.get(streamName));
      this.#streams.set(streamName, stream);
      const listen = (readings: Record<string, Reading>) => {
        const data: Record<string, unknown> = {};
        const timestamps: Record<string, number> = {};
        for (const [key, { value, timestamp }] of Object.entries(readings)) {
          data[key] = value;
          timestamps[key] = timestamp;
        }
        try {
          stream.event(data, timestamps);
        } catch (thrown) {
          // The device that changed cannot help it.
          this.#onError(thrown);
        }
      };
      this.#monitors.set(obj, { stream, listen });
      obj.subscribe(listen);
    });
  }

  /** Listens no longer. @throws IllegalMessageSequence when it is not monitored. */
  remove(obj: Subscribable): void {
    const monitor = this.#monitors.get(obj);
    if (!monitor) throw new IllegalMessageSequence(`Cannot 'unmonitor' ${nameOf(obj)}; it is not being monitored.`);
    obj.clearSub(monitor.listen);
    this.#monitors.delete(obj);
  }

  /** True for the stream of a device that is monitored now. */
  owns(stream: EventStream): boolean {
    for (const monitor of this.#monitors.values()) if (monitor.stream === stream) return true;
    return false;
  }

  /** Listens to none while the plan stands still. */
  suspend(): void {
    for (const [obj, { listen }] of this.#monitors) obj.clearSub(listen);
  }

  /** Listens again; each device tells at once what it is now. */
  restore(): void {
    for (const [obj, { listen }] of this.#monitors) obj.subscribe(listen);
  }

  /** Listens to none any more. */
  clear(): void {
    for (const obj of [...this.#monitors.keys()]) this.remove(obj);
  }
}
