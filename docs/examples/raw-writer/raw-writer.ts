import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type FrameSink, type PathProvider, type PixelArray, type SourceInfo, Writer } from 'redsun/sdk/storage';

/** One file of raw pixels per camera, with a JSON file that says what they are. */
export class RawWriter extends Writer {
  readonly mimetype = 'application/x-raw-frames';
  readonly #paths: PathProvider;
  readonly #onDisk = new Map<string, number>();
  /** Ends when all that was taken over is on the disk. */
  #written: Promise<unknown> = Promise.resolve();

  constructor(name: string, paths: PathProvider) {
    super(name);
    this.#paths = paths;
  }

  override prepare(name: string, capacity = 0): FrameSink {
    this.#onDisk.set(name, 0);
    this.storePath = this.#paths.pathInfo(name).storeUri;
    return super.prepare(name, capacity);
  }

  protected async openStore(active: readonly SourceInfo[]): Promise<void> {
    await mkdir(new URL(this.storePath), { recursive: true });
    const about = active.map(({ name, dtype, shape }) => ({ name, dtype, shape, file: `${name}.raw` }));
    await writeFile(new URL(`${this.storePath}/frames.json`), JSON.stringify(about, null, 2));
  }

  protected storeFrame(source: SourceInfo, frame: PixelArray): void {
    this.checkFrame(source, frame);
    const bytes = new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength).slice();
    const file = fileURLToPath(`${this.storePath}/${source.name}.raw`);
    this.#written = this.#written.then(async () => {
      await appendFile(file, bytes);
      this.#onDisk.set(source.name, this.acknowledgedOf(source) + 1);
      this.framesAcknowledged();
    });
    this.#written.catch(() => {}); // Whoever writes the next frame, or closes, hears of it.
  }

  override async ready(signal: AbortSignal): Promise<void> {
    await this.#written;
    signal.throwIfAborted();
  }

  protected acknowledgedOf({ name }: SourceInfo): number {
    return this.#onDisk.get(name) ?? 0;
  }

  protected async finalize(): Promise<void> {
    await this.#written;
  }
}
