import type { Logger } from 'redsun/sdk/log';
import { Signal } from 'redsun/sdk/virtual';
import { actInWords, reasonInWords, type SafetyAct, type SafetyReason } from '../../../shared/guardian/safety-act.ts';
import type { GuardianClient } from '../../guardian/guardian-client.ts';

/** What the host does when its guardian has made everything safe. */
export interface DutyActions {
  /** Somebody pressed STOP at the guardian. */
  readonly stop: (by: string) => void;
  /** From now on nothing gets through: a run pauses before it fails for that. */
  readonly hold: (why: string) => void;
  /** Nobody knows what happened meanwhile: a run pauses, Live ends, devices are asked what they are at. */
  readonly pause: (why: string) => void;
  /** What the guardian did is written down with the run that it interrupted. */
  readonly record: (act: SafetyAct) => void;
}

/** Listens to the guardian: tells what it did, lets devices be talked to again once the host knows, and pauses what it interrupted. */
export class GuardianDuty implements Disposable {
  /** What the guardian did, for windows. */
  readonly acted = new Signal<[act: SafetyAct]>();
  readonly #guardian: GuardianClient;
  readonly #logger: Logger;
  readonly #connections: Disposable[];
  #actions: DutyActions | null = null;
  /** Resolves when the act that is going on has been dealt with; null: none is. */
  #free: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;

  constructor(guardian: GuardianClient, logger: Logger) {
    this.#guardian = guardian;
    this.#logger = logger;
    this.#connections = [
      guardian.acting.connect((reason) => this.#onActing(reason)),
      guardian.acted.connect((act) => this.#onActed(act)),
      guardian.died.connect((message) => {
        logger.error(message);
        this.#hold();
        this.#actions?.pause(message);
      }),
    ];
  }

  /** From now on acts have consequences; before, while the session is built, they are only logged. */
  begin(actions: DutyActions): void {
    this.#actions = actions;
  }

  /** Everything is being made safe. */
  get isActing(): boolean {
    return this.#free !== null;
  }

  readonly whenFree = (): Promise<void> => this.#free?.promise ?? Promise.resolve();

  [Symbol.dispose](): void {
    for (const connection of this.#connections) connection[Symbol.dispose]();
    this.#letGo();
  }

  #hold(): void {
    if (this.#free) return;
    let resolve: () => void = () => {};
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    this.#free = { promise, resolve };
  }

  #onActing(reason: SafetyReason): void {
    this.#hold();
    if (reason === 'stop' || reason === 'asked') return;
    this.#actions?.hold(`The guardian is making everything safe, as ${reasonInWords(reason)}`);
  }

  #onActed(act: SafetyAct): void {
    const words = actInWords(act);
    const failed = act.devices.some(({ outcome }) => outcome === 'failed');
    if (act.reason !== 'asked') this.#logger[failed ? 'error' : 'warning'](words);
    this.acted.emit(act);
    this.#actions?.record(act);
    // The run is told first: nothing that it still wanted may get through.
    if (act.reason === 'stop') this.#actions?.stop(act.by ?? 'the guardian');
    else if (act.reason !== 'asked') this.#actions?.pause(words);
    this.#guardian.rearm(act);
    this.#letGo();
  }

  #letGo(): void {
    this.#free?.resolve();
    this.#free = null;
  }
}
