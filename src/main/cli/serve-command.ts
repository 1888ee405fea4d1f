import { delimiter } from 'node:path';
import { parseArgs } from 'node:util';
import { asError, onAbort, RedsunError } from 'redsun/sdk/util';
import { guardAgainstFaults } from '../app/fault-guard.ts';
import { startHost } from '../host/start-host.ts';
import { serveHttp } from '../serve/http-server.ts';
import { type CliContext, hostOptions } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';

/** `redsun serve [SESSION] [--host 127.0.0.1] [--port 0] [--out DIR] [--folder DIR]... [--json]` */
export async function serveCommand(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '0' },
      out: { type: 'string' },
      folder: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RedsunError('cli/usage', `--port: expected a number from 0 to 65535, got "${values.port}"`);
  }
  using guard = guardAgainstFaults(context.err);
  const listed = (context.environment.REDSUN_FOLDERS ?? '').split(delimiter).filter(Boolean);
  const host = await startHost({
    ...hostOptions(context, positionals[0], values.out),
    openFolders: [...(values.folder ?? []), ...listed],
  });
  guard.attach(host);
  try {
    const complain = (error: unknown) => context.err(asError(error).message);
    const serving = await serveHttp({
      server: host.server,
      pageFolder: context.places.pageFolder,
      hostname: values.host,
      port,
      onFault: complain,
    });
    const { url, token } = serving;
    if (values.json) context.out(JSON.stringify({ url, token, port: serving.port }));
    else context.out(`Redsun serves "${host.services.session.file.session}" at ${url}`);
    await new Promise<void>((resolve) => onAbort(context.signal, resolve));
    await serving.close();
  } finally {
    await host.close();
  }
  return EXIT.interrupted;
}
