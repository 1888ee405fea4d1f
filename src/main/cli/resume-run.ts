import { join, resolve } from 'node:path';
import { asError, codeOf, onAbort, RedsunError } from 'redsun/sdk/util';
import { guardAgainstFaults } from '../app/fault-guard.ts';
import { startHost } from '../host/start-host.ts';
import { sessionOfRun } from '../storage/recover/find-runs.ts';
import { RUN_FILES } from '../storage/run/run-folder.ts';
import { type CliContext, hostOptions, tellIfNotSafe } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { endRun, onFullOf, watched } from './run-command.ts';
import { connectWithin, Terminal } from './terminal.ts';

/** How a resumed run ended, one line on stdout with `--json`. */
interface ResumedLine {
  readonly resumed: string;
  readonly exit_status: 'success' | 'abort' | 'fail';
  readonly reason: string;
  readonly frames: number;
  readonly run_start_uids: readonly string[];
}

/** Opens the session of a run folder and goes on with the run. Nothing missing is no fault. @throws what keeps it from being started. */
export async function resumeRun(
  path: string,
  options: { readonly json: boolean },
  context: CliContext,
): Promise<ExitCode> {
  const owner = sessionOfRun(path);
  if (!owner) {
    const where = 'it does not lie where it was made, below <base>/<session>/<date>';
    throw new RedsunError('recover/not-resumable', `${path}: ${where}`);
  }
  using guard = guardAgainstFaults(context.err);
  const host = await startHost(hostOptions(context, join(resolve(path), RUN_FILES.session), owner.baseDir));
  guard.attach(host);
  try {
    using terminal = await Terminal.open(connectWithin(host.server), host.services.clock);
    // What the store has to say, such as that it goes on with other codecs than the session has, is of interest here.
    using _notices = terminal.log.on('written', ({ source, level, message }) => {
      if (source === 'storage' && level !== 'debug' && level !== 'info') context.err(message);
    });
    const { outcome } = await terminal.goOnWith(owner.runId);
    using _interrupt = onAbort(context.signal, () => {
      endRun(terminal, outcome, context).catch((error: unknown) => context.err(asError(error).message));
    });
    const about = { onFull: onFullOf(undefined, process.stdin.isTTY), readsItems: false };
    const { exitStatus, reason, frames, runStartUids } = await watched(terminal, about, context, () => outcome);
    const line: ResumedLine = { resumed: path, exit_status: exitStatus, reason, frames, run_start_uids: runStartUids };
    if (options.json) context.out(JSON.stringify(line));
    else context.out(`${path}: resumed, ${exitStatus}, ${frames} frames${reason ? `, ${reason}` : ''}`);
    if (context.signal.aborted) return EXIT.interrupted;
    return exitStatus === 'success' ? EXIT.done : EXIT.failed;
  } catch (error) {
    if (codeOf(error) !== 'recover/nothing-missing') throw error;
    context.err(asError(error).message);
    return EXIT.done;
  } finally {
    await host.close();
    tellIfNotSafe(host, context);
  }
}
