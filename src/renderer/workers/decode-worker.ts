/// <reference lib="webworker" />
import '../bridge/page-symbols.ts';
import { asError, codeOf, onAbort, RedsunError } from 'redsun/sdk/util';
import { type ByteSource, openStore, readPlane, type StoreDescription } from '../../shared/stores/index.ts';
import type { DecodeFailure, FromDecoder, ToDecoder } from './decode-messages.ts';

/**
 * Decodes stores away from the window: codecs need generated code, which only this worker's page rules allow.
 * It has no way to the host; bytes are asked of the window.
 */
const scope = self as unknown as DedicatedWorkerGlobalScope;
const questions = new Map<
  number,
  { readonly resolve: (value: never) => void; readonly reject: (error: Error) => void }
>();
/** Of planes that are being read. */
const going = new Map<number, AbortController>();
const stores = new Map<string, { readonly source: ByteSource; description: StoreDescription }>();
let nextId = 1;

function tell(message: FromDecoder, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}

function ask<Answer>(question: (id: number) => FromDecoder, signal?: AbortSignal): Promise<Answer> {
  const id = nextId++;
  return new Promise<Answer>((resolve, reject) => {
    signal?.throwIfAborted();
    const listening = signal && onAbort(signal, () => giveUp(id, asError(signal.reason)));
    const settled =
      <Value>(then: (value: Value) => void) =>
      (value: Value) => {
        listening?.[Symbol.dispose]();
        then(value);
      };
    questions.set(id, { resolve: settled(resolve as (value: never) => void), reject: settled(reject) });
    tell(question(id));
  });
}

/** Whoever reads the bytes stops, too. */
function giveUp(id: number, reason: Error): void {
  const question = questions.get(id);
  if (!questions.delete(id)) return;
  tell({ kind: 'give-up', id });
  question?.reject(reason);
}

function sourceOf(storeId: string): ByteSource {
  return {
    read: (key, range, signal) => ask<Uint8Array | null>((id) => ({ kind: 'read', id, storeId, key, range }), signal),
    list: (prefix) => ask<string[]>((id) => ({ kind: 'list', id, storeId, prefix })),
  };
}

async function open(storeId: string): Promise<StoreDescription> {
  const source = sourceOf(storeId);
  const description = await openStore(source);
  stores.set(storeId, { source, description });
  return description;
}

async function serve(message: Extract<ToDecoder, { kind: 'open' | 'plane' }>): Promise<void> {
  const { id, storeId } = message;
  const controller = new AbortController();
  going.set(id, controller);
  try {
    if (message.kind === 'open') return tell({ kind: 'opened', id, description: await open(storeId) });
    const store = stores.get(storeId);
    const { label } = message;
    const image =
      label === undefined
        ? store?.description.images[message.image]
        : store?.description.labelImages.find(({ path }) => path === label)?.image;
    if (!store || !image)
      throw new RedsunError('store/no-image', `Image ${label ?? message.image} of store ${storeId} is not open`);
    const plane = await readPlane(store.source, image, message.level, message.indices, controller.signal);
    const { data, widthPx, heightPx, dtype, min, max, acquired } = plane;
    tell({ kind: 'plane', id, plane: { data, widthPx, heightPx, dtype, min, max, acquired } }, [data.buffer]);
  } catch (thrown) {
    tell({ kind: 'failed', id, failure: failureOf(thrown) });
  } finally {
    going.delete(id);
  }
}

function failureOf(thrown: unknown): DecodeFailure {
  return { code: codeOf(thrown), message: asError(thrown).message };
}

scope.addEventListener('message', (event: MessageEvent<ToDecoder>) => {
  const message = event.data;
  switch (message.kind) {
    case 'open':
    case 'plane':
      void serve(message);
      return;
    case 'forget':
      stores.delete(message.storeId);
      return;
    case 'cancel':
      going.get(message.id)?.abort(new RedsunError('channel/cancelled', 'The plane is not wanted any more'));
      return;
    default: {
      const question = questions.get(message.id);
      questions.delete(message.id);
      if (message.kind === 'refused') {
        question?.reject(RedsunError.passedOn(message.failure.code, message.failure.message));
      } else question?.resolve((message.kind === 'bytes' ? message.bytes : message.names) as never);
    }
  }
});
