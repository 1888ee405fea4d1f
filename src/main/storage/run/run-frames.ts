import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpenFrameReader } from '../../../sdk/events/index.ts';
import { type StoredFrame, zarrFrames } from '../../../shared/stores/index.ts';
import { FileByteSource } from './file-byte-source.ts';
import { readJournal } from './journal.ts';
import { RUN_FILES } from './run-folder.ts';

/** Reads frames of runs on this disk for a `Filler`: `new Filler({ readers: { 'application/x-zarr': runFrames() } })`. */
export function runFrames(): OpenFrameReader {
  return zarrFrames({
    openSource: (uri) => new FileByteSource(fileURLToPath(uri)),
    async placesOf({ uri, parameters }) {
      const journal = await readJournal(join(dirname(fileURLToPath(uri)), RUN_FILES.journal));
      if (!journal) return null;
      // A run that resumes another counts its own frames from 0; the journal goes on counting.
      const { arrays, first_frame: first = 0 } = parameters as {
        readonly arrays: readonly string[];
        readonly first_frame?: number;
      };
      const mine = journal.lines.filter(({ array }) => arrays.includes(array));
      return new Map(mine.map(({ frame, array, index }): [number, StoredFrame] => [frame - first, { array, index }]));
    },
  });
}
