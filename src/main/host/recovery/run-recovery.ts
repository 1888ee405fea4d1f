import { basename } from 'node:path';
import type { RunEngine } from 'redsun/sdk/engine';
import { RedsunError } from 'redsun/sdk/util';
import type { Recovery } from '../../../shared/channels/review.ts';
import type { RecoveryProgress } from '../../storage/recover/recovery-progress.ts';
import type { LoggerFor } from '../logging.ts';
import type { RunStorage } from '../run-storage/run-storage.ts';
import { recoverInThread } from './recovery-thread.ts';

interface Services {
  /** Module of the thread that does the work. */
  readonly workerPath: string;
  readonly loggerFor: LoggerFor;
  readonly engine: Pick<RunEngine, 'state' | 'stateChanged'>;
  readonly storage: Pick<RunStorage, 'keeps'>;
}

/** Makes interrupted runs whole while the program is open, one at a time, as `redsun recover` does. A run that is started goes first. */
export class RunRecovery {
  readonly #host: Services;
  #going: { readonly path: string; readonly controller: AbortController } | null = null;

  constructor(host: Services) {
    this.#host = host;
    host.engine.stateChanged.connect((state) => {
      if (state !== 'running') return;
      this.#going?.controller.abort(
        new RedsunError('recover/given-up', 'A run was started: recover again when it is over'),
      );
    });
  }

  /** The run folder that is being repaired; null: none. */
  get path(): string | null {
    return this.#going?.path ?? null;
  }

  /** @throws RedsunError `recover/busy` while a run or another recovery goes on; `recover/given-up`. */
  async recover(
    path: string,
    signal: AbortSignal,
    onProgress: (progress: RecoveryProgress) => void = () => {},
  ): Promise<Recovery> {
    const { workerPath, engine, loggerFor, storage } = this.#host;
    const name = basename(path);
    if (engine.state !== 'idle') throw busy(name, `a run is ${engine.state}`);
    using claim = this.claim(path);
    // A session that keeps nothing is open to other programs.
    const lock = storage.keeps === 'runs' ? 'held' : 'take';
    const report = await recoverInThread(
      { path, lock },
      { workerPath, signal: AbortSignal.any([signal, claim.signal]), onProgress },
    );
    const { state, found, torn, lost, problems, kept } = report;
    if (state === 'running') throw busy(name, 'another program holds the session');
    const logger = loggerFor('storage');
    for (const { code, message } of problems) logger.error(`${name}: ${message} (${code})`);
    logger.info(`${name} recovered: ${found} frames are whole, ${torn} torn ones cut off, ${lost} lost`);
    if (kept !== null) logger.info(`${name}: what the recovery replaced is kept in ${kept}`);
    return { state, found, torn, lost, problems: problems.map(({ message }) => message) };
  }

  /** Nobody else touches an interrupted run until it is disposed. @throws RedsunError `recover/busy` */
  claim(path: string): Disposable & { readonly signal: AbortSignal } {
    if (this.#going) throw busy(basename(path), `${basename(this.#going.path)} is being recovered`);
    const controller = new AbortController();
    this.#going = { path, controller };
    return {
      signal: controller.signal,
      [Symbol.dispose]: () => {
        this.#going = null;
      },
    };
  }
}

function busy(name: string, why: string): RedsunError {
  return new RedsunError('recover/busy', `${name} cannot be recovered or gone on with now: ${why}`);
}
