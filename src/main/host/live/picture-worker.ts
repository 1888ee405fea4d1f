import { parentPort } from 'node:worker_threads';
import { countPixels } from '../../../shared/pictures/count-pixels.ts';
import { makePicture } from '../../../shared/pictures/make-picture.ts';
import type { PictureJob, PictureReply } from './picture-job.ts';

// A thread of its own: pixels that are looked at cost the host's main thread one copy, and runs nothing more.
parentPort?.on('message', ({ id, buffer, bytesPerPixel, widthPx, heightPx, ceiling, asked }: PictureJob) => {
  const pixels = widthPx * heightPx;
  const data = bytesPerPixel === 1 ? new Uint8Array(buffer, 0, pixels) : new Uint16Array(buffer, 0, pixels);
  const pictures = asked.map((one) => makePicture({ data, widthPx, heightPx }, one));
  const counts = ceiling === null ? null : countPixels({ data }, ceiling);
  const reply: PictureReply = { id, pictures, counts };
  parentPort?.postMessage(reply, [...new Set(pictures.map((picture) => picture.pixels.buffer))]);
});
