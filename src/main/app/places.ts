import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { HostOptions } from '../host/building/host-options.ts';

/** Where the parts of the installed app are. The composition roots find the folder; everything else is told. */
export interface Places {
  /** Folder of the app: of package.json. */
  readonly appFolder: string;
  readonly pageFolder: string;
  readonly preloadPath: string;
  readonly writerWorkerPath: string;
  readonly recoveryWorkerPath: string;
  readonly pictureWorkerPath: string;
  readonly guardianPath: string;
  /** The host beside a window. */
  readonly hostProcessPath: string;
  readonly defaultSession: string;
}

export function placesIn(appFolder: string): Places {
  return {
    appFolder,
    pageFolder: join(appFolder, 'out', 'renderer'),
    preloadPath: join(appFolder, 'out', 'preload', 'index.cjs'),
    writerWorkerPath: join(appFolder, 'out', 'main', 'writer-worker.cjs'),
    recoveryWorkerPath: join(appFolder, 'out', 'main', 'recovery-worker.cjs'),
    pictureWorkerPath: join(appFolder, 'out', 'main', 'picture-worker.cjs'),
    guardianPath: join(appFolder, 'out', 'main', 'guardian.cjs'),
    hostProcessPath: join(appFolder, 'out', 'main', 'host-process.cjs'),
    defaultSession: join(appFolder, 'sessions', 'simulated.yaml'),
  };
}

/** The app's own bundles, then the operator's: `REDSUN_PLUGINS` lists folders, and replaces the app's when it starts with `=`. */
export function bundleFolders(appFolder: string, environment: Readonly<Record<string, string | undefined>>): string[] {
  const listed = environment.REDSUN_PLUGINS ?? '';
  const own = join(appFolder, 'plugins');
  if (listed.startsWith('=')) return listed.slice(1).split(delimiter).filter(Boolean);
  return [own, ...listed.split(delimiter).filter(Boolean)];
}

/** Where this computer keeps what Redsun remembers of it, as the system has it. */
export function stateFolder(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === 'win32') return join(environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'redsun');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'redsun');
  return join(environment.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'redsun');
}

export type HostPlaces = Pick<
  HostOptions,
  'appFolder' | 'writerWorkerPath' | 'recoveryWorkerPath' | 'pictureWorkerPath' | 'bundleFolders'
>;
