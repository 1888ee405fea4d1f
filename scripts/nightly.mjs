// `npm run nightly`: what takes too long for every change. CI runs a sample of each job with the same code; here it is the whole.
// Each job is run whatever became of the others; `npm run nightly kills soak` runs two of them.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install, nodeBinary, say } from './lib/prepare.mjs';
import { runTool } from './lib/run-tool.mjs';

/** Another draw each night; a seed in the environment repeats one. */
const TONIGHT = String(Math.floor(Date.now() / 86_400_000));

/** Name, what it is for, the tool and its arguments, variables (those of the environment count first), and how many minutes it may take. */
const JOBS = [
  {
    name: 'kills',
    about: '200 times kill -9 at random moments, recover, resume, compare',
    command: ['vitest', ['run', 'tests/recover/kills.test.ts']],
    env: { REDSUN_KILLS: '200', REDSUN_KILL_SEED: TONIGHT },
    minutes: 120,
  },
  {
    name: 'power-cuts',
    about: '200 power cuts for each way of storing, recover, compare',
    command: ['vitest', ['run', 'tests/recover/power-cut.test.ts']],
    env: { REDSUN_POWER_CUTS: '200' },
    minutes: 90,
  },
  {
    name: 'faulty-disk',
    about: '1000 writes that fail, tear, are lost or return zeros, recover twice, compare',
    command: ['vitest', ['run', 'tests/recover/faulty-disk.test.ts']],
    env: { REDSUN_DISK_FAULTS: '500', REDSUN_DISK_FAULT_SEED: String(1000 * Number(TONIGHT)) },
    minutes: 60,
  },
  {
    name: 'guardian',
    about: 'each way to end or block the program in each moment, 200 at random moments: the laser is dark',
    command: ['vitest', ['run', 'tests/guardian']],
    env: { REDSUN_GUARDIAN_TABLE: 'whole', REDSUN_GUARDIAN_TRIALS: '200', REDSUN_GUARDIAN_SEED: TONIGHT },
    minutes: 40,
  },
  {
    name: 'large-run',
    about: 'a run of 20 GB: each frame by its checksum, planes through zarr-python, memory',
    command: ['vitest', ['run', 'tests/endurance/large-run.test.ts']],
    env: { REDSUN_RUN_GB: '20' },
    minutes: 40,
  },
  {
    name: 'soak',
    about: 'a whole host acquires for 10 minutes with windows that watch: memory, files, timers',
    command: ['vitest', ['run', 'tests/endurance/soak.test.ts']],
    env: { REDSUN_SOAK_S: '600' },
    minutes: 25,
  },
  {
    name: 'plans',
    about: '20,000 random plans, faults and requests through the RunEngine',
    command: ['vitest', ['run', 'tests/engine/random-plans.test.ts']],
    env: { REDSUN_RANDOM_PLANS: '20000' },
    minutes: 60,
  },
  {
    name: 'bluesky',
    about: '500 random items through bluesky itself and through the host, documents compared',
    command: ['vitest', ['run', 'tests/bluesky/equality.test.ts']],
    env: { REDSUN_BLUESKY_ITEMS: '500', REDSUN_BLUESKY_SEED: TONIGHT },
    minutes: 60,
  },
  {
    name: 'parity',
    about: 'each symbol of the seed taken away once: its test must notice',
    command: [nodeBinary(), ['scripts/sdk-parity/main.mjs', '--blank', 'all']],
    env: {},
    minutes: 180,
  },
];

/** What a job says is shown when it fails. */
async function run({ command: [tool, args], env, minutes }, figuresPath) {
  const variables = { ...env, ...chosen(env), REDSUN_FIGURES: figuresPath, NO_COLOR: '1' };
  const { code, output } = await runTool(tool, args, { minutes, env: variables });
  return { passed: code === 0, output };
}

/** Variables of a job that the environment sets. */
function chosen(env) {
  return Object.fromEntries(Object.keys(env).flatMap((key) => (process.env[key] ? [[key, process.env[key]]] : [])));
}

/** What a job tells of itself; for others what they were asked for, and the tool's own last words. */
function figuresOf({ env }, figuresPath, output) {
  const told = existsSync(figuresPath) ? readFileSync(figuresPath, 'utf8').trim().split('\n') : [];
  // Rows of a table stay rows.
  const rows = told.filter((line) => line.startsWith('|')).map((line) => `\n       ${line}`);
  if (told.length > 0) return told.filter((line) => !line.startsWith('|')).join('; ') + rows.join('');
  const asked = Object.entries({ ...env, ...chosen(env) }).map(([key, value]) => `${key}=${value}`);
  const lines = output.split('\n').map((line) => line.trim().replace(/\s+/g, ' '));
  const counts = lines.filter((line) => /^Tests \d|^\d+ symbols, |^\d+ implementations taken/.test(line));
  return [...asked, ...counts].join(', ');
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !JOBS.some((job) => job.name === name));
if (unknown.length > 0) {
  say(`nightly: no job ${unknown.join(', ')}; there are ${JOBS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
install();
const folder = mkdtempSync(join(tmpdir(), 'redsun-nightly-'));
const failed = [];
for (const job of JOBS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  say(`${job.name}: ${job.about} ...`);
  const startedMs = Date.now();
  const figuresPath = join(folder, job.name);
  const { passed, output } = await run(job, figuresPath);
  const minutes = ((Date.now() - startedMs) / 60_000).toFixed(1);
  if (!passed) {
    failed.push(job.name);
    say(output);
  }
  process.stdout.write(
    `${passed ? 'ok    ' : 'FAILED'} ${job.name} in ${minutes} min: ${figuresOf(job, figuresPath, output)}\n`,
  );
}
rmSync(folder, { recursive: true, force: true });
process.stdout.write(failed.length === 0 ? 'nightly: all jobs passed\n' : `nightly: FAILED ${failed.join(', ')}\n`);
process.exit(failed.length === 0 ? 0 : 1);
