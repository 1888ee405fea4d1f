import {
  type Awaitable,
  type ExternalAsset,
  isWritesExternalAssets,
  isWritesStreamAssets,
} from '../device/protocols.ts';
import type { IndexRange, StreamAsset } from '../events/documents.ts';
import { RedsunError } from '../util/errors.ts';
import type { EventStream, RunIdentity } from './event-stream.ts';

type Asset = StreamAsset | ExternalAsset;

/** The documents of an object that keeps frames in files, not yet given; empty for any other. */
export function assetsOf(obj: object): Awaitable<readonly Asset[]> {
  if (isWritesStreamAssets(obj)) return listed<Asset>(obj.collectAssetDocs());
  return isWritesExternalAssets(obj) ? listed<Asset>(obj.collectAssetDocs()) : [];
}

/** The items of a source that may take its time. */
export function listed<T>(source: Iterable<T> | AsyncIterable<T>): Awaitable<readonly T[]> {
  return Symbol.asyncIterator in source ? gathered(source) : [...source];
}

async function gathered<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/**
 * Emits documents of the event that comes next. @param repeated - a resumed run repeats what it did: frames were taken that no event tells of.
 * @throws RedsunError `engine/unknown-data-key`, `engine/too-many-frames`.
 */
export function emitEventAssets(
  run: RunIdentity,
  stream: EventStream,
  assets: readonly Asset[],
  repeated: boolean,
): void {
  const seqNums = { start: stream.nextSeqNum, stop: stream.nextSeqNum + 1 };
  for (const asset of assets) {
    if (asset.name !== 'stream_datum') {
      emitAsset(run, stream, asset, seqNums);
      continue;
    }
    const { start, stop } = asset.doc.indices;
    if (stop - start > 1 && !repeated) {
      const message = `Received a stream_datum with ${stop - start} frames for one event`;
      throw new RedsunError('engine/too-many-frames', message);
    }
    // The event is about the last of them; the frames before it were taken in vain when the run was paused.
    emitAsset(run, stream, { ...asset, doc: { ...asset.doc, indices: { start: stop - 1, stop } } }, seqNums);
  }
}

/** Emits documents of many events at once. @returns how many. @throws RedsunError `engine/unknown-data-key`. */
export function emitCollectedAssets(run: RunIdentity, stream: EventStream, assets: readonly Asset[]): number {
  let frames = 0;
  for (const asset of assets) {
    if (asset.name === 'stream_datum') frames = Math.max(frames, asset.doc.indices.stop - asset.doc.indices.start);
    emitAsset(run, stream, asset, { start: stream.nextSeqNum, stop: stream.nextSeqNum + frames });
  }
  return frames;
}

function emitAsset(run: RunIdentity, stream: EventStream, asset: Asset, seqNums: IndexRange): void {
  switch (asset.name) {
    case 'stream_resource': {
      const known = Object.keys(stream.descriptor.data_keys);
      if (!known.includes(asset.doc.data_key)) {
        const message = `Received a stream_resource with data_key ${asset.doc.data_key} that is not in the descriptor's data_keys [${known.join(', ')}]`;
        throw new RedsunError('engine/unknown-data-key', message);
      }
      run.emit('stream_resource', { ...asset.doc, run_start: run.uid });
      break;
    }
    case 'stream_datum':
      run.emit('stream_datum', { ...asset.doc, descriptor: stream.descriptor.uid, seq_nums: seqNums });
      break;
    case 'resource':
      run.emit('resource', { ...asset.doc, run_start: run.uid });
      break;
    case 'datum':
      run.emit('datum', asset.doc);
      break;
  }
}
