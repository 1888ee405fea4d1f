import type { FrameHeader } from '../../../shared/channels/camera.ts';
import type { PixelHistogram } from '../../../shared/pictures/count-pixels.ts';
import type { ViewedPicture } from './live-pictures.ts';

/** Bins begin at the next multiple, so that they can be read where they lie. */
const BIN_BYTES = Uint32Array.BYTES_PER_ELEMENT;

/** A picture as it goes over the bridge, copied. */
export function frameMessage(
  camera: string,
  { frame, picture, saturated }: ViewedPicture,
): { readonly header: FrameHeader; readonly payload: Uint8Array } {
  const { shape, facts, sequence, counts } = frame;
  const { pixels, ...place } = picture;
  const { widthPx, heightPx, bitDepth, time, exposureMs } = shape;
  const header: FrameHeader = {
    camera,
    index: sequence,
    ...place,
    fullWidthPx: widthPx,
    fullHeightPx: heightPx,
    bitDepth,
    time,
    exposureMs,
    saturated,
    histogram: counts && told(counts.histogram),
    ...facts,
  };
  return { header, payload: payloadOf(pixels, counts?.histogram.bins ?? null) };
}

function told({ bins, ...rest }: PixelHistogram): FrameHeader['histogram'] {
  return { bins: bins.length, ...rest };
}

function payloadOf(pixels: Uint16Array, bins: Uint32Array | null): Uint8Array {
  const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  if (bins === null) return bytes.slice();
  const at = Math.ceil(bytes.length / BIN_BYTES) * BIN_BYTES;
  const payload = new Uint8Array(at + bins.byteLength);
  payload.set(bytes);
  payload.set(new Uint8Array(bins.buffer, bins.byteOffset, bins.byteLength), at);
  return payload;
}
