import { type Awaitable, isLocatable, isMovable, isReadable, type Location } from '../device/protocols.ts';
import { isCamera } from '../device/roles.ts';
import { finishedStatus } from '../device/status.ts';
import { nameOf } from '../engine/described-object.ts';
import type { Msg } from '../engine/msg.ts';
import type { DataKey, Reading } from '../events/documents.ts';
import { after } from '../util/awaitable.ts';

/** Answers a plan's messages without moving anything: positions are those that it asked for, and those of now where it asked for none. */
export class Rehearsal {
  /** The device whose measured value the plan looked at: what it does next depends on it, and nobody knows. */
  lookedAt: string | null = null;
  readonly #positions = new Map<object, unknown>();
  readonly #keys = new Map<object, Readonly<Record<string, DataKey>>>();
  readonly #exposuresMs = new Map<object, number>();

  /** What the engine would answer. */
  answer(message: Msg): Awaitable<unknown> {
    const { command, obj, args } = message;
    switch (command) {
      case 'set':
        if (isObject(obj)) this.#positions.set(obj, args[0]);
        return finishedStatus(`${nameOf(obj)}.set`);
      case 'trigger':
      case 'prepare':
      case 'kickoff':
      case 'complete':
        return finishedStatus(`${nameOf(obj)}.${command}`);
      case 'locate':
        return this.#locateAll([obj, ...args], args.length > 0 || message.kwargs.squeeze === false);
      case 'read':
        return this.#read(obj);
      case 'configure':
        this.#configure(obj, args[0]);
        return [{}, {}];
      case 'stage':
      case 'unstage':
      case 'collect':
      case 'wait_for':
        return [];
      case 'wait':
      case 'rewindable':
        return true;
      case 'open_run':
      case 'close_run':
        return 'rehearsal';
      case 'input':
        return '';
      default:
        return undefined;
    }
  }

  /** Where a device would be; null where it is no number, or nobody knows. */
  positionOf(obj: unknown): Awaitable<number | null> {
    if (!isObject(obj)) return null;
    if (this.#positions.has(obj)) return numberOrNull(this.#positions.get(obj));
    if (!isLocatable(obj)) return null;
    return after(obj.locate(), ({ readback }) => {
      this.#positions.set(obj, readback);
      return numberOrNull(readback);
    });
  }

  /** s; null for what is no camera. */
  exposureOf(obj: unknown): number | null {
    return isCamera(obj) ? (this.#exposuresMs.get(obj) ?? obj.settings.exposureMs) / 1000 : null;
  }

  #locateAll(objects: readonly unknown[], asList: boolean): Awaitable<unknown> {
    const located = objects.map((obj) => this.#locate(obj));
    const all = located.some((location) => location instanceof Promise) ? Promise.all(located) : located;
    return asList ? all : after(all as Awaitable<unknown[]>, ([first]) => first);
  }

  #locate(obj: unknown): Awaitable<Location | undefined> {
    if (!isObject(obj)) return undefined;
    if (this.#positions.has(obj)) {
      const position = this.#positions.get(obj);
      return { setpoint: position, readback: position };
    }
    return isLocatable(obj) ? obj.locate() : undefined;
  }

  #read(obj: unknown): Awaitable<Record<string, Reading>> {
    if (!isObject(obj) || !isReadable(obj)) return {};
    const known = this.#keys.get(obj);
    if (known) return this.#readings(obj, known);
    return after(obj.describe(), (keys) => {
      this.#keys.set(obj, keys);
      if (!isMovable(obj)) return this.#readings(obj, keys);
      // A plan may ask for the position of an axis that it has not moved yet.
      return after(this.positionOf(obj), () => this.#readings(obj, keys));
    });
  }

  /** Positions are known; a plan that looks at anything else decides by what only a measurement can tell. */
  #readings(obj: object, keys: Readonly<Record<string, DataKey>>): Record<string, Reading> {
    const position = this.#positions.get(obj);
    const entries = Object.keys(keys).map((key): [string, Reading] => {
      if (isMovable(obj) && position !== undefined) return [key, { value: position, timestamp: 0 }];
      const looked = () => {
        this.lookedAt ??= nameOf(obj);
        return 0;
      };
      return [
        key,
        {
          timestamp: 0,
          get value() {
            return looked();
          },
        },
      ];
    });
    return Object.fromEntries(entries);
  }

  #configure(obj: unknown, settings: unknown): void {
    if (!isCamera(obj) || typeof settings !== 'object' || settings === null) return;
    const { exposure_ms: exposureMs } = settings as { exposure_ms?: unknown };
    if (typeof exposureMs === 'number') this.#exposuresMs.set(obj, exposureMs);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
