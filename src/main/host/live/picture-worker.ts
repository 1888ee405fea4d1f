import { parentPort } from 'node:worker_threads';
import { countPixels } from '../../../shared/pictures/count-pixels.ts';
import { makePicture } from '../../../shared/pictures/make-picture.ts';
import type { PictureJob, PictureReply } from './picture-job.ts';

/** Counted in, again and again. */
const counting = new Uint32Array(65_536);
/** Room for more, so that a window that is made a little larger needs no other memory. */
const ROOM = 1.25;

// A thread of its own: pixels that are looked at cost the host's main thread one copy, and runs nothing more. Memory stays where it is: what
// goes from thread to thread with each picture is given back to the system by neither.
parentPort?.on('message', ({ id, buffer, bytesPerPixel, widthPx, heightPx, ceiling, asked }: PictureJob) => {
  const pixels = widthPx * heightPx;
  const data = bytesPerPixel === 1 ? new Uint8Array(buffer, 0, pixels) : new Uint16Array(buffer, 0, pixels);
  const pictures = asked.map(({ memory, ...one }) => makePicture({ data, widthPx, heightPx }, one, inMemory(memory)));
  const counts = ceiling === null ? null : countPixels({ data }, ceiling, counting);
  parentPort?.postMessage({ id, pictures, counts } satisfies PictureReply);
});

function inMemory(memory: SharedArrayBuffer | null): (pixels: number) => Uint16Array {
  return (pixels) => {
    const bytes = pixels * Uint16Array.BYTES_PER_ELEMENT;
    const enough =
      memory && memory.byteLength >= bytes ? memory : new SharedArrayBuffer(2 * Math.ceil((bytes * ROOM) / 2));
    return new Uint16Array(enough, 0, pixels);
  };
}
