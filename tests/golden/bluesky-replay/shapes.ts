import { Status } from 'redsun/sdk/engine';

export function isStatus(value: unknown): value is Status {
  return value instanceof Status;
}

/** A suspender over one signal. */
export function isSuspenderLike(value: unknown): value is { readonly signal: { readonly name: string } } {
  if (typeof value !== 'object' || value === null || !('install' in value) || !('signal' in value)) return false;
  return typeof value.signal === 'object' && value.signal !== null && 'name' in value.signal;
}
