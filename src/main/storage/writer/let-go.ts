/** From Node 22 on. */
interface Detachable {
  readonly transfer?: (byteLength: number) => unknown;
}

/**
 * Frees the memory behind what a native compressor returned, at once: else it lies about until the garbage is collected, hundreds of
 * megabytes of it at the rate of a camera, and each new piece is memory that the system has to hand out anew. A piece of the pool that small
 * buffers share is left alone.
 */
export function letGo({ buffer }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength === Buffer.poolSize) return;
  (buffer as Detachable).transfer?.(0);
}
