import { type LinkOptions, portOf, type SafeState } from 'redsun/sdk/device';
import { asError, type Clock, RedsunError } from 'redsun/sdk/util';
import type { SafetyOutcome } from '../shared/guardian/safety-act.ts';
import { makeOneSafe, type Protected } from './make-safe.ts';
import type { LinkId } from './messages.ts';
import { PortExchanges } from './port-exchanges.ts';
import type { OpenBytePort } from './ports/byte-port.ts';
import type { FindDevice } from './ports/find-device.ts';

/** A guardian before this one may still be making the port's device safe: it is asked for again, ms. */
const BUSY_RETRY_MS = 500;
const BUSY_RETRIES = 6;
/** A port that went away with something on it that shines is looked for this often, ms, and for so long. */
const SEARCH_MS = 1_000;
const SEARCHES = 600;

interface OwnedPort {
  readonly link: LinkId;
  readonly identity: string;
  /** As asked for. */
  readonly options: LinkOptions;
  /** Behind links to the port. */
  readonly opened: LinkOptions;
  readonly owner: string;
  readonly exchanges: PortExchanges;
  readonly states: Map<string, SafeState>;
  /** What is plugged in there, as soon as the computer has told; null: it does not. */
  device: string | null;
}

export interface OwnedPortsOptions {
  readonly clock: Clock;
  readonly openPort: OpenBytePort;
  readonly identityOf: (options: LinkOptions) => Promise<string>;
  readonly findDevice: FindDevice;
  readonly onUnsolicited: (link: LinkId, bytes: Uint8Array) => void;
  readonly onLost: (link: LinkId, message: string) => void;
  /** What was unplugged is back, and was made safe. @param startMs - when that began. */
  readonly onFound: (devices: readonly SafetyOutcome[], startMs: number) => void;
}

/** The ports that a guardian owns: each for one link at a time, with what makes its devices safe. */
export class OwnedPorts {
  readonly #options: OwnedPortsOptions;
  readonly #owners = new Map<string, string>();
  readonly #ports = new Map<LinkId, OwnedPort>();
  readonly #searches = new Set<Promise<void>>();
  #isOver = false;

  constructor(options: OwnedPortsOptions) {
    this.#options = options;
  }

  get links(): readonly LinkId[] {
    return [...this.#ports.keys()];
  }

  get protectedDevices(): readonly Protected[] {
    return this.links.flatMap((link) => this.protectedOn(link));
  }

  protectedOn(link: LinkId): readonly Protected[] {
    const port = this.#ports.get(link);
    if (!port) return [];
    const { exchanges, options } = port;
    return [...port.states.values()].map((state) => ({ state, lineEnd: options.lineEnd, exchanges }));
  }

  /** Nothing of the host that waits anywhere gets through any more. */
  giveUpAll(why: RedsunError): void {
    for (const { exchanges } of this.#ports.values()) exchanges.giveUpAll(why);
  }

  /** @throws RedsunError `link/closed` */
  at(link: LinkId): PortExchanges {
    const port = this.#ports.get(link);
    if (!port) throw new RedsunError('link/closed', `Link ${link} is closed`);
    return port.exchanges;
  }

  /**
   * A state without steps ends the protection of a device, which is made safe before: it gives up its share of a port that stays open.
   * @throws RedsunError `link/closed`; `link/not-safe` when it does not answer: it stays protected
   */
  async protect(link: LinkId, state: SafeState): Promise<void> {
    const port = this.#ports.get(link);
    if (!port) throw new RedsunError('link/closed', `${state.device}: link ${link} is closed`);
    refuseBadPatterns(state);
    if (state.steps.length > 0) port.states.set(state.device, state);
    else await this.#endProtection(port, state.device);
  }

  async #endProtection({ states, options, exchanges }: OwnedPort, device: string): Promise<void> {
    const state = states.get(device);
    if (!state) return;
    // What is about the whole controller would hurt those that go on with it, and they are protected by the same.
    if (![...states.values()].some((other) => other !== state && hasSameSteps(other, state))) {
      const { clock } = this.#options;
      const { error } = await makeOneSafe({ state, lineEnd: options.lineEnd, exchanges }, clock.monotonicMs(), clock);
      if (error !== null) throw new RedsunError('link/not-safe', `${device} could not be made safe: ${error}`);
    }
    // Unless it has come back meanwhile.
    if (states.get(device) === state) states.delete(device);
  }

  /** @throws RedsunError `link/in-use`, `link/open-failed` */
  async open(link: LinkId, options: LinkOptions, owner: string): Promise<void> {
    const identity = await this.#options.identityOf(options);
    const holder = this.#owners.get(identity);
    if (holder !== undefined) {
      throw new RedsunError('link/in-use', `${portOf(options)}: ${owner} cannot open it, as ${holder} has it`);
    }
    this.#owners.set(identity, owner);
    try {
      await this.#openPort(link, identity, options, owner, new Map());
    } catch (thrown) {
      this.#owners.delete(identity);
      throw thrown;
    }
  }

  async close(link: LinkId): Promise<void> {
    const port = this.#ports.get(link);
    if (!port) return;
    this.#forget(port);
    await port.exchanges.close();
  }

  /** Resolves when what was unplugged has been made safe, or was looked for long enough. */
  async whenSearched(): Promise<void> {
    while (this.#searches.size > 0) await Promise.all(this.#searches);
  }

  async closeAll(): Promise<void> {
    this.#isOver = true;
    await Promise.allSettled(this.links.map((link) => this.close(link)));
  }

  async #openPort(
    link: LinkId,
    identity: string,
    options: LinkOptions,
    owner: string,
    states: Map<string, SafeState>,
  ): Promise<OwnedPort> {
    const { clock, onUnsolicited } = this.#options;
    const real = options.kind === 'serial' ? { ...options, path: identity } : options;
    const port = await this.#patiently(() => this.#options.openPort(real));
    const exchanges = new PortExchanges(port, {
      name: portOf(options),
      lineEnd: options.lineEnd,
      clock,
      onUnsolicited: (bytes) => onUnsolicited(link, bytes),
      onGone: (reason) => {
        if (this.#ports.get(link)?.exchanges === exchanges) this.#lost(owned, reason);
      },
    });
    const owned: OwnedPort = { link, identity, options, opened: real, owner, exchanges, states, device: null };
    this.#ports.set(link, owned);
    void this.#options.findDevice.deviceAt(real).then((device) => {
      owned.device = device;
    });
    return owned;
  }

  async #patiently<T>(open: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await open();
      } catch (thrown) {
        if (attempt >= BUSY_RETRIES || !/lock|busy|access denied/i.test(asError(thrown).message)) throw thrown;
        await this.#options.clock.sleep(BUSY_RETRY_MS);
      }
    }
  }

  #lost(port: OwnedPort, reason: Error | null): void {
    this.#forget(port);
    const why = reason === null ? '' : `: ${reason.message}`;
    this.#options.onLost(port.link, `${portOf(port.options)}: the port is gone${why}`);
    if (port.states.size === 0) return;
    const search = this.#search(port).finally(() => this.#searches.delete(search));
    this.#searches.add(search);
  }

  #forget({ link, identity, owner }: OwnedPort): void {
    this.#ports.delete(link);
    if (this.#owners.get(identity) === owner) this.#owners.delete(identity);
  }

  /** What was unplugged may shine on: when it is back and nobody has taken it, it is made safe. */
  async #search(lost: OwnedPort): Promise<void> {
    const { clock, findDevice } = this.#options;
    for (let search = 0; search < SEARCHES && !this.#isOver; search++) {
      await clock.sleep(SEARCH_MS);
      const options = await findDevice.whereIs(lost.device, lost.opened);
      if (!options) {
        // Nothing can come back there under this name.
        if (lost.device === null) return;
        continue;
      }
      const identity = await this.#options.identityOf(options);
      if (this.#owners.has(identity) || this.#isOver) return;
      this.#owners.set(identity, `${lost.owner} (being made safe)`);
      try {
        if (await this.#madeSafe(lost, options)) return;
      } catch {
        // Not back yet.
      } finally {
        this.#owners.delete(identity);
      }
    }
  }

  /** @returns false when it does not answer as it should: what is switched on again with its port needs its time until it hears. */
  async #madeSafe({ states }: OwnedPort, options: LinkOptions): Promise<boolean> {
    const { clock, openPort, onFound } = this.#options;
    const port = await openPort(options);
    const exchanges = new PortExchanges(port, {
      name: portOf(options),
      lineEnd: options.lineEnd,
      clock,
      onUnsolicited: () => {},
      onGone: () => {},
    });
    const startMs = clock.monotonicMs();
    const outcomes: SafetyOutcome[] = [];
    for (const state of states.values()) {
      outcomes.push(await makeOneSafe({ state, lineEnd: options.lineEnd, exchanges }, startMs, clock));
    }
    await exchanges.close();
    if (outcomes.some(({ outcome }) => outcome === 'failed')) return false;
    onFound(outcomes, startMs);
    return true;
  }
}

function hasSameSteps(one: SafeState, other: SafeState): boolean {
  return JSON.stringify(one.steps) === JSON.stringify(other.steps);
}

/** Found now, when the driver's author can be told, and not in the moment when it counts. @throws RedsunError `link/bad-safe-state` */
function refuseBadPatterns({ device, steps }: SafeState): void {
  for (const { expect } of steps) {
    if (expect.kind !== 'line-like') continue;
    try {
      new RegExp(expect.pattern);
    } catch (cause) {
      const what = `the pattern ${JSON.stringify(expect.pattern)} of its safe state is no regular expression`;
      throw new RedsunError('link/bad-safe-state', `${device}: ${what}`, { cause });
    }
  }
}
