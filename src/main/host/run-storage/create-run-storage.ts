import { asError } from 'redsun/sdk/util';
import type { Bundle } from '../../plugins/load-bundle.ts';
import type { LoadedSession } from '../../session/load-session.ts';
import type { ZarrWriter } from '../../storage/writer/zarr-writer.ts';
import type { LoggerFor } from '../logging.ts';
import { buildBundleWriter, RunPaths } from './bundle-writer.ts';
import { BrokenStorage, BundleStorage, type FolderStorageOptions, ZarrStorage } from './folder-storage.ts';
import { MemoryStorage } from './memory-storage.ts';
import type { RunStorage } from './run-storage.ts';

export interface RunStorageOptions extends FolderStorageOptions {
  readonly file: LoadedSession['file'];
  readonly writerOptions: Record<string, unknown>;
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly loggerFor: LoggerFor;
  readonly zarrWriter: () => ZarrWriter;
}

const BYTES_PER_MB = 1e6;

/** What the session says becomes of its runs. */
export function createRunStorage(options: RunStorageOptions): RunStorage {
  const { writer: choice, memory_mb: memoryMb } = options.file.storage;
  if (choice === 'memory') return new MemoryStorage(memoryMb * BYTES_PER_MB, options.clock);
  if (choice === 'zarr') return new ZarrStorage(options.zarrWriter(), options);
  const logger = options.loggerFor(choice.plugin_id);
  const paths = new RunPaths();
  try {
    const context = { clock: options.clock, logger, paths };
    const writer = buildBundleWriter(choice, options.writerOptions, options.bundles, context);
    return new BundleStorage(writer, paths.goTo, options);
  } catch (thrown) {
    // As with a device: the session opens without it. Looking at the sample goes on; runs do not start.
    const message = `The writer ${choice.plugin_name}:${choice.plugin_id} failed: ${asError(thrown).message}`;
    logger.error(message);
    return new BrokenStorage(message, options);
  }
}
