import { writeSync } from 'node:fs';
import { startHost } from '../../src/main/host/start-host.ts';
import { hostOptionsFor } from './host-options.ts';

// Run as a program: acquires a sequence, and says through its standard output how many frames were acknowledged.

const [sessionPath = '', base = '', sequence = '{}'] = process.argv.slice(2);
const host = await startHost(hostOptionsFor(sessionPath, base));
let events = 0;
host.services.engine.subscribe((name) => {
  // The start document says that the run has begun: nothing is acknowledged then.
  if (name === 'event') events++;
  else if (name !== 'start') return;
  // At once and not behind a buffer: what was said must be in the pipe when the process dies.
  writeSync(1, `acknowledged ${events}\n`);
});
const kwargs = { sequence: JSON.parse(sequence) };
const outcome = await host.runs.runToEnd({ item_type: 'plan', name: 'mda', args: [], kwargs, meta: {} });
writeSync(1, `ended ${outcome.exitStatus}\n`);
await host.close();
process.exit(outcome.exitStatus === 'success' ? 0 : 1);
