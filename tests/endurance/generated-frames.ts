import { crc32c } from '@node-rs/crc32';

export const SIDE_PX = 2048;
const PIXELS = SIDE_PX * SIDE_PX;
export const FRAME_BYTES = 2 * PIXELS;
const PATTERNS = 4;

/** Frames as a camera of 2048 square gives them: noise over a slope, each other than all before, the same for the same number. */
export class GeneratedFrames {
  readonly #patterns: readonly Uint16Array[];

  constructor() {
    let state = 1;
    this.#patterns = Array.from({ length: PATTERNS }, () => {
      const pixels = new Uint16Array(PIXELS);
      for (let at = 0; at < PIXELS; at++) {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        pixels[at] = 400 + (at & 1023) + (state & 127);
      }
      return pixels;
    });
  }

  /** Frame `number`; valid until the next one is asked for. */
  frame(number: number): Uint16Array {
    const pixels = this.#patterns[number % PATTERNS] as Uint16Array;
    for (let row = 0; row < SIDE_PX; row += 256) pixels.set([number & 0xffff, number >>> 16], row * SIDE_PX);
    return pixels;
  }

  /** As the journal has it: hexadecimal, of the pixels as they lie in memory. */
  crc32cOf(number: number): string {
    const { buffer } = this.frame(number);
    return crc32c(new Uint8Array(buffer)).toString(16).padStart(8, '0');
  }
}
