import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { asError, onAbort, RedsunError } from 'redsun/sdk/util';
import { z } from 'zod';
import { type PlanItem, planItemSchema } from '../../shared/channels/acquisition.ts';
import { type Host, startHost } from '../host/start-host.ts';
import { type CliContext, hostOptions } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';

/** `redsun run ITEMS.json|- [--session S] [--out DIR] [--documents FILE.jsonl] [--keep-going] [--json]` */
export async function runCommand(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      session: { type: 'string' },
      out: { type: 'string' },
      documents: { type: 'string' },
      'keep-going': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [path] = positionals;
  if (path === undefined)
    throw new RedsunError('cli/usage', 'redsun run: expected a file of items, or - for standard input');
  const items = await readItems(path);
  const host = await startHost(hostOptions(context, values.session, values.out));
  try {
    // All of them, before the first one starts.
    for (const [index, item] of items.entries()) checkItem(host, item, index);
    if (values.documents !== undefined) await recordDocuments(host, values.documents);
    return await runAll(host, items, { json: values.json, keepGoing: values['keep-going'] }, context);
  } finally {
    await host.close();
  }
}

async function readItems(path: string): Promise<PlanItem[]> {
  let text: string;
  try {
    text = path === '-' ? await readStandardInput() : await readFile(path, 'utf8');
  } catch (cause) {
    throw new RedsunError('cli/usage', `The items ${path} cannot be read: ${asError(cause).message}`, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RedsunError('cli/usage', `${path} is no JSON: ${asError(cause).message}`, { cause });
  }
  const parsed = z
    .array(planItemSchema)
    .min(1)
    .safeParse(Array.isArray(value) ? value : [value]);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: place, message }) => `item ${place.join('.')}: ${message}`);
  throw new RedsunError('cli/usage', `${path}: ${problems.join('; ')}`);
}

async function readStandardInput(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function checkItem(host: Host, item: PlanItem, index: number): void {
  try {
    host.acquisition.check(item);
  } catch (cause) {
    throw new RedsunError('cli/usage', `item ${index}: ${asError(cause).message}`, { cause });
  }
}

async function recordDocuments(host: Host, path: string): Promise<void> {
  await writeFile(path, '');
  let writing: Promise<void> = Promise.resolve();
  host.services.engine.subscribe((name, doc) => {
    const line = `${JSON.stringify({ name, doc })}\n`;
    writing = writing.then(() => appendFile(path, line));
  });
  host.acquisition.runEnded.connect(() => void writing);
}

async function runAll(
  host: Host,
  items: readonly PlanItem[],
  options: { readonly json: boolean; readonly keepGoing: boolean },
  context: CliContext,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  using _interrupt = onAbort(context.signal, () => {
    if (host.services.engine.state !== 'idle') void host.services.engine.abort('Interrupted');
  });
  for (const [index, item] of items.entries()) {
    if (context.signal.aborted) return EXIT.interrupted;
    context.err(`item ${index}: ${item.name}`);
    const outcome = await host.acquisition.runToEnd(item);
    const { plan: name, exitStatus, reason, runStartUids, folder, error } = outcome;
    if (options.json) {
      context.out(
        JSON.stringify({
          item: index,
          name,
          exit_status: exitStatus,
          reason,
          run_start_uids: runStartUids,
          run_folder: folder,
          error,
        }),
      );
    } else
      context.out(
        `${outcome.name}: ${exitStatus}${reason ? `, ${reason}` : ''}, ${outcome.frames} frames in ${folder}`,
      );
    if (context.signal.aborted) return EXIT.interrupted;
    if (exitStatus === 'success') continue;
    code = EXIT.failed;
    if (!options.keepGoing) break;
  }
  return code;
}
