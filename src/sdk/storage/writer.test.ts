import { describe, expect, test } from 'vitest';
import type { StreamAsset } from '../events/documents.ts';
import { MemoryWriter } from '../testing/memory-writer.ts';
import { hasStorage, StorageDescriptor } from './storage-descriptor.ts';

const frame = (value = 0) => new Uint16Array(4).fill(value);

function writerWith(...names: string[]): MemoryWriter {
  const writer = new MemoryWriter();
  for (const name of names) writer.updateSource(name, 'uint16', [2, 2]);
  return writer;
}

async function written(frames: number): Promise<MemoryWriter> {
  const writer = writerWith('cam');
  const sink = writer.prepare('cam');
  await writer.kickoff();
  for (let i = 0; i < frames; i++) sink.write(frame(i));
  return writer;
}

/** `resource` or `start-stop` of each document. */
function brief(assets: Iterable<StreamAsset>): string[] {
  return [...assets].map((asset) =>
    asset.name === 'stream_resource' ? 'resource' : `${asset.doc.indices.start}-${asset.doc.indices.stop}`,
  );
}

describe('sources', () => {
  test('start with nothing written and a data key made of their name', () => {
    const source = writerWith('cam').sources.get('cam');
    expect(source).toMatchObject({
      name: 'cam',
      dtype: 'uint16',
      shape: [2, 2],
      dataKey: 'cam:buffer:stream',
      mimetype: 'application/x-memory',
      extra: {},
      framesWritten: 0,
      collectionCounter: 0,
    });
  });

  test('are replaced entirely by an update', () => {
    const writer = writerWith('cam');
    writer.updateSource('cam', 'uint16', [2, 2], { gain: 2 });
    const before = writer.sources.get('cam')?.streamResourceUid;
    writer.updateSource('cam', 'uint8', [3]);
    expect(writer.sources.get('cam')).toMatchObject({ dtype: 'uint8', shape: [3], extra: {} });
    expect(writer.sources.get('cam')?.streamResourceUid).not.toBe(before);
  });

  test('cannot be changed or cleared while the writer is open', async () => {
    const writer = await written(0);
    expect(() => writer.updateSource('b', 'uint8', [1])).toThrow('Cannot update sources while writer is open.');
    expect(() => writer.clearSource('nobody')).toThrow('Cannot clear sources while writer is open.');
  });

  test('that are absent are cleared in silence, or not, as asked', () => {
    const writer = writerWith('cam');
    writer.clearSource('cam');
    expect(writer.sources.size).toBe(0);
    expect(() => writer.clearSource('cam')).not.toThrow();
    const strict = () => writer.clearSource('cam', { raiseIfMissing: true });
    expect(strict).toThrow(expect.objectContaining({ code: 'key/unknown', message: "Unknown source 'cam'" }));
  });

  test('that nobody knows are named', () => {
    const writer = writerWith('cam');
    const unknown = expect.objectContaining({ code: 'key/unknown', message: "Unknown source 'x'" });
    expect(() => writer.prepare('x')).toThrow(unknown);
    expect(() => writer.getIndicesWritten('x')).toThrow(unknown);
    expect(() => writer.resetCollectionState('x')).toThrow(unknown);
  });
});

describe('writing', () => {
  test('counts the frames that were taken over, and copies them', async () => {
    const writer = writerWith('cam');
    const sink = writer.prepare('cam');
    await writer.kickoff();
    const pixels = frame(7);
    sink.write(pixels, { time: 5 });
    pixels.fill(0);
    expect(writer.sources.get('cam')?.framesWritten).toBe(1);
    expect(writer.frames).toEqual([{ source: 'cam', pixels: frame(7), meta: { time: 5 } }]);
  });

  test('a frame that the backend refuses does not count', async () => {
    const writer = await written(1);
    expect(() => writer.writeFrame('cam', new Uint16Array(3), {})).toThrow(
      'cam: a frame of 3 pixels uint16; expected 4 pixels uint16, [2, 2]',
    );
    expect(writer.sources.get('cam')?.framesWritten).toBe(1);
  });

  test('the indices of all sources are the least of them; without any, 0', async () => {
    expect(new MemoryWriter().getIndicesWritten()).toBe(0);
    const writer = writerWith('a', 'b');
    const [a, b] = [writer.prepare('a'), writer.prepare('b')];
    await writer.kickoff();
    for (let i = 0; i < 3; i++) a.write(frame());
    b.write(frame());
    expect([writer.getIndicesWritten('a'), writer.getIndicesWritten('b'), writer.getIndicesWritten()]).toEqual([
      3, 1, 1,
    ]);
  });

  test('frames that are not yet in the store are not among the indices', async () => {
    const writer = new MemoryWriter({ held: true });
    writer.updateSource('cam', 'uint16', [2, 2]);
    const sink = writer.prepare('cam');
    await writer.kickoff();
    sink.write(frame());
    const acknowledged = sink.acknowledged(0, new AbortController().signal);
    expect([writer.sources.get('cam')?.framesWritten, writer.getIndicesWritten('cam')]).toEqual([1, 0]);
    writer.acknowledge();
    await acknowledged;
    expect(writer.getIndicesWritten('cam')).toBe(1);
  });

  test('preparing again starts counting anew, with a new resource', async () => {
    const writer = await written(2);
    expect(brief(writer.collectStreamDocs('cam', 2))).toEqual(['resource', '0-2']);
    const before = writer.sources.get('cam')?.streamResourceUid;
    const sink = writer.prepare('cam');
    expect(writer.sources.get('cam')).toMatchObject({ framesWritten: 0, collectionCounter: 0 });
    expect(writer.sources.get('cam')?.streamResourceUid).not.toBe(before);
    sink.write(frame());
    expect(brief(writer.collectStreamDocs('cam', 1))).toEqual(['resource', '0-1']);
  });
});

describe('opening and closing', () => {
  test('whoever kicks off, the store is opened once', async () => {
    const writer = writerWith('a', 'b');
    writer.prepare('a');
    writer.prepare('b');
    await Promise.all([writer.kickoff(), writer.kickoff()]);
    await writer.kickoff();
    expect([writer.calls, writer.isOpen]).toEqual([['open'], true]);
  });

  test('the last source to complete finalizes the store', async () => {
    const writer = writerWith('a', 'b');
    const [a, b] = [writer.prepare('a'), writer.prepare('b')];
    await writer.kickoff();
    await a.close();
    expect([writer.calls, writer.isOpen]).toEqual([['open'], true]);
    await b.close();
    expect([writer.calls, writer.isOpen]).toEqual([['open', 'finalize'], false]);
  });

  test('completing twice, even at the same time, finalizes once', async () => {
    const writer = writerWith('cam');
    const sink = writer.prepare('cam');
    await writer.kickoff();
    await Promise.all([sink.close(), sink.close()]);
    await sink.close();
    expect(writer.calls).toEqual(['open', 'finalize']);
  });

  test('a writer that was never opened is not finalized', async () => {
    const writer = writerWith('cam');
    writer.prepare('cam');
    await writer.complete('cam');
    expect(writer.calls).toEqual([]);
  });

  test('a writer that was closed opens again', async () => {
    const writer = await written(1);
    await writer.complete('cam');
    writer.prepare('cam');
    await writer.kickoff();
    expect([writer.calls, writer.isOpen]).toEqual([['open', 'finalize', 'open'], true]);
  });

  test('a store that does not open leaves the writer closed, to be tried again', async () => {
    class Stubborn extends MemoryWriter {
      attempts = 0;
      protected override openStore(): void {
        if (++this.attempts === 1) throw new Error('disk full');
        super.openStore();
      }
    }
    const writer = new Stubborn();
    await expect(writer.kickoff()).rejects.toThrow('disk full');
    expect(writer.isOpen).toBe(false);
    await writer.kickoff();
    expect(writer.isOpen).toBe(true);
  });

  test('an error while finalizing reaches everybody who completes', async () => {
    class Broken extends MemoryWriter {
      protected override finalize(): void {
        throw new Error('disk gone');
      }
    }
    const writer = new Broken();
    await writer.kickoff();
    const both = await Promise.allSettled([writer.complete('a'), writer.complete('b')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(writer.isOpen).toBe(false);
  });
});

describe('stream documents', () => {
  test('are one resource, then a datum for what is new', async () => {
    const writer = await written(5);
    const uid = writer.sources.get('cam')?.streamResourceUid;
    expect([...writer.collectStreamDocs('cam', 2)]).toEqual([
      {
        name: 'stream_resource',
        doc: {
          data_key: 'cam:buffer:stream',
          mimetype: 'application/x-memory',
          parameters: { array_name: 'cam' },
          uid,
          uri: 'memory://store',
        },
      },
      {
        name: 'stream_datum',
        doc: {
          descriptor: '',
          indices: { start: 0, stop: 2 },
          seq_nums: { start: 0, stop: 0 },
          stream_resource: uid,
          uid: `${uid}/0`,
        },
      },
    ]);
    expect(brief(writer.collectStreamDocs('cam', 5))).toEqual(['2-5']);
  });

  test.each([0, -1])('there are none for %i frames', async (indices) => {
    expect(brief((await written(3)).collectStreamDocs('cam', indices))).toEqual([]);
  });

  test('never tell of more frames than were written, nor of one twice', async () => {
    const writer = await written(3);
    expect(brief(writer.collectStreamDocs('cam', 100))).toEqual(['resource', '0-3']);
    expect(brief(writer.collectStreamDocs('cam', 100))).toEqual([]);
    expect(brief(writer.collectStreamDocs('cam', 2))).toEqual([]);
  });

  test('count as given only when all of them were taken', async () => {
    const writer = await written(3);
    const documents = writer.collectStreamDocs('cam', 3);
    documents.next();
    documents.next();
    expect(writer.sources.get('cam')?.collectionCounter).toBe(0);
    documents.next();
    expect(writer.sources.get('cam')?.collectionCounter).toBe(3);
  });

  test('an unknown source is an error at the first document, not before', () => {
    const documents = writerWith('cam').collectStreamDocs('x', 1);
    expect(() => documents.next()).toThrow("Unknown source 'x'");
  });

  test('begin again with a new resource after a reset; the frames stay', async () => {
    const writer = await written(3);
    const [first] = writer.collectStreamDocs('cam', 3);
    writer.resetCollectionState('cam');
    const [again, datum] = writer.collectStreamDocs('cam', 3);
    expect(again?.doc.uid).not.toBe(first?.doc.uid);
    expect(datum).toMatchObject({ doc: { indices: { start: 0, stop: 3 } } });
  });
});

test('a device has storage when its class declares it', () => {
  class Declares {
    static readonly storage = new StorageDescriptor();
    readonly name = 'd';
  }
  class Inherits extends Declares {}
  expect([hasStorage(new Declares()), hasStorage(new Inherits())]).toEqual([true, true]);
  expect([hasStorage({ storage: null }), hasStorage({}), hasStorage(null)]).toEqual([false, false, false]);
});
