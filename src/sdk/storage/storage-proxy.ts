import type { StreamAsset } from '../events/documents.ts';
import type { FrameSink } from './frame-sink.ts';
import type { PixelType, SourceInfo } from './source-info.ts';

/** What a device may do with the storage of its session, whatever is behind it. Every `Writer` is one. */
export interface StorageProxy {
  /** From `kickoff` until the last source has completed. Sources cannot be declared meanwhile. */
  readonly isOpen: boolean;
  /** What was declared, by name. */
  readonly sources: ReadonlyMap<string, SourceInfo>;
  /** Declares or replaces the array of a device. @throws RuntimeError while the writer is open. */
  updateSource(
    name: string,
    dtype: PixelType,
    shape: readonly number[],
    extra?: Readonly<Record<string, unknown>>,
  ): void;
  /** Makes ready for an acquisition. @param capacity - frames to come, 0: unknown. @throws KeyError for an unknown source. */
  prepare(name: string, capacity?: number): FrameSink;
  /** Opens the store; nothing when it is open. */
  kickoff(): Promise<void>;
  /** No more frames of `name` will come. */
  complete(name: string): Promise<void>;
  /** Frames that can be read back by now: of one source, or the least of all. @throws KeyError for an unknown source. */
  getIndicesWritten(name?: string | null): number;
  /** Documents for the frames not told yet, up to `indicesWritten`. @throws KeyError for an unknown source, when it is iterated. */
  collectStreamDocs(name: string, indicesWritten: number): Generator<StreamAsset>;
}

const FIELDS = ['isOpen', 'sources'] as const;
const METHODS = ['updateSource', 'prepare', 'kickoff', 'complete', 'getIndicesWritten', 'collectStreamDocs'] as const;

/** True when `value` has all members of a `StorageProxy`. */
export function isStorageProxy(value: unknown): value is StorageProxy {
  return (
    typeof value === 'object' &&
    value !== null &&
    FIELDS.every((field) => field in value) &&
    METHODS.every((method) => typeof Reflect.get(value, method) === 'function')
  );
}
