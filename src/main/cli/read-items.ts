import { asError, RedsunError } from 'redsun/sdk/util';
import { z } from 'zod';
import { type PlanItem, planItemSchema } from '../../shared/channels/acquisition.ts';
import { readText } from '../storage/files/regular-file.ts';

/** One item or a list, from a file or from standard input (`-`). @throws RedsunError `cli/usage` with every mistake. */
export async function readItems(path: string): Promise<PlanItem[]> {
  const name = path === '-' ? 'standard input' : path;
  let text: string;
  try {
    text = path === '-' ? await readStandardInput() : await readText(path);
  } catch (cause) {
    throw new RedsunError('cli/usage', `The items ${name} cannot be read: ${asError(cause).message}`, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RedsunError('cli/usage', `${name} is no JSON: ${asError(cause).message}`, { cause });
  }
  const parsed = z
    .array(planItemSchema)
    .min(1)
    .safeParse(Array.isArray(value) ? value : [value]);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: place, message }) => `item ${place.join('.')}: ${message}`);
  throw new RedsunError('cli/usage', `${name}: ${problems.join('; ')}`);
}

async function readStandardInput(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
