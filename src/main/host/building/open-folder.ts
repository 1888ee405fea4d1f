import { join } from 'node:path';
import type { Clock } from 'redsun/sdk/util';
import type { LoadedSession } from '../../session/load-session.ts';
import { hardwareOf, lockHardware, lockSession } from '../../storage/run/session-lock.ts';
import { KnownDisks } from '../../storage/target/known-disks.ts';
import { checkTarget } from '../../storage/target/preflight.ts';
import type { LoggerFor } from '../logging.ts';
import { resolveHome } from '../resolve-home.ts';
import { actRecordPath } from '../safety/earlier-acts.ts';

/** A program on the same microscope that is just ending has this long to do so, ms. */
const ENDING_MS = 2_000;

/** The folder of runs as it was found, and kept from other programs. */
export interface OpenedFolder extends AsyncDisposable {
  readonly baseFolder: string;
  readonly disks: KnownDisks | null;
  /** Runs may go to the base folder: nothing else is written there when they may not. */
  readonly isUsable: boolean;
  /** Where the guardian writes down what it does; null: nowhere. */
  readonly recordPath: string | null;
}

export interface FolderOptions {
  readonly session: LoadedSession;
  readonly baseFolder: string;
  /** Where this computer remembers where disks are mounted. Absent: nowhere. */
  readonly stateFolder: string | undefined;
  readonly clock: Clock;
  readonly loggerFor: LoggerFor;
}

/** Keeps the microscope from other programs until it is disposed. @throws RedsunError `session/...` where another has it */
export async function lockMicroscope(session: LoadedSession, clock: Clock): Promise<AsyncDisposable> {
  await using scope = new AsyncDisposableStack();
  const hardware = await hardwareOf(session.path, portsOf(session.deviceOptions.values()));
  for (const lock of await lockHardware(session.file.session, hardware, { clock, patienceMs: ENDING_MS }))
    scope.defer(() => lock.release());
  return scope.move();
}

/** Looks at the folder of runs, and keeps it from other programs where runs may go there. @throws RedsunError `session/...` where another has it */
export async function openFolder(options: FolderOptions): Promise<OpenedFolder> {
  const { session, baseFolder, stateFolder, clock, loggerFor } = options;
  const { session: name, storage } = session.file;
  const onFault = (message: string) => loggerFor('storage').warning(message);
  const disks = stateFolder === undefined ? null : new KnownDisks(stateFolder, clock, onFault);
  await using scope = new AsyncDisposableStack();
  let isUsable = false;
  if (storage.writer !== 'memory') {
    const gone = await disks?.check(baseFolder);
    const problems = gone ? [gone] : await checkTarget(baseFolder, 0);
    for (const { message } of problems) loggerFor('storage').error(message);
    isUsable = problems.length === 0;
  }
  if (isUsable) {
    // Where nothing is written no second instance can do harm, and looking at the sample is still possible.
    const lock = await lockSession({ baseDir: baseFolder, session: name, clock, patienceMs: ENDING_MS });
    scope.defer(() => lock.release());
    await disks?.remember(baseFolder);
  }
  const kept = scope.move();
  return {
    baseFolder,
    disks,
    isUsable,
    // Not where the folder will not do: a guardian that makes it would fill the wrong disk.
    recordPath: isUsable ? actRecordPath(baseFolder, name) : null,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Where runs go, by the key `storage.base_path` of a session. */
export function resolveBase(path: string | undefined): string {
  return resolveHome(path ?? join('~', 'redsun-storage'));
}

/** Serial ports that devices are to open: by convention their option `port`. */
function portsOf(options: Iterable<Readonly<Record<string, unknown>>>): string[] {
  return [...options].flatMap(({ port }) => (typeof port === 'string' ? [port] : []));
}
