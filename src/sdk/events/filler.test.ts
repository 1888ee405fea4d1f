import { describe, expect, test } from 'vitest';
import type { DataKey, Event, EventDescriptor, StreamDatum, StreamResource } from './documents.ts';
import { DataNotAccessible, UndefinedAssetSpecification, UnfilledData, UnresolvableForeignKeyError } from './errors.ts';
import { Filler, type OpenFrameReader } from './filler.ts';

const { signal } = new AbortController();
const camera: DataKey = { source: 'camera', dtype: 'array', shape: [2, 2], external: 'STREAM:' };
const descriptor: EventDescriptor = {
  uid: 'd',
  time: 0,
  run_start: 's',
  name: 'primary',
  configuration: {},
  hints: {},
  object_keys: { camera: ['camera'], z: ['z'] },
  data_keys: { camera, z: { source: 'z', dtype: 'number', shape: [], units: 'um' } },
};
const resource: StreamResource = {
  uid: 'r',
  run_start: 's',
  data_key: 'camera',
  mimetype: 'application/x-test',
  uri: 'file:///store',
  parameters: {},
};
const datum = (indices: [number, number], seqNums: [number, number]): StreamDatum => ({
  uid: `r/${indices[0]}`,
  stream_resource: 'r',
  descriptor: 'd',
  indices: { start: indices[0], stop: indices[1] },
  seq_nums: { start: seqNums[0], stop: seqNums[1] },
});
const event = (seqNum: number): Event => ({
  uid: `e${seqNum}`,
  time: 0,
  descriptor: 'd',
  seq_num: seqNum,
  data: { z: seqNum * 10 },
  timestamps: { z: 0 },
  filled: { camera: false },
});

/** A store whose frame `n` is the string `frame n`. */
function countedReader() {
  const calls = { opened: 0, closed: 0 };
  const open: OpenFrameReader = async () => {
    calls.opened++;
    return {
      read: async ({ start, stop }) => Array.from({ length: stop - start }, (_, at) => `frame ${start + at}`),
      close: async () => {
        calls.closed++;
      },
    };
  };
  return { calls, open };
}

function fillerWith(open: OpenFrameReader, ...told: StreamDatum[]): Filler {
  const filler = new Filler({ readers: { 'application/x-test': open } });
  filler.descriptor(descriptor);
  filler.streamResource(resource);
  for (const one of told) filler.streamDatum(one);
  return filler;
}

describe('an event is filled', () => {
  test('with its frame; its values stay, and it is not changed itself', async () => {
    const filler = fillerWith(countedReader().open, datum([0, 2], [1, 3]), datum([2, 3], [3, 4]));
    const bare = event(3);
    expect(await filler.fillEvent(bare, signal)).toEqual({
      ...bare,
      data: { z: 30, camera: 'frame 2' },
      filled: { camera: true },
    });
    expect(bare).toEqual(event(3));
  });

  test('with a list, where an event has several frames', async () => {
    const filler = fillerWith(countedReader().open, datum([0, 6], [1, 3]));
    expect((await filler.fillEvent(event(2), signal)).data.camera).toEqual(['frame 3', 'frame 4', 'frame 5']);
  });

  test('with what was told last, when a run was resumed and told twice', async () => {
    const filler = fillerWith(countedReader().open, datum([0, 1], [1, 2]), datum([1, 2], [1, 2]));
    expect((await filler.fillEvent(event(1), signal)).data.camera).toBe('frame 1');
  });
});

describe('stores', () => {
  test('are opened once, when the first frame is asked for, and closed at the end', async () => {
    const { calls, open } = countedReader();
    {
      await using filler = fillerWith(open, datum([0, 2], [1, 3]));
      expect(calls).toEqual({ opened: 0, closed: 0 });
      await Promise.all([filler.fillEvent(event(1), signal), filler.fillEvent(event(2), signal)]);
      expect(calls).toEqual({ opened: 1, closed: 0 });
    }
    expect(calls).toEqual({ opened: 1, closed: 1 });
  });

  test('that could not be opened are tried again', async () => {
    let tries = 0;
    const { open } = countedReader();
    const filler = fillerWith(
      async (...given) => {
        tries++;
        if (tries === 1) throw new Error('the disk is not there');
        return open(...given);
      },
      datum([0, 1], [1, 2]),
    );
    await expect(filler.fillEvent(event(1), signal)).rejects.toThrow(DataNotAccessible);
    expect((await filler.fillEvent(event(1), signal)).data.camera).toBe('frame 0');
  });
});

describe('what cannot be filled is named', () => {
  test('an event of an unknown stream', async () => {
    const filler = new Filler({ readers: {} });
    const filling = filler.fillEvent(event(1), signal);
    await expect(filling).rejects.toThrow(UnresolvableForeignKeyError);
    await expect(filling).rejects.toThrow('Event refers to unknown EventDescriptor uid d');
  });

  test('frames of an unknown store', () => {
    const filler = new Filler({ readers: {} });
    expect(() => filler.streamDatum(datum([0, 1], [1, 2]))).toThrow(UnresolvableForeignKeyError);
  });

  test('a frame that no document tells of', async () => {
    const filler = fillerWith(countedReader().open, datum([0, 1], [1, 2]));
    const filling = filler.fillEvent(event(2), signal);
    await expect(filling).rejects.toThrow(UnfilledData);
    await expect(filling).rejects.toThrow('No document tells where camera of event 2 (e2) is');
  });

  test('a kind of store that nobody reads', async () => {
    const filler = new Filler({ readers: { 'application/x-zarr': countedReader().open } });
    filler.descriptor(descriptor);
    filler.streamResource(resource);
    filler.streamDatum(datum([0, 1], [1, 2]));
    const filling = filler.fillEvent(event(1), signal);
    await expect(filling).rejects.toThrow(UndefinedAssetSpecification);
    await expect(filling).rejects.toThrow('no reader for application/x-test; known are: application/x-zarr');
  });

  test('a frame that cannot be read, with the cause; an abort stays one', async () => {
    const cause = new Error('truncated');
    const open: OpenFrameReader = async () => ({
      read: async () => {
        throw cause;
      },
      close: async () => {},
    });
    const filler = fillerWith(open, datum([0, 1], [1, 2]));
    await expect(filler.fillEvent(event(1), signal)).rejects.toMatchObject({
      code: 'event-model/not-accessible',
      message: 'Frames 0 to 0 of file:///store cannot be read',
      cause,
    });
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(filler.fillEvent(event(1), controller.signal)).rejects.toThrow('enough');
  });
});
