import type { ImageLayer, LayerDisplay } from '../canvas/layer.ts';
import type { Decoder, PlaneRequest } from '../workers/decode-client.ts';
import type { DecodedPlane } from '../workers/decode-messages.ts';

const MOST_BYTES = 512 * 1024 * 1024;

export interface PlaneCache {
  get(request: PlaneRequest): Promise<DecodedPlane>;
  clear(): void;
}

/** Keeps decoded planes, the last used longest. Two who ask for the same plane share one answer. */
export function createPlaneCache(decoder: Pick<Decoder, 'plane'>, mostBytes = MOST_BYTES): PlaneCache {
  const planes = new Map<string, Promise<DecodedPlane>>();
  const sizes = new Map<string, number>();
  let bytes = 0;

  const drop = (key: string) => {
    planes.delete(key);
    bytes -= sizes.get(key) ?? 0;
    sizes.delete(key);
  };
  return {
    get(request) {
      const key = JSON.stringify([
        request.storeId,
        request.image,
        request.label ?? null,
        request.level,
        Object.entries(request.indices).sort(),
      ]);
      const known = planes.get(key);
      if (known) {
        planes.delete(key);
        planes.set(key, known);
        return known;
      }
      const plane = decoder.plane(request);
      planes.set(key, plane);
      plane.then(
        ({ data }) => {
          if (planes.get(key) !== plane) return;
          sizes.set(key, data.byteLength);
          bytes += data.byteLength;
          for (const oldest of planes.keys()) {
            if (bytes <= mostBytes || oldest === key) break;
            drop(oldest);
          }
        },
        // What failed may work the next time: the store may still be written.
        () => planes.get(key) === plane && drop(key),
      );
      return plane;
    },
    clear() {
      planes.clear();
      sizes.clear();
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
