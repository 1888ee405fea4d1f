import { realpath } from 'node:fs/promises';
import {
  type DeviceContext,
  isPDevice,
  type LinkOptions,
  type PDevice,
  portOf,
  type Role,
  roleOf,
  SharedLinks,
} from 'redsun/sdk/device';
import { isLoggable } from 'redsun/sdk/log';
import { hasStorage, type Writer } from 'redsun/sdk/storage';
import { asError, type Clock, codeOf, KeyError, onAbort, RedsunError } from 'redsun/sdk/util';
import { hasShutdown, Signal } from 'redsun/sdk/virtual';
import { dependsOn } from './depends-on.ts';
import { endPart } from './end-part.ts';
import { Lease, type ReportedLink } from './lease.ts';
import type { LoggerFor } from './logging.ts';
import { roleProblem } from './role-problem.ts';
import { unprotectedWords } from './safety/unprotected.ts';

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
  lease: Lease;
  /** It is being built. */
  making: Promise<void> | null;
}

/** A device that has to talk to hardware before it can be used. */
interface Connects {
  connect(signal: AbortSignal): Promise<void>;
}

/** What a device may take, ms. */
export interface DeviceDeadlines {
  readonly connectMs: number;
  readonly shutdownMs: number;
}

export const DEVICE_DEADLINES: DeviceDeadlines = { connectMs: 10_000, shutdownMs: 5_000 };

/** The devices of a session. One that fails is shown as failed; the session goes on without it. */
export class DeviceRoster {
  /** Devices that work, by name. */
  readonly devices = new Map<string, PDevice>();
  readonly changed = new Signal<[]>();
  readonly #places = new Map<string, Place>();
  readonly #clock: Clock;
  readonly #loggerFor: LoggerFor;
  readonly #writer: Writer | null;
  readonly #deadlines: DeviceDeadlines;
  readonly #shared: SharedLinks;

  constructor(
    clock: Clock,
    loggerFor: LoggerFor,
    writer: Writer | null,
    deadlines: DeviceDeadlines = DEVICE_DEADLINES,
    identityOf: (options: LinkOptions) => Promise<string> = portIdentity,
  ) {
    this.#deadlines = deadlines;
    this.#clock = clock;
    this.#loggerFor = loggerFor;
    this.#writer = writer;
    this.#shared = new SharedLinks({ clock, identityOf });
  }

  get states(): ReadonlyMap<
    string,
    { readonly recipe: DeviceRecipe; readonly state: DeviceState; readonly lease: Pick<Lease, 'links' | 'safeStates'> }
  > {
    return this.#places;
  }

  /**
   * Builds devices in the order of the session file. They connect at the same time, but for those that name others, or share a line
   * with them: these wait for them.
   */
  async build(recipes: readonly DeviceRecipe[]): Promise<void> {
    const made = new Map<string, Promise<void>>();
    for (const [index, recipe] of recipes.entries()) {
      const place: Place = {
        recipe,
        lease: this.#lend(recipe),
        making: null,
        state: failure(new Error('not built yet'), 0, 0),
      };
      this.#places.set(recipe.name, place);
      const first = dependsOn(recipe, recipes.slice(0, index)).flatMap((name) => made.get(name) ?? []);
      made.set(recipe.name, first.length === 0 ? this.#make(place, 1) : this.#makeAfter(first, place));
    }
    await Promise.all(made.values());
    this.#putInOrder();
    this.changed.emit();
  }

  async #makeAfter(first: readonly Promise<void>[], place: Place): Promise<void> {
    await Promise.all(first);
    await this.#make(place, 1);
  }

  /** As the session file lists them, whichever was first to answer. */
  #putInOrder(): void {
    this.devices.clear();
    for (const { state } of this.#places.values()) if (state.kind === 'ready') this.#list(state.device);
  }

  #list(device: PDevice): void {
    this.devices.set(device.name, device);
    for (const child of children(device)) this.devices.set(child.name, child);
  }

  /** Devices of the session that are not there, and why, in words. */
  get absent(): ReadonlyMap<string, string> {
    const failed = [...this.#places].flatMap(([name, { state }]): [string, string][] => {
      return state.kind === 'failed' ? [[name, state.error.message]] : [];
    });
    return new Map(failed);
  }

  /** Builds a failed device anew. @throws what it failed with this time. */
  async retry(name: string): Promise<void> {
    const place = this.#places.get(name);
    if (!place) throw new KeyError(`No device "${name}" in this session`);
    // Two at a time would take each other's line.
    while (place.making) await place.making;
    if (place.state.kind === 'ready') return;
    await this.#make(place, place.state.attempts + 1);
    this.changed.emit();
    const { state } = this.#places.get(name) ?? place;
    if (state.kind === 'failed') throw state.error;
  }

  /** Links of a device, those that it shares too; of one that failed, those that it had. @throws KeyError */
  linksOf(name: string): readonly ReportedLink[] {
    const place = this.#places.get(name);
    if (!place) throw new KeyError(`No device "${name}" in this session`);
    return place.lease.links;
  }

  /** Ends all, last built first; each one is tried whatever the others did. */
  async shutdown(): Promise<void> {
    for (const place of [...this.#places.values()].reverse()) {
      const device = place.state.kind === 'ready' ? place.state.device : null;
      if (hasShutdown(device)) await this.#end(place, () => device.shutdown());
      await this.#takeBack(place);
    }
  }

  async #make(place: Place, attempts: number): Promise<void> {
    place.making = this.#makeNow(place, attempts);
    try {
      await place.making;
    } finally {
      place.making = null;
    }
  }

  async #makeNow(place: Place, attempts: number): Promise<void> {
    const { recipe } = place;
    place.lease = this.#lend(recipe);
    const logger = this.#loggerFor(recipe.name);
    try {
      const device = new (recipe.load())(recipe.name, recipe.options, place.lease.context);
      if (!isPDevice(device)) {
        throw new RedsunError(
          'device/protocol',
          `${recipe.plugin}:${recipe.pluginId} is no device: it lacks name, parent, readConfiguration or describeConfiguration`,
        );
      }
      if (isLoggable(device)) device.connectLog(this.#loggerFor);
      if (hasStorage(device)) device.storage = this.#writer;
      if (connects(device)) await this.#connect(device, place);
      place.state = { kind: 'ready', device, role: roleOf(device) };
      this.#list(device);
      const problem = roleProblem(device);
      if (problem !== null) logger.error(`${recipe.plugin}:${recipe.pluginId}: ${problem}`);
      const unprotected = unprotectedWords(recipe.name, device, place.lease.safeStates);
      if (unprotected !== null) this.#loggerFor('guardian').warning(unprotected);
    } catch (thrown) {
      const error = asError(thrown);
      logger.error(`Failed: ${error.message}`);
      place.state = failure(error, this.#clock.now(), attempts);
      await this.#takeBack(place);
    }
  }

  /** A device that hears no signal is left behind; should it come after all, it is ended. */
  async #connect(device: Connects, place: Place): Promise<void> {
    const { connectMs } = this.#deadlines;
    const timeout = new AbortController();
    const late = new Promise<never>((_resolve, reject) => {
      onAbort(timeout.signal, () => reject(timeout.signal.reason));
    });
    late.catch(() => {});
    using _timer = this.#clock.setTimeout(
      () =>
        timeout.abort(new RedsunError('device/timeout', `${place.recipe.name}: not connected after ${connectMs} ms`)),
      connectMs,
    );
    const connected = Promise.resolve(device.connect(timeout.signal));
    connected.then(
      () => {
        if (timeout.signal.aborted && hasShutdown(device)) return this.#end(place, () => device.shutdown());
      },
      () => {},
    );
    await Promise.race([connected, late]);
  }

  #end(place: Place, action: () => unknown): Promise<void> {
    const { shutdownMs: timeoutMs } = this.#deadlines;
    return endPart(action, this.#loggerFor(place.recipe.name), { clock: this.#clock, timeoutMs });
  }

  #lend(recipe: DeviceRecipe): Lease {
    const [clock, logger, shared] = [this.#clock, this.#loggerFor(recipe.name), this.#shared];
    return new Lease({ ...recipe, clock, logger, shared, devices: this.devices });
  }

  #takeBack(place: Place): Promise<void> {
    return place.lease.end((action) => this.#end(place, action));
  }
}

/** One name for each port: the path behind symbolic links such as `/dev/serial/by-id/...`. */
async function portIdentity(options: LinkOptions): Promise<string> {
  if (options.kind !== 'serial') return portOf(options);
  return realpath(options.path).catch(() => options.path);
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
