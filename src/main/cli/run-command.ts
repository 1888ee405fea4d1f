import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { asError, codeOf, nearMissHint, onAbort, RedsunError } from 'redsun/sdk/util';
import type { PlanItem, ScheduleKept } from '../../shared/channels/acquisition.ts';
import { guardAgainstFaults } from '../app/fault-guard.ts';
import type { Foreseen } from '../host/plans/plan-registry.ts';
import { checkGivingWay } from '../host/run/check-item.ts';
import { longPathOf, roomIn } from '../host/run/current-run.ts';
import { leastBytes } from '../host/run/run-cost.ts';
import { type Host, startHost } from '../host/start-host.ts';
import { DocumentsFile } from '../storage/run/documents-file.ts';
import { refuse } from '../storage/target/preflight.ts';
import { type CliContext, hostOptions, tellIfNotSafe } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { ON_FULL, type OnFull, PauseWatch } from './pause-watch.ts';
import { readItems } from './read-items.ts';

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

/** `redsun run ITEMS.json|- [--session S] [--out DIR] [--documents FILE.jsonl] [--dry-run] [--keep-going] [--on-full wait|abort] [--json]` */
export async function runCommand(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
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
  using guard = guardAgainstFaults(context.err);
  const host = await startHost({
    ...hostOptions(context, values.session, values.out),
    isDryRun: values['dry-run'],
  });
  guard.attach(host);
  let documents: DocumentsFile | null = null;
  // What is not there, and why: an item that needs it is refused below, others run without it.
  for (const { level, source, message } of host.services.log.records) {
    if (level === 'error') context.err(`Note: ${source}: ${message}`);
  }
  try {
    const notes = await checkItems(host, items, context.signal);
    for (const message of [...(await adviceOn(host)), ...notes]) context.err(`Note: ${message}`);
    if (values.documents !== undefined) documents = await recordDocuments(host, values.documents);
  } catch (error) {
    await host.close();
    throw error;
  }
  const code = await watched(host, { onFull, readsItems: path === '-' }, context, () =>
    runAll(host, items, { json: values.json, keepGoing: values['keep-going'] }, context),
  );
  try {
    await host.close();
    tellIfNotSafe(host, context);
    await documents?.close();
    return code;
  } catch (error) {
    context.err(asError(error).message);
    return code === EXIT.done ? EXIT.failed : code;
  }
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

/** Does `work` while pauses are told; Enter goes on with a plan that has paused itself. */
export async function watched<Result>(
  host: Host,
  { onFull, readsItems }: { readonly onFull: OnFull; readonly readsItems: boolean },
  { err, signal }: CliContext,
  work: () => Promise<Result>,
): Promise<Result> {
  const isAttended = process.stdin.isTTY === true && !readsItems;
  using watch = new PauseWatch(host, { err, signal, onFull, isAttended });
  const goOn = () => watch.goOn();
  if (isAttended) process.stdin.on('data', goOn);
  try {
    return await work();
  } finally {
    if (isAttended) process.stdin.off('data', goOn).pause();
  }
}

/** The folder, all items and the room that they need together, before the first one starts. @returns what an operator should know. */
async function checkItems(host: Host, items: readonly PlanItem[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  await requireTarget(host, 0);
  let bytes = 0;
  const notes = new Set<string>();
  const foreseen: Foreseen = new Map();
  for (const [index, item] of items.entries()) {
    signal.throwIfAborted();
    try {
      const bound = await checkGivingWay(item, host.services, { foreseen, signal });
      bytes += leastBytes(roomIn(host.services.storage, bound));
      for (const { message } of bound.advice) notes.add(`item ${index}: ${message}`);
      const long = longPathOf(item, bound, host.services);
      if (long?.severity === 'error') throw new RedsunError('target/path-too-long', long.message);
      if (long) notes.add(long.message);
    } catch (cause) {
      throw new RedsunError(codeOf(cause), `item ${index}: ${asError(cause).message}`, { cause });
    }
  }
  await requireTarget(host, bytes);
  return notes;
}

/** What the folder of runs cannot do and an operator should know. */
async function adviceOn({ services: { survey } }: Host): Promise<string[]> {
  const limits = (await survey.take())?.limits ?? [];
  return limits.filter(({ weight }) => weight === 'advice').map(({ message }) => message);
}

/** @throws RedsunError `target/...` */
async function requireTarget(host: Host, bytes: number): Promise<void> {
  refuse(await host.services.storage.check(bytes));
}

async function recordDocuments(host: Host, path: string): Promise<DocumentsFile> {
  try {
    await writeFile(path, '');
    const documents = await DocumentsFile.open(path);
    host.services.engine.subscribe(documents.write);
    return documents;
  } catch (cause) {
    throw new RedsunError('cli/usage', `--documents: ${path} cannot be written: ${asError(cause).message}`, { cause });
  }
}

async function runAll(
  host: Host,
  items: readonly PlanItem[],
  options: { readonly json: boolean; readonly keepGoing: boolean },
  context: CliContext,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  for (const [index, item] of items.entries()) {
    if (context.signal.aborted) return EXIT.interrupted;
    context.err(`item ${index}: ${item.name}`);
    const line = await runOne(host, item, index, context);
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
async function endRun({ services: { engine, clock } }: Host, { err, hurry }: CliContext): Promise<void> {
  err('Interrupted: the run is aborted and cleans up. Ctrl+C again halts it.');
  const isIdle = () => engine.state === 'idle';
  await engine.abort('Interrupted');
  if (isIdle()) return;
  using _watch = onAbort(hurry, () => void engine.halt().catch(() => {}));
  await Promise.race([engine.whenIdle(), clock.sleep(CLEAN_UP_MS, hurry).catch(() => {})]);
  if (isIdle()) return;
  err('The clean-up does not end: halted. Look at the devices before you go on.');
  await engine.halt();
}

async function runOne(host: Host, item: PlanItem, index: number, context: CliContext): Promise<ResultLine> {
  try {
    const { outcome } = await host.runs.start(item);
    // Ctrl+C that came while the run was being prepared counts, too.
    using _interrupt = onAbort(context.signal, () => {
      if (host.services.engine.state === 'idle') return;
      endRun(host, context).catch((error: unknown) => context.err(asError(error).message));
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
