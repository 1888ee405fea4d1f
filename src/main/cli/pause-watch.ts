import { setImmediate } from 'node:timers/promises';
import type { Msg } from 'redsun/sdk/engine';
import { asError } from 'redsun/sdk/util';
import type { Host } from '../host/start-host.ts';
import type { CliContext } from './context.ts';

/** What a run does whose disk is full or gone: it waits until there is room again, or ends. */
export const ON_FULL = ['wait', 'abort'] as const;
export type OnFull = (typeof ON_FULL)[number];

/** A disk is looked at again after so long. */
const LOOK_AGAIN_MS = 2000;

export interface PauseWatchOptions extends Pick<CliContext, 'err' | 'signal'> {
  readonly onFull: OnFull;
  /** Whether somebody sits there who can press a key. */
  readonly isAttended: boolean;
}

/**
 * Says in the terminal why a run stands still and what to do about it, and sees to a disk that is full: nobody looks at a window there.
 * Until it is disposed.
 */
export class PauseWatch implements Disposable {
  readonly #host: Host;
  readonly #options: PauseWatchOptions;
  readonly #ended = new AbortController();
  readonly #connections: DisposableStack;
  #isHeld = false;

  constructor(host: Host, options: PauseWatchOptions) {
    this.#host = host;
    this.#options = options;
    const { engine } = host.services;
    this.#connections = new DisposableStack();
    this.#connections.use(engine.stateChanged.connect((state) => this.#onState(state)));
    this.#connections.use(engine.messageStarted.connect((message) => this.#onMessage(message)));
  }

  /** Enter was pressed: a plan that has paused itself goes on. */
  goOn(): void {
    const { runs, services } = this.#host;
    if (services.engine.state !== 'paused') return;
    runs.resume().catch((error: unknown) => this.#options.err(`Still paused: ${asError(error).message}`));
  }

  [Symbol.dispose](): void {
    this.#connections.dispose();
    this.#ended.abort();
  }

  #onState(state: string): void {
    if (state === 'paused') {
      this.#isHeld = true;
      this.#paused();
    } else if (state === 'running' && this.#isHeld) this.#goesOn();
  }

  /** A suspender holds a plan up with messages of its own, and the engine runs meanwhile. */
  #onMessage({ command, args }: Msg): void {
    if (command === '_start_suspender') {
      this.#isHeld = true;
      const why = typeof args[2] === 'string' && args[2] !== '' ? args[2] : 'the run waits for what it depends on';
      this.#options.err(`Held up: ${why}. It goes on by itself when that is over; Ctrl+C ends it.`);
    } else if (command === '_resume_from_suspender' && this.#isHeld) this.#goesOn();
  }

  #goesOn(): void {
    this.#isHeld = false;
    this.#options.err('Goes on.');
  }

  #paused(): void {
    const { err, onFull, isAttended } = this.#options;
    const fault = this.#diskFault;
    if (fault === null && this.#host.runs.pauseReason !== null && !isAttended) void this.#endUnattended();
    else if (fault === null) {
      err(`Paused: ${this.#pauseReason()}. ${isAttended ? 'Enter goes on, Ctrl+C ends it.' : 'Ctrl+C ends it.'}`);
    } else if (onFull === 'abort') {
      err(`Paused: ${fault}. The run is aborted; with --on-full wait it would wait for room.`);
      const { engine } = this.#host.services;
      // The engine tells of its state before it takes the next order.
      void setImmediate().then(() => {
        if (engine.state === 'paused') engine.abort(fault).catch((error: unknown) => err(asError(error).message));
      });
    } else {
      err(`Paused: ${fault}. Make room or bring the disk back: the run goes on by itself then. Ctrl+C ends it.`);
      this.#waitForRoom().catch((error: unknown) => err(asError(error).message));
    }
  }

  /** What the guardian interrupted waits for somebody who looks at the microscope; where nobody is, it ends with the reason. */
  async #endUnattended(): Promise<void> {
    const { runs, services } = this.#host;
    const { err } = this.#options;
    // What became of the devices is part of the reason.
    await services.duty.whenFree();
    // The engine tells of its state before it takes the next order.
    await setImmediate();
    const reason = runs.pauseReason ?? this.#pauseReason();
    if (services.engine.state !== 'paused') return;
    err(`Paused: ${reason}. Nobody is at the terminal: the run is aborted.`);
    services.engine.abort(reason).catch((error: unknown) => err(asError(error).message));
  }

  /** Tries until it works, or somebody else has seen to it. */
  async #waitForRoom(): Promise<void> {
    const { runs, services } = this.#host;
    const signal = AbortSignal.any([this.#options.signal, this.#ended.signal]);
    for (;;) {
      const isOver = await services.clock.sleep(LOOK_AGAIN_MS, signal).then(
        () => false,
        () => true,
      );
      if (isOver || services.engine.state !== 'paused' || this.#diskFault === null) return;
      // Refused as long as there is no room.
      await runs.resume().catch(() => {});
    }
  }

  get #diskFault(): string | null {
    return this.#host.runs.progress?.diskFault ?? null;
  }

  #pauseReason(): string {
    const { engine, latch } = this.#host.services;
    if (latch.pulled) return 'STOP was pressed';
    return this.#host.runs.pauseReason ?? (engine.pauseMessage || 'the plan asked for it');
  }
}
