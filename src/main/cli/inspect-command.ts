import { parseArgs } from 'node:util';
import { asError, codeOf, RedsunError } from 'redsun/sdk/util';
import { isStoreCode } from '../../shared/stores/index.ts';
import { inspectStore, NOTHING_FOUND, type StoreReport } from '../storage/catalogue/inspect.ts';
import { readableBytes } from '../storage/target/preflight.ts';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';

/** `redsun inspect STORE [--json] [--stats]` */
export async function inspectCommand(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, stats: { type: 'boolean', default: false } },
  });
  const [path] = positionals;
  if (path === undefined) throw new RedsunError('cli/usage', 'redsun inspect: expected the path of a store');
  const report = await inspectStore(path, { stats: values.stats, signal: context.signal }).catch(unreadable(path));
  if (values.json) context.out(JSON.stringify(report, null, 2));
  else {
    context.out(`${path}: Zarr ${report.zarr_format ?? '?'}, OME-Zarr ${report.ome_version ?? 'none'}`);
    for (const array of report.arrays) {
      const written = array.written_frames === null ? '' : `, ${array.written_frames} frames written`;
      context.out(`  ${array.path || '.'}  ${array.dtype}  ${array.shape.join(' × ')}${written}`);
    }
    if (report.durable_frames !== null) context.out(`  ${report.durable_frames} frames known to be on the disk`);
    if (report.points && report.points.taken < report.points.planned)
      context.out(`  ${report.points.taken} of ${report.points.planned} points of the run were taken`);
    for (const { path: folder, found, files, bytes } of report.linked) {
      const there = found ? `${files} files, ${readableBytes(bytes)}` : 'NOT FOUND';
      context.out(`  goes on in ${folder}: ${there}`);
    }
    for (const { path: place, code, message } of report.problems)
      context.out(`  problem ${code} at ${place || '.'}: ${message}`);
    if (report.problems.length === 0) context.out('  no problems');
  }
  return report.problems.length === 0 ? EXIT.done : EXIT.failed;
}

/** What cannot be opened at all is a store with one problem, so that programs get the same answer for every path. */
function unreadable(path: string): (thrown: unknown) => StoreReport {
  return (thrown) => {
    const code = codeOf(thrown);
    if (!isStoreCode(code)) throw thrown;
    const problems = [{ path: '', code, message: asError(thrown).message }];
    return { path, ...NOTHING_FOUND, problems };
  };
}
