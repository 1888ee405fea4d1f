import type { Clock } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import type { Bundle } from '../../plugins/load-bundle.ts';
import type { LoadedSession } from '../../session/load-session.ts';
import { ZarrWriter, type ZarrWriterOptions } from '../../storage/writer/zarr-writer.ts';
import type { LoggerFor } from '../logging.ts';
import { createRunStorage } from '../run-storage/create-run-storage.ts';
import type { RunStorage } from '../run-storage/run-storage.ts';
import type { OpenedFolder } from './open-folder.ts';

/** What becomes of frames. */
export interface StorageParts {
  readonly storage: RunStorage;
  /** More frames were acknowledged, or are known to be on the disk. */
  readonly countsChanged: Signal<[]>;
}

export interface StorageOptions extends Pick<ZarrWriterOptions, 'workerPath' | 'describe' | 'frameContext'> {
  readonly session: LoadedSession;
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly folder: OpenedFolder;
  readonly clock: Clock;
  readonly loggerFor: LoggerFor;
}

/** Nothing is opened before a run begins. */
export function buildStorage(options: StorageOptions): StorageParts {
  const { session, bundles, folder, clock, loggerFor, workerPath, describe, frameContext } = options;
  const { file } = session;
  const countsChanged = new Signal<[]>();
  const zarrWriter = () =>
    new ZarrWriter('zarr', {
      workerPath,
      compression: file.storage.compression,
      levels: file.storage.levels,
      clock,
      describe,
      frameContext,
      onCounts: () => countsChanged.emit(),
      onNotice: (message) => loggerFor('storage').warning(message),
    });
  const storage = createRunStorage({
    file,
    writerOptions: session.writerOptions,
    bundles,
    baseFolder: folder.baseFolder,
    session: file.session,
    sessionPath: session.path,
    clock,
    disks: folder.disks,
    loggerFor,
    zarrWriter,
  });
  return { storage, countsChanged };
}
