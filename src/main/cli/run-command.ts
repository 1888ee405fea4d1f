import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Document } from 'redsun/sdk/events';
import type { ScheduleKept } from 'redsun/sdk/plans';
import { asError, codeOf, nearMissHint, onAbort, RedsunError } from 'redsun/sdk/util';
import type { PlanItem } from '../../shared/channels/acquisition.ts';
import { guardAgainstFaults } from '../app/fault-guard.ts';
import { startHost } from '../host/start-host.ts';
import { systemClock } from '../host/system-clock.ts';
import { DocumentsFile } from '../storage/run/documents-file.ts';
import { type CliContext, hostOptions, tellIfNotSafe } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { connectTo } from './join-session.ts';
import { ON_FULL, type OnFull, PauseWatch } from './pause-watch.ts';
import { readItems } from './read-items.ts';
import { takeControl } from './take-control.ts';
import { connectWithin, Terminal } from './terminal.ts';

/** One line on stdout with `--json`. */
interface ResultLine {
  readonly item: number;
  readonly name: string;
  readonly exit_status: 'success' | 'abort' | 'fail';
  readonly reason: string;
  readonly run_start_uids: readonly string[];
  readonly run_folder: string | null;
  /** How its times were kept; absent: it had none. */
  readonly schedule?: {
    readonly time_points: number;
    readonly late: number;
    readonly left_out: number;
    readonly latest_s: number;
    readonly asked_interval_s: number;
    readonly interval_s: number;
  };
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** `redsun run ITEMS.json|- [--session S | --at URL] [--out DIR] [--documents FILE.jsonl] [--dry-run] [--keep-going] [--on-full wait|abort] [--json]` */
export async function runCommand(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      at: { type: 'string' },
      session: { type: 'string' },
      out: { type: 'string' },
      documents: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      'keep-going': { type: 'boolean', default: false },
      'on-full': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [path] = positionals;
  if (path === undefined) {
    throw new RedsunError('cli/usage', 'redsun run: expected a file of items, or - for standard input');
  }
  const onFull = onFullOf(values['on-full'], process.stdin.isTTY);
  const items = await readItems(path);
  const options = { json: values.json, keepGoing: values['keep-going'], documents: values.documents };
  const about = { onFull, readsItems: path === '-' };
  if (values.at !== undefined) {
    refuseWithAt(values);
    using joined = await Terminal.open(connectTo(values.at), systemClock);
    await takeControl(joined, context);
    return await runItems(joined, items, options, about, context);
  }
  using guard = guardAgainstFaults(context.err);
  const host = await startHost({
    ...hostOptions(context, values.session, values.out),
    isDryRun: values['dry-run'],
  });
  guard.attach(host);
  let code: ExitCode;
  try {
    using terminal = await Terminal.open(connectWithin(host.server), host.services.clock);
    // What is not there, and why: an item that needs it is refused below, others run without it.
    for (const { level, source, message } of await terminal.log.call('recent', undefined)) {
      if (level === 'error') context.err(`Note: ${source}: ${message}`);
    }
    code = await runItems(terminal, items, options, about, context);
  } catch (error) {
    await host.close();
    throw error;
  }
  try {
    await host.close();
    tellIfNotSafe(host, context);
    return code;
  } catch (error) {
    context.err(asError(error).message);
    return code === EXIT.done ? EXIT.failed : code;
  }
}

interface RunOptions {
  readonly json: boolean;
  readonly keepGoing: boolean;
  /** File for all documents. */
  readonly documents: string | undefined;
}

/** @throws what keeps the items from being started: nothing has moved then. */
async function runItems(
  terminal: Terminal,
  items: readonly PlanItem[],
  options: RunOptions,
  about: Attendance,
  context: CliContext,
): Promise<ExitCode> {
  const { notes } = await terminal.acquisition.call('check', { items: [...items] }, { signal: context.signal });
  for (const message of notes) context.err(`Note: ${message}`);
  const documents =
    options.documents === undefined ? null : await recordDocuments(terminal, options.documents, context);
  const code = await watched(terminal, about, context, () => runAll(terminal, items, options, context));
  try {
    await documents?.close();
    return code;
  } catch (error) {
    context.err(asError(error).message);
    return code === EXIT.done ? EXIT.failed : code;
  }
}

/** The session that runs there decides them. @throws RedsunError `cli/usage` */
function refuseWithAt(values: Readonly<Record<string, unknown>>): void {
  const [wrong] = ['session', 'out', 'dry-run'].filter((name) => values[name] !== undefined && values[name] !== false);
  if (wrong === undefined) return;
  throw new RedsunError('cli/usage', `--${wrong} does not go with --at: the session that runs there decides it`);
}

/**
 * What `--on-full` says; by default a run waits where somebody sits at the terminal who can make room.
 * @throws RedsunError `cli/usage`
 */
export function onFullOf(said: string | undefined, isAttended: boolean): OnFull {
  if (said === undefined) return isAttended ? 'wait' : 'abort';
  const known = ON_FULL.find((word) => word === said);
  if (known) return known;
  const hint = nearMissHint(said, ON_FULL);
  throw new RedsunError('cli/usage', `--on-full: expected ${ON_FULL.join(' or ')}, got "${said}".${hint}`);
}

/** Who is at the terminal. */
export interface Attendance {
  readonly onFull: OnFull;
  /** Standard input is not a keyboard. */
  readonly readsItems: boolean;
}

/** Does `work` while pauses are told; Enter goes on with a plan that has paused itself. */
export async function watched<Result>(
  terminal: Terminal,
  { onFull, readsItems }: Attendance,
  { err, signal }: CliContext,
  work: () => Promise<Result>,
): Promise<Result> {
  const isAttended = process.stdin.isTTY === true && !readsItems;
  using watch = new PauseWatch(terminal, { err, signal, onFull, isAttended });
  const goOn = () => watch.goOn();
  if (isAttended) process.stdin.on('data', goOn);
  try {
    return await work();
  } finally {
    if (isAttended) process.stdin.off('data', goOn).pause();
  }
}

/** What is said of each document goes to a file; after a while without the host some are missing there, and that is said. */
async function recordDocuments(terminal: Terminal, path: string, { err }: CliContext): Promise<Recording> {
  try {
    await writeFile(path, '');
    const documents = await DocumentsFile.open(path);
    const listening = new DisposableStack();
    listening.use(
      terminal.acquisition.on('documented', ({ name, document }) =>
        documents.write(name, document as unknown as Document),
      ),
    );
    listening.use(
      terminal.onLost((reason) =>
        err(`The host is out of reach: ${reason}. Documents of this while are not in ${path}`),
      ),
    );
    return {
      close: () => {
        listening.dispose();
        return documents.close();
      },
    };
  } catch (cause) {
    throw new RedsunError('cli/usage', `--documents: ${path} cannot be written: ${asError(cause).message}`, { cause });
  }
}

interface Recording {
  close(): Promise<void>;
}

async function runAll(
  terminal: Terminal,
  items: readonly PlanItem[],
  options: RunOptions,
  context: CliContext,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  for (const [index, item] of items.entries()) {
    if (context.signal.aborted) return EXIT.interrupted;
    context.err(`item ${index}: ${item.name}`);
    const line = await runOne(terminal, item, index, context);
    if (options.json) context.out(JSON.stringify(line));
    else {
      const { name, exit_status: status, reason, run_folder: folder } = line;
      context.out(`${name}: ${status}${reason ? `, ${reason}` : ''}${folder === null ? '' : `, in ${folder}`}`);
    }
    if (context.signal.aborted) return EXIT.interrupted;
    if (line.exit_status === 'success') continue;
    code = EXIT.failed;
    if (!options.keepGoing) break;
  }
  return code;
}

/** Time for the clean-up of a plan, ms. A device that does not answer must not keep the terminal. */
const CLEAN_UP_MS = 10_000;

/** Aborts the run; halts it when its clean-up does not end, or when it is asked for again. */
export async function endRun(
  { acquisition, clock }: Terminal,
  outcome: Promise<unknown>,
  { err, hurry }: Pick<CliContext, 'err' | 'hurry'>,
): Promise<void> {
  let isOver = false;
  const over = outcome.then(
    () => {
      isOver = true;
    },
    () => {},
  );
  err('Interrupted: the run is aborted and cleans up. Ctrl+C again halts it.');
  // Refused where the run has just ended by itself; answered when the clean-up is over.
  const aborted = acquisition.call('abort', { reason: 'Interrupted' }).catch(() => {});
  const halt = () => acquisition.call('halt', undefined).catch(() => {});
  using _watch = onAbort(hurry, () => void halt());
  await Promise.race([over, aborted.then(() => over), clock.sleep(CLEAN_UP_MS, hurry).catch(() => {})]);
  if (isOver) return;
  err('The clean-up does not end: halted. Look at the devices before you go on.');
  await halt();
}

async function runOne(terminal: Terminal, item: PlanItem, index: number, context: CliContext): Promise<ResultLine> {
  try {
    const { outcome } = await terminal.run(item);
    // Ctrl+C that came while the run was being prepared counts, too.
    using _interrupt = onAbort(context.signal, () => {
      endRun(terminal, outcome, context).catch((error: unknown) => context.err(asError(error).message));
    });
    const { exitStatus, reason, runStartUids, folder, error, schedule, scheduleNote, frames, expectedFrames } =
      await outcome;
    if (expectedFrames !== null && frames < expectedFrames)
      context.err(`Note: item ${index}: ${frames} of ${expectedFrames} frames`);
    if (scheduleNote !== null) context.err(`Note: item ${index}: ${scheduleNote}`);
    return {
      item: index,
      name: item.name,
      exit_status: exitStatus,
      reason,
      run_start_uids: runStartUids,
      run_folder: folder || null,
      ...(schedule && { schedule: scheduleLine(schedule) }),
      error,
    };
  } catch (thrown) {
    // Earlier items have run, so this is a failure of the batch and not bad usage.
    const { message } = asError(thrown);
    const error = { code: codeOf(thrown), message };
    return {
      item: index,
      name: item.name,
      exit_status: 'fail',
      reason: message,
      run_start_uids: [],
      run_folder: null,
      error,
    };
  }
}

function scheduleLine(kept: ScheduleKept): ResultLine['schedule'] {
  return {
    time_points: kept.timePoints,
    late: kept.late,
    left_out: kept.leftOut,
    latest_s: kept.latestS,
    asked_interval_s: kept.askedIntervalS,
    interval_s: kept.intervalS,
  };
}
