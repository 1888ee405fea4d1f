import type { DataKey, Reading, StreamAsset } from '../events/documents.ts';
import type { Status } from './status.ts';

/** Now or later. */
export type Awaitable<T> = T | Promise<T>;

/** Every device: a name that is unique in the session, and its configuration. */
export interface PDevice {
  readonly name: string;
  readonly parent: unknown;
  readConfiguration(): Awaitable<Record<string, Reading>>;
  describeConfiguration(): Awaitable<Record<string, DataKey>>;
}

export interface Readable {
  read(): Awaitable<Record<string, Reading>>;
  describe(): Awaitable<Record<string, DataKey>>;
}
export interface HasHints {
  readonly hints: { readonly fields?: readonly string[] };
}
export interface Movable<Value = unknown> {
  set(value: Value): Status;
}
export interface Locatable<Value = unknown> {
  locate(): Awaitable<{ readonly setpoint: Value; readonly readback: Value }>;
}
export interface Triggerable {
  trigger(): Status;
}
export interface Stageable {
  stage(): Awaitable<Status | readonly unknown[]>;
  unstage(): Awaitable<Status | readonly unknown[]>;
}
export interface Preparable<Value = unknown> {
  prepare(value: Value): Status;
}
export interface Flyable {
  kickoff(): Status;
  complete(): Status;
}
export interface Collectable {
  describeCollect(): Awaitable<Record<string, DataKey> | Record<string, Record<string, DataKey>>>;
}
export interface WritesStreamAssets {
  /** Stream documents not yet given, up to frame `index`. */
  collectAssetDocs(index?: number): Iterable<StreamAsset>;
  /** How many frames are acknowledged: readable in the store. */
  getIndex(): Awaitable<number>;
}
export interface Stoppable {
  /** Halts what it does. `success` false: in an emergency. */
  stop(options?: { readonly success?: boolean }): Awaitable<void>;
}
export interface Pausable {
  pause(): Awaitable<void>;
  resume(): Awaitable<void>;
}
export interface Configurable {
  /** Changes settings. @returns what they were and what they are, as readings. */
  configure(
    settings: Readonly<Record<string, unknown>>,
  ): Awaitable<readonly [Record<string, Reading>, Record<string, Reading>]>;
}
export interface Subscribable {
  subscribe(callback: (readings: Record<string, Reading>) => void): void;
  clearSub(callback: (readings: Record<string, Reading>) => void): void;
}
export interface Checkable<Value = unknown> {
  /** @throws RedsunError `device/limit` when `value` may not be set. */
  checkValue(value: Value): Awaitable<void>;
}

const has =
  <T>(...methods: (keyof T & string)[]) =>
  (value: unknown): value is T =>
    typeof value === 'object' &&
    value !== null &&
    methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function');

export function isPDevice(value: unknown): value is PDevice {
  return has<PDevice>('readConfiguration', 'describeConfiguration')(value) && 'name' in value && 'parent' in value;
}
export const isReadable = has<Readable>('read', 'describe');
export const isMovable = has<Movable>('set');
export const isLocatable = has<Locatable>('locate');
export const isTriggerable = has<Triggerable>('trigger');
export const isStageable = has<Stageable>('stage', 'unstage');
export const isPreparable = has<Preparable>('prepare');
export const isFlyable = has<Flyable>('kickoff', 'complete');
export const isCollectable = has<Collectable>('describeCollect');
export const isWritesStreamAssets = has<WritesStreamAssets>('collectAssetDocs', 'getIndex');
export const isStoppable = has<Stoppable>('stop');
export const isPausable = has<Pausable>('pause', 'resume');
export const isConfigurable = has<Configurable>('configure');
export const isSubscribable = has<Subscribable>('subscribe', 'clearSub');
export const isCheckable = has<Checkable>('checkValue');
export function hasHints(value: unknown): value is HasHints {
  return typeof value === 'object' && value !== null && 'hints' in value && typeof value.hints === 'object';
}
