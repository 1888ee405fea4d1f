// What a long run costs: memory over a million events, and how long the event loop is kept. Run with --expose-gc.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { RunEngine } from 'redsun/sdk/engine';
import { count } from 'redsun/sdk/plans';
import { Det } from '../../plugins/bluesky-sim/index.ts';
import { systemClock } from '../../src/main/host/system-clock.ts';

const EVENTS = Number(process.argv[2] ?? 1_000_000);
const LOOKS = 10;

const engine = new RunEngine({ clock: systemClock, giveWay: () => setImmediate() });
const { gc } = globalThis;
if (!gc) throw new Error('Run it with --expose-gc');

const heapMb: number[] = [];
let events = 0;
let worstMs = 0;
let lastTurnMs = performance.now();
const turns = setInterval(() => {
  worstMs = Math.max(worstMs, performance.now() - lastTurnMs);
  lastTurnMs = performance.now();
}, 1);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
await engine.run(count([new Det('det')], { num: EVENTS }), (name) => {
  if (name !== 'event') return;
  events++;
  if (events % (EVENTS / LOOKS) !== 0) return;
  // Collecting garbage keeps the loop, and that is no fault of the engine.
  delay.disable();
  gc();
  heapMb.push(process.memoryUsage().heapUsed / 1e6);
  delay.enable();
});
delay.disable();
clearInterval(turns);
process.stdout.write(
  `${JSON.stringify({ events, heapMb, lagP50Ms: delay.percentile(50) / 1e6, lagP99Ms: delay.percentile(99) / 1e6, lagMaxMs: delay.max / 1e6 })}\n`,
);
