import type { DataKey, EventPage, Named, ObjectHints, Reading, StreamAsset } from '../events/documents.ts';
import type { Status } from './status.ts';

/** Now or later. */
export type Awaitable<T> = T | Promise<T>;

/** Every device: a name that is unique in the session, and its configuration. */
export interface PDevice {
  /** Unique in the session. */
  readonly name: string;
  /** The device that it is a part of; null for devices of the session. */
  readonly parent: unknown;
  /** What it is set to, with the Unix time, s, of each value. */
  readConfiguration(): Awaitable<Record<string, Reading>>;
  /** What each key of `readConfiguration` is: unit, type, limits. */
  describeConfiguration(): Awaitable<Record<string, DataKey>>;
}

/** Can be read into events. */
export interface Readable {
  /** Values with the Unix time, s, of each. */
  read(): Awaitable<Record<string, Reading>>;
  /** What each key of `read` is: unit, type, shape. */
  describe(): Awaitable<Record<string, DataKey>>;
}

/** Says which of its values matter most. */
export interface HasHints {
  /** Data keys to show first. */
  readonly hints: ObjectHints;
}

/** Can be set to a value. */
export interface Movable<Value = unknown> {
  /** Begins to go to `value`, in the device's own unit. The status fails with `device/limit` for what is out of reach. */
  set(value: Value): Status;
}

/** Where something was told to be, and where it is. */
export interface Location<Value = unknown> {
  /** Last target. */
  readonly setpoint: Value;
  /** Read back just now. */
  readonly readback: Value;
}

/** Knows where it is. */
export interface Locatable<Value = unknown> {
  /** Target and read-back, in the device's own unit. */
  locate(): Awaitable<Location<Value>>;
}

/** Takes a measurement when asked. */
export interface Triggerable {
  /** Begins; what it measured can be read when the status is done. */
  trigger(): Status;
}

/** Has to be made ready for a run and to be taken back after it. */
export interface Stageable {
  /** Makes ready. @returns a status, or the devices that were staged. */
  stage(): Awaitable<Status | readonly unknown[]>;
  /** Takes back, also after a failure; twice is no mistake. @returns as `stage`. */
  unstage(): Awaitable<Status | readonly unknown[]>;
}

/** Can be told what comes. */
export interface Preparable<Value = unknown> {
  /** Makes ready for what `value` describes. */
  prepare(value: Value): Status;
}

/** Acquires by itself between `kickoff` and `complete`. */
export interface Flyable {
  /** Begins; done when it is under way. */
  kickoff(): Status;
  /** Comes to an end; done when all is acquired. */
  complete(): Status;
}

/** Says what it acquires while it flies. */
export interface Collectable {
  /** What its data are; by stream, for a device that flies for several. */
  describeCollect(): Awaitable<Record<string, DataKey> | Record<string, Record<string, DataKey>>>;
}

/** Writes frames to a store and tells of them. */
export interface WritesStreamAssets {
  /** Stream documents not yet given, up to frame `index`. */
  collectAssetDocs(index?: number): Iterable<StreamAsset> | AsyncIterable<StreamAsset>;
  /** How many frames are acknowledged: readable in the store. */
  getIndex(): Awaitable<number>;
}

/** Writes frames to files of its own and tells of them, in the older documents `resource` and `datum`. */
export interface WritesExternalAssets {
  /** Documents not yet given. */
  collectAssetDocs(): Iterable<ExternalAsset> | AsyncIterable<ExternalAsset>;
}

/** Documents of files that are not streams. The engine fills in `run_start`. */
export type ExternalAsset = Named<'resource'> | Named<'datum'>;

/** One reading of a flying device: an event without its place in a run. */
export interface PartialEvent {
  /** By data key. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Unix time of each value, s. */
  readonly timestamps: Readonly<Record<string, number>>;
  /** Unix time, s. */
  readonly time: number;
}

/** Several readings of a flying device, as columns. */
export type PartialEventPage = Pick<EventPage, 'data' | 'timestamps' | 'time'>;

/** Hands over what it read while it was flying, one event after the other. */
export interface EventCollectable extends Collectable {
  /** Events not yet given. */
  collect(): Iterable<PartialEvent> | AsyncIterable<PartialEvent>;
}

/** Hands over what it read while it was flying, in pages. */
export interface EventPageCollectable extends Collectable {
  /** Pages not yet given. */
  collectPages(): Iterable<PartialEventPage> | AsyncIterable<PartialEventPage>;
}

/** Can be stopped. */
export interface Stoppable {
  /** Halts what it does; nothing when it does nothing. `success` false: in an emergency. */
  stop(options?: { readonly success?: boolean }): Awaitable<void>;
}

/** Wants to know of pauses of the plan. */
export interface Pausable {
  /** The plan stands still. */
  pause(): Awaitable<void>;
  /** The plan goes on. */
  resume(): Awaitable<void>;
}

/** Has settings that plans may change. */
export interface Configurable {
  /** Changes settings. @returns what they were and what they are, as readings. */
  configure(
    settings: Readonly<Record<string, unknown>>,
  ): Awaitable<readonly [Record<string, Reading>, Record<string, Reading>]>;
}

/** Announces its readings as they change. */
export interface Subscribable {
  /** Calls `callback` with what changed, from now on. */
  subscribe(callback: (readings: Record<string, Reading>) => void): void;
  /** No longer. */
  clearSub(callback: (readings: Record<string, Reading>) => void): void;
}

/** Can say beforehand whether it may be set to a value. */
export interface Checkable<Value = unknown> {
  /** @throws RedsunError `device/limit` when `value` may not be set, with the limit and its unit. */
  checkValue(value: Value): Awaitable<void>;
}

function has(value: unknown, ...methods: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    methods.every((method) => typeof Reflect.get(value, method) === 'function')
  );
}

/** True when `value` has the members of every device. */
export function isPDevice(value: unknown): value is PDevice {
  return (
    has(value, 'readConfiguration', 'describeConfiguration') &&
    'name' in (value as object) &&
    'parent' in (value as object)
  );
}

/** True when `value` has `read` and `describe`. */
export function isReadable(value: unknown): value is Readable {
  return has(value, 'read', 'describe');
}

/** True when `value` has `set`. */
export function isMovable(value: unknown): value is Movable {
  return has(value, 'set');
}

/** True when `value` has `locate`. */
export function isLocatable(value: unknown): value is Locatable {
  return has(value, 'locate');
}

/** True when `value` has `trigger`. */
export function isTriggerable(value: unknown): value is Triggerable {
  return has(value, 'trigger');
}

/** True when `value` has `stage` and `unstage`. */
export function isStageable(value: unknown): value is Stageable {
  return has(value, 'stage', 'unstage');
}

/** True when `value` has `prepare`. */
export function isPreparable(value: unknown): value is Preparable {
  return has(value, 'prepare');
}

/** True when `value` has `kickoff` and `complete`. */
export function isFlyable(value: unknown): value is Flyable {
  return has(value, 'kickoff', 'complete');
}

/** True when `value` has `describeCollect`. */
export function isCollectable(value: unknown): value is Collectable {
  return has(value, 'describeCollect');
}

/** True when `value` has `collectAssetDocs` and `getIndex`. */
export function isWritesStreamAssets(value: unknown): value is WritesStreamAssets {
  return has(value, 'collectAssetDocs', 'getIndex');
}

/** True when `value` tells of frames, but not how many there are. */
export function isWritesExternalAssets(value: unknown): value is WritesExternalAssets {
  return has(value, 'collectAssetDocs') && !has(value, 'getIndex');
}

/** True when `value` has `describeCollect` and `collect`. */
export function isEventCollectable(value: unknown): value is EventCollectable {
  return has(value, 'describeCollect', 'collect');
}

/** True when `value` has `describeCollect` and `collectPages`. */
export function isEventPageCollectable(value: unknown): value is EventPageCollectable {
  return has(value, 'describeCollect', 'collectPages');
}

/** True when `value` has `stop`. */
export function isStoppable(value: unknown): value is Stoppable {
  return has(value, 'stop');
}

/** True when `value` has `pause` and `resume`. */
export function isPausable(value: unknown): value is Pausable {
  return has(value, 'pause', 'resume');
}

/** True when `value` has `configure`. */
export function isConfigurable(value: unknown): value is Configurable {
  return has(value, 'configure');
}

/** True when `value` has `subscribe` and `clearSub`. */
export function isSubscribable(value: unknown): value is Subscribable {
  return has(value, 'subscribe', 'clearSub');
}

/** True when `value` has `checkValue`. */
export function isCheckable(value: unknown): value is Checkable {
  return has(value, 'checkValue');
}

/** True when `value` has `hints`. */
export function hasHints(value: unknown): value is HasHints {
  return typeof value === 'object' && value !== null && 'hints' in value && typeof value.hints === 'object';
}
