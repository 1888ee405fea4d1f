import { asError, codeOf, onAbort, RedsunError } from 'redsun/sdk/util';
import { reviewChannel } from '../../shared/channels/review.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import type { StoreDescription } from '../../shared/stores/index.ts';
import type { DecodedPlane, FromDecoder, ToDecoder } from './decode-messages.ts';

export interface PlaneRequest {
  readonly storeId: string;
  /** Index into the store's images. */
  readonly image: number;
  /** Path of a label image that is read instead. */
  readonly label?: string;
  readonly level: number;
  readonly indices: Readonly<Record<string, number>>;
}

/** Opens stores and decodes planes, in a worker. */
export interface Decoder extends Disposable {
  open(storeId: string): Promise<StoreDescription>;
  /** Rejects with the signal's reason; what was begun for it ends, down to the files of the store. */
  plane(request: PlaneRequest, signal?: AbortSignal): Promise<DecodedPlane>;
  forget(storeId: string): void;
}

/** Of a Worker, what is used here. */
export interface WorkerPort {
  postMessage(message: ToDecoder, transfer: Transferable[]): void;
  onMessage(listener: (message: FromDecoder) => void): void;
  onError(listener: (message: string) => void): void;
  terminate(): void;
}

export function startDecodeWorker(): WorkerPort {
  const worker = new Worker(new URL('./decode-worker.ts', import.meta.url), {
    type: 'module',
    name: 'decode-worker',
  });
  return {
    postMessage: (message, transfer) => worker.postMessage(message, transfer),
    onMessage: (listener) => worker.addEventListener('message', ({ data }) => listener(data)),
    onError: (listener) => worker.addEventListener('error', (event) => listener(event.message)),
    terminate: () => worker.terminate(),
  };
}

/** The worker starts with the first store that is opened: most visits never review. */
export function createDecoder(bridge: Bridge, start: () => WorkerPort = startDecodeWorker): Decoder {
  const review = bridge.channel(reviewChannel);
  const pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let port: WorkerPort | null = null;
  let nextId = 1;

  const post = (message: ToDecoder, transfer: Transferable[] = []) => port?.postMessage(message, transfer);
  const reading = new Map<number, AbortController>();
  const answer = async (message: Extract<FromDecoder, { kind: 'read' | 'list' }>) => {
    const { id, storeId } = message;
    const controller = new AbortController();
    reading.set(id, controller);
    const { signal } = controller;
    try {
      if (message.kind === 'list') {
        return post({
          kind: 'names',
          id,
          names: await review.call('list', { storeId, prefix: message.prefix }, { signal }),
        });
      }
      const { key, range } = message;
      const { bytes } = await review.call('read', { storeId, key, ...(range ? { range } : {}) }, { signal });
      // A view into a larger message must not take the whole message along.
      const own = bytes === null ? null : bytes.slice();
      post({ kind: 'bytes', id, bytes: own }, own === null ? [] : [own.buffer]);
    } catch (thrown) {
      if (signal.aborted) return;
      post({ kind: 'refused', id, failure: { code: codeOf(thrown), message: asError(thrown).message } });
    } finally {
      reading.delete(id);
    }
  };
  const onMessage = (message: FromDecoder) => {
    if (message.kind === 'read' || message.kind === 'list') return void answer(message);
    if (message.kind === 'give-up') {
      reading.get(message.id)?.abort(new RedsunError('channel/cancelled', 'The decoder needs them no more'));
      return;
    }
    const call = pending.get(message.id);
    pending.delete(message.id);
    if (message.kind === 'failed') call?.reject(RedsunError.passedOn(message.failure.code, message.failure.message));
    else call?.resolve((message.kind === 'opened' ? message.description : message.plane) as never);
  };
  const onError = (reason: string) => {
    for (const call of pending.values())
      call.reject(new RedsunError('store/decoder-failed', `The decoder failed: ${reason}`));
    pending.clear();
    port?.terminate();
    port = null;
  };
  const request = <Answer>(make: (id: number) => ToDecoder, signal?: AbortSignal): Promise<Answer> => {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (port === null) {
      port = start();
      port.onMessage(onMessage);
      port.onError(onError);
    }
    const id = nextId++;
    return new Promise<Answer>((resolve, reject) => {
      const giveUp = () => {
        if (!pending.delete(id)) return;
        post({ kind: 'cancel', id });
        reject(signal?.reason);
      };
      const listening = signal && onAbort(signal, giveUp);
      const settled =
        <Value>(then: (value: Value) => void) =>
        (value: Value) => {
          listening?.[Symbol.dispose]();
          then(value);
        };
      pending.set(id, { resolve: settled(resolve as (value: never) => void), reject: settled(reject) });
      post(make(id));
    });
  };

  return {
    open: (storeId) => request((id) => ({ kind: 'open', id, storeId })),
    plane: (what, signal) => request((id) => ({ kind: 'plane', id, ...what }), signal),
    forget: (storeId) => post({ kind: 'forget', storeId }),
    [Symbol.dispose]: () => onError('the window closes'),
  };
}
