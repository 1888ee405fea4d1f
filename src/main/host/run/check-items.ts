import { asError, codeOf, RedsunError } from 'redsun/sdk/util';
import type { PlanItem } from '../../../shared/channels/acquisition.ts';
import { refuse } from '../../storage/target/preflight.ts';
import type { Foreseen } from '../plans/plan-registry.ts';
import { checkGivingWay } from './check-item.ts';
import { longPathOf, roomIn } from './current-run.ts';
import { leastBytes } from './run-cost.ts';
import type { RunServices } from './run-services.ts';

/**
 * The folder, all items and the room that they need together, before the first one starts.
 * @returns what an operator should know, each once. @throws RedsunError with the code of what is wrong, `target/...`; the signal's reason
 */
export async function checkItems(
  items: readonly PlanItem[],
  services: RunServices,
  signal: AbortSignal,
): Promise<string[]> {
  const { storage, survey } = services;
  refuse(await storage.check(0));
  let bytes = 0;
  const notes = new Set<string>();
  const foreseen: Foreseen = new Map();
  for (const [index, item] of items.entries()) {
    signal.throwIfAborted();
    try {
      const bound = await checkGivingWay(item, services, { foreseen, signal });
      bytes += leastBytes(roomIn(storage, bound));
      for (const { message } of bound.advice) notes.add(`item ${index}: ${message}`);
      const long = longPathOf(item, bound, services);
      if (long?.severity === 'error') throw new RedsunError('target/path-too-long', long.message);
      if (long) notes.add(long.message);
    } catch (cause) {
      signal.throwIfAborted();
      throw RedsunError.passedOn(codeOf(cause), `item ${index}: ${asError(cause).message}`, { cause });
    }
  }
  refuse(await storage.check(bytes));
  const limits = (await survey.take())?.limits ?? [];
  const advice = limits.filter(({ weight }) => weight === 'advice').map(({ message }) => message);
  return [...advice, ...notes];
}
