import {
  type Awaitable,
  isCollectable,
  isConfigurable,
  isPDevice,
  isReadable,
  type PDevice,
} from '../device/protocols.ts';
import type { ConfigurationOf, DataKey } from '../events/documents.ts';
import { after, allOf } from '../util/awaitable.ts';
import { ValueError } from '../util/errors.ts';

/** What a descriptor says of one object. */
export interface DescribedObject {
  readonly name: string;
  readonly dataKeys: Readonly<Record<string, DataKey>>;
  readonly configuration: ConfigurationOf;
}

/** Keys of what a device collects while it flies: of one stream that somebody else names, or by stream. */
type CollectedKeys = Record<string, DataKey> | Record<string, Record<string, DataKey>>;

/** What `read` gives, and what the object is set to. */
export function describeRead(obj: object): Awaitable<DescribedObject> {
  return withConfiguration(obj, isReadable(obj) ? obj.describe() : {});
}

/** What `obj` collects for the stream of that name. @throws ValueError when it collects for other streams only. */
export function describeCollected(obj: object, stream: string): Awaitable<DescribedObject> {
  const told: Awaitable<CollectedKeys> = isCollectable(obj) ? obj.describeCollect() : {};
  return withConfiguration(
    obj,
    after(told, (keys) => {
      if (!isByStream(keys)) return keys;
      const own = keys[stream];
      if (own) return own;
      throw new ValueError(`${nameOf(obj)} collects for ${Object.keys(keys).join(', ')}, not for ${stream}`);
    }),
  );
}

/** What `obj` collects, by the streams that it names itself. @throws ValueError when it leaves the naming to `declare_stream`. */
export function describeCollectedByStream(obj: object): Awaitable<ReadonlyMap<string, DescribedObject>> {
  const told: Awaitable<CollectedKeys> = isCollectable(obj) ? obj.describeCollect() : {};
  return after(told, (keys) => {
    if (!isByStream(keys)) throw new ValueError(`${nameOf(obj)} names no stream: declare_stream has to come first`);
    return after(allOf(Object.values(keys).map((own) => withConfiguration(obj, own))), (described) => {
      return new Map(Object.keys(keys).map((stream, at) => [stream, described[at] as DescribedObject]));
    });
  });
}

function isByStream(keys: CollectedKeys): keys is Record<string, Record<string, DataKey>> {
  return Object.values(keys).some((value) => !('source' in value && 'dtype' in value));
}

function withConfiguration(obj: object, dataKeys: Awaitable<Record<string, DataKey>>): Awaitable<DescribedObject> {
  return after(allOf([dataKeys, configurationOf(obj)]), ([keys, configuration]) => ({
    name: nameOf(obj),
    dataKeys: keys,
    configuration,
  }));
}

function configurationOf(obj: object): Awaitable<ConfigurationOf> {
  const isConfigured = isPDevice(obj) || (isConfigurable(obj) && 'readConfiguration' in obj);
  if (!isConfigured) return { data: {}, timestamps: {}, data_keys: {} };
  const device = obj as PDevice;
  return after(allOf([device.describeConfiguration(), device.readConfiguration()]), ([dataKeys, readings]) => ({
    data: Object.fromEntries(Object.entries(readings).map(([key, { value }]) => [key, value])),
    timestamps: Object.fromEntries(Object.entries(readings).map(([key, { timestamp }]) => [key, timestamp])),
    data_keys: dataKeys,
  }));
}

/** For messages and documents. */
export function nameOf(obj: unknown): string {
  return typeof obj === 'object' && obj !== null && 'name' in obj ? String(obj.name) : String(obj);
}
