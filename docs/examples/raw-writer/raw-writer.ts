import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type FrameSink, type PixelArray, type SourceInfo, Writer, type WriterContext } from 'redsun/sdk/storage';
import { z } from 'zod';

/** One file of raw pixels per camera, with a JSON file that says what they are. */
export class RawWriter extends Writer {
  /** Keys that the session may have beside `plugin_name` and `plugin_id`. */
  static readonly options = z.strictObject({ suffix: z.string().regex(/^\w+$/).default('raw') });
  readonly mimetype = 'application/x-raw-frames';
  readonly #suffix: string;
  readonly #paths: WriterContext['paths'];
  readonly #onDisk = new Map<string, number>();
  /** Ends when all that was taken over is on the disk. */
  #written: Promise<unknown> = Promise.resolve();

  constructor(name: string, options: Record<string, unknown>, { paths }: Pick<WriterContext, 'paths'>) {
    super(name);
    this.#suffix = RawWriter.options.parse(options).suffix;
    this.#paths = paths;
  }

  override prepare(name: string, capacity = 0): FrameSink {
    this.#onDisk.set(name, 0);
    this.storePath = this.#paths.pathInfo(name).storeUri;
    return super.prepare(name, capacity);
  }

  protected async openStore(active: readonly SourceInfo[]): Promise<void> {
    await mkdir(new URL(this.storePath), { recursive: true });
    const about = active.map(({ name, dtype, shape }) => ({ name, dtype, shape, file: `${name}.${this.#suffix}` }));
    await writeFile(new URL(`${this.storePath}/frames.json`), JSON.stringify(about, null, 2));
  }

  protected storeFrame(source: SourceInfo, frame: PixelArray): void {
    this.checkFrame(source, frame);
    const bytes = new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength).slice();
    const file = fileURLToPath(`${this.storePath}/${source.name}.${this.#suffix}`);
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
