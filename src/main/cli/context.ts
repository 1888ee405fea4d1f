import { notSafe, safeWords } from '../../shared/channels/device-answer.ts';
import { createDrivers } from '../app/drivers.ts';
import { bundleFolders, type Places, stateFolder } from '../app/places.ts';
import { version } from '../app/version.ts';
import type { HostOptions } from '../host/building/host-options.ts';
import type { Host } from '../host/start-host.ts';

/** What commands need of the process they run in. */
export interface CliContext {
  readonly places: Places;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Answers; for programs to read. */
  readonly out: (line: string) => void;
  /** Progress and complaints; for people to read. */
  readonly err: (line: string) => void;
  /** Aborts on Ctrl+C. */
  readonly signal: AbortSignal;
  /** Aborts when Ctrl+C comes again. */
  readonly hurry: AbortSignal;
}

export function hostOptions(context: CliContext, session: string | undefined, baseFolder?: string): HostOptions {
  const { places, environment } = context;
  const base = baseFolder ?? environment.REDSUN_OUT;
  return {
    sessionPath: session ?? environment.REDSUN_SESSION ?? places.defaultSession,
    bundleFolders: bundleFolders(places.appFolder, environment),
    appFolder: places.appFolder,
    writerWorkerPath: places.writerWorkerPath,
    recoveryWorkerPath: places.recoveryWorkerPath,
    pictureWorkerPath: places.pictureWorkerPath,
    stateFolder: stateFolder(environment),
    version,
    ...createDrivers(places.guardianPath),
    ...(base ? { baseFolder: base } : {}),
  };
}

/** After the end of a session: what is not known to be dark or still is said, as nobody looks at it any more. */
export function tellIfNotSafe({ lastAnswers }: Host, { err }: CliContext): void {
  if (notSafe(lastAnswers).length > 0) err(safeWords(lastAnswers));
}
