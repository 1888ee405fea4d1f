import { delimiter } from 'node:path';
import { parseArgs } from 'node:util';
import { asError, onAbort, RedsunError } from 'redsun/sdk/util';
import { guardAgainstFaults } from '../app/fault-guard.ts';
import { startHost } from '../host/start-host.ts';
import { isLoopback } from '../serve/addresses.ts';
import { serveHttp } from '../serve/http-server.ts';
import { type CliContext, hostOptions, tellIfNotSafe } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';

const BEYOND_THIS_MACHINE =
  'Others can reach this microscope: whoever has an address below can move, light and run it. What is sent is not encrypted, the token in the address included: use it in a network that you trust, or through a tunnel.';

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
  // Digits alone: 1.000 would be read as 1.
  if (!/^\d+$/.test(values.port) || port > 65535) {
    throw new RedsunError('cli/usage', `--port: expected a number from 0 to 65535, got "${values.port}"`);
  }
  using guard = guardAgainstFaults(context.err);
  const listed = (context.environment.REDSUN_FOLDERS ?? '').split(delimiter).filter(Boolean);
  const host = await startHost({
    ...hostOptions(context, positionals[0], values.out),
    openFolders: [...(values.folder ?? []), ...listed],
    guardianHostname: values.host,
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
      guardianPort: host.guardianPage?.port ?? null,
    });
    const { url, urls, token } = serving;
    if (!isLoopback(values.host)) context.err(BEYOND_THIS_MACHINE);
    if (values.json) context.out(JSON.stringify({ url, token, port: serving.port, urls }));
    else context.out(`Redsun serves "${host.services.session.file.session}" at ${urls.join('\n  or ')}`);
    await new Promise<void>((resolve) => onAbort(context.signal, resolve));
    await serving.close();
  } finally {
    await host.close();
    tellIfNotSafe(host, context);
  }
  return EXIT.interrupted;
}
