// What the SDK may use of its surroundings: present in Node, in browsers and in workers alike. Nothing else.
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
declare const AbortSignal: { readonly prototype: AbortSignal };
interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare const AbortController: { new (): AbortController };
declare function queueMicrotask(callback: () => void): void;
declare const performance: { now(): number };
declare const crypto: { randomUUID(): string };
interface ErrorConstructor {
  /** Notes on `target` where it was made, without the frames above `above`. Absent outside V8. */
  captureStackTrace?(target: object, above?: (...args: never[]) => unknown): void;
}
