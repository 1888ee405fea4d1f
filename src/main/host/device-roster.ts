import {
  type DeviceContext,
  isPDevice,
  type Link,
  type PDevice,
  type Role,
  roleOf,
  type WorkerHandle,
} from 'redsun/sdk/device';
import { isLoggable } from 'redsun/sdk/log';
import { hasStorage, type Writer } from 'redsun/sdk/storage';
import { asError, type Clock, codeOf, KeyError, RedsunError } from 'redsun/sdk/util';
import { hasShutdown, Signal } from 'redsun/sdk/virtual';
import { endPart } from './end-part.ts';
import type { LoggerFor } from './logging.ts';

export type DeviceClass = new (name: string, options: Record<string, unknown>, context: DeviceContext) => unknown;

/** How a device of the session is made. */
export interface DeviceRecipe {
  readonly name: string;
  readonly plugin: string;
  readonly pluginId: string;
  readonly options: Record<string, unknown>;
  readonly load: () => DeviceClass;
  readonly openLink: DeviceContext['openLink'];
  readonly startWorker: DeviceContext['startWorker'];
}

export type DeviceState =
  | { readonly kind: 'ready'; readonly device: PDevice; readonly role: Role | null }
  | {
      readonly kind: 'failed';
      readonly error: Error;
      readonly code: string;
      readonly since: number;
      readonly attempts: number;
    };

interface Place {
  readonly recipe: DeviceRecipe;
  state: DeviceState;
  /** Links and workers lent to the device, ended with it. */
  lent: (Link | WorkerHandle)[];
}

/** A device that has to talk to hardware before it can be used. */
interface Connects {
  connect(signal: AbortSignal): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** The devices of a session. One that fails is shown as failed; the session goes on without it. */
export class DeviceRoster {
  /** Devices that work, by name. */
  readonly devices = new Map<string, PDevice>();
  readonly changed = new Signal<[]>();
  readonly #places = new Map<string, Place>();
  readonly #clock: Clock;
  readonly #loggerFor: LoggerFor;
  readonly #writer: Writer | null;

  constructor(clock: Clock, loggerFor: LoggerFor, writer: Writer | null) {
    this.#clock = clock;
    this.#loggerFor = loggerFor;
    this.#writer = writer;
  }

  get states(): ReadonlyMap<string, { readonly recipe: DeviceRecipe; readonly state: DeviceState }> {
    return this.#places;
  }

  /** Builds devices in the order of the session file. */
  async build(recipes: readonly DeviceRecipe[]): Promise<void> {
    for (const recipe of recipes) {
      const place: Place = { recipe, lent: [], state: failure(new Error('not built yet'), 0, 0) };
      this.#places.set(recipe.name, place);
      await this.#make(place, 1);
    }
    this.changed.emit();
  }

  /** Builds a failed device anew. @throws what it failed with this time. */
  async retry(name: string): Promise<void> {
    const place = this.#places.get(name);
    if (!place) throw new KeyError(`No device "${name}" in this session`);
    if (place.state.kind === 'ready') return;
    await this.#make(place, place.state.attempts + 1);
    this.changed.emit();
    const { state } = this.#places.get(name) ?? place;
    if (state.kind === 'failed') throw state.error;
  }

  /** Ends all, last built first; each one is tried whatever the others did. */
  async shutdown(): Promise<void> {
    for (const place of [...this.#places.values()].reverse()) {
      const device = place.state.kind === 'ready' ? place.state.device : null;
      if (hasShutdown(device)) await endPart(() => device.shutdown(), this.#loggerFor(place.recipe.name));
      await this.#takeBack(place);
    }
  }

  async #make(place: Place, attempts: number): Promise<void> {
    const { recipe } = place;
    const logger = this.#loggerFor(recipe.name);
    try {
      const device = new (recipe.load())(recipe.name, recipe.options, this.#context(place));
      if (!isPDevice(device)) {
        throw new RedsunError(
          'device/protocol',
          `${recipe.plugin}:${recipe.pluginId} is no device: it lacks name, parent, readConfiguration or describeConfiguration`,
        );
      }
      if (isLoggable(device)) device.connectLog(this.#loggerFor);
      if (hasStorage(device)) device.storage = this.#writer;
      if (connects(device)) {
        const timeout = new AbortController();
        using _timer = this.#clock.setTimeout(
          () =>
            timeout.abort(
              new RedsunError('device/timeout', `${recipe.name}: not connected after ${CONNECT_TIMEOUT_MS} ms`),
            ),
          CONNECT_TIMEOUT_MS,
        );
        await device.connect(timeout.signal);
      }
      place.state = { kind: 'ready', device, role: roleOf(device) };
      this.devices.set(recipe.name, device);
      for (const child of children(device)) this.devices.set(child.name, child);
    } catch (thrown) {
      const error = asError(thrown);
      logger.error(`Failed: ${error.message}`);
      place.state = failure(error, this.#clock.now(), attempts);
      await this.#takeBack(place);
    }
  }

  #context(place: Place): DeviceContext {
    const { recipe } = place;
    return {
      clock: this.#clock,
      logger: this.#loggerFor(recipe.name),
      devices: this.devices,
      openLink: async (options) => {
        const link = await recipe.openLink(options);
        place.lent.push(link);
        return link;
      },
      startWorker: (module) => {
        const worker = recipe.startWorker(module);
        worker.onError((error) => this.#loggerFor(recipe.name).error(`Worker ${module}: ${error.message}`));
        place.lent.push(worker);
        return worker;
      },
    };
  }

  async #takeBack(place: Place): Promise<void> {
    const lent = place.lent.splice(0).reverse();
    for (const thing of lent) {
      await endPart(() => ('close' in thing ? thing.close() : thing.terminate()), this.#loggerFor(place.recipe.name));
    }
  }
}

function failure(error: Error, since: number, attempts: number): DeviceState {
  return { kind: 'failed', error, code: codeOf(error), since, attempts };
}

function connects(device: object): device is Connects {
  return 'connect' in device && typeof device.connect === 'function';
}

/** Axes of a stage are devices, too: plans and panels name them. */
function children(device: PDevice): PDevice[] {
  return roleOf(device) === 'xy-stage' && 'x' in device && 'y' in device ? [device.x, device.y].filter(isPDevice) : [];
}
