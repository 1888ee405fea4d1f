import type { IJsonModel } from 'flexlayout-react';
import { z } from 'zod';
import { type Memory, remembered } from '../stores/remembered.ts';

const VERSION = 1;

const savedSchema = z.object({
  /** Size of the docks when it was saved: weights mean pixels of that size. */
  widthPx: z.number().positive(),
  heightPx: z.number().positive(),
  /** Names of the views it arranges. */
  views: z.array(z.string()),
  model: z.looseObject({ layout: z.looseObject({ type: z.literal('row') }) }),
});

export interface SavedLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly views: readonly string[];
  readonly model: IJsonModel;
}

export interface LayoutMemory {
  /** The arrangement for exactly these views; null: none, of another version, or for other views. */
  read(views: readonly string[]): SavedLayout | null;
  write(saved: SavedLayout): void;
  forget(): void;
}

/** Remembers where this client put its docks, per window layout. */
export function layoutMemory(memory: Memory, name: string): LayoutMemory {
  const kept = remembered(memory, `redsun.docks.${name}`, VERSION, savedSchema);
  return {
    read(views) {
      const saved = kept.read();
      if (saved === null || !sameNames(saved.views, views)) return null;
      return saved as unknown as SavedLayout;
    },
    write: (saved) => kept.write(savedSchema.parse(saved)),
    forget: kept.forget,
  };
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && [...one].sort().join('\n') === [...other].sort().join('\n');
}
