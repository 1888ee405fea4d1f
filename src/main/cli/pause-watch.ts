import { asError } from 'redsun/sdk/util';
import type { AcquisitionState, RunProgress } from '../../shared/channels/acquisition.ts';
import type { CliContext } from './context.ts';
import type { Terminal } from './terminal.ts';

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

/** What a run stands still for. */
type Hold =
  | { readonly kind: 'disk'; readonly words: string }
  /** Something from outside, which somebody must look at. `isKnown`: the words are the last. */
  | { readonly kind: 'outside'; readonly words: string; readonly isKnown: boolean }
  /** The plan itself, or somebody at a window. */
  | { readonly kind: 'asked'; readonly words: string }
  /** A suspender: it goes on by itself. */
  | { readonly kind: 'suspended'; readonly words: string };

/**
 * Says in the terminal why a run stands still and what to do about it, and sees to a disk that is full: nobody looks at a window there.
 * Until it is disposed.
 */
export class PauseWatch implements Disposable {
  readonly #terminal: Terminal;
  readonly #options: PauseWatchOptions;
  readonly #ended = new AbortController();
  readonly #listening: Disposable;
  #state: AcquisitionState | null = null;
  #told: Hold | null = null;

  constructor(terminal: Terminal, options: PauseWatchOptions) {
    this.#terminal = terminal;
    this.#options = options;
    this.#listening = terminal.onState((state) => this.#onState(state));
  }

  /** Enter was pressed: a plan that has paused itself goes on. */
  goOn(): void {
    if (this.#state?.engine !== 'paused') return;
    this.#resume().catch((error: unknown) => this.#options.err(`Still paused: ${asError(error).message}`));
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
    this.#ended.abort();
  }

  #onState(state: AcquisitionState): void {
    this.#state = state;
    const hold = state.run && holdOf(state.run);
    const before = this.#told;
    if (hold === null) {
      this.#told = null;
      if (before && state.engine === 'running') this.#options.err('Goes on.');
      return;
    }
    if (before?.kind === hold.kind && !becomesKnown(before, hold)) return;
    this.#told = hold;
    this.#stands(hold);
  }

  #stands(hold: Hold): void {
    const { err, onFull, isAttended } = this.#options;
    const { kind, words } = hold;
    if (kind === 'suspended') {
      err(`Held up: ${words}. It goes on by itself when that is over; Ctrl+C ends it.`);
    } else if (kind === 'disk' && onFull === 'abort') {
      err(`Paused: ${words}. The run is aborted; with --on-full wait it would wait for room.`);
      this.#abort(words);
    } else if (kind === 'disk') {
      err(`Paused: ${words}. Make room or bring the disk back: the run goes on by itself then. Ctrl+C ends it.`);
      this.#waitForRoom().catch((error: unknown) => err(asError(error).message));
    } else if (kind === 'outside' && !isAttended) {
      // What the guardian interrupted waits for somebody who looks at the microscope; where nobody is, it ends with the reason, of which
      // what became of the devices is a part.
      if (!hold.isKnown) return;
      err(`Paused: ${words}. Nobody is at the terminal: the run is aborted.`);
      this.#abort(words);
    } else if (kind !== 'outside' || hold.isKnown) {
      err(`Paused: ${words}. ${isAttended ? 'Enter goes on, Ctrl+C ends it.' : 'Ctrl+C ends it.'}`);
    }
  }

  #abort(reason: string): void {
    this.#terminal.acquisition
      .call('abort', { reason })
      .catch((error: unknown) => this.#options.err(asError(error).message));
  }

  #resume(): Promise<unknown> {
    return this.#terminal.acquisition.call('resume', undefined);
  }

  /** Tries until it works, or somebody else has seen to it. */
  async #waitForRoom(): Promise<void> {
    const signal = AbortSignal.any([this.#options.signal, this.#ended.signal]);
    for (;;) {
      const isOver = await this.#terminal.clock.sleep(LOOK_AGAIN_MS, signal).then(
        () => false,
        () => true,
      );
      if (isOver || this.#state?.run?.phase !== 'waiting-for-disk') return;
      // Refused as long as there is no room.
      await this.#resume().catch(() => {});
    }
  }
}

function holdOf({ phase, diskFault, pauseReason, pauseWords, isBeingMadeSafe, waitsFor }: RunProgress): Hold | null {
  if (phase === 'waiting-for-disk' || (phase === 'paused' && diskFault !== null)) {
    return { kind: 'disk', words: diskFault ?? pauseWords ?? '' };
  }
  if (phase === 'paused' && pauseReason !== null) {
    return { kind: 'outside', words: pauseReason, isKnown: !isBeingMadeSafe };
  }
  if (phase === 'paused') return { kind: 'asked', words: pauseWords ?? '' };
  return phase === 'running' && waitsFor !== null ? { kind: 'suspended', words: waitsFor } : null;
}

function becomesKnown(before: Hold, hold: Hold): boolean {
  return before.kind === 'outside' && hold.kind === 'outside' && hold.isKnown && !before.isKnown;
}
