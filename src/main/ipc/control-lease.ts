import type { Client, ClientRole } from 'redsun/sdk/presenter';
import { type Clock, RedsunError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';

/** An operator who does not answer for so long is not there: who asked gets the control, ms. */
const ANSWER_MS = 30_000;

const LEVELS: readonly ClientRole[] = ['observe', 'operate', 'administer'];

interface Asking {
  readonly client: Client;
  /** Unix time, s, when it gets what it asked for if nobody answers. */
  readonly until: number;
  readonly timer: Disposable;
}

/** Who has the control. */
export interface LeaseState {
  readonly holder: Client | null;
  readonly asking: { readonly client: Client; readonly until: number } | null;
}

/**
 * One operator at a time. Whoever drives the microscope first has the control until it is handed over or the client goes; others look on,
 * and can ask for it. STOP is everybody's.
 */
export class ControlLease {
  readonly changed = new Signal<[LeaseState]>();
  readonly #clock: Clock;
  #holder: Client | null = null;
  #asking: Asking | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get state(): LeaseState {
    const asking = this.#asking;
    return { holder: this.#holder, asking: asking && { client: asking.client, until: asking.until } };
  }

  /**
   * Before each call. Who operates while nobody has the control takes it.
   * @throws RedsunError `control/role` when the client may never do that; `control/held` when another one has the control
   */
  require(client: Client, needs: ClientRole, what: string): void {
    requireRole(client, needs, what);
    if (needs === 'observe' || this.#holder === client) return;
    if (this.#holder) {
      const holder = this.#holder.name;
      const words = `${holder} has control of the microscope; ask for it first`;
      throw new RedsunError('control/held', words, { details: { holder } });
    }
    this.#give(client);
  }

  /** @returns true when the client has the control; false: it was asked for. @throws RedsunError `control/asked` when another one waits */
  ask(client: Client): boolean {
    requireRole(client, 'operate', 'asking for control');
    if (this.#holder === null || this.#holder === client) {
      if (this.#holder === null) this.#give(client);
      return true;
    }
    if (this.#asking && this.#asking.client !== client) {
      throw new RedsunError('control/asked', `${this.#asking.client.name} has asked for control before`);
    }
    if (!this.#asking) {
      const timer = this.#clock.setTimeout(() => this.#give(client), ANSWER_MS);
      this.#asking = { client, until: this.#clock.now() + ANSWER_MS / 1000, timer };
      this.#announce();
    }
    return false;
  }

  /** The holder answers who asks; the one who asks takes it back. @throws RedsunError `control/not-yours` */
  answer(client: Client, grants: boolean): void {
    const asking = this.#asking;
    if (!asking) return;
    if (client !== this.#holder && client !== asking.client) {
      throw new RedsunError('control/not-yours', 'Only who has the control can hand it over');
    }
    if (client === this.#holder && grants) this.#give(asking.client);
    else {
      this.#stopAsking();
      this.#announce();
    }
  }

  /** The holder lets go: who asks gets it, or else whoever operates next. */
  release(client: Client): void {
    if (this.#asking?.client === client) {
      this.#stopAsking();
      this.#announce();
    }
    if (this.#holder === client) this.#give(this.#asking?.client ?? null);
  }

  #give(client: Client | null): void {
    this.#stopAsking();
    this.#holder = client;
    this.#announce();
  }

  #stopAsking(): void {
    this.#asking?.timer[Symbol.dispose]();
    this.#asking = null;
  }

  #announce(): void {
    this.changed.emit(this.state);
  }
}

function requireRole({ name, role }: Client, needs: ClientRole, what: string): void {
  if (LEVELS.indexOf(role) >= LEVELS.indexOf(needs)) return;
  throw new RedsunError('control/role', `${name} may not do this: ${what} needs "${needs}", it may "${role}"`);
}
