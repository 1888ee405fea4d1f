import { RedsunError, shortened } from 'redsun/sdk/util';
import type { PlanItem } from '../../../shared/channels/acquisition.ts';

/** Values that an item may spell out. Validating them cannot be interrupted, and STOP is not to wait for it. */
const MAX_VALUES = 250_000;
const MAX_DEPTH = 64;

/** @throws RedsunError `plan/too-long` for an item that lists more than can be checked at once, or nests deeper. */
export function checkSize({ name, args, kwargs, meta }: PlanItem): void {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [
    { value: args, depth: 0 },
    { value: kwargs, depth: 0 },
    { value: meta, depth: 0 },
  ];
  let values = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MAX_DEPTH) {
      throw new RedsunError('plan/too-long', `${shortened(name)}: lists nested more than ${MAX_DEPTH} deep`);
    }
    const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    values += members.length;
    if (values > MAX_VALUES) {
      throw new RedsunError(
        'plan/too-long',
        `${shortened(name)}: lists more than ${MAX_VALUES} values; give a range, or several items`,
      );
    }
    for (const member of members) {
      if (typeof member === 'object' && member !== null) waiting.push({ value: member, depth: depth + 1 });
    }
  }
}
