/**
 * Sorts the bytes of pixels by their weight: all lowest ones first, then the next, as blosc's byte shuffle does. Words are moved, not bytes:
 * a loop over bytes takes several times as long.
 * @param pixels - little-endian; a multiple of `bytesPerPixel` long. @param shuffled - at least as long.
 */
export function shuffleBytes(pixels: Uint8Array, bytesPerPixel: number, shuffled: Uint8Array): void {
  const count = pixels.byteLength / bytesPerPixel;
  const aligned = pixels.byteOffset % 4 === 0 && shuffled.byteOffset % 4 === 0 && count % 4 === 0;
  if (bytesPerPixel === 1) shuffled.set(pixels);
  else if (aligned && bytesPerPixel === 2) shuffle2(pixels, count, shuffled);
  else if (aligned && bytesPerPixel === 4) shuffle4(pixels, count, shuffled);
  else {
    for (let weight = 0; weight < bytesPerPixel; weight++) {
      for (let at = 0; at < count; at++) shuffled[weight * count + at] = pixels[at * bytesPerPixel + weight] as number;
    }
  }
}

function shuffle2(pixels: Uint8Array, count: number, shuffled: Uint8Array): void {
  const words = count / 2;
  const from = new Uint32Array(pixels.buffer, pixels.byteOffset, words);
  const to = new Uint16Array(shuffled.buffer, shuffled.byteOffset, count);
  for (let at = 0; at < words; at++) {
    const two = from[at] as number;
    to[at] = (two & 0xff) | ((two >>> 8) & 0xff00);
    to[words + at] = ((two >>> 8) & 0xff) | ((two >>> 16) & 0xff00);
  }
}

function shuffle4(pixels: Uint8Array, count: number, shuffled: Uint8Array): void {
  const words = count / 4;
  const from = new Uint32Array(pixels.buffer, pixels.byteOffset, count);
  const to = new Uint32Array(shuffled.buffer, shuffled.byteOffset, count);
  for (let at = 0; at < words; at++) {
    const a = from[4 * at] as number;
    const b = from[4 * at + 1] as number;
    const c = from[4 * at + 2] as number;
    const d = from[4 * at + 3] as number;
    to[at] = (a & 0xff) | ((b & 0xff) << 8) | ((c & 0xff) << 16) | (d << 24);
    to[words + at] = ((a >>> 8) & 0xff) | (b & 0xff00) | ((c & 0xff00) << 8) | ((d & 0xff00) << 16);
    to[2 * words + at] = ((a >>> 16) & 0xff) | ((b >>> 8) & 0xff00) | (c & 0xff0000) | ((d & 0xff0000) << 8);
    to[3 * words + at] = (a >>> 24) | ((b >>> 16) & 0xff00) | ((c >>> 8) & 0xff0000) | (d & 0xff000000);
  }
}
