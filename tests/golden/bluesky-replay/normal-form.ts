import type { Msg } from 'redsun/sdk/engine';
import { isStatus, isSuspenderLike } from './shapes.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
const WHOLE_UUID = new RegExp(`^${UUID.source}$`);
const LABEL = /^(trigger|set|reset|complete|flyers-kickoff|flyers-complete|monitor)-[0-9a-f]{6}$/;

/** Writes messages, documents and results as the recorded cases have them: random names counted, times left out. */
export class NormalForm {
  readonly #uids = new Map<string, string>();
  readonly #groups = new Map<string, string>();

  /** Counts the uids of a document as it is emitted. */
  emitted(doc: Readonly<Record<string, unknown>>): void {
    for (const uid of Array.isArray(doc.uid) ? doc.uid : [doc.uid]) {
      if (typeof uid === 'string' && !uid.includes('/') && !this.#uids.has(uid)) {
        this.#uids.set(uid, `uid:${this.#uids.size}`);
      }
    }
  }

  message({ command, obj, args, kwargs, run }: Msg): unknown {
    return {
      command,
      obj: this.value(obj),
      args: args.map((arg) => this.value(arg, command === 'wait' ? 'group' : undefined)),
      kwargs: Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, this.value(value, key)])),
      run: this.value(run),
    };
  }

  value(value: unknown, key?: string): unknown {
    if (value === undefined || value === null || typeof value === 'boolean' || typeof value === 'number') {
      return value ?? null;
    }
    if (typeof value === 'string') return this.#text(value, key);
    if (typeof value === 'function') return { $fn: true };
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (isStatus(value)) return { $status: String(value) };
    if (value instanceof Error) return { $exc: value.name, message: this.value(value.message) };
    if (isSuspenderLike(value)) return { $suspender: value.constructor.name, signal: value.signal.name };
    if (value instanceof Map) return this.value(Object.fromEntries(value));
    if (Object.getPrototypeOf(value) === Object.prototype) {
      return Object.fromEntries(
        Object.entries(value as object).map(([name, inner]) => [name, this.value(inner, name)]),
      );
    }
    return { $dev: String((value as { name?: unknown }).name) };
  }

  document(doc: Readonly<Record<string, unknown>>): unknown {
    return this.#named(withoutTimes(JSON.parse(JSON.stringify(doc)) as Record<string, unknown>));
  }

  #text(value: string, key: string | undefined): string {
    const label = LABEL.exec(value)?.[1];
    if (key === 'group' && (label !== undefined || WHOLE_UUID.test(value)))
      return this.#counted(value, label ?? 'group');
    if (key === 'name' && label !== undefined) return this.#counted(value, 'monitor');
    return this.#withUids(value).replace(new RegExp(UUID.source, 'g'), '<uuid>');
  }

  #counted(value: string, label: string): string {
    const known = this.#groups.get(value);
    if (known !== undefined) return known;
    const name = `${label}#${this.#groups.size}`;
    this.#groups.set(value, name);
    return name;
  }

  #withUids(text: string): string {
    let result = text;
    for (const [uid, name] of this.#uids) result = result.replaceAll(uid, name);
    return result;
  }

  #named(value: unknown): unknown {
    if (typeof value === 'string') {
      const label = LABEL.exec(value)?.[1];
      return label === undefined ? this.#withUids(value) : this.#counted(value, label);
    }
    if (Array.isArray(value)) return value.map((item) => this.#named(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [String(this.#named(key)), this.#named(inner)]),
    );
  }
}

function withoutTimes(doc: Record<string, unknown>): Record<string, unknown> {
  const hidden = (value: unknown) => (Array.isArray(value) ? value.map(() => '<t>') : '<t>');
  const each = (of: object) => Object.fromEntries(Object.entries(of).map(([key, value]) => [key, hidden(value)]));
  const result = { ...doc };
  if ('time' in doc) result.time = hidden(doc.time);
  if ('timestamps' in doc) result.timestamps = each(doc.timestamps as object);
  if ('configuration' in doc) {
    result.configuration = Object.fromEntries(
      Object.entries(doc.configuration as Record<string, { timestamps: object }>).map(([name, one]) => [
        name,
        { ...one, timestamps: each(one.timestamps) },
      ]),
    );
  }
  return result;
}
