import { type FileHandle, open } from 'node:fs/promises';
import type { TextSink } from '../../../sdk/callbacks/index.ts';
import { writeFailed } from '../target/write-failed.ts';

/** A new file that callbacks write text to, such as tables of events. It is opened with the first text; one that is there is not touched. */
export function fileSink(path: string): TextSink {
  let opened: Promise<FileHandle> | null = null;
  const file = () => {
    opened ??= open(path, 'wx');
    return opened;
  };
  return {
    async write(text) {
      try {
        await (await file()).appendFile(text);
      } catch (cause) {
        throw writeFailed(path, cause);
      }
    },
    async close() {
      const handle = await file();
      try {
        await handle.datasync();
      } finally {
        await handle.close();
      }
    },
  };
}
