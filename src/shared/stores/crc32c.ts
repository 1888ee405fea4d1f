/** CRC-32C (Castagnoli) of small pieces such as shard indexes, where no native code can be had. */
export function crc32c(bytes: Uint8Array): number {
  const entries = table();
  let crc = 0xffffffff;
  for (let at = 0; at < bytes.byteLength; at++) {
    crc = (crc >>> 8) ^ (entries[(crc ^ (bytes[at] as number)) & 0xff] as number);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

let cached: Uint32Array | null = null;

function table(): Uint32Array {
  if (cached) return cached;
  const entries = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    entries[byte] = value >>> 0;
  }
  cached = entries;
  return entries;
}
