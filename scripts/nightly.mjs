// `npm run nightly`: what takes too long for every change. Each job is run whatever became of the others; `npm run nightly kills` runs one.
import { spawn } from 'node:child_process';
import { install, root, say, toolEnvironment } from './lib/prepare.mjs';

/** Name, what it is for, the tool and its arguments, variables, and how many minutes it may take. */
const JOBS = [
  {
    name: 'kills',
    about: '200 times kill -9 at random moments, recover, resume, compare',
    command: ['vitest', ['run', 'tests/recover/kills.test.ts']],
    // Another series of moments each night; the seed is printed with the results.
    env: {
      REDSUN_KILLS: '200',
      REDSUN_KILL_SEED: process.env.REDSUN_KILL_SEED ?? String(Math.floor(Date.now() / 86_400_000)),
    },
    minutes: 120,
  },
];

/** Ends a job after its budget. */
function run({ command: [tool, args], env, minutes }) {
  return new Promise((resolve) => {
    const child = spawn(tool, args, { cwd: root, env: toolEnvironment(env), stdio: 'inherit' });
    const timer = setTimeout(() => child.kill('SIGKILL'), minutes * 60_000);
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !JOBS.some((job) => job.name === name));
if (unknown.length > 0) {
  say(`nightly: no job ${unknown.join(', ')}; there are ${JOBS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
await install();
const failed = [];
for (const job of JOBS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  say(`${job.name}: ${job.about} ...`);
  if (!(await run(job))) failed.push(job.name);
}
say(failed.length === 0 ? 'nightly: all jobs passed' : `nightly: FAILED ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
