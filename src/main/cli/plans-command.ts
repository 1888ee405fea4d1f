import { parseArgs } from 'node:util';
import { startHost } from '../host/start-host.ts';
import { type CliContext, hostOptions } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';

/** `redsun plans [--session S] [--json]` */
export async function plansCommand(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const { values } = parseArgs({
    args: [...args],
    options: { session: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const host = await startHost(hostOptions(context, values.session));
  try {
    const plans = host.services.plans.list(host.services.roster.devices);
    if (values.json) context.out(JSON.stringify(plans, null, 2));
    else for (const { name, description } of plans) context.out(`${name.padEnd(28)} ${description}`);
  } finally {
    await host.close();
  }
  return EXIT.done;
}
