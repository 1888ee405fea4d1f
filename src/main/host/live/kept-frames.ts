import type { Frame } from 'redsun/sdk/device';
import type { PixelCounts } from '../../../shared/pictures/count-pixels.ts';
import type { PictureFacts } from './picture-facts.ts';

/** Memory that waits to be used again. */
const SPARE_BUFFERS = 2;
/** Channels of one place that are kept for who looks later. */
const MOST_CHANNELS = 12;

/** A frame of the camera, copied: as long as it is kept somebody may look at any part of it. */
export interface KeptFrame {
  /** Counts the frames of the camera from 1. */
  readonly sequence: number;
  readonly buffer: SharedArrayBuffer;
  readonly bytesPerPixel: 1 | 2;
  readonly shape: Omit<Frame, 'data'>;
  readonly facts: PictureFacts;
  /** null: nobody has counted its pixels. */
  counts: PixelCounts | null;
  /** The thread reads it. */
  isRead: boolean;
}

/** The newest frame of a camera; in a run the newest of each channel at this place, plane and time. */
export class KeptFrames {
  readonly #spare: SharedArrayBuffer[] = [];
  #frames = new Map<string, KeptFrame>();
  #scene = '';

  /** Oldest first. */
  get all(): readonly KeptFrame[] {
    return [...this.#frames.values()];
  }

  /** Copies a frame that is lent, once. */
  keep(frame: Frame, sequence: number, facts: PictureFacts): void {
    const [scene, channel] = placeOf(facts);
    if (scene !== this.#scene || this.#frames.size > MOST_CHANNELS) this.#letGo([...this.#frames.keys()]);
    this.#scene = scene;
    this.#letGo([channel]);
    const { data, ...shape } = frame;
    const buffer = this.#take(data.byteLength);
    const bytesPerPixel = data instanceof Uint8Array ? 1 : 2;
    if (data instanceof Uint8Array) new Uint8Array(buffer, 0, data.length).set(data);
    else new Uint16Array(buffer, 0, data.length).set(data);
    const kept: KeptFrame = { sequence, buffer, bytesPerPixel, shape, facts, counts: null, isRead: false };
    this.#frames.set(channel, kept);
  }

  /** The thread has done with a frame. */
  give(frame: KeptFrame): void {
    frame.isRead = false;
    if (![...this.#frames.values()].includes(frame)) this.#spend(frame.buffer);
  }

  #letGo(channels: readonly string[]): void {
    for (const channel of channels) {
      const frame = this.#frames.get(channel);
      this.#frames.delete(channel);
      if (frame && !frame.isRead) this.#spend(frame.buffer);
    }
  }

  #spend(buffer: SharedArrayBuffer): void {
    if (this.#spare.length < SPARE_BUFFERS) this.#spare.push(buffer);
  }

  #take(bytes: number): SharedArrayBuffer {
    const at = this.#spare.findIndex(({ byteLength }) => byteLength === bytes);
    const [found] = at < 0 ? [] : this.#spare.splice(at, 1);
    if (!found) this.#spare.length = 0;
    return found ?? new SharedArrayBuffer(bytes);
  }
}

/** Frames with one scene make one picture together. */
function placeOf({ source, run, channel }: PictureFacts): readonly [scene: string, channel: string] {
  if (source !== 'run' || !run?.place) return [source, ''];
  const { c: _channel, ...rest } = run.place;
  return [`${run.name} ${JSON.stringify(Object.entries(rest).sort())}`, channel ?? ''];
}
