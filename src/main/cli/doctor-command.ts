import { existsSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { asError } from 'redsun/sdk/util';
import type { HostOptions } from '../host/building/host-options.ts';
import { resolveBase } from '../host/building/open-folder.ts';
import { readSession } from '../host/building/read-session.ts';
import { systemClock } from '../host/system-clock.ts';
import { unfitParts, unprotectedParts } from '../host/unfit-parts.ts';
import { KnownDisks } from '../storage/target/known-disks.ts';
import { checkTarget, freeBytesBelow, readableBytes } from '../storage/target/preflight.ts';
import { type Survey, TargetSurvey } from '../storage/target/target-survey.ts';
import { type CliContext, hostOptions } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { type Finding, lineOf } from './finding.ts';
import { serialFinding, serialPortsOf } from './serial-finding.ts';

/** A session as it was read, or why it could not be. */
type ReadSession = Awaited<ReturnType<typeof readSession>> | Error;

/** `redsun doctor [SESSION] [--session S] [--out DIR] [--json]`: what this machine can and cannot do. */
export async function doctorCommand(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      session: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const options = hostOptions(context, values.session ?? positionals[0], values.out);
  const session = await readSession(options).catch(asError);
  const findings: Finding[] = [
    { check: 'node', ok: Number(process.versions.node.split('.')[0]) >= 20, detail: process.versions.node },
    {
      check: 'processors',
      ok: true,
      detail: `${availableParallelism?.() ?? cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    },
    {
      check: 'memory',
      ok: freemem() > 1e9,
      detail: `${readableBytes(freemem())} of ${readableBytes(totalmem())} free`,
    },
    { check: 'page', ok: existsSync(context.places.pageFolder), detail: context.places.pageFolder },
    await findSerial(session),
    sessionFinding(session),
    ...partFindings(session),
    ...safetyFindings(session),
    await diskFinding(baseFolderOf(session, options), options.stateFolder),
  ];
  if (values.json) context.out(JSON.stringify(findings, null, 2));
  else for (const finding of findings) context.out(lineOf(finding));
  return findings.every(({ ok }) => ok) ? EXIT.done : EXIT.failed;
}

async function findSerial(session: ReadSession): Promise<Finding> {
  const named = session instanceof Error ? [] : serialPortsOf(session.session.deviceOptions);
  try {
    const { listSerialPorts } = await import('../drivers/serial/list-serial-ports.ts');
    return serialFinding(await listSerialPorts(), named);
  } catch (error) {
    return { check: 'serial', ok: false, detail: asError(error).message };
  }
}

function sessionFinding(read: ReadSession): Finding {
  if (read instanceof Error) return { check: 'session', ok: false, detail: read.message };
  const { session, bundles, failedBundles } = read;
  const failed = failedBundles.map(({ folder }) => folder);
  const detail = `${session.path}: ${session.deviceOptions.size} devices; bundles ${[...bundles.keys()].join(', ')}`;
  return {
    check: 'session',
    ok: failed.length === 0,
    detail: failed.length > 0 ? `${detail}; failed ${failed.join(', ')}` : detail,
  };
}

/** Exports that are not what a manifest says, and devices that are not what they claim to be. */
function partFindings(read: ReadSession): Finding[] {
  if (read instanceof Error) return [];
  return [...read.failedBundles.map(({ error }) => error.message), ...unfitParts(read.session, read.bundles)].map(
    (detail) => ({ check: 'part', ok: false, detail }),
  );
}

/** Devices that nobody puts out or halts when the program that drives them cannot: a warning, as some have no line to do it by. */
function safetyFindings(read: ReadSession): Finding[] {
  if (read instanceof Error) return [];
  return unprotectedParts(read.session, read.bundles).map((detail) => ({
    check: 'safety',
    ok: true,
    detail,
    remedy: 'what it does when the program dies is up to the device: do not leave it alone',
  }));
}

function surveyOf(folder: string): Promise<Survey | null> {
  return new TargetSurvey({ folder, clock: systemClock, onNotice: () => {} }).take();
}

/** Where runs of the session go; where it cannot be read, where those of one that says nothing of it would go. */
function baseFolderOf(read: ReadSession, { baseFolder }: HostOptions): string {
  return resolveBase(baseFolder ?? (read instanceof Error ? undefined : read.session.file.storage.base_path));
}

async function diskFinding(folder: string, state: string | undefined): Promise<Finding> {
  const gone = state === undefined ? null : await new KnownDisks(state, systemClock, () => {}).check(folder);
  const problems = gone ? [gone] : await checkTarget(folder, 0);
  const free = problems.length === 0 ? await freeBytesBelow(folder).catch(() => null) : null;
  const survey = problems.length === 0 ? await surveyOf(folder) : null;
  const speed = survey?.writeBytesPerS ? `, takes ${readableBytes(survey.writeBytesPerS)}/s` : '';
  const limits = (survey?.limits ?? []).map(({ message }) => `; ${message}`).join('');
  const detail =
    problems.map(({ message }) => message).join('; ') ||
    `${free === null ? '?' : readableBytes(free)} free in ${folder}${speed}${limits}`;
  return { check: 'disk', ok: problems.length === 0, detail };
}
