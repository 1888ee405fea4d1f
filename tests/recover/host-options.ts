import { join } from 'node:path';
import type { HostOptions } from '../../src/main/host/building/host-options.ts';
import { guardedIn } from '../host/test-host.ts';

const root = join(import.meta.dirname, '..', '..');

/** A host on the simulated microscope whose runs go below `baseFolder`. */
export function hostOptionsFor(sessionPath: string, baseFolder: string): HostOptions {
  return {
    sessionPath,
    baseFolder,
    bundleFolders: [join(root, 'plugins')],
    appFolder: root,
    writerWorkerPath: join(root, 'src', 'main', 'storage', 'writer', 'writer-worker.ts'),
    recoveryWorkerPath: join(root, 'src', 'main', 'host', 'recovery', 'recovery-worker.ts'),
    pictureWorkerPath: join(root, 'src', 'main', 'host', 'live', 'picture-worker.ts'),
    version: '0.0.0',
    drivers: {},
    ...guardedIn({}),
  };
}
