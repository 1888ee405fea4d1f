import { resolve } from 'node:path';
import { asError, codeOf, nearMissHint } from 'redsun/sdk/util';
import { refuseInspectorSignal } from '../app/no-inspector.ts';
import { placesIn } from '../app/places.ts';
import { version } from '../app/version.ts';
import type { CliContext } from './context.ts';
import { doctorCommand } from './doctor-command.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { exportCommand } from './export-command.ts';
import { inspectCommand } from './inspect-command.ts';
import { listenForInterruptions, survivePipes } from './interruptions.ts';
import { plansCommand } from './plans-command.ts';
import { recoverCommand } from './recover-command.ts';
import { runCommand } from './run-command.ts';
import { serveCommand } from './serve-command.ts';

const COMMANDS: Readonly<Record<string, (args: readonly string[], context: CliContext) => Promise<ExitCode>>> = {
  serve: serveCommand,
  run: runCommand,
  inspect: inspectCommand,
  export: exportCommand,
  recover: recoverCommand,
  plans: plansCommand,
  doctor: doctorCommand,
};

const USAGE = `Redsun ${version}
redsun serve [SESSION] [--host 127.0.0.1] [--port 0] [--out DIR] [--folder DIR]... [--json]
redsun run ITEMS.json|- [--session S] [--out DIR] [--documents FILE.jsonl] [--dry-run] [--keep-going]
           [--on-full wait|abort] [--json]
redsun run ITEMS.json|- --at URL [--documents FILE.jsonl] [--keep-going] [--on-full wait|abort] [--json]
redsun inspect STORE [--json] [--stats]
redsun export STORE --to ome-tiff|ngff-0.4 [--out PATH]
redsun recover DIR [--dry-run] [--resume] [--json]
redsun plans [--session S] [--json]
redsun doctor [SESSION] [--out DIR] [--json]`;

async function main(argv: readonly string[]): Promise<ExitCode> {
  const [name = '', ...args] = argv;
  const err = (line: string) => void process.stderr.write(`${line}\n`);
  const { signal, hurry } = listenForInterruptions(err, parentsIn(process.env));
  const context: CliContext = {
    places: placesIn(resolve(__dirname, '..', '..')),
    environment: process.env,
    out: (line) => void process.stdout.write(`${line}\n`),
    err,
    signal,
    hurry,
  };
  if (name === '' || name === '--help' || name === '-h') {
    context.out(USAGE);
    return name === '' ? EXIT.usage : EXIT.done;
  }
  const command = COMMANDS[name];
  if (!command) {
    context.err(`redsun: no command "${name}".${nearMissHint(name, Object.keys(COMMANDS))}\n${USAGE}`);
    return EXIT.usage;
  }
  try {
    return await command(args, context);
  } catch (error) {
    // Whatever is thrown out of a command stopped it before anything was started.
    context.err(asError(error).message);
    if (process.env.REDSUN_DEBUG) context.err(`${codeOf(error)}\n${asError(error).stack ?? ''}`);
    return signal.aborted ? EXIT.interrupted : EXIT.usage;
  }
}

/** Whoever started this program for somebody who may go away: npm and what it runs. By environment, as only they know. */
function parentsIn({ REDSUN_PARENTS = '' }: NodeJS.ProcessEnv): number[] {
  return REDSUN_PARENTS.split(',')
    .map(Number)
    .filter(Number.isInteger)
    .filter((pid) => pid > 1);
}

/** A program that is ended from within, by a bundle say, has not done what it was to do, whatever it says. */
function refuseEarlySuccess(isDone: () => boolean): void {
  process.on('exit', (code) => {
    if (code !== 0 || isDone()) return;
    process.exitCode = EXIT.failed;
    try {
      process.stderr.write('The program was ended from within before it was done.\n');
    } catch {
      // Nobody listens.
    }
  });
}

refuseInspectorSignal();
survivePipes();
let isDone = false;
refuseEarlySuccess(() => isDone);
main(process.argv.slice(2)).then((code) => {
  isDone = true;
  // Devices' own timers must not keep a finished command alive; what was said must get out first.
  process.stdout.write('', () => process.exit(code));
});
