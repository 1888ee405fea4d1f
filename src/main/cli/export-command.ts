import { parseArgs } from 'node:util';
import { asError, codeOf, nearMissHint, RedsunError } from 'redsun/sdk/util';
import { version } from '../app/version.ts';
import { EXPORT_FORMATS, exportStore } from '../storage/export/export-store.ts';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';

/** What is wrong with the question, and not with the store. */
const USAGE_CODES = ['export/exists', 'export/inside', 'store/not-found'];
/** A line for every so many percent. */
const STEP_PERCENT = 10;

/** `redsun export STORE --to ome-tiff|ngff-0.4 [--out PATH]`; says the path of the copy on standard output. */
export async function exportCommand(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { to: { type: 'string' }, out: { type: 'string' } },
  });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) {
    throw new RedsunError('cli/usage', 'redsun export: expected the path of one store');
  }
  const format = EXPORT_FORMATS.find((known) => known === values.to);
  if (!format) {
    const given =
      values.to === undefined
        ? 'expected --to'
        : `--to ${values.to} is no format.${nearMissHint(values.to, EXPORT_FORMATS)}`;
    throw new RedsunError('cli/usage', `redsun export: ${given} Formats: ${EXPORT_FORMATS.join(', ')}`);
  }
  let told = 0;
  try {
    const out = await exportStore(path, {
      format,
      ...(values.out !== undefined && { out: values.out }),
      creator: `Redsun ${version}`,
      signal: context.signal,
      onNote: context.err,
      onProgress({ done, planes }) {
        const percent = Math.floor((100 * done) / planes);
        if (percent < told + STEP_PERCENT && done !== planes) return;
        told = percent - (percent % STEP_PERCENT);
        context.err(`${percent} % (${done} of ${planes} planes)`);
      },
    });
    context.out(out);
    return EXIT.done;
  } catch (error) {
    if (context.signal.aborted) {
      context.err('Interrupted; nothing was left behind');
      return EXIT.interrupted;
    }
    if (USAGE_CODES.includes(codeOf(error))) throw error;
    context.err(`${codeOf(error)}: ${asError(error).message}`);
    return EXIT.failed;
  }
}
