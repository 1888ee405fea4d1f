import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function documentsOf(runFolder: string): Promise<{ name: string; doc: Record<string, unknown> }[]> {
  const text = await readFile(join(runFolder, 'documents.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
