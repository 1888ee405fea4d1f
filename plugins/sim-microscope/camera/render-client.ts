import type { DeviceContext, WorkerHandle } from 'redsun/sdk/device';
import { onAbort, RedsunError } from 'redsun/sdk/util';
import type {
  IlluminateMessage,
  PictureRequest,
  RampRequest,
  SetupMessage,
  WorkerMessage,
  WorkerReply,
} from '../render/protocol.ts';

/** One is shown and stored while the next is rendered. */
const BUFFERS = 2;

type Request = Omit<PictureRequest, 'id' | 'buffer'> | Omit<RampRequest, 'id' | 'buffer'>;

/** A picture on loan: `release` gives its memory back for the next one. */
export interface RenderedPicture {
  readonly pixels: Uint8Array | Uint16Array;
  readonly meanCounts: number;
  readonly renderMs: number;
  release(): void;
}

interface Pending {
  readonly request: Request;
  readonly resolve: (picture: RenderedPicture) => void;
  readonly reject: (error: Error) => void;
}

/** The camera's end of the channel to its rendering thread. Memory is shared with it; none is made per frame. */
export class RenderClient {
  readonly #camera: string;
  readonly #worker: WorkerHandle;
  readonly #free: SharedArrayBuffer[] = [];
  readonly #pending = new Map<number, Pending>();
  #waiting: (() => void)[] = [];
  #bytes = 0;
  #nextId = 0;
  #broken: Error | null = null;

  constructor(camera: string, context: DeviceContext, setup: SetupMessage) {
    this.#camera = camera;
    this.#worker = context.startWorker('./render/render-worker.ts');
    this.#worker.onMessage((message) => this.#receive(message as WorkerReply));
    this.#worker.onError((error) => this.#break(error));
    this.#post(setup);
  }

  illuminate(message: IlluminateMessage): void {
    this.#post(message);
  }

  /** Resolves with the picture; waits for memory first when both pictures are still on loan. */
  async render(request: Request, signal: AbortSignal): Promise<RenderedPicture> {
    const buffer = await this.#take(request, signal);
    const id = this.#nextId++;
    const rendered = new Promise<RenderedPicture>((resolve, reject) => {
      this.#pending.set(id, { request, resolve, reject });
    });
    this.#post({ ...request, id, buffer });
    return rendered;
  }

  async #take(request: Request, signal: AbortSignal): Promise<SharedArrayBuffer> {
    const bytes = request.widthPx * request.heightPx * (request.bitDepth <= 8 ? 1 : 2);
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#free.length = 0;
      for (let made = 0; made < BUFFERS; made++) this.#free.push(new SharedArrayBuffer(bytes));
    }
    for (;;) {
      if (this.#broken) throw this.#broken;
      signal.throwIfAborted();
      const buffer = this.#free.pop();
      if (buffer) return buffer;
      await this.#released(signal);
    }
  }

  /** Resolves when memory may have come back, or the signal aborts. */
  #released(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const listener = onAbort(signal, resolve);
      this.#waiting.push(() => {
        listener[Symbol.dispose]();
        resolve();
      });
    });
  }

  #receive(reply: WorkerReply): void {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    this.#pending.delete(reply.id);
    if (reply.kind === 'failed') {
      this.#giveBack(reply.buffer);
      pending.reject(new RedsunError('camera/render', `${this.#camera}: the picture was not made: ${reply.message}`));
      return;
    }
    const { buffer, meanCounts, renderMs } = reply;
    const { widthPx, heightPx, bitDepth } = pending.request;
    const pixels = widthPx * heightPx;
    let lent = true;
    pending.resolve({
      pixels: bitDepth <= 8 ? new Uint8Array(buffer, 0, pixels) : new Uint16Array(buffer, 0, pixels),
      meanCounts,
      renderMs,
      release: () => {
        if (lent) this.#giveBack(buffer);
        lent = false;
      },
    });
  }

  /** Memory of another size is from before a change of settings, and dropped. */
  #giveBack(buffer: SharedArrayBuffer): void {
    if (buffer.byteLength === this.#bytes && this.#free.length < BUFFERS) this.#free.push(buffer);
    this.#wake();
  }

  #break(error: Error): void {
    this.#broken = new RedsunError('camera/worker', `${this.#camera}: its rendering thread failed: ${error.message}`, {
      cause: error,
    });
    for (const { reject } of this.#pending.values()) reject(this.#broken);
    this.#pending.clear();
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  #post(message: WorkerMessage): void {
    this.#worker.post(message);
  }
}
