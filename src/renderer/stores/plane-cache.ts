import { onAbort, RedsunError } from 'redsun/sdk/util';
import type { ImageLayer, LayerDisplay } from '../canvas/layer.ts';
import type { Decoder, PlaneRequest } from '../workers/decode-client.ts';
import type { DecodedPlane } from '../workers/decode-messages.ts';

const MOST_BYTES = 512 * 1024 * 1024;

export interface PlaneCache {
  /** Rejects with the signal's reason. A plane that nobody waits for any more is given up, down to the files of the store. */
  get(request: PlaneRequest, signal?: AbortSignal): Promise<DecodedPlane>;
  clear(): void;
}

interface Kept {
  readonly plane: Promise<DecodedPlane>;
  readonly controller: AbortController;
  /** Who waits, until it is there; Infinity: somebody who cannot say that the plane is not wanted any more. */
  waiting: number;
  bytes: number;
}

/** Keeps decoded planes, the last used longest. Two who ask for the same plane share one answer. */
export function createPlaneCache(decoder: Pick<Decoder, 'plane'>, mostBytes = MOST_BYTES): PlaneCache {
  const planes = new Map<string, Kept>();
  let bytes = 0;

  const drop = (key: string) => {
    bytes -= planes.get(key)?.bytes ?? 0;
    planes.delete(key);
  };
  const start = (key: string, request: PlaneRequest): Kept => {
    const controller = new AbortController();
    const plane = decoder.plane(request, controller.signal);
    const kept: Kept = { plane, controller, waiting: 0, bytes: 0 };
    planes.set(key, kept);
    plane.then(
      ({ data }) => {
        kept.waiting = Number.POSITIVE_INFINITY;
        if (planes.get(key) !== kept) return;
        kept.bytes = data.byteLength;
        bytes += data.byteLength;
        for (const oldest of planes.keys()) {
          if (bytes <= mostBytes || oldest === key) break;
          drop(oldest);
        }
      },
      // What failed may work the next time: the store may still be written.
      () => planes.get(key) === kept && drop(key),
    );
    return kept;
  };
  const leave = (key: string, kept: Kept, reason: unknown) => {
    if (--kept.waiting > 0) return;
    if (planes.get(key) === kept) drop(key);
    kept.controller.abort(reason);
  };
  return {
    get(request, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      const { storeId, image, label = null, level, indices } = request;
      const key = JSON.stringify([storeId, image, label, level, Object.entries(indices).sort()]);
      const known = planes.get(key);
      // The newest last.
      if (known) {
        planes.delete(key);
        planes.set(key, known);
      }
      const kept = known ?? start(key, request);
      if (!signal) {
        kept.waiting = Number.POSITIVE_INFINITY;
        return kept.plane;
      }
      kept.waiting++;
      return new Promise((resolve, reject) => {
        const listening = onAbort(signal, () => {
          leave(key, kept, signal.reason);
          reject(signal.reason);
        });
        kept.plane.then(resolve, reject).finally(() => listening[Symbol.dispose]());
      });
    },
    clear() {
      for (const { controller } of planes.values())
        controller.abort(new RedsunError('channel/cancelled', 'The store was closed'));
      planes.clear();
      bytes = 0;
    },
  };
}

/** A plane as the canvas wants it: unsigned 16 bit, with what leads back to the values. */
export function layerFrom(plane: DecodedPlane, name: string, display: LayerDisplay, step: number): ImageLayer {
  const { data, widthPx, heightPx, min, max } = plane;
  const base = { name, widthPx, heightPx, step, display };
  if (data instanceof Uint16Array) return { ...base, data, offset: 0, factor: 1 };
  if (data instanceof Uint8Array) return { ...base, data: Uint16Array.from(data), offset: 0, factor: 1 };
  const factor = max > min ? (max - min) / 65_535 : 1;
  const scaled = new Uint16Array(data.length);
  for (let at = 0; at < data.length; at += 1) scaled[at] = Math.round(((data[at] as number) - min) / factor);
  return { ...base, data: scaled, offset: min, factor, values: data };
}
