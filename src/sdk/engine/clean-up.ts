import type { ExitStatus } from '../events/documents.ts';
import { inTurn } from '../util/awaitable.ts';
import { asError, RedsunError } from '../util/errors.ts';
import { collectRest, type RestTools, stopAll, unstageAll } from './rest.ts';
import type { RunDocuments } from './run-documents.ts';

/** How a call came to its end. */
export interface CallExit {
  readonly status: ExitStatus;
  readonly reason: string;
  /** It was paused, stopped, aborted or halted. */
  readonly interrupted: boolean;
  readonly exception: Error | null;
}

/** What a plan may have left behind when it is over. */
export interface Remains {
  readonly moved: Iterable<object>;
  readonly staged: Iterable<object>;
  /** Those that are open; each is taken out as it is closed. */
  readonly runs: Map<string | null, RunDocuments>;
}

/** How the call ends so far. A clean-up that fails makes a failure of a success: what comes after it has to ask again. */
export interface CallEnd {
  readonly exit: () => CallExit;
  readonly fail: (error: Error) => void;
}

/** Moving axes, monitors, flying and staged devices, open runs: each is brought to its end, whatever the others did. */
export async function cleanUp({ moved, staged, runs }: Remains, end: CallEnd, tools: RestTools): Promise<void> {
  const { onFault } = tools;
  const failed = (thrown: unknown) => {
    const { status, interrupted } = end.exit();
    if (status === 'success' && !interrupted) end.fail(asError(thrown));
  };
  await stopAll(moved, tools);
  for (const run of runs.values()) run.monitors.clear();
  await collectRest(() => inTurn(runs.values(), (run) => run.collectLeftovers(onFault)), tools);
  await unstageAll(staged, tools, failed);
  for (const [key, run] of [...runs]) {
    runs.delete(key);
    try {
      const { status, reason } = end.exit();
      run.close(status, reason);
    } catch (thrown) {
      onFault(thrown);
      failed(thrown);
    }
  }
}

/** A call without `yield*` does nothing, and nobody would notice. @param forgotten - by name, how often. */
export function tellForgotten(
  forgotten: Iterable<readonly [name: string, count: number]>,
  onFault: (error: unknown) => void,
): void {
  for (const [name, count] of forgotten) {
    const times = count === 1 ? 'once' : `${count} times`;
    const message = `The plan called ${name} ${times} without running it: \`yield*\` is missing`;
    onFault(new RedsunError('plan/not-begun', message));
  }
}
