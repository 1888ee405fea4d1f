import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from 'redsun/sdk/util';
import { type SafetyAct, safetyActSchema } from '../../../shared/guardian/safety-act.ts';

/** Where the guardian of a session writes down what it did: it may be the last one that is there. */
export function actRecordPath(baseFolder: string, session: string): string {
  return join(baseFolder, session, '.redsun', 'guardian.jsonl');
}

/** What guardians of earlier sessions did that no session has told yet, oldest first. From now on it counts as told. */
export async function takeEarlierActs(path: string): Promise<SafetyAct[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  });
  const toldPath = `${path}.told`;
  const told = Number(await readFile(toldPath, 'utf8').catch(() => '0')) || 0;
  if (text.length > told) await writeFile(toldPath, String(text.length));
  return text
    .slice(told)
    .split('\n')
    .flatMap((line) => {
      const act = safetyActSchema.safeParse(parsed(line));
      return act.success ? [act.data] : [];
    });
}

/** The last line may have been cut off. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
