import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { asError, RedsunError } from 'redsun/sdk/util';
import { systemClock } from '../host/system-clock.ts';
import { findRuns } from '../storage/recover/find-runs.ts';
import { type RecoveryReport, recoverRun } from '../storage/recover/recover-run.ts';
import type { RecoveryProgress } from '../storage/recover/recovery-progress.ts';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { resumeRun } from './resume-run.ts';

const TELL_MS = 5000;

/** `redsun recover DIR [--dry-run] [--resume] [--json]` */
export async function recoverCommand(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      resume: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [dir] = positionals;
  if (dir === undefined)
    throw new RedsunError('cli/usage', 'redsun recover: expected a run folder, or a folder of runs');
  const runs = await findRuns(dir).catch((cause: unknown) => {
    throw new RedsunError('cli/usage', `redsun recover: ${dir} cannot be read: ${asError(cause).message}`, { cause });
  });
  if (runs.length === 0) throw new RedsunError('cli/usage', `redsun recover: no run folder in ${dir}`);
  if (values.resume && (runs.length > 1 || values['dry-run'])) {
    const why = values['dry-run'] ? '--dry-run only looks' : `there are ${runs.length} runs in ${dir}`;
    throw new RedsunError('cli/usage', `redsun recover: --resume goes on with one run, and ${why}`);
  }
  const reports: RecoveryReport[] = [];
  for (const run of runs) {
    const onProgress = tellSlowly(basename(run), context.err);
    const options = { writes: !values['dry-run'], clock: systemClock, signal: context.signal, onProgress };
    const report = await recoverRun(run, options);
    reports.push(report);
    if (values.json) context.out(JSON.stringify(inSnakeCase(report)));
    else for (const line of describe(report, values['dry-run'])) context.out(line);
  }
  const code = exitCodeOf(reports);
  const [run] = runs;
  if (!values.resume || run === undefined || code === EXIT.usage) return code;
  // What the disk lost is missing, and so it is taken again.
  return resumeRun(run, { json: values.json }, context);
}

/** Of a run that takes its time, a line now and then. */
function tellSlowly(name: string, tell: (line: string) => void): (progress: RecoveryProgress) => void {
  let lastMs = systemClock.monotonicMs();
  return ({ step, done, total }) => {
    const nowMs = systemClock.monotonicMs();
    if (nowMs - lastMs < TELL_MS) return;
    lastMs = nowMs;
    tell(`${name}: ${done} of ${total} frames ${step === 'frames' ? 'compared with their checksums' : 'made coarser'}`);
  };
}

function describe(report: RecoveryReport, dryRun: boolean): string[] {
  const { path, state, acknowledged, durable, found, torn, lost, repairs, problems, kept } = report;
  const known = durable === null ? '' : `, ${Math.min(durable, acknowledged)} of them known to be on the disk`;
  const frames = `${acknowledged} frames acknowledged${known}, ${found} in the store, ${torn} torn, ${lost} lost`;
  return [
    `${path}: ${state === 'repaired' && dryRun ? 'to be repaired' : state}${state === 'running' ? '' : `, ${frames}`}`,
    ...repairs.map((repair) => `  ${dryRun ? 'would repair' : 'repaired'}: ${repair}`),
    ...problems.map(({ code, message }) => `  problem ${code}: ${message}`),
    ...(kept === null ? [] : [`  what was replaced is kept in ${kept}, with how to put it back`]),
  ];
}

function inSnakeCase({ runStartUids, ...report }: RecoveryReport): Record<string, unknown> {
  return { ...report, run_start_uids: runStartUids };
}

function exitCodeOf(reports: readonly RecoveryReport[]): ExitCode {
  if (reports.every(({ state }) => state === 'running')) return EXIT.usage;
  return reports.some(({ state }) => state === 'damaged') ? EXIT.failed : EXIT.done;
}
