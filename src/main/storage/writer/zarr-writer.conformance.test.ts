import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { rampWriter } from '../../../../tests/stores/ramp-store.ts';
import type { Writer } from '../../../sdk/storage/index.ts';
import { writerChecks } from '../../../sdk/testing/index.ts';
import { openStore, readPlane } from '../../../shared/stores/index.ts';
import { FileByteSource } from '../run/file-byte-source.ts';

describe('the Zarr writer does what every writer does', () => {
  let folder = '';
  let stores = 0;
  const places = new Map<Writer, string>();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'redsun-conformance-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const checks = writerChecks({
    create() {
      const writer = rampWriter();
      const storeDir = join(folder, `${stores++}.ome.zarr`);
      writer.setTarget({ storeDir, journalPath: `${storeDir}.jsonl` });
      places.set(writer, storeDir);
      return writer;
    },
    async readBack(writer) {
      const source = new FileByteSource(places.get(writer) ?? '');
      const { images } = await openStore(source);
      const [image] = images;
      if (!image) return [];
      const frames: ArrayLike<number>[] = [];
      for (let t = 0; t < (image.levels[0]?.shape[0] ?? 0); t++)
        frames.push((await readPlane(source, image, 0, { t })).data);
      return frames;
    },
  });
  for (const { title, run } of checks) test(title, run);
});
