import type { Schema } from 'redsun/sdk/util';
import { validateNow } from 'redsun/sdk/util';

/** Of `localStorage`, what is used here. */
export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** What this client keeps between visits under `key`; what does not fit the schema of this version is forgotten. */
export interface Remembered<Value> {
  read(): Value | null;
  write(value: Value): void;
  forget(): void;
}

export function remembered<Value>(
  memory: Memory,
  key: string,
  version: number,
  schema: Schema<Value>,
  migrate: (value: unknown, fromVersion: number) => unknown = () => undefined,
): Remembered<Value> {
  return {
    read() {
      try {
        const stored: unknown = JSON.parse(memory.getItem(key) ?? 'null');
        if (typeof stored !== 'object' || stored === null || !('version' in stored) || !('value' in stored))
          return null;
        const value = stored.version === version ? stored.value : migrate(stored.value, Number(stored.version));
        const result = validateNow(schema, value);
        return result.issues ? null : result.value;
      } catch {
        // A torn or foreign entry: the defaults are as good as on the first visit.
        return null;
      }
    },
    write(value) {
      try {
        memory.setItem(key, JSON.stringify({ version, value }));
      } catch {
        // Full or forbidden storage costs the operator a layout, not the session.
      }
    },
    forget: () => memory.removeItem(key),
  };
}
